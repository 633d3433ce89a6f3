import type {
  Comparison,
  GroupSummary,
  Judgement,
  PairedBy,
  Place,
  SpreadDifference,
  SummarizedName,
  TransitionCount,
} from '../../compare/comparison.js'
import { counted } from '../counted.js'
import { nameText, numberText, pairedByText, placeText, signed } from './rows.js'

/** A size of many pairs in words: its name, and medians and 95th percentiles of both sides and of the differences. */
export interface SpreadRow {
  readonly label: string
  readonly n: string
  /** `316 -> 1,530` */
  readonly median: string
  readonly p95: string
  /** Median of the differences. */
  readonly difference: string
}

const LABELS: readonly (readonly [SummarizedName, string])[] = [
  ['clientHelloBytes', 'ClientHello bytes'],
  ['serverHelloBytes', 'ServerHello bytes'],
  ['totalBytes', 'TLS bytes in all'],
  ['connectMilliseconds', 'TCP round trip, ms'],
  ['synToEncryptedMilliseconds', 'ms, SYN to encrypted'],
  ['milliseconds', 'ms, ClientHello to encrypted'],
]

/** Those that are known of a pair at least. */
export function spreadRows({ sizes }: GroupSummary): SpreadRow[] {
  return LABELS.flatMap(([name, label]) => spreadRow(label, sizes[name]) ?? [])
}

function spreadRow(label: string, { before, after, difference }: SpreadDifference): SpreadRow | null {
  if (before === null || after === null || difference === null) return null
  return {
    label,
    n: counted(difference.n),
    median: `${numberText(before.median)} -> ${numberText(after.median)}`,
    p95: `${numberText(before.p95)} -> ${numberText(after.p95)}`,
    difference: signed(difference.median),
  }
}

/** `classical -> hybrid` */
export function transitionText({ before, after }: Pick<TransitionCount, 'before' | 'after'>): string {
  return before === after ? `${before}, as before` : `${before} -> ${after}`
}

const JUDGEMENTS: readonly (readonly [Judgement, string])[] = [
  ['upgrade', 'stronger'],
  ['equal', 'as strong'],
  ['downgrade', 'weaker (a downgrade)'],
  ['not-comparable', 'not comparable'],
]

/** `3 stronger, 1 weaker (a downgrade)` */
export function judgementsText({ judgements }: GroupSummary): string {
  return JUDGEMENTS.filter(([name]) => judgements[name] > 0)
    .map(([name, words]) => `${counted(judgements[name])} ${words}`)
    .join(', ')
}

const PAIRED_ORDER: readonly PairedBy[] = ['selection', 'server-name', 'server-endpoint', 'order']

/** `12 pairs: 10 by server name, 2 by order` */
export function pairingText({ pairedBy, summary }: Comparison): string {
  const ways = PAIRED_ORDER.filter((by) => pairedBy[by] > 0)
  const pairs = `${counted(summary.pairs)} ${summary.pairs === 1 ? 'pair' : 'pairs'}`
  if (ways.length === 0) return pairs
  if (ways.length === 1) return `${pairs}, ${pairedByText(ways[0] as PairedBy)}`
  return `${pairs}: ${ways.map((by) => `${counted(pairedBy[by])} ${pairedByText(by)}`).join(', ')}`
}

/** Handshakes without a counterpart that are named. */
const MAX_NAMED = 20

/** A line for each handshake that was left over, or for as many as anybody would read. */
export function leftOverLines({ leftOver }: Comparison): string[] {
  return (['before', 'after'] as const).flatMap((which) => {
    const places = leftOver[which]
    const lines = places.slice(0, MAX_NAMED).map((place) => `only ${which}: ${leftOverText(place)}`)
    const more = places.length - lines.length
    return more > 0 ? [...lines, `only ${which}: ${counted(more)} more`] : lines
  })
}

function leftOverText(place: Place): string {
  return `${placeText(place)}, ${nameText(place.serverName)}`
}
