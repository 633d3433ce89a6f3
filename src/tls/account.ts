import type { Moment } from '../bytes/time.js'
import type { Chunk } from '../stream/chunk.js'
import type { HandshakeDraft } from './draft.js'
import type { Incident, Sent } from './handshake.js'

/**
 * Segments that may be captured before the ones that they acknowledge, as where a card sorts packets into several queues:
 * so long a handshake that has all else waits for what it cost.
 */
const MAX_LATE_SEGMENTS = 16

/**
 * What a handshake cost: all that both sides sent until the client's first encrypted record ends. What the server had
 * sent by then may be captured later, and is owed until it is delivered or known to be lost.
 */
export class Account {
  /** `early` where it was closed by a record that is early data, as far as is known. */
  state: 'open' | 'early' | 'closed' = 'open'
  /** The frame in which it was closed. */
  frame = 0
  /** Bytes of the server's that were not delivered when it was closed. */
  private owed = 0
  /** Segments seen since nothing but what is owed was missing. */
  private lateSegments = 0
  /** Bytes that belong to it are not in the capture. */
  private lacks = false
  private readonly draft: HandshakeDraft

  constructor(draft: HandshakeDraft) {
    this.draft = draft
  }

  /** Nothing is owed. */
  get isPaid(): boolean {
    return this.owed === 0
  }

  /** All that belongs to it is in the capture, and was counted. */
  get isWhole(): boolean {
    return this.state === 'closed' && this.owed === 0 && !this.lacks
  }

  /** Everything from `end` in the chunk on, where the client's first encrypted record ends, is behind it. */
  close(
    as: 'early' | 'closed',
    client: Sent,
    server: Sent,
    last: Moment,
    chunk: Chunk,
    end: number,
    owed: number,
  ): void {
    const { draft } = this
    draft.sent.client = { ...client, bytes: client.bytes - (chunk.end - end) }
    draft.sent.server = server
    draft.last = last
    this.state = as
    this.frame = chunk.frame
    this.lacks = draft.incidents.some(isLoss)
    this.owed = owed
  }

  /** The handshake is over before it was closed. */
  breakOff(client: Sent, server: Sent, last: Moment | null): void {
    const { draft } = this
    draft.sent.client = client
    draft.sent.server = server
    draft.last = last
  }

  /** A segment of the server's came after it was closed: it counts while something is owed. */
  serverSegment(): void {
    if (this.owed > 0) addToServer(this.draft, 0, 1)
  }

  /** Bytes of the server's became readable. */
  serverBytes(bytes: number): void {
    if (this.owed === 0) return
    const paid = Math.min(bytes, this.owed)
    addToServer(this.draft, paid, 0)
    this.owed -= paid
  }

  /** Bytes of the server's are not in the capture. */
  serverMissing(bytes: number): void {
    if (this.owed === 0) return
    this.owed = Math.max(0, this.owed - bytes)
    this.lacks = true
  }

  /** Counts a segment though nothing but what is owed was missing; true once it has waited for long enough. */
  lateSegment(): boolean {
    return ++this.lateSegments > MAX_LATE_SEGMENTS
  }
}

function addToServer({ sent }: HandshakeDraft, moreBytes: number, moreSegments: number): void {
  const { bytes, segments, packets } = sent.server
  sent.server = { bytes: bytes + moreBytes, segments: segments + moreSegments, packets: packets + moreSegments }
}

function isLoss({ code }: Incident): boolean {
  return code === 'gap' || code === 'gap-limit' || code === 'snap-length'
}
