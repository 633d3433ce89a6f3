import { joinBytes } from '../bytes/plain.js'
import type { Clock, Moment } from '../bytes/time.js'
import { YES } from '../registry/detection.js'
import type { Direction } from '../registry/direction.js'
import type { Chunk } from '../stream/chunk.js'
import { Deframer, type MessageProgress, type RecordSink } from './deframer.js'
import { detectTls, mayBeRecord } from './detect.js'
import type { ClientHello, Sent } from './handshake.js'
import { findHello, NO_HELLO, UNFINISHED } from './preamble.js'
import { isSslv2Hello, Sslv2Reader } from './sslv2-hello.js'
import { carriesTls, TdsUnwrapper } from './tds.js'

/** Losses noted before it is known who is the client: a role is found soon or never. */
const MAX_EARLY_MISSING = 8

interface EarlyMissing {
  readonly code: 'snap-length' | 'gap' | 'gap-limit'
  readonly frame: number
  readonly length: number
}

/** Takes what the two sides of a session find; each names itself, and `RecordSink` says what the rest means. */
export interface SideOwner {
  recordStarts(side: Side, type: number, length: number, chunk: Chunk, at: number): void
  recordEnds(side: Side, type: number, chunk: Chunk, end: number): void
  message(
    side: Side,
    type: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    progress: MessageProgress,
    frame: number,
  ): void
  messageLost(side: Side, type: number, progress: MessageProgress, frame: number): void
  sslv2ClientHello(side: Side, hello: ClientHello, start: Moment): void
  alert(side: Side, level: number, description: number, frame: number): void
  framingLost(side: Side, frame: number): void
  /** So many bytes are no TLS, and TLS had not begun in this direction. */
  notTls(side: Side, frame: number, bytes: number): void
  /** What looked like the beginning of something before TLS is none. */
  nothingBegan(): void
  /** TLS begins in the segment that is being read, behind something that began in an earlier one. */
  preambleEnds(side: Side): void
}

/** One direction of a session. */
export class Side implements RecordSink {
  readonly direction: Direction
  deframer: Deframer
  /** TLS bytes since the handshake began, and segments that carried them. */
  bytes = 0
  segments = 0
  /** Packets without payload in that time. */
  emptyPackets = 0
  /** When the last bytes became readable; its fields are set anew for each chunk. */
  private lastSeconds = Number.NEGATIVE_INFINITY
  private lastFraction = 0
  private lastClock: Clock | null = null
  /** Sequence number behind the bytes that are being read, and what their segment acknowledges. */
  private nextSequence = 0
  acknowledgment: number | null = null
  /** The first encrypted record of this side, or of early data, is under way; or the first encrypted one is over. */
  inFirstEncryptedRecord = false
  encryptedRecordEnded = false
  /** A message was seen that only TLS 1.2 and older send in the clear. */
  sawTls12Message = false
  /** The frame of a ChangeCipherSpec that came before it was known who is the client. */
  changeCipherSpecBeforeRole: number | null = null
  /** Bytes that were missing before it was known who is the client. */
  missingBeforeRole: EarlyMissing[] | null = null
  private readonly session: SideOwner
  private sslv2: Sslv2Reader | null = null
  /** TLS comes in packets of TDS. */
  private tds: TdsUnwrapper | null = null
  /** Bytes are missing from before the beginning of TLS. */
  private lacksBeginning = false
  /** A preamble whose end is still to come, copied. */
  private preamble: Uint8Array | null = null

  constructor(session: SideOwner, direction: Direction) {
    this.session = session
    this.direction = direction
    this.deframer = new Deframer(this)
  }

  get bufferedBytes(): number {
    return this.deframer.bufferedBytes + (this.sslv2?.bufferedBytes ?? 0) + (this.preamble?.length ?? 0)
  }

  read(chunk: Chunk): void {
    if (this.tds === null && !this.hasBegun && carriesTls(chunk.bytes, chunk.start, chunk.end))
      this.tds = new TdsUnwrapper()
    if (this.tds === null) this.readTls(chunk)
    else this.tds.unwrap(chunk, (piece) => this.readTls(piece))
  }

  private readTls(chunk: Chunk): void {
    // What has no framing may end, and TLS begin again: a hello at the start of a segment is one, whatever came before.
    if (this.deframer.lost && !this.deframer.encrypted && detectTls(chunk.bytes, chunk.start, chunk.end) === YES)
      this.deframer = new Deframer(this)
    if (!this.deframer.hasBegun && this.sslv2 === null && !this.begins(chunk)) return
    this.bytes += chunk.end - chunk.start
    this.noteTime(chunk)
    this.nextSequence = chunk.nextSequence
    this.acknowledgment = chunk.acknowledgment
    if (this.sslv2 === null) this.deframer.feed(chunk)
    else this.readSslv2(this.sslv2, chunk)
  }

  /** Bytes that waited for others to be captured are readable since those were: no moment is before an earlier one. */
  private noteTime({ seconds, fraction, clock }: Chunk): void {
    if (seconds < this.lastSeconds) return
    if (seconds === this.lastSeconds && clock === this.lastClock && fraction < this.lastFraction) return
    this.lastSeconds = seconds
    this.lastFraction = fraction
    this.lastClock = clock
  }

  get sent(): Sent {
    const { bytes, segments, emptyPackets } = this
    return { bytes, segments, packets: segments + emptyPackets }
  }

  get last(): Moment | null {
    const { lastSeconds, lastFraction, lastClock } = this
    return lastClock === null ? null : { seconds: lastSeconds, fraction: lastFraction, clock: lastClock }
  }

  /** TLS has begun in this direction, or what is said before it. */
  get hasBegun(): boolean {
    return this.deframer.hasBegun || this.sslv2 !== null || this.preamble !== null
  }

  /** A message is under way, before it is known who is the client: a hello, or nothing that is read. */
  get helloBegan(): boolean {
    return this.deframer.unfinished !== null || this.deframer.mayBeginMessage || this.sslv2 !== null
  }

  /** Notes missing bytes for when it is known who is the client, at most `MAX_EARLY_MISSING` times. */
  missBeforeRole(code: EarlyMissing['code'], frame: number, length: number): void {
    this.missingBeforeRole ??= []
    if (this.missingBeforeRole.length < MAX_EARLY_MISSING) this.missingBeforeRole.push({ code, frame, length })
  }

  missing(length: number, frame: number): void {
    // A hole in an SSLv2 hello makes it unreadable, and what follows it begins somewhere in the middle.
    this.sslv2 = null
    this.preamble = null
    this.tds?.missing(length)
    this.lacksBeginning ||= !this.deframer.hasBegun
    if (this.deframer.hasBegun) this.deframer.missing(length, frame)
  }

  /** Bytes of the chunk that is being read behind the hello that is being given. */
  get behindHello(): number {
    return this.sslv2 === null ? this.deframer.behind : this.sslv2.behind
  }

  /** What was counted so far was sent before TLS. */
  countAnew(segments: number): void {
    this.segments = segments
    this.emptyPackets = 0
  }

  /** Sequence number behind the hello that is being given. */
  get helloEnd(): number {
    return (this.nextSequence - this.behindHello) | 0
  }

  startAnother(): void {
    this.bytes = 0
    this.countAnew(0)
    this.inFirstEncryptedRecord = false
    this.encryptedRecordEnded = false
    this.sawTls12Message = false
    this.deframer.encrypted = false
  }

  reportUnfinished(): void {
    const { unfinished } = this.deframer
    if (unfinished !== null) this.messageLost(unfinished.type, unfinished.progress, unfinished.frame)
    this.deframer.discard()
  }

  recordStarts(type: number, length: number, chunk: Chunk, at: number): void {
    this.session.recordStarts(this, type, length, chunk, at)
  }

  recordEnds(type: number, _length: number, chunk: Chunk, end: number): void {
    this.session.recordEnds(this, type, chunk, end)
  }

  message(type: number, bytes: Uint8Array, start: number, end: number, progress: MessageProgress, frame: number): void {
    this.session.message(this, type, bytes, start, end, progress, frame)
  }

  messageLost(type: number, progress: MessageProgress, frame: number): void {
    this.session.messageLost(this, type, progress, frame)
  }

  alert(level: number, description: number, frame: number): void {
    this.session.alert(this, level, description, frame)
  }

  framingLost(frame: number): void {
    this.session.framingLost(this, frame)
  }

  /** Whether TLS begins in a chunk, which then starts with it: until it does, what comes was said before. */
  private begins(chunk: Chunk): boolean {
    if (this.preamble !== null || !beginsTls(chunk)) {
      if (!this.passPreamble(chunk)) return false
    }
    if (isSslv2Hello(chunk)) this.sslv2 = new Sslv2Reader()
    return true
  }

  private passPreamble(chunk: Chunk): boolean {
    const held = this.preamble
    const bytes = held === null ? chunk.bytes : joinBytes(held, chunk.bytes, chunk.start, chunk.end)
    const start = held === null ? chunk.start : 0
    const end = held === null ? chunk.end : bytes.length
    const at = findHello(bytes, start, end)
    this.preamble = at === UNFINISHED ? bytes.slice(start, end) : null
    if (at === UNFINISHED) return false
    // What follows missing bytes may stand in the middle of a record.
    if (!this.lacksBeginning) this.session.notTls(this, chunk.frame, (at === NO_HELLO ? end : at) - start)
    if (at === NO_HELLO) {
      this.session.nothingBegan()
      return false
    }
    // What is held is no whole preamble: the hello begins in the chunk.
    const behind = chunk.end - (end - at)
    if (chunk.offset >= 0) chunk.offset += behind - chunk.start
    chunk.start = behind
    if (held !== null) this.session.preambleEnds(this)
    return true
  }

  private readSslv2(reader: Sslv2Reader, chunk: Chunk): void {
    const hello = reader.feed(chunk)
    if (hello === null) return
    this.session.sslv2ClientHello(this, hello, reader.start as Moment)
    this.sslv2 = null
    if (chunk.offset >= 0) chunk.offset += reader.consumedTo - chunk.start
    chunk.start = reader.consumedTo
    if (chunk.start < chunk.end) this.deframer.feed(chunk)
  }
}

function beginsTls(chunk: Chunk): boolean {
  return isSslv2Hello(chunk) || mayBeRecord(chunk.bytes, chunk.start, chunk.end)
}
