import { type Moment, nanosecondsBetween } from '../bytes/time.js'
import { alertDescription } from '../registry/alerts.js'
import type { Role } from '../registry/types.js'
import type { MissingReason } from '../stream/chunk.js'
import { HANDSHAKE } from '../tls/content-types.js'
import type { DissectedRecord, Dissection } from './dissect.js'
import type { OutsideBytes, WhyOutside } from './outside.js'
import type { Recording, SegmentsBefore } from './recording.js'

/** A step of a connection: what one side sent in one go, either all of it readable or none. */
export interface TimelineStep {
  readonly kind: StepKind
  /** Who sent it; null where it is of both sides. */
  readonly from: Role | null
  readonly firstFrame: number
  readonly lastFrame: number
  /** Nanoseconds since the connection's first packet; null where the step has no time of its own. */
  readonly nanoseconds: number | null
  /** What it is, in order: `ClientHello`, `ChangeCipherSpec`, `Alert handshake_failure`, `SYN`, ... */
  readonly items: readonly string[]
  /** Records by content type, in order of first appearance. */
  readonly records: readonly { readonly contentType: number | null; readonly name: string; readonly count: number }[]
  readonly protection: 'clear' | 'encrypted' | null
  /** Bytes with record headers; those of a gap are missing from the capture. */
  readonly bytes: number
}

export type StepKind =
  /** SYN, SYN/ACK, FIN or RST. */
  | 'control'
  /** What was said before TLS began: segments from both sides, or bytes of one. */
  | 'before'
  /** Other bytes of one side that are in no record. */
  | 'outside'
  /** TLS records. */
  | 'records'
  /** Bytes that are not in the capture. */
  | 'gap'
  /** All that follows, summed up. */
  | 'rest'

/** Steps told one by one; what follows is summed up. Only application data has more. */
export const MAX_STEPS = 64

/** The steps of a connection, or of the part of it that is given, in the order in which they became readable. */
export function timelineOf(dissection: Dissection, recording: Recording, parts: TimelineParts): TimelineStep[] {
  const { start, controls, items } = recording
  const since = (time: Moment): number | null => (start === null ? null : nanosecondsBetween(start, time))
  const steps: Placed[] = []
  for (const { flag, from, frame, time } of controls) {
    const opens = flag === 'SYN' || flag === 'SYN, ACK'
    if (opens ? !parts.opening : !parts.closing) continue
    steps.push(
      placed(opens ? OPENING : CLOSING, { ...EMPTY, kind: 'control', from, items: [flag] }, frame, since(time)),
    )
  }
  if (parts.opening && recording.before !== null) {
    const { firstFrame, lastFrame, time } = recording.before
    const step = beforeStep(recording.before, dissection.messages[0]?.name === 'ClientHello')
    steps.push({ ...placed(OPENING, step, lastFrame, since(time)), firstFrame })
  }
  for (const record of dissection.records) {
    const step = placed(SENT, stepOf(record, dissection), record.frame, since(record.time), record.place)
    steps.push({ ...step, firstFrame: record.pieces[0]?.frame ?? record.frame })
  }
  for (const bytes of dissection.outside) {
    const { firstFrame, lastFrame, time, place } = bytes
    // In the segment of a record, what is said before TLS is in front of it, and what is in no record behind it.
    const order = bytes.why === 'before' ? OPENING : SENT
    steps.push({ ...placed(order, outsideStep(bytes), lastFrame, since(time), place), firstFrame })
  }
  const lastFrame = parts.closing ? Number.POSITIVE_INFINITY : (dissection.records.at(-1)?.frame ?? 0)
  const firstFrame = parts.opening ? 0 : (dissection.records[0]?.frame ?? 0)
  items.forEach((item, place) => {
    if (item.kind !== 'gap' || item.frame < firstFrame || item.frame > lastFrame) return
    const { from, length, reason, frame } = item
    steps.push(placed(SENT, { ...EMPTY, kind: 'gap', from, items: [GAPS[reason]], bytes: length }, frame, null, place))
  })
  steps.sort((a, b) => a.lastFrame - b.lastFrame || a.order - b.order || a.place - b.place)
  return summedUp(joined(steps).map(({ order: _, place: __, ...step }) => step))
}

/** Whether the part that is shown has the beginning of the connection in it, and the end. */
export interface TimelineParts {
  readonly opening: boolean
  readonly closing: boolean
}

/** Within one frame: a FIN stands behind the bytes of its segment. */
const OPENING = 0
const SENT = 1
const CLOSING = 2

interface Placed extends TimelineStep {
  readonly order: number
  /** Index of the recorded item that it ends with. */
  readonly place: number
}

const EMPTY: TimelineStep = {
  kind: 'records',
  from: null,
  firstFrame: 0,
  lastFrame: 0,
  nanoseconds: null,
  items: [],
  records: [],
  protection: null,
  bytes: 0,
}

const GAPS: Readonly<Record<MissingReason, string>> = {
  'snap-length': 'cut by the snap length',
  gap: 'not in the capture',
  limit: 'not in the capture in time',
}

const OUTSIDE: Readonly<Record<WhyOutside, string>> = {
  before: 'bytes before TLS',
  'not-tls': 'bytes that are not TLS',
  lost: 'bytes whose record is not known',
  limit: 'bytes of further records',
}

function placed(order: number, step: TimelineStep, frame: number, nanoseconds: number | null, place = 0): Placed {
  return { ...step, order, firstFrame: frame, lastFrame: frame, nanoseconds, place }
}

/**
 * Without the ClientHello, or the beginning of the connection, these may be the rest of TLS that began before the capture.
 */
function beforeStep(before: SegmentsBefore, hasClientHello: boolean): TimelineStep {
  const { segments, bytes, isFromOpening, isText, mayBeRecords } = before
  const isBeforeTls = isText || (isFromOpening && hasClientHello && !mayBeRecords)
  const what = isBeforeTls ? 'TLS' : 'the first record'
  const items = [`${segments} segment${segments === 1 ? '' : 's'} before ${what}`]
  return { ...EMPTY, kind: 'before', items, protection: isBeforeTls ? 'clear' : null, bytes }
}

function outsideStep({ from, why, length, isClear }: OutsideBytes): TimelineStep {
  const protection = isClear ? 'clear' : null
  const kind = why === 'before' ? 'before' : 'outside'
  return { ...EMPTY, kind, from, items: [OUTSIDE[why]], protection, bytes: length }
}

function stepOf(record: DissectedRecord, { records, messages }: Dissection): TimelineStep {
  const { from, contentType, name, protection, isProtected } = record
  const bytes = record.pieces.reduce((sum, { length }) => sum + length, 0)
  // A message is told where it is whole, in the last of the records that carry it.
  const own = record.messages.map((index) => messages[index]).filter((message) => message !== undefined)
  const whole = own.filter((message) => records[message.records.at(-1) ?? -1] === record)
  const items = whole.map((message) => {
    if (message.name === 'Alert') return `Alert ${alertDescription(message.bytes[1] ?? -1)}`
    return message.complete ? message.name : `${message.name} (cut)`
  })
  if (isProtected) {
    const words = protection === 'encrypted' ? ENCRYPTED : NOT_ENCRYPTED
    items.push(record.earlyData ? 'early data' : (words[contentType ?? -1] ?? name))
  } else if (items.length === 0 && contentType !== HANDSHAKE) items.push(name)
  return { ...EMPTY, from, items, records: [{ contentType, name, count: 1 }], protection, bytes }
}

/** What an encrypted record may be told to hold: in TLS 1.3 all look like application data. */
const ENCRYPTED: Readonly<Record<number, string>> = {
  21: 'encrypted alert',
  22: 'encrypted handshake message',
  23: 'encrypted data',
}

/** The same with a cipher suite that does not encrypt. */
const NOT_ENCRYPTED: Readonly<Record<number, string>> = {
  21: 'unencrypted alert',
  22: 'unencrypted handshake message',
  23: 'unencrypted data',
}

const REPEATED = new Set([...Object.values(NOT_ENCRYPTED), ...Object.values(ENCRYPTED)])

/** Steps of one kind that follow each other from one side are one step. */
function joined(steps: readonly Placed[]): Placed[] {
  const result: Placed[] = []
  for (const step of steps) {
    const last = result.at(-1)
    if (last === undefined || !goesOn(last, step)) {
      result.push(step)
      continue
    }
    const records = [...last.records]
    for (const added of step.records) {
      const i = records.findIndex((each) => each.contentType === added.contentType)
      const known = records[i]
      if (known === undefined) records.push(added)
      else records[i] = { ...known, count: known.count + added.count }
    }
    result[result.length - 1] = {
      ...last,
      lastFrame: step.lastFrame,
      items: withNew(last, step),
      records,
      bytes: last.bytes + step.bytes,
    }
  }
  return result
}

function goesOn(last: Placed, step: Placed): boolean {
  if (last.kind !== step.kind || last.from !== step.from) return false
  if (step.kind === 'gap') return last.items[0] === step.items[0]
  if (step.kind !== 'records' || last.protection !== step.protection) return false
  // Early data is a flight of its own, though what follows it looks the same.
  return step.protection === 'clear' || (last.items[0] === 'early data') === (step.items[0] === 'early data')
}

/** Messages that can be told apart are told one by one, of all else only that there is some. */
function withNew(last: Placed, step: Placed): readonly string[] {
  const isOne = step.kind === 'records' && step.protection === 'clear'
  return [...last.items, ...step.items.filter((item) => (isOne && !REPEATED.has(item)) || !last.items.includes(item))]
}

/** The opening steps one by one, the rest as one, and how the connection was closed. */
function summedUp(steps: readonly TimelineStep[]): TimelineStep[] {
  if (steps.length <= MAX_STEPS) return [...steps]
  const told = steps.slice(0, MAX_STEPS)
  const rest = steps.slice(MAX_STEPS)
  const closing = rest.filter((step) => step.kind === 'control')
  const flights = rest.filter((step) => step.kind !== 'control')
  if (flights.length === 0) return [...steps]
  const sent = flights.filter((step) => step.kind !== 'gap')
  const bytes = sent.reduce((sum, step) => sum + step.bytes, 0)
  const encrypted = sent.every((step) => step.protection === 'encrypted')
  const [first, last] = [flights[0] as TimelineStep, flights.at(-1) as TimelineStep]
  const summary: TimelineStep = {
    ...EMPTY,
    kind: 'rest',
    firstFrame: first.firstFrame,
    lastFrame: last.lastFrame,
    nanoseconds: first.nanoseconds,
    items: [`${flights.length} more flights`],
    protection: encrypted ? 'encrypted' : null,
    bytes,
  }
  return [...told, summary, ...closing]
}
