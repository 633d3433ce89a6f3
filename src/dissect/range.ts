import type { Role } from '../registry/types.js'
import { APPLICATION_DATA, CLIENT_HELLO, SERVER_HELLO } from '../tls/content-types.js'
import type { DissectedMessage, Dissection } from './dissect.js'

/** Which message begins a handshake: its first ClientHello, or where that is not in the capture its ServerHello. */
export interface Beginning {
  readonly from: Role
  /** The frame that completes the message. */
  readonly frame: number
}

/**
 * The part of a connection that is one handshake and what follows it: from where it begins, or from the first byte where
 * that is null, up to where the next begins. A beginning that is not found cuts nothing off.
 */
export function rangeOf(whole: Dissection, own: Beginning | null, next: Beginning | null): Dissection {
  const first = own === null ? null : firstRecord(whole, own)
  const end = next === null ? null : firstRecord(whole, next)
  if (first === null && end === null) return whole
  const isIn = (index: number): boolean =>
    (first === null || !isBefore(whole, index, first)) && (end === null || isBefore(whole, index, end))
  const kept = whole.records.map((_, index) => index).filter(isIn)
  const newRecord = new Map(kept.map((index, i) => [index, i]))
  const messages = whole.messages.flatMap((message, i) =>
    message.records.every((record) => newRecord.has(record)) ? [i] : [],
  )
  const newMessage = new Map(messages.map((index, i) => [index, i]))
  const moved = (map: Map<number, number>, indexes: readonly number[]): number[] =>
    indexes.flatMap((index) => map.get(index) ?? [])
  return {
    records: kept.map((index) => {
      const record = whole.records[index] as Dissection['records'][number]
      return { ...record, messages: moved(newMessage, record.messages) }
    }),
    messages: messages.map((index) => {
      const message = whole.messages[index] as DissectedMessage
      return { ...message, records: moved(newRecord, message.records) }
    }),
    outside: whole.outside.filter(({ lastFrame }) => {
      const isBegun = first === null || lastFrame >= (whole.records[first]?.frame ?? 0)
      return isBegun && (end === null || lastFrame < (whole.records[end]?.frame ?? 0))
    }),
    leftOut: whole.leftOut,
  }
}

/**
 * The same, with the early data that a handshake is judged to have: from a frame on, or none where that is null, and up to
 * the client's first other encrypted record. A record of the client before a ServerHello is early data only where that
 * was offered, and where no ServerHello is missing; and early data may be captured behind one.
 */
export function withEarlyData(dissection: Dissection, first: number | null, behind: number | null): Dissection {
  const records = dissection.records.map((record) => {
    const isWithin = first !== null && record.frame >= first && (behind === null || record.frame < behind)
    const earlyData = isWithin && record.from === 'client' && record.contentType === APPLICATION_DATA
    return record.earlyData === earlyData ? record : { ...record, earlyData }
  })
  return { ...dissection, records }
}

/** Index of the record with the first byte of the message that begins a handshake. */
function firstRecord({ messages }: Dissection, { from, frame }: Beginning): number | null {
  const type = from === 'client' ? CLIENT_HELLO : SERVER_HELLO
  const message = messages.find((each) => each.type === type && each.from === from && each.frame === frame)
  return message?.records[0] ?? null
}

/** In its own direction by place, in the other by frame: an answer is never in front of what it answers. */
function isBefore({ records }: Dissection, index: number, boundary: number): boolean {
  const record = records[index]
  const at = records[boundary]
  if (record === undefined || at === undefined || record.from === at.from) return index < boundary
  return record.frame < at.frame
}
