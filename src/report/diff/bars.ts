import type { MessagePart, MessageSize, PairComparison, PartKind } from '../../compare/comparison.js'

/** A message of both sides; null where a side did not send it, or it was not read. */
export interface MessageBars {
  readonly name: string
  readonly before: MessageSize | null
  readonly after: MessageSize | null
}

/** A part of a bar: where it begins and ends, on the scale of the longest. */
export interface BarPart {
  readonly part: MessagePart
  readonly start: number
  readonly end: number
}

const ORDER = [
  'ClientHello',
  'HelloRetryRequest',
  'second ClientHello',
  'ServerHello',
  'Certificate',
  'ServerKeyExchange',
  'rest of the client',
  'rest of the server',
]

/** Every message that one side or the other has, in the order of the wire. */
export function messageBars({ messages }: PairComparison): MessageBars[] {
  const of = (which: readonly MessageSize[], name: string): MessageSize | null =>
    which.find((message) => message.name === name) ?? null
  return ORDER.map((name) => ({ name, before: of(messages.before, name), after: of(messages.after, name) })).filter(
    ({ before, after }) => before !== null || after !== null,
  )
}

/** Bytes of the longest message: what the whole width stands for, on both sides. */
export function longest(bars: readonly MessageBars[]): number {
  return bars.reduce((most, { before, after }) => Math.max(most, before?.bytes ?? 0, after?.bytes ?? 0), 1)
}

/**
 * The parts of a message in steps of the width, rounded at their ends, so that their sum is as long as the whole. What is
 * shorter than half a step is not drawn: its number stands beside the bar.
 */
export function barParts({ parts }: MessageSize, most: number, width: number): BarPart[] {
  let bytes = 0
  return parts.map((part) => {
    const start = Math.round((bytes / most) * width)
    bytes += part.bytes
    return { part, start, end: Math.round((bytes / most) * width) }
  })
}

/** What the parts of bars are, in the order of a legend. */
export const PART_WORDS: Readonly<Record<PartKind, string>> = {
  'post-quantum': 'post-quantum part of a key share',
  classical: 'classical part',
  share: 'key share of unknown parts',
  other: 'everything else',
}

export const PART_KINDS = Object.keys(PART_WORDS) as readonly PartKind[]

/** The kinds that are in some bar. */
export function kindsIn(bars: readonly MessageBars[]): PartKind[] {
  const parts = bars.flatMap(({ before, after }) => [...(before?.parts ?? []), ...(after?.parts ?? [])])
  return PART_KINDS.filter((kind) => parts.some((part) => part.kind === kind))
}
