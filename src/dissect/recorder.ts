import { type Moment, momentOf } from '../bytes/time.js'
import { YES } from '../registry/detection.js'
import type { Direction } from '../registry/direction.js'
import { ACK, FIN, RST, SYN } from '../registry/tcp-flags.js'
import type { Role } from '../registry/types.js'
import type {
  Chunk,
  MissingReason,
  SessionState,
  StreamEndpoint,
  StreamFacts,
  StreamIdentity,
  StreamProtocol,
  StreamSession,
  StreamView,
} from '../stream/chunk.js'
import { carriesTls, TdsUnwrapper } from '../tls/tds.js'
import {
  MAX_RECORDED_BYTES,
  MAX_RECORDED_CHUNKS,
  type RecordedBytes,
  type RecordedControl,
  type RecordedGap,
  type Recording,
} from './recording.js'

/** What the recorder needs of a TCP segment of the recorded stream. */
export interface SeenSegment {
  readonly from: Role
  /** TCP flag bits. */
  readonly flags: number
  readonly frame: number
  readonly time: Moment
  readonly payloadLength: number
  /** Bytes of its payload that were captured. */
  readonly capturedLength: number
  /** Byte offset of its payload in the capture; -1 where it does not stand there in one piece. */
  readonly offset: number
  /** Its payload is text. */
  readonly isText: boolean
  /** Its payload may begin with a TLS record. */
  readonly mayBeRecord: boolean
}

interface Span {
  readonly offset: number
  readonly length: number
  readonly capturedLength: number
  readonly frame: number
  readonly time: Moment
  readonly isText: boolean
  readonly mayBeRecord: boolean
}

/**
 * Records the bytes of one stream. As a protocol it stands in front of another, which says where TLS begins: the stream
 * is followed just as when its handshakes are judged, and then on to its end.
 */
export class Recorder implements StreamProtocol {
  private readonly inner: StreamProtocol
  private readonly stream: number
  private readonly roleOf: (sender: StreamEndpoint) => Role
  private readonly items: (RecordedBytes | RecordedGap)[] = []
  private readonly controls: RecordedControl[] = []
  private readonly recorded: Record<Role, number> = { client: 0, server: 0 }
  /** Where payload stands in the capture, by offset: which frame holds it. */
  private readonly spans: Span[] = []
  /** The last one of the stream. */
  private session: RecordingSession | null = null
  private start: Moment | null = null
  private cutShort: Recording['cutShort'] = null

  constructor(inner: StreamProtocol, stream: number, roleOf: (sender: StreamEndpoint) => Role) {
    this.inner = inner
    this.stream = stream
    this.roleOf = roleOf
  }

  get isFull(): boolean {
    return this.cutShort !== null
  }

  detect(bytes: Uint8Array, start: number, end: number): ReturnType<StreamProtocol['detect']> {
    return this.inner.detect(bytes, start, end)
  }

  detectWithin(bytes: Uint8Array, start: number, end: number): ReturnType<StreamProtocol['detectWithin']> {
    return this.inner.detectWithin(bytes, start, end)
  }

  continues(bytes: Uint8Array, start: number, end: number): boolean {
    return this.inner.continues(bytes, start, end)
  }

  open(identity: StreamIdentity, stream: StreamView): StreamSession {
    const inner = this.inner.open(identity, stream)
    // Other streams are followed just as in the first reading: where a later one begins may hang on them.
    if (identity.stream !== this.stream) return inner
    // What began with a late segment of an earlier connection is forgotten where the right beginning comes.
    if (this.session?.isForgotten) this.discardFrom(this.session.recordedBefore)
    const roles = [this.roleOf(identity.senders[0]), this.roleOf(identity.senders[1])] as const
    this.session = new RecordingSession(this, inner, roles)
    return this.session
  }

  /** A segment of the stream, before its bytes are put in order. */
  segment(segment: SeenSegment): void {
    const { from, flags, frame, time, payloadLength, capturedLength, offset, isText, mayBeRecord } = segment
    this.start ??= time
    if ((flags & (SYN | FIN | RST)) !== 0) this.control({ flag: controlOf(flags), from, frame, time })
    if (payloadLength > 0 && offset >= 0 && this.spans.length < MAX_RECORDED_CHUNKS)
      this.spans.push({ offset, length: payloadLength, capturedLength, frame, time, isText, mayBeRecord })
  }

  /** The first of each kind from each side: others are copies of it. */
  private control(control: RecordedControl): void {
    if (!this.controls.some(({ flag, from }) => flag === control.flag && from === control.from))
      this.controls.push(control)
  }

  bytes(from: Role, chunk: Chunk): void {
    if (this.isFull) return
    const length = chunk.end - chunk.start
    if (this.items.length >= MAX_RECORDED_CHUNKS) this.cutShort = 'chunks'
    else if (this.recorded[from] + length > MAX_RECORDED_BYTES) this.cutShort = 'bytes'
    if (this.isFull) return
    this.recorded[from] += length
    const { frame } = chunk
    const offset = chunk.offset < 0 ? null : chunk.offset
    this.items.push({
      kind: 'bytes',
      from,
      bytes: chunk.bytes.slice(chunk.start, chunk.end),
      frame,
      heldIn: offset === null ? frame : (this.frameAt(offset) ?? frame),
      time: momentOf(chunk),
      offset,
      begins: this.inner.detect(chunk.bytes, chunk.start, chunk.end) === YES,
    })
  }

  gap(from: Role, length: number, reason: MissingReason, frame: number): void {
    if (!this.isFull && this.items.length < MAX_RECORDED_CHUNKS)
      this.items.push({ kind: 'gap', from, length, reason, frame })
  }

  /** How much is recorded, for `discardFrom`. */
  get recordedItems(): number {
    return this.items.length
  }

  /** What was recorded since then was not TLS. */
  discardFrom(recordedItems: number): void {
    for (const item of this.items.splice(recordedItems))
      if (item.kind === 'bytes') this.recorded[item.from] -= item.bytes.length
  }

  recording(): Recording {
    const { items, controls, start, cutShort } = this
    const outOfOrder = items.some((item) => item.kind === 'bytes' && item.heldIn !== item.frame)
    return { items, controls, start, before: this.before(), outOfOrder, cutShort }
  }

  /** Segments with payload in front of the first TLS byte, of which none was recorded. */
  private before(): Recording['before'] {
    const first = this.items.find((item) => item.kind === 'bytes')
    if (first === undefined) return null
    const held = new Set(this.items.map((item) => (item.kind === 'bytes' ? item.heldIn : 0)))
    const before = this.spans.filter(({ frame }) => frame < first.frame && !held.has(frame))
    const [begin] = before
    if (begin === undefined) return null
    const { frame: firstFrame, time } = begin
    const isFromOpening = this.controls.some(({ flag, frame }) => flag === 'SYN' && frame < firstFrame)
    return {
      segments: before.length,
      firstFrame,
      lastFrame: before.at(-1)?.frame ?? firstFrame,
      time,
      bytes: before.reduce((sum, { capturedLength }) => sum + capturedLength, 0),
      isFromOpening,
      isText: before.every(({ isText }) => isText),
      mayBeRecords: before.some(({ mayBeRecord }) => mayBeRecord),
    }
  }

  private frameAt(offset: number): number | null {
    for (let i = this.spans.length - 1; i >= 0; i--) {
      const span = this.spans[i] as Span
      if (offset >= span.offset && offset < span.offset + span.length) return span.frame
    }
    return null
  }
}

/** Hands everything to the recorder, and as much of it to the inner session as that wants. */
class RecordingSession implements StreamSession {
  private readonly recorder: Recorder
  private readonly inner: StreamSession
  /** Who sends in each direction. */
  private readonly roles: readonly [Role, Role]
  private over = false
  /** What the recorder held before: of another session of the stream, which may have been TLS. */
  readonly recordedBefore: number
  private readonly earlierHandshakes: number
  /** Something came in each direction, and takes TLS out of packets of TDS where it comes in them. */
  private readonly begun: [boolean, boolean] = [false, false]
  private readonly tds: [TdsUnwrapper | null, TdsUnwrapper | null] = [null, null]

  constructor(recorder: Recorder, inner: StreamSession, roles: readonly [Role, Role]) {
    this.recorder = recorder
    this.inner = inner
    this.roles = roles
    this.recordedBefore = recorder.recordedItems
    this.earlierHandshakes = inner.handshakes
  }

  /** Another one begins though this was not ended, and has told nothing. */
  get isForgotten(): boolean {
    return !this.over && this.inner.handshakes === this.earlierHandshakes
  }

  /** It stays open when the inner session has its answer: what follows the handshake is recorded, too. */
  get state(): SessionState {
    if (this.inner.state === 'refuted') return 'refuted'
    return this.over || this.recorder.isFull ? 'finished' : 'open'
  }

  get bufferedBytes(): number {
    return this.inner.bufferedBytes
  }

  get handshakes(): number {
    return this.inner.handshakes
  }

  segment(direction: Direction): void {
    if (this.inner.state === 'open') this.inner.segment(direction)
  }

  emptyPacket(direction: Direction): void {
    if (this.inner.state === 'open') this.inner.emptyPacket(direction)
  }

  data(direction: Direction, chunk: Chunk): void {
    this.record(direction, chunk)
    if (this.inner.state === 'open') this.inner.data(direction, chunk)
    if (this.inner.state === 'refuted') this.recorder.discardFrom(this.recordedBefore)
  }

  private record(direction: Direction, chunk: Chunk): void {
    const role = this.roles[direction]
    if (!this.begun[direction] && carriesTls(chunk.bytes, chunk.start, chunk.end))
      this.tds[direction] = new TdsUnwrapper()
    this.begun[direction] = true
    const tds = this.tds[direction]
    if (tds === null) this.recorder.bytes(role, chunk)
    else tds.unwrap(chunk, (piece) => this.recorder.bytes(role, piece))
  }

  missing(direction: Direction, length: number, reason: MissingReason, frame: number): void {
    this.tds[direction]?.missing(length)
    this.recorder.gap(this.roles[direction], length, reason, frame)
    if (this.inner.state === 'open') this.inner.missing(direction, length, reason, frame)
  }

  conflict(): void {}

  end(_facts: StreamFacts): void {
    this.over = true
  }
}

function controlOf(flags: number): RecordedControl['flag'] {
  if ((flags & SYN) !== 0) return (flags & ACK) !== 0 ? 'SYN, ACK' : 'SYN'
  return (flags & RST) !== 0 ? 'RST' : 'FIN'
}
