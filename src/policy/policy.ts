import type { Severity } from './finding.js'

/** A policy with all that it extends, as plain data: it can be printed, and handed to another thread. */
export interface Policy {
  /** What it calls itself, else its file's path. */
  readonly name: string
  /** The path of its file; null where it is from none. */
  readonly file: string | null
  readonly description: string
  /** What it follows, and when it was last compared with that; empty where nothing is said. */
  readonly source: string
  readonly date: string
  /** Every rule there is, in the order of the table of rules. */
  readonly rules: RuleSettings
  /** The first whose conditions all hold is the one that counts, and no other. */
  readonly overrides: readonly Override[]
  readonly expectations: readonly Expectation[]
}

/** By the id of the rule. */
export type RuleSettings = Readonly<Record<string, RuleSetting>>

export interface RuleSetting {
  readonly severity: Sourced<Severity | 'off'>
  /** Only those that have a value. */
  readonly values: Readonly<Record<string, Sourced<SettingValue>>>
}

/** A value and where it comes from: `policy.yaml:12:5`, `preset hybrid`, `default`. */
export interface Sourced<Value> {
  readonly value: Value
  readonly source: string
}

export type SettingValue = string | number | readonly string[] | readonly CodePoints[]

/** Code points as a policy names them. */
export interface CodePoints {
  /** As it is printed: the registered name, a pattern, or a number. */
  readonly text: string
  readonly points: readonly { readonly id: number; readonly name: string | null }[]
}

/** Where other settings count. */
export interface Override {
  readonly where: Where
  readonly source: string
  /** Only the rules that differ, each with all of its values; null where none is held against what matches. */
  readonly rules: RuleSettings | null
  /** It is one of a policy that this one extends. */
  readonly extended?: true
}

/** Conditions that must all hold; of the values of one, any. An absent one always holds. */
export interface Where {
  /** Patterns with `*` and `?`. */
  readonly 'server-name'?: readonly string[]
  /** Addresses or blocks: of either end, of the client, of the server. */
  readonly address?: readonly string[]
  readonly client?: readonly string[]
  readonly server?: readonly string[]
  /** The server's. */
  readonly port?: readonly number[]
  /** Patterns of the capture's path, below the folder that was given. */
  readonly capture?: readonly string[]
}

/** How many handshakes must be there in the whole run. */
export interface Expectation {
  /** As it reads: `kms.*.amazonaws.com at least 1 hybrid`. */
  readonly text: string
  readonly where: Where
  /** null for any handshake that was negotiated. */
  readonly labels: readonly string[] | null
  readonly atLeast: number
  readonly atMost: number | null
  /** null for that of the rule `expectation`. */
  readonly severity: Severity | 'off' | null
  readonly source: string
}
