import { readU16Be } from '../bytes/cursor.js'
import { addPiece, type PlacedPiece } from '../bytes/pieces.js'
import type { Moment } from '../bytes/time.js'
import { YES } from '../registry/detection.js'
import { RECORD_HEADER_LENGTH } from '../tls/content-types.js'
import { detectSslv2Hello, mayBeRecord } from '../tls/detect.js'
import type { Role } from '../tls/handshake.js'
import { findHello, UNFINISHED } from '../tls/preamble.js'
import type { RecordedBytes, RecordedGap, Recording } from './recording.js'

/** A TLS record, or an SSLv2 record with a ClientHello, as far as the capture holds it. */
export interface RawRecord {
  readonly from: Role
  /** ContentType, or `SSLV2`. */
  readonly type: number
  /** Header and content; zero where bytes are missing. */
  readonly bytes: Uint8Array
  /** Bytes of `bytes` up to where the record is, or breaks off. */
  filled: number
  /** Where in `bytes` something is missing; null where nothing is. */
  readonly holes: Hole[]
  /** Pieces of the capture that hold the bytes that are there, in order. */
  readonly pieces: PlacedPiece[]
  /** The frame in which the last byte became readable. */
  frame: number
  /** Up to where in `bytes` it was readable in which frame, in order. */
  readonly reached: Reached[]
  /** Time of the packet that holds its first byte. */
  readonly time: Moment
  /** A handshake begins with it, and with the segment. */
  readonly begins: boolean
}

/** In the place of a content type, of which an SSLv2 record has none. */
export const SSLV2 = -1

export interface Reached {
  readonly to: number
  readonly frame: number
}

export interface Hole {
  readonly start: number
  readonly length: number
}

/** Records of one connection that are told apart. A bulk transfer has one for each 16 KiB. */
export const MAX_RECORDS = 4096

/** The records of both directions, by the frame that completes them, and within a frame as they stand on the wire. */
export function splitRecords({ items }: Recording): RawRecord[] {
  const splitters = { client: new Splitter('client'), server: new Splitter('server') }
  for (const item of items) {
    if (item.kind === 'bytes') splitters[item.from].feed(item)
    else splitters[item.from].skip(item)
  }
  const records = [...splitters.client.finish(), ...splitters.server.finish()]
  // Sorting is stable: the records of one direction stay in order.
  return records.sort((a, b) => a.frame - b.frame).slice(0, MAX_RECORDS)
}

/** Cuts one direction into records, by the same rules as `tls/deframer.ts`, and keeps where their bytes are. */
class Splitter {
  private readonly from: Role
  private readonly records: RawRecord[] = []
  private record: RawRecord | null = null
  /** A header that came in parts. */
  private header: number[] = []
  private headerPieces: PlacedPiece[] = []
  private headerTime: Moment | null = null
  private headerBegins = false
  private inStep = false
  /** What is said before TLS, as long as its end is still to come. */
  private preamble: Uint8Array | null = null

  constructor(from: Role) {
    this.from = from
  }

  feed(chunk: RecordedBytes): void {
    const start = this.inStep ? 0 : this.beginningIn(chunk)
    if (start < 0) return
    this.inStep = true
    let at = start
    while (at < chunk.bytes.length && this.inStep && this.records.length < MAX_RECORDS) {
      at = this.record === null ? this.readHeader(chunk, at) : this.readContent(this.record, chunk, at)
    }
  }

  /** Where TLS begins in a chunk, or goes on after the framing was lost; -1 where it does not. */
  private beginningIn({ bytes, begins }: RecordedBytes): number {
    const { preamble } = this
    if (this.records.length > 0) return begins ? 0 : -1
    if (preamble === null && (begins || mayBeRecord(bytes, 0, bytes.length))) return 0
    // Until TLS begins in this direction, what comes was said before it.
    const whole = preamble === null ? bytes : joined(preamble, bytes)
    const at = findHello(whole, 0, whole.length)
    this.preamble = at === UNFINISHED ? whole : null
    // What is held is no whole preamble: the hello begins in the chunk.
    return at < 0 ? -1 : at - (whole.length - bytes.length)
  }

  /** Within a record the framing holds; a header that is missing loses it. */
  skip({ length, frame }: RecordedGap): void {
    const { record } = this
    this.preamble = null
    if (!this.inStep) return
    if (record === null || length > record.bytes.length - record.filled) {
      if (record !== null) this.close(record)
      this.loseStep()
      return
    }
    record.holes.push({ start: record.filled, length })
    record.filled += length
    record.frame = Math.max(record.frame, frame)
    record.reached.push({ to: record.filled, frame: record.frame })
    if (record.filled === record.bytes.length) this.close(record)
  }

  /** The records so far; the last may break off. */
  finish(): readonly RawRecord[] {
    if (this.record !== null) this.close(this.record)
    return this.records
  }

  private readHeader(chunk: RecordedBytes, from: number): number {
    const isSslv2 =
      this.header.length === 0 &&
      this.records.length === 0 &&
      detectSslv2Hello(chunk.bytes, from, chunk.bytes.length) === YES
    if (isSslv2) {
      this.open(chunk, SSLV2, 2 + (readU16Be(chunk.bytes, from) & 0x7fff), [], chunk.time, true)
      return from
    }
    if (this.header.length === 0) this.headerBegins = chunk.begins && from === 0
    let at = from
    while (this.header.length < RECORD_HEADER_LENGTH && at < chunk.bytes.length) {
      this.header.push(chunk.bytes[at++] as number)
      if (!mayBeRecord(Uint8Array.from(this.header), 0, this.header.length)) {
        this.loseStep()
        return chunk.bytes.length
      }
    }
    this.headerTime ??= chunk.time
    this.headerPieces.push(pieceOf(chunk, from, at, this.header.length - (at - from)))
    if (this.header.length < RECORD_HEADER_LENGTH) return at
    const { header, headerPieces, headerTime, headerBegins } = this
    const length = readU16Be(Uint8Array.from(header), 3)
    const whole = RECORD_HEADER_LENGTH + length
    const record = this.open(chunk, header[0] as number, whole, headerPieces, headerTime, headerBegins)
    record.bytes.set(header)
    record.filled = RECORD_HEADER_LENGTH
    this.resetHeader()
    if (length === 0) this.close(record)
    return at
  }

  private open(
    { frame }: RecordedBytes,
    type: number,
    length: number,
    pieces: PlacedPiece[],
    time: Moment,
    begins: boolean,
  ): RawRecord {
    const { from } = this
    const bytes = new Uint8Array(length)
    this.record = { from, type, bytes, filled: 0, holes: [], pieces, frame, reached: [], time, begins }
    return this.record
  }

  private readContent(record: RawRecord, chunk: RecordedBytes, from: number): number {
    const to = Math.min(chunk.bytes.length, from + record.bytes.length - record.filled)
    record.bytes.set(chunk.bytes.subarray(from, to), record.filled)
    addPiece(record.pieces, pieceOf(chunk, from, to, record.filled))
    record.filled += to - from
    record.frame = Math.max(record.frame, chunk.frame)
    record.reached.push({ to: record.filled, frame: record.frame })
    if (record.filled === record.bytes.length) this.close(record)
    return to
  }

  private close(record: RawRecord): void {
    this.records.push(record)
    this.record = null
  }

  private loseStep(): void {
    this.inStep = false
    this.resetHeader()
  }

  private resetHeader(): void {
    this.header = []
    this.headerPieces = []
    this.headerTime = null
  }
}

/** The frame in which the byte in front of `to` became readable. */
export function frameReaching({ reached, frame }: RawRecord, to: number): number {
  return reached.find((each) => each.to >= to)?.frame ?? frame
}

function joined(held: Uint8Array, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(held.length + bytes.length)
  whole.set(held)
  whole.set(bytes, held.length)
  return whole
}

function pieceOf(chunk: RecordedBytes, from: number, to: number, start: number): PlacedPiece {
  const offset = chunk.offset === null ? null : chunk.offset + from
  return { start, frame: chunk.heldIn, offset, length: to - from }
}
