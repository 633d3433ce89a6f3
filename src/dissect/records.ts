import { readU16Be } from '../bytes/cursor.js'
import { addPiece, type PlacedPiece } from '../bytes/pieces.js'
import { joinBytes } from '../bytes/plain.js'
import type { Moment } from '../bytes/time.js'
import { YES } from '../registry/detection.js'
import type { Role } from '../registry/types.js'
import { RECORD_HEADER_LENGTH } from '../tls/content-types.js'
import { detectSslv2Hello, mayBeRecord } from '../tls/detect.js'
import { findHello, UNFINISHED } from '../tls/preamble.js'
import { type OutsideBytes, OutsideRecords } from './outside.js'
import type { RecordedBytes, RecordedGap, Recording } from './recording.js'

/** A TLS record, or an SSLv2 record with a ClientHello, as far as the capture holds it. */
export interface RawRecord {
  readonly from: Role
  /** ContentType, or `SSLV2`. */
  readonly type: number
  /** Header and content; zero where bytes are missing. */
  readonly bytes: Uint8Array
  /** Bytes at the start of `bytes` that have passed, holes with them: fewer than all where the record breaks off. */
  filled: number
  /** Where in `bytes` something is missing, in order. */
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
  /** The framing was lost in front of it: it goes on with nothing. */
  readonly isBehindLoss: boolean
  /** Index of the recorded item that holds its last byte. */
  place: number
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

/** Records of one direction that are told apart. A bulk transfer has one for each 16 KiB. */
export const MAX_RECORDS = 4096

/** What a recording is made of. */
export interface Split {
  /** The records of both directions, each in its order, by the frame in which they are there with all before them. */
  readonly records: readonly RawRecord[]
  /** What is in none of them. */
  readonly outside: readonly OutsideBytes[]
}

/** Tells the records of both directions apart. */
export function splitRecords({ items, controls }: Recording): Split {
  const isOpenedBy = (side: Role): boolean => controls.some(({ flag, from }) => from === side && flag.startsWith('SYN'))
  const client = new Splitter('client', isOpenedBy('client'))
  const server = new Splitter('server', isOpenedBy('server'))
  items.forEach((item, place) => {
    const splitter = item.from === 'client' ? client : server
    if (item.kind === 'bytes') splitter.feed(item, place)
    else splitter.skip(item, place)
  })
  const records = [...withReadableFrames(client.finish()), ...withReadableFrames(server.finish())]
    .sort((a, b) => a.readableIn - b.readableIn || a.record.place - b.record.place)
    .map(({ record }) => record)
  return { records, outside: [...client.outside, ...server.outside] }
}

interface ReadableRecord {
  readonly record: RawRecord
  /** The frame in which it and all before it were there. */
  readonly readableIn: number
}

/** What waited behind a gap is delivered late, and its frames are in any order: a direction stays in its own. */
function withReadableFrames(records: readonly RawRecord[]): ReadableRecord[] {
  let readableIn = 0
  return records.map((record) => {
    readableIn = Math.max(readableIn, record.frame)
    return { record, readableIn }
  })
}

/** The end of a chunk, with a part of a header. */
interface HeaderPart {
  readonly chunk: RecordedBytes
  readonly place: number
  readonly start: number
}

/** Cuts one direction into records, by the same rules as `tls/deframer.ts`, and keeps where their bytes are. */
class Splitter {
  private readonly from: Role
  /** The SYN of this side is in the capture. */
  private readonly isFromOpening: boolean
  private readonly records: RawRecord[] = []
  private record: RawRecord | null = null
  /** A header that came in parts. */
  private header: number[] = []
  private headerPieces: PlacedPiece[] = []
  private headerParts: HeaderPart[] = []
  private headerTime: Moment | null = null
  private headerBegins = false
  private readonly outsideRecords: OutsideRecords
  private inStep = false
  /** The framing was lost behind the last record. */
  private hasLostStep = false
  /** Something in front of the first record is missing, of which what follows may be the rest. */
  private hasLostBeginning = false
  /** What is said before TLS, as long as its end is still to come. */
  private preamble: Uint8Array | null = null

  constructor(from: Role, isFromOpening: boolean) {
    this.from = from
    this.isFromOpening = isFromOpening
    this.outsideRecords = new OutsideRecords(from)
  }

  get outside(): readonly OutsideBytes[] {
    return this.outsideRecords.finish(this.records.length > 0, this.isFromOpening)
  }

  feed(chunk: RecordedBytes, place: number): void {
    const { length } = chunk.bytes
    const start = this.inStep ? 0 : this.beginningIn(chunk)
    this.passOver(chunk, place, 0, start < 0 ? length : start, start > 0)
    if (start < 0) return
    this.inStep = true
    let at = start
    while (at < length && this.inStep && this.records.length < MAX_RECORDS) {
      at = this.record === null ? this.readHeader(chunk, place, at) : this.readContent(this.record, chunk, place, at)
    }
    this.passOver(chunk, place, at, length)
  }

  private passOver(chunk: RecordedBytes, place: number, start: number, end: number, isPreamble = false): void {
    const { records, outsideRecords } = this
    const isBefore = records.length === 0 && (isPreamble || !this.hasLostBeginning)
    const why = isBefore ? 'before' : records.length < MAX_RECORDS ? 'lost' : 'limit'
    outsideRecords.add(chunk, place, start, end, why, isPreamble)
  }

  /** Where TLS begins in a chunk, or goes on after the framing was lost; -1 where it does not. */
  private beginningIn({ bytes, begins }: RecordedBytes): number {
    const { preamble } = this
    if (this.records.length > 0) return begins ? 0 : -1
    if (preamble === null && (begins || mayBeRecord(bytes, 0, bytes.length))) return 0
    // Until TLS begins in this direction, what comes was said before it.
    const whole = preamble === null ? bytes : joinBytes(preamble, bytes, 0, bytes.length)
    const at = findHello(whole, 0, whole.length)
    this.preamble = at === UNFINISHED ? whole : null
    // What is held is no whole preamble: the hello begins in the chunk.
    return at < 0 ? -1 : at - (whole.length - bytes.length)
  }

  /** Within a record the framing holds; a header that is missing loses it. */
  skip({ length, frame }: RecordedGap, place: number): void {
    const { record } = this
    this.preamble = null
    this.hasLostBeginning ||= this.records.length === 0 && record === null
    if (!this.inStep) return
    this.breakOffHeader()
    if (record === null || length > record.bytes.length - record.filled) {
      if (record !== null) this.close(record)
      this.loseStep()
      return
    }
    record.holes.push({ start: record.filled, length })
    record.filled += length
    record.frame = Math.max(record.frame, frame)
    record.place = place
    record.reached.push({ to: record.filled, frame: record.frame })
    if (record.filled === record.bytes.length) this.close(record)
  }

  /** The records so far; the last may break off. */
  finish(): readonly RawRecord[] {
    if (this.record !== null) this.close(this.record)
    this.breakOffHeader()
    return this.records
  }

  private readHeader(chunk: RecordedBytes, place: number, from: number): number {
    const mayBeSslv2 = this.records.length === 0 || (this.hasLostStep && chunk.begins && from === 0)
    const isSslv2 =
      mayBeSslv2 && this.header.length === 0 && detectSslv2Hello(chunk.bytes, from, chunk.bytes.length) === YES
    if (isSslv2) {
      this.open(chunk, place, SSLV2, 2 + (readU16Be(chunk.bytes, from) & 0x7fff), [], chunk.time, true)
      return from
    }
    if (this.header.length === 0) this.headerBegins = chunk.begins && from === 0
    let at = from
    while (this.header.length < RECORD_HEADER_LENGTH && at < chunk.bytes.length) {
      this.header.push(chunk.bytes[at++] as number)
      if (!mayBeRecord(Uint8Array.from(this.header), 0, this.header.length)) {
        for (const { chunk, place, start } of this.headerParts) this.passOver(chunk, place, start, chunk.bytes.length)
        this.loseStep()
        return from
      }
    }
    this.headerTime ??= chunk.time
    this.headerPieces.push(pieceOf(chunk, from, at, this.header.length - (at - from)))
    this.headerParts.push({ chunk, place, start: from })
    if (this.header.length < RECORD_HEADER_LENGTH) return at
    const { header, headerPieces, headerTime, headerBegins } = this
    const length = readU16Be(Uint8Array.from(header), 3)
    const whole = RECORD_HEADER_LENGTH + length
    const record = this.open(chunk, place, header[0] as number, whole, headerPieces, headerTime, headerBegins)
    record.bytes.set(header)
    record.filled = RECORD_HEADER_LENGTH
    this.resetHeader()
    if (length === 0) this.close(record)
    return at
  }

  private open(
    { frame }: RecordedBytes,
    place: number,
    type: number,
    length: number,
    pieces: PlacedPiece[],
    time: Moment,
    begins: boolean,
  ): RawRecord {
    const { from } = this
    const bytes = new Uint8Array(length)
    const { hasLostStep: isBehindLoss } = this
    this.hasLostStep = false
    this.record = {
      from,
      type,
      bytes,
      filled: 0,
      holes: [],
      pieces,
      frame,
      reached: [],
      time,
      begins,
      place,
      isBehindLoss,
    }
    return this.record
  }

  private readContent(record: RawRecord, chunk: RecordedBytes, place: number, from: number): number {
    const to = Math.min(chunk.bytes.length, from + record.bytes.length - record.filled)
    record.bytes.set(chunk.bytes.subarray(from, to), record.filled)
    addPiece(record.pieces, pieceOf(chunk, from, to, record.filled))
    record.filled += to - from
    record.frame = Math.max(record.frame, chunk.frame)
    record.place = place
    record.reached.push({ to: record.filled, frame: record.frame })
    if (record.filled === record.bytes.length) this.close(record)
    return to
  }

  private close(record: RawRecord): void {
    this.records.push(record)
    this.record = null
  }

  /** A header that does not go on is in no record, and no sign that there is no TLS. */
  private breakOffHeader(): void {
    for (const { chunk, place, start } of this.headerParts)
      this.outsideRecords.add(chunk, place, start, chunk.bytes.length, 'lost', false)
    this.resetHeader()
  }

  private loseStep(): void {
    this.inStep = false
    this.hasLostStep = true
    this.resetHeader()
  }

  private resetHeader(): void {
    this.header = []
    this.headerPieces = []
    this.headerParts = []
    this.headerTime = null
  }
}

/** The frame in which the byte in front of `to` became readable. */
export function frameReaching({ reached, frame }: RawRecord, to: number): number {
  return reached.find((each) => each.to >= to)?.frame ?? frame
}

function pieceOf(chunk: RecordedBytes, from: number, to: number, start: number): PlacedPiece {
  const offset = chunk.offset === null ? null : chunk.offset + from
  return { start, frame: chunk.heldIn, offset, length: to - from }
}
