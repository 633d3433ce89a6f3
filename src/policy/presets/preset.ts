/** A policy that comes with pqcap: what a policy file may hold, with where it is from. */
export interface Preset {
  readonly name: string
  /** What it asks, for whom, and what is disputed about it. */
  readonly description: string
  /** The documents that it follows. */
  readonly source: string
  /** When they were last compared with it. */
  readonly date: string
  readonly rules: Readonly<Record<string, unknown>>
}
