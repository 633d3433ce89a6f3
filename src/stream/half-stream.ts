import type { Direction } from '../registry/direction.js'
import type { Chunk, MissingReason, StreamSession } from './chunk.js'
import { Reassembler, type ReassemblySink } from './reassembler.js'
import { sequenceDistance } from './sequence.js'

/** A first segment further ahead than this is of another connection than the acknowledgment, or one of them is forged. */
export const MAX_PLAUSIBLE_GAP = 1 << 20

/** Takes the bytes of both directions once they are in order. */
export interface HalfStreamOwner {
  readonly session: StreamSession | null
  deliver(direction: Direction, chunk: Chunk): void
}

/** One direction of a conversation: its bytes put in order, what its sender acknowledged, and how it ended. */
export class HalfStream implements ReassemblySink {
  readonly bytes = new Reassembler()
  /** Sequence number of the SYN, or one before the first that is known. */
  base: number | null = null
  /** Bytes of this direction were delivered. */
  hasDelivered = false
  /** The protocol was found behind a gap, so that what holds the beginning of the connection may still come. */
  beganBehindGap = false
  /** So much is missing that what follows may be of another connection: it is not delivered. */
  private isCutOff = false
  /** Sequence number of the FIN or RST. */
  closedAt = 0
  closedBy: 'fin' | 'rst' | null = null
  /** First and highest acknowledgment number sent in this direction. */
  firstAcknowledged = 0
  acknowledged = 0
  acknowledgedKnown = false
  private readonly owner: HalfStreamOwner
  private readonly direction: Direction

  constructor(owner: HalfStreamOwner, direction: Direction) {
    this.owner = owner
    this.direction = direction
  }

  /** Bytes of this direction begin here, whatever was delivered before. */
  beginAnew(sequence: number): void {
    this.bytes.anchor(sequence)
    this.hasDelivered = false
    this.beganBehindGap = false
  }

  acknowledge(acknowledgment: number): void {
    if (this.acknowledgedKnown && sequenceDistance(this.acknowledged, acknowledgment) <= 0) return
    if (!this.acknowledgedKnown) this.firstAcknowledged = acknowledgment
    this.acknowledged = acknowledgment
    this.acknowledgedKnown = true
  }

  /** Notes a FIN or RST, which counts where it can be of this connection; false where it is passed over. */
  close(by: 'fin' | 'rst', sequence: number): boolean {
    if (this.closedBy !== null || (by === 'fin' ? this.isBeforeBase(sequence) : this.isFarAhead(sequence))) return false
    this.closedBy = by
    this.closedAt = sequence
    return true
  }

  /** How it was closed, where all that comes before the end has been delivered. */
  get closedWhole(): 'fin' | 'rst' | null {
    const { bytes, closedBy, closedAt } = this
    if (closedBy === null || bytes.isWaiting) return null
    // A RST that answers a segment without ACK has sequence number 0 (RFC 9293 §3.5.2).
    if (!bytes.anchored || (closedBy === 'rst' && closedAt === 0)) return closedBy
    return sequenceDistance(bytes.next, closedAt) <= 0 ? closedBy : null
  }

  /** Whether a number is from before the beginning of the connection. */
  isBeforeBase(sequence: number): boolean {
    return this.base !== null && sequenceDistance(this.base, sequence) < 0
  }

  /** No receiver takes such a number, so that the connection goes on (RFC 9293 §3.10.7.4, RFC 5961 §3.2). */
  private isFarAhead(sequence: number): boolean {
    return this.bytes.anchored && sequence !== 0 && sequenceDistance(this.bytes.next, sequence) > MAX_PLAUSIBLE_GAP
  }

  deliver(chunk: Chunk): void {
    if (this.isCutOff) return
    this.hasDelivered = true
    this.owner.deliver(this.direction, chunk)
  }

  missing(length: number, reason: MissingReason, frame: number): void {
    if (this.isCutOff) return
    this.isCutOff = reason === 'gap' && length > MAX_PLAUSIBLE_GAP
    this.owner.session?.missing(this.direction, length, reason, frame)
  }

  conflict(frame: number): void {
    this.owner.session?.conflict(this.direction, frame)
  }
}
