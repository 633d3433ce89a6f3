import { type Detection, NO, YES } from '../registry/detection.js'
import { type Direction, opposite } from '../registry/direction.js'
import type {
  Chunk,
  StreamFacts,
  StreamIdentity,
  StreamOpening,
  StreamProtocol,
  StreamSession,
  StreamView,
} from './chunk.js'
import { HalfStream, type HalfStreamOwner, MAX_PLAUSIBLE_GAP } from './half-stream.js'
import { sequenceDistance } from './sequence.js'

/**
 * A stream that needs more than a row of the flow table: a protocol session, or bytes that wait for a gap to be filled.
 */
export class Conversation implements StreamView, HalfStreamOwner {
  readonly flow: number
  session: StreamSession | null = null
  readonly sides: readonly [HalfStream, HalfStream]
  older: Conversation | null = null
  newer: Conversation | null = null
  /** What this conversation counts for in the tracker's sum of waiting bytes. */
  countedCost = 0
  /** A packet of each direction was captured. */
  readonly seen: [boolean, boolean] = [false, false]
  private closedFirst: Direction | null = null
  private identity: { -readonly [Field in keyof StreamIdentity]: StreamIdentity[Field] }
  private readonly protocol: StreamProtocol

  constructor(flow: number, identity: StreamIdentity, protocol: StreamProtocol) {
    this.flow = flow
    this.identity = identity
    this.protocol = protocol
    this.sides = [new HalfStream(this, 0), new HalfStream(this, 1)]
  }

  /** How the connection was opened is not known whole yet where it carries data from its SYN on (RFC 7413). */
  noteOpening(opening: StreamOpening | null): void {
    this.identity.opening = opening
  }

  get heldBytes(): number {
    return this.sides[0].bytes.waitingCost + this.sides[1].bytes.waitingCost + (this.session?.bufferedBytes ?? 0)
  }

  /** Told so far in the stream, by sessions of this conversation and of those before. */
  get handshakes(): number {
    return this.session?.handshakes ?? this.identity.earlierHandshakes
  }

  /** Nothing keeps it alive: no session, nothing waits. */
  get isIdle(): boolean {
    return this.session === null && !this.sides[0].bytes.isWaiting && !this.sides[1].bytes.isWaiting
  }

  get isFinished(): boolean {
    return this.session !== null && this.session.state === 'finished'
  }

  /**
   * Nothing of a direction was delivered yet, and a segment with payload stands far from where it should begin: where it
   * acknowledges what the other end sent last, the beginning was that of another connection.
   */
  beginElsewhere(direction: Direction, sequence: number, acknowledgment: number): void {
    const { bytes, hasDelivered } = this.sides[direction]
    if (hasDelivered || !bytes.anchored || Math.abs(sequenceDistance(bytes.next, sequence)) <= MAX_PLAUSIBLE_GAP) return
    const other = this.sides[opposite(direction)]
    const outstanding = sequenceDistance(acknowledgment, other.bytes.next)
    if (other.hasDelivered && outstanding >= 0 && outstanding <= MAX_PLAUSIBLE_GAP) bytes.anchor(sequence)
  }

  /** Payload of a segment, whatever its place in the stream. */
  accept(direction: Direction, sequence: number, chunk: Chunk, wireLength: number): void {
    const side = this.sides[direction]
    const { bytes } = side
    if (this.session === null && bytes.anchored && sequenceDistance(bytes.next, sequence) > 0) {
      // A protocol that begins behind a gap is followed from there: what the gap holds came before it.
      if (this.detect(chunk) === YES) {
        bytes.anchor(sequence)
        side.beganBehindGap = true
      }
    } else if (side.beganBehindGap && this.beginsConnection(direction, sequence, chunk)) {
      this.forgetSession()
      side.beginAnew(sequence)
    }
    this.session?.segment(direction)
    this.anchorByAcknowledgment(direction, sequence, chunk)
    bytes.accept(sequence, chunk, wireLength, this.sides[direction])
  }

  /** What it has told already keeps its numbers. */
  private forgetSession(): void {
    this.identity = { ...this.identity, earlierHandshakes: this.handshakes }
    this.session = null
  }

  /**
   * Whether a protocol begins with the first byte of the connection, though it was found further on already: that was a late
   * segment of an earlier connection on the same addresses and ports.
   */
  private beginsConnection(direction: Direction, sequence: number, { bytes, start, end }: Chunk): boolean {
    const { base } = this.sides[direction]
    if (base === null || sequence !== ((base + 1) | 0) || this.sides[opposite(direction)].hasDelivered) return false
    return this.protocol.detect(bytes, start, end) === YES
  }

  /**
   * Whether a protocol begins in a segment with payload whose numbers, of both directions, are too far ahead to be of the
   * same connection: the SYN of another one is not in the capture. What is behind may be late, of an earlier one.
   */
  beginsAnother(direction: Direction, sequence: number, acknowledgment: number, chunk: Chunk): boolean {
    const own = this.sides[direction].bytes
    const peer = this.sides[opposite(direction)].bytes
    if (!own.anchored || sequenceDistance(own.next, sequence) <= MAX_PLAUSIBLE_GAP) return false
    if (peer.anchored && sequenceDistance(peer.next, acknowledgment) <= MAX_PLAUSIBLE_GAP) return false
    return this.protocol.detect(chunk.bytes, chunk.start, chunk.end) === YES
  }

  deliver(direction: Direction, chunk: Chunk): void {
    if (this.session === null) {
      if (this.detect(chunk) === NO) return
      this.session = this.protocol.open(this.identity, this)
      this.session.segment(direction)
      // What was captured before the beginning and stands behind it came when there was no session to tell.
      const reordered = this.sides[direction].bytes.waitingBefore(chunk.frame)
      for (let i = 0; i < reordered; i++) this.session.segment(direction)
    }
    if (this.session.state === 'finished') return
    this.session.data(direction, chunk)
    if (this.session.state === 'refuted') this.session = null
  }

  private detect({ bytes, start, end }: Chunk): Detection {
    const detection = this.protocol.detect(bytes, start, end)
    return detection === NO ? this.protocol.detectWithin(bytes, start, end) : detection
  }

  /**
   * Where the beginning of a direction is not in the capture, what the other end had acknowledged when the session
   * began says where its bytes go on: the first segment seen may not be the next one. Where it begins a protocol, that
   * was captured late, or what is acknowledged is of an earlier connection.
   */
  private anchorByAcknowledgment(direction: Direction, sequence: number, chunk: Chunk | null): void {
    const { bytes } = this.sides[direction]
    const receiver = this.sides[opposite(direction)]
    if (this.session === null || bytes.anchored || !receiver.acknowledgedKnown) return
    if (chunk !== null && this.protocol.detect(chunk.bytes, chunk.start, chunk.end) === YES) bytes.anchor(sequence)
    else if (sequenceDistance(receiver.firstAcknowledged, sequence) <= MAX_PLAUSIBLE_GAP)
      bytes.anchor(receiver.firstAcknowledged)
  }

  close(direction: Direction, by: 'fin' | 'rst', sequence: number): void {
    this.anchorByAcknowledgment(direction, sequence, null)
    if (this.sides[direction].close(by, sequence)) this.closedFirst ??= direction
  }

  /** No more bytes are to be expected: RST, or both sides have sent FIN and nothing before it is outstanding. */
  get isClosed(): boolean {
    const [a, b] = this.sides
    if (a.closedBy === null && b.closedBy === null) return false
    if (a.bytes.isWaiting || b.bytes.isWaiting) return false
    if (this.isReset(0) || this.isReset(1)) return true
    return a.closedWhole !== null && b.closedWhole !== null
  }

  /** A RST from before what its receiver has acknowledged may be forged, or late: the connection may go on. */
  private isReset(direction: Direction): boolean {
    const sender = this.sides[direction]
    const { closedBy, closedAt, bytes } = sender
    if (closedBy !== 'rst') return false
    // It may answer a segment of an earlier connection.
    if (closedAt !== 0 && sender.isBeforeBase(closedAt)) return false
    const receiver = this.sides[opposite(direction)]
    if (!bytes.anchored || closedAt === 0) return true
    // It may have been captured before what was sent in front of it, or before what it acknowledges.
    if (sequenceDistance(bytes.next, closedAt) > 0 || this.owed(opposite(direction)) > 0) return false
    if (!receiver.acknowledgedKnown) return sequenceDistance(closedAt, bytes.next) <= MAX_PLAUSIBLE_GAP
    return sequenceDistance(receiver.acknowledged, closedAt) >= 0
  }

  /** Gives up what is missing, delivers what waits behind it, and tells the session that this was all. */
  end(facts: Pick<StreamFacts, 'end' | 'captureTime'>): void {
    const reason = facts.end === 'given-up' ? 'limit' : 'gap'
    for (const side of this.sides) side.bytes.flush(reason, side)
    if (this.session === null || this.session.state !== 'open') return
    const closed = [this.sides[0].closedWhole, this.sides[1].closedWhole] as const
    const unseen = [this.unseenBytes(0), this.unseenBytes(1)] as const
    this.session.end({ ...facts, seen: this.seen, closed, closedFirst: this.closedFirst, unseen })
  }

  /** Bytes sent in a direction behind the last that was captured; all gaps in front of it are reported. */
  private unseenBytes(direction: Direction): number {
    const sender = this.sides[direction]
    const acknowledged = this.owed(direction)
    if (!sender.bytes.anchored || sender.closedBy === null || sender.closedWhole !== null) return acknowledged
    return Math.max(acknowledged, sequenceDistance(sender.bytes.next, sender.closedAt))
  }

  isSeen(direction: Direction): boolean {
    return this.seen[direction]
  }

  hasClosed(direction: Direction): boolean {
    return this.sides[direction].closedWhole !== null
  }

  owed(direction: Direction): number {
    const { bytes, closedBy } = this.sides[direction]
    const receiver = this.sides[opposite(direction)]
    if (!receiver.acknowledgedKnown) return 0
    const from = bytes.anchored ? bytes.next : receiver.firstAcknowledged
    // A FIN takes one sequence number (RFC 9293 §3.4).
    return Math.max(0, sequenceDistance(from, receiver.acknowledged) - (closedBy === 'fin' ? 1 : 0))
  }
}
