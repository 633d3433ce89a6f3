import type { Finding, Healed } from './finding.js'

/** Failures that are known: they are listed, and do not fail a check. */
export interface Baseline {
  readonly schema: typeof BASELINE_SCHEMA
  readonly failures: readonly BaselineEntry[]
}

export interface BaselineEntry {
  readonly rule: string
  /** What the capture is known by, its path below the folder that was given; empty for an expectation. For people: the fingerprint counts. */
  readonly capture: string
  /** Server name or address, or the text of an expectation. */
  readonly server: string
  readonly message: string
  readonly fingerprint: string
  /** How many failures are alike. */
  readonly count: number
}

export const BASELINE_SCHEMA = 'pqcap-baseline/1'

/**
 * Different failures that a baseline holds. More are no exceptions but the rule; and they are all in memory while a
 * baseline is written.
 */
export const MAX_ENTRIES = 100_000

/** Reads a baseline. @throws Error that says what is wrong with it */
export function readBaseline(text: string): Baseline {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const { schema, failures } = (value ?? {}) as { readonly schema?: unknown; readonly failures?: unknown }
  if (schema !== BASELINE_SCHEMA) throw new Error(`is not a baseline: its schema is not '${BASELINE_SCHEMA}'`)
  if (!Array.isArray(failures)) throw new Error('has no list of failures')
  if (failures.length > MAX_ENTRIES) throw new Error(`has more than ${MAX_ENTRIES} failures`)
  failures.forEach((entry: unknown, index) => {
    if (!isEntry(entry)) throw new Error(`failure ${index + 1} is not whole: it needs ${FIELDS.join(', ')} and a count`)
  })
  return { schema, failures }
}

/** As it stands in a file: sorted, so that two of them can be compared line by line. */
export function baselineText(entries: Iterable<BaselineEntry>): string {
  const key = ({ capture, rule, server, fingerprint }: BaselineEntry): string =>
    [capture, rule, server, fingerprint].join('\0')
  const failures = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
  return `${JSON.stringify({ schema: BASELINE_SCHEMA, failures } satisfies Baseline, null, 2)}\n`
}

/** Tells known failures from new ones. */
export class KnownFailures {
  private readonly entries = new Map<string, BaselineEntry & { left: number }>()

  constructor({ failures }: Baseline) {
    for (const entry of failures) {
      const before = this.entries.get(entry.fingerprint)
      if (before === undefined) this.entries.set(entry.fingerprint, { ...entry, left: entry.count })
      else before.left += entry.count
    }
  }

  /** Each entry stands for as many failures as it counts; those beyond are new. */
  take(fingerprint: string): Finding['state'] {
    const entry = this.entries.get(fingerprint)
    if (entry === undefined || entry.left === 0) return 'new'
    entry.left--
    return 'known'
  }

  /** Those that did not come as often as they did, of captures that were looked at; of none for an expectation. */
  healed(isLookedAt: (capture: string) => boolean): Healed[] {
    return [...this.entries.values()]
      .filter(({ left, capture }) => left > 0 && isLookedAt(capture))
      .map(({ rule, message, fingerprint, capture, server, left }) => {
        const where = [capture, server].filter((part) => part !== '').join(', ')
        return { rule, message: `${where}${left > 1 ? ` (${left} times)` : ''}: ${message}`, fingerprint }
      })
  }
}

const FIELDS = ['rule', 'capture', 'server', 'message', 'fingerprint']

function isEntry(entry: unknown): entry is BaselineEntry {
  if (typeof entry !== 'object' || entry === null) return false
  const fields = entry as Readonly<Record<string, unknown>>
  const { count } = fields as { readonly count?: unknown }
  return FIELDS.every((field) => typeof fields[field] === 'string') && Number.isInteger(count) && Number(count) > 0
}
