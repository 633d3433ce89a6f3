import { readU24Be } from '../bytes/cursor.js'
import { addPiece, cutPieces, type PlacedPiece } from '../bytes/pieces.js'
import { HANDSHAKE_HEADER_LENGTH, RECORD_HEADER_LENGTH } from '../tls/content-types.js'
import { frameReaching, type RawRecord } from './records.js'

/** A handshake message, put together from the records that carry it. */
export interface RawMessage {
  /** HandshakeType. */
  readonly type: number
  /** With its 4-byte header, as far as it is there without a hole. */
  readonly bytes: Uint8Array
  /** Its length with the header as it says; null where the header is cut. */
  readonly statedLength: number | null
  readonly pieces: readonly PlacedPiece[]
  /** The records that carry it. */
  readonly records: readonly RawRecord[]
  /** The frame that completes it, or holds the last of it that is there. */
  readonly frame: number
}

interface Part {
  readonly bytes: Uint8Array
}

/** Joins the handshake messages of one direction, whatever way they were split and joined (RFC 9846 §5.1). */
export class MessageJoiner {
  private parts: Part[] = []
  private filled = 0
  private pieces: PlacedPiece[] = []
  private records: RawRecord[] = []
  private header: number[] = []
  private frame = 0
  /** Bytes of the message that have passed, those that are missing in. */
  private passed = 0
  private holed = false
  /** A hole hid a message header: where messages begin is unknown. */
  private lost = false

  /** A message is under way. */
  get isWithin(): boolean {
    return this.header.length > 0
  }

  /** The messages that the record completes; of one that has a hole, its beginning. */
  feed(record: RawRecord): RawMessage[] {
    const done: RawMessage[] = []
    let at = RECORD_HEADER_LENGTH
    const holes = [...record.holes, { start: record.filled, length: 0 }]
    for (const hole of holes) {
      while (at < hole.start && !this.lost) at = this.take(record, at, hole.start, done)
      if (hole.length > 0 && !this.lost) this.skip(hole.length, record, done)
      at = hole.start + hole.length
    }
    return done
  }

  /** A message that is under way when there is no more. */
  finish(): RawMessage | null {
    return this.filled === 0 || this.holed ? null : this.message()
  }

  private take(record: RawRecord, from: number, end: number, done: RawMessage[]): number {
    const to = Math.min(end, from + this.wanted())
    if (!this.holed) {
      this.parts.push({ bytes: record.bytes.subarray(from, to) })
      for (const piece of cutPieces(record.pieces, from, to - from, this.filled)) addPiece(this.pieces, piece)
      for (let i = from; this.header.length < HANDSHAKE_HEADER_LENGTH && i < to; i++)
        this.header.push(record.bytes[i] as number)
      this.filled += to - from
    }
    if (this.records.at(-1) !== record) this.records.push(record)
    this.frame = Math.max(this.frame, frameReaching(record, to))
    this.passed += to - from
    if (this.header.length === HANDSHAKE_HEADER_LENGTH && this.passed === this.statedLength()) this.end(done)
    return to
  }

  /** Bytes that are not in the capture: past the end of a message of known length nothing can be told apart. */
  private skip(length: number, record: RawRecord, done: RawMessage[]): void {
    const isKnown = this.header.length === HANDSHAKE_HEADER_LENGTH
    const left = isKnown ? this.statedLength() - this.passed : 0
    if (this.filled > 0 && !this.holed) {
      if (this.records.at(-1) !== record) this.records.push(record)
      done.push(this.message())
    }
    this.holed = true
    this.passed += Math.min(length, left)
    if (!isKnown || length > left) this.lost = true
    else if (length === left) this.reset()
  }

  private wanted(): number {
    return this.header.length < HANDSHAKE_HEADER_LENGTH
      ? HANDSHAKE_HEADER_LENGTH - this.header.length
      : this.statedLength() - this.passed
  }

  private statedLength(): number {
    return HANDSHAKE_HEADER_LENGTH + readU24Be(Uint8Array.from(this.header), 1)
  }

  private end(done: RawMessage[]): void {
    if (!this.holed) done.push(this.message())
    this.reset()
  }

  private message(): RawMessage {
    const bytes = new Uint8Array(this.filled)
    let at = 0
    for (const part of this.parts) {
      bytes.set(part.bytes, at)
      at += part.bytes.length
    }
    const statedLength = this.header.length === HANDSHAKE_HEADER_LENGTH ? this.statedLength() : null
    const { pieces, records, frame } = this
    return { type: bytes[0] as number, bytes, statedLength, pieces, records, frame }
  }

  private reset(): void {
    this.parts = []
    this.filled = 0
    this.pieces = []
    this.records = []
    this.header = []
    this.frame = 0
    this.passed = 0
    this.holed = false
  }
}
