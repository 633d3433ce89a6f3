import { nearestName } from '../bytes/nearest.js'

/** Names that are compared, of one capture; the first, as those of a slip of the keyboard come again and again. */
export const MAX_NAMES = 1000
/** No DNS name is longer (RFC 1035 §2.3.4): what is, is compared with nothing. */
const LONGEST_NAME = 255

/** A name of the policy, and one that came and is near it. */
export type NearName = readonly [name: string, near: string]

/** Looks for what was meant by server names of a policy that no handshake asks for. */
export class NearNames {
  private readonly near: Map<string, string | null>
  private readonly seen = new Set<string>()
  private told: NearName[] = []

  /** Patterns with `*` or `?` are near to nothing. */
  constructor(patterns: readonly string[]) {
    this.near = new Map(patterns.filter((pattern) => !/[*?]/.test(pattern)).map((name) => [name, null]))
  }

  /** A handshake asks for this name. */
  note(came: string): void {
    const { seen, near } = this
    if (near.size === 0 || seen.has(came) || seen.size >= MAX_NAMES || came.length > LONGEST_NAME) return
    seen.add(came)
    for (const name of near.keys()) this.compare(name, came)
  }

  /** What is learnt elsewhere. */
  merge(pairs: readonly NearName[]): void {
    for (const [name, came] of pairs) this.compare(name, came)
  }

  /** What is new since the last time; names are counted anew. */
  take(): readonly NearName[] {
    this.seen.clear()
    const { told } = this
    if (told.length > 0) this.told = []
    return told
  }

  /** ` (did you mean 'kms.example.com', which came?)`, or nothing. */
  hint(patterns: readonly string[]): string {
    const found = patterns.map((pattern) => this.near.get(pattern)).find((name) => typeof name === 'string')
    return found === undefined ? '' : ` (did you mean '${found}', which came?)`
  }

  private compare(name: string, came: string): void {
    const before = this.near.get(name) ?? null
    // The first of those that are alike stays.
    const nearest = nearestName(name, before === null ? [came] : [before, came])
    if (nearest === undefined || nearest === before) return
    this.near.set(name, nearest)
    this.told.push([name, nearest])
  }
}

/** The server names of conditions. */
export function serverNamesOf(
  conditions: readonly { readonly where: { readonly 'server-name'?: readonly string[] } }[],
): string[] {
  return conditions.flatMap(({ where }) => where['server-name'] ?? [])
}
