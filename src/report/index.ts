import type { Reporter } from './reporter.js'
import type { TableOptions } from './table.js'

/** The output formats, each with its reporter, which is loaded when it is asked for. */
export const REPORTERS = {
  table: async (options: TableOptions): Promise<Reporter> => (await import('./table.js')).tableReporter(options),
  ndjson: async (): Promise<Reporter> => (await import('./ndjson.js')).ndjsonReporter(),
  json: async (): Promise<Reporter> => (await import('./json.js')).jsonReporter(),
  csv: async (): Promise<Reporter> => (await import('./csv.js')).csvReporter(),
}

export type Format = keyof typeof REPORTERS

export type { Reporter, TableOptions }
