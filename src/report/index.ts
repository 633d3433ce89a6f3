import type { Preparer, Reporter } from './reporter.js'
import type { TableOptions } from './table.js'
import type { TotalCounts } from './totals.js'

/** The output formats, each with its reporter, which is loaded when it is asked for. */
export const REPORTERS = {
  table: async (options: TableOptions): Promise<Reporter> => (await import('./table.js')).tableReporter(options),
  ndjson: async (): Promise<Reporter> => (await import('./ndjson.js')).ndjsonReporter(),
  json: async (): Promise<Reporter> => (await import('./json.js')).jsonReporter(),
  csv: async (): Promise<Reporter> => (await import('./csv.js')).csvReporter(),
}

export type Format = keyof typeof REPORTERS

/** What prepares handshakes for each of them; `all` as in `TableOptions`. */
export const PREPARERS: Readonly<Record<Format, (all: boolean) => Promise<Preparer>>> = {
  table: async (all) => (await import('./prepared-rows.js')).rowPreparer(all),
  ndjson: async () => each((await import('./ndjson.js')).prepareLine),
  json: async () => each((await import('./json.js')).prepareItem),
  csv: async () => each((await import('./csv.js')).prepareCsvRow),
}

function each(handshake: Preparer['handshake']): Preparer {
  return { handshake, rest: () => '' }
}

export type { Preparer, Reporter, TableOptions, TotalCounts }
