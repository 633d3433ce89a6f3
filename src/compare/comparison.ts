/**
 * What `pqcap diff` finds, version 1 of its output contract (`schemas/pqcap-diff-1.schema.json`). A field keeps its
 * name, type and meaning; new ones may be added. Bytes are counts of bytes, times are milliseconds.
 */

import type { Endpoint, Group, HandshakeRecord, KeyShare, Label, Note, Outcome } from '../verdict/record.js'

/** `before` is the first that the command names, `after` the second. `selection`: it was asked for by stream or by `--pair`. */
export type PairedBy = 'selection' | 'server-name' | 'server-endpoint' | 'order'

/** Two handshakes that are compared. */
export interface HandshakePair {
  readonly by: PairedBy
  readonly before: HandshakeRecord
  readonly after: HandshakeRecord
}

/** Where a handshake is. */
export interface Place {
  readonly capture: string
  readonly stream: number
  readonly handshake: number
  readonly startTime: string
  readonly client: Endpoint
  readonly server: Endpoint
  readonly serverName: string | null
}

/** `unknown`: of one side or both it is not in the capture. */
export type Change = 'same' | 'changed' | 'added' | 'removed' | 'moved' | 'unknown'

/** A fact in words. null: it is not there, or where `change` is `unknown` not known. */
export interface FactDifference {
  readonly before: string | null
  readonly after: string | null
  readonly change: Change
}

/** A line of two aligned lists. `moved`: the other list has it at another place, in a line of its own. */
export interface ListLine<Item> {
  readonly before: Item | null
  readonly after: Item | null
  readonly change: Exclude<Change, 'unknown'>
}

/** null where a side has no such thing, or it is not known. */
export interface SizeDifference {
  readonly before: number | null
  readonly after: number | null
  /** after - before. */
  readonly difference: number | null
  /** after / before, to three decimals; null where before is 0. */
  readonly factor: number | null
}

/** The facts of a pair, in the order in which reports have them. */
export interface Facts {
  readonly outcome: FactDifference
  readonly version: FactDifference
  readonly cipherSuite: FactDifference
  readonly helloRetryRequest: FactDifference
  /** The selected group, or the word for the exchange where there is none. */
  readonly keyExchange: FactDifference
  readonly label: FactDifference
  /** The server's key share, as `X25519MLKEM768, 1120 bytes`. */
  readonly serverShare: FactDifference
  readonly encryptionBegins: FactDifference
  /** Whether the ClientHello came in one TCP segment. */
  readonly fitsOneSegment: FactDifference
  /** Whether it fits `INITIAL_WINDOW` bytes. */
  readonly fitsInitialWindow: FactDifference
}

/** The sizes of a pair, in the order in which reports have them. */
export interface Sizes {
  readonly clientHelloBytes: SizeDifference
  readonly secondClientHelloBytes: SizeDifference
  readonly serverHelloBytes: SizeDifference
  readonly certificateBytes: SizeDifference
  readonly clientBytes: SizeDifference
  readonly serverBytes: SizeDifference
  readonly totalBytes: SizeDifference
  readonly clientHelloSegments: SizeDifference
  readonly clientSegments: SizeDifference
  readonly serverSegments: SizeDifference
  readonly clientPackets: SizeDifference
  readonly serverPackets: SizeDifference
  readonly roundTrips: SizeDifference
  readonly connectMilliseconds: SizeDifference
  readonly synToServerHelloMilliseconds: SizeDifference
  readonly synToEncryptedMilliseconds: SizeDifference
  readonly milliseconds: SizeDifference
}

export type SizeName = keyof Sizes

/** `share` is a key share whose parts are not known, `other` what is no key share. */
export type PartKind = 'post-quantum' | 'classical' | 'share' | 'other'

export interface MessagePart {
  readonly kind: PartKind
  readonly name: string
  readonly bytes: number
}

/** A message, or what one side sent besides those that are named; its parts sum up to its bytes. */
export interface MessageSize {
  readonly name: string
  readonly from: 'client' | 'server'
  readonly bytes: number
  readonly parts: readonly MessagePart[]
}

/** How two handshakes stand to each other in the order of `strength.ts`. */
export type Judgement = 'upgrade' | 'equal' | 'downgrade' | 'not-comparable'

/** The label of a handshake, or its outcome where it was not negotiated. */
export type Standing = Label | Exclude<Outcome, 'negotiated'>

/** Everything that is different between two handshakes, and what is not. */
export interface PairComparison {
  readonly pairedBy: PairedBy
  readonly before: Place
  readonly after: Place
  readonly transition: { readonly before: Standing; readonly after: Standing }
  readonly judgement: Judgement
  /** Something is different in what was offered, agreed on or answered; sizes and times are not looked at. */
  readonly different: boolean
  readonly facts: Facts
  readonly supportedVersions: readonly ListLine<string>[]
  readonly supportedGroups: readonly ListLine<Group>[]
  /** Of the first ClientHello, and of the one after a HelloRetryRequest. */
  readonly keyShares: readonly ListLine<KeyShare>[]
  readonly secondKeyShares: readonly ListLine<KeyShare>[]
  readonly sizes: Sizes
  readonly messages: { readonly before: readonly MessageSize[]; readonly after: readonly MessageSize[] }
  /** In plain sentences. */
  readonly verdict: string
  readonly notes: readonly Note[]
}

/** n values: their median, and the least value that 95 % of them do not exceed (nearest rank). */
export interface Spread {
  readonly n: number
  readonly median: number
  readonly p95: number
}

/** Over the pairs of which both sides are known; `difference` is that of each pair. null where there is none. */
export interface SpreadDifference {
  readonly before: Spread | null
  readonly after: Spread | null
  readonly difference: Spread | null
}

/** The sizes that a summary has. */
export type SummarizedName =
  | 'clientHelloBytes'
  | 'serverHelloBytes'
  | 'totalBytes'
  | 'connectMilliseconds'
  | 'synToEncryptedMilliseconds'
  | 'milliseconds'

export interface TransitionCount {
  readonly before: Standing
  readonly after: Standing
  readonly pairs: number
}

/** The pairs of one server name, or all. */
export interface GroupSummary {
  readonly pairs: number
  /** The most frequent first. */
  readonly transitions: readonly TransitionCount[]
  readonly judgements: Readonly<Record<Judgement, number>>
  readonly sizes: Readonly<Record<SummarizedName, SpreadDifference>>
  /** What limits the comparison of sizes and times. */
  readonly notes: readonly Note[]
}

export interface ServerSummary extends GroupSummary {
  /** null: none was sent. */
  readonly serverName: string | null
}

/** What of one side was compared. */
export interface SideSummary {
  /** As it was named on the command line. */
  readonly name: string
  readonly captures: number
  readonly handshakes: number
}

/** A condition of `--fail-on`, and for how many pairs it holds. */
export interface ConditionResult {
  /** As it was given: `downgrade`, `any`, `cost:+20%`. */
  readonly condition: string
  /** Pairs for which it holds; for `any` also handshakes left over. */
  readonly failed: number
  /** Pairs that it could not be told of. */
  readonly notComparable: number
}

/** The whole comparison. */
export interface Comparison {
  readonly before: SideSummary
  readonly after: SideSummary
  readonly pairedBy: Readonly<Record<PairedBy, number>>
  readonly leftOver: { readonly before: readonly Place[]; readonly after: readonly Place[] }
  readonly summary: GroupSummary
  /** By server name, in the order of the first pair. */
  readonly servers: readonly ServerSummary[]
  readonly failOn: readonly ConditionResult[]
  /** Each is made when it is asked for, so that they need not be in memory together. */
  readonly pairs: Iterable<PairComparison>
}
