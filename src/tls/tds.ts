import { readU16Be } from '../bytes/cursor.js'
import type { Chunk } from '../stream/chunk.js'
import { mayBeRecord } from './detect.js'

/** Type, status, length, SPID, number and window of a TDS packet (MS-TDS §2.2.3.1). */
export const TDS_HEADER_LENGTH = 8
/** PRELOGIN, which carries TLS in TDS before version 8, and the answer of a server. */
export const TDS_PRELOGIN = 0x12
const TABULAR_RESULT = 0x04
/** Bit 0 of the status: the packet is the last of its message. */
const END_OF_MESSAGE = 1
/** The largest packet that both ends can agree on (MS-TDS §2.2.6.4). */
const MAX_PACKET_LENGTH = 32_767

/** Whether a TDS packet begins here: all of its header is there, and some of its content. */
export function isTdsPacket(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= TDS_HEADER_LENGTH || !isPacketType(bytes[start] as number)) return false
  const length = readU16Be(bytes, start + 2)
  return (
    (bytes[start + 1] as number) <= END_OF_MESSAGE &&
    length > TDS_HEADER_LENGTH &&
    length <= MAX_PACKET_LENGTH &&
    bytes[start + 7] === 0
  )
}

/** Whether these are TLS records in TDS packets. */
export function carriesTls(bytes: Uint8Array, start: number, end: number): boolean {
  return isTdsPacket(bytes, start, end) && mayBeRecord(bytes, start + TDS_HEADER_LENGTH, end)
}

function isPacketType(type: number): boolean {
  return type === TDS_PRELOGIN || type === TABULAR_RESULT
}

/**
 * Takes the headers out of one direction whose TLS handshake is sent in TDS packets (MS-TDS §2.2.6.5). Once it is over
 * TLS records follow as they are; none begins with the type of a TDS packet.
 *
 * Invariant: while packets come, `remaining` bytes of the current one are still to come; 0 means that a header is next.
 */
export class TdsUnwrapper {
  private state: 'packets' | 'records' | 'lost' = 'packets'
  private remaining = 0
  private readonly header = new Uint8Array(TDS_HEADER_LENGTH)
  private headerFilled = 0

  /** Hands on what a chunk holds of TLS: the chunk itself, narrowed for each call. */
  unwrap(chunk: Chunk, deliver: (chunk: Chunk) => void): void {
    const { start, end, nextSequence, offset } = chunk
    let at = start
    while (at < end) {
      if (this.state === 'packets' && this.remaining === 0) at = this.readHeader(chunk.bytes, at, end)
      if (this.state === 'lost' || at === end) break
      const to = this.state === 'records' ? end : Math.min(end, at + this.remaining)
      if (this.state === 'packets') this.remaining -= to - at
      if (to > at) {
        chunk.start = at
        chunk.end = to
        chunk.nextSequence = (nextSequence - (end - to)) | 0
        chunk.offset = offset < 0 ? -1 : offset + (at - start)
        deliver(chunk)
      }
      at = to
    }
    chunk.start = start
    chunk.end = end
    chunk.nextSequence = nextSequence
    chunk.offset = offset
  }

  /** `length` bytes are not in the capture. Within a packet the framing holds. */
  missing(length: number): void {
    if (this.state !== 'packets') return
    if (length > this.remaining) this.state = 'lost'
    else this.remaining -= length
  }

  private readHeader(bytes: Uint8Array, from: number, end: number): number {
    if (this.headerFilled === 0 && !isPacketType(bytes[from] as number)) {
      this.state = 'records'
      return from
    }
    let at = from
    while (this.headerFilled < TDS_HEADER_LENGTH && at < end) this.header[this.headerFilled++] = bytes[at++] as number
    if (this.headerFilled < TDS_HEADER_LENGTH) return at
    this.headerFilled = 0
    this.remaining = readU16Be(this.header, 2) - TDS_HEADER_LENGTH
    if (this.remaining < 0) this.state = 'lost'
    return at
  }
}
