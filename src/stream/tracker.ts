import { momentOf } from '../bytes/time.js'
import type { Packet } from '../capture/packet.js'
import type { Segment } from '../packet/segment.js'
import { NO, YES } from '../registry/detection.js'
import { ACK, FIN, RST, SYN } from '../registry/tcp-flags.js'
import type { Chunk, Direction, StreamEnd, StreamProtocol } from './chunk.js'
import { Conversation, IdleOrder, MAX_PLAUSIBLE_GAP } from './conversation.js'
import {
  BASE,
  BASE_KNOWN,
  CONVERSATION,
  DONE,
  FINISHED,
  FlowTable,
  HANDSHAKES,
  NEXT,
  NEXT_KNOWN,
  RECORDS_SEEN,
  ROUND_TRIP_KNOWN,
  ROW_SHIFT,
  SEEN,
  STATUS,
  STREAM,
  SYN_ANSWERED,
  SYN_CONTRADICTED,
  SYN_TIMED,
} from './flow-table.js'
import { openingOfRow, timeRoundTrip, timeSyn } from './opening.js'
import { sequenceDistance } from './sequence.js'

/**
 * Conversations (handshakes under way, streams with a gap) held at a time: a few kilobytes each. Beyond it the ones
 * that had no data for longest are given up, and reported as incomplete.
 */
export const MAX_CONVERSATIONS = 4096
/** Bytes that wait behind gaps or for the rest of a message, over all conversations. */
export const MAX_HELD_BYTES = 32 * 1024 * 1024

/** The first numbers of both directions are known. */
const BASES_KNOWN = BASE_KNOWN | (BASE_KNOWN << 1)

/** What STATUS says of how a connection was opened. */
const OPENING = SYN_TIMED | (SYN_TIMED << 1) | SYN_ANSWERED | ROUND_TRIP_KNOWN | SYN_CONTRADICTED

/**
 * Bytes of a direction in which a protocol is looked for also in the middle of segments: what is agreed on before it is
 * short, and a long stream of something else is not to be searched.
 */
const MAX_WITHIN = 64 * 1024

export interface TrackerLimits {
  readonly maxConversations?: number
  readonly maxFlows?: number
}

/**
 * Sorts segments into streams, puts their bytes in order and hands them to a protocol that recognises itself in them.
 * A stream with nothing to be put in order lives in the flow table alone; one whose answer is known costs one look-up
 * a packet.
 */
export class StreamTracker {
  /** TCP conversations seen: one more than the highest stream number. */
  streams = 0
  /** Those whose first packet is no SYN. */
  streamsBegunBefore = 0
  /** Streams that carry records of the protocol, but in which nothing that begins it was seen. */
  streamsWithoutHandshake = 0
  /** Sessions given up to keep within the limits. */
  givenUp = 0

  private readonly flows: FlowTable
  private readonly protocol: StreamProtocol
  private readonly maxConversations: number
  private readonly conversations: (Conversation | null)[] = []
  private readonly freePlaces: number[] = []
  private readonly idleOrder = new IdleOrder()
  private heldBytes = 0
  private readonly chunk: Chunk
  private packet: Packet

  constructor(protocol: StreamProtocol, packet: Packet, limits: TrackerLimits = {}) {
    this.protocol = protocol
    this.maxConversations = limits.maxConversations ?? MAX_CONVERSATIONS
    this.flows = new FlowTable((id) => this.evictFlow(id), limits.maxFlows)
    this.packet = packet
    const { bytes, start, end, frame, seconds, fraction, clock, offset } = packet
    this.chunk = {
      bytes,
      start,
      end,
      frame,
      seconds,
      fraction,
      clock,
      continues: false,
      nextSequence: 0,
      acknowledgment: null,
      offset,
    }
  }

  /** Flows pushed out of the table to keep within its limit. */
  get evictedFlows(): number {
    return this.flows.evicted
  }

  /** Takes the segment that `packet` held. */
  accept(segment: Segment, packet: Packet): void {
    this.packet = packet
    const { flows } = this
    const id = flows.find(segment)
    const row = id << ROW_SHIFT
    const { rows, direction } = flows
    const { flags, sequence } = segment
    // Most packets of most captures end here: their stream has its answer, and nothing new begins.
    const passedOver = DONE | (SEEN << direction)
    if (((rows[row + STATUS] as number) & passedOver) === passedOver && (flags & SYN) === 0 && !this.mayBegin(segment))
      return

    if (flows.created) {
      rows[row + STREAM] = this.streams++
      if ((flags & SYN) === 0) this.streamsBegunBefore++
    } else if ((flags & (SYN | ACK)) === SYN && isNewConnection(rows, row, direction, sequence)) this.restart(id)

    let status = rows[row + STATUS] as number
    if ((status & BASES_KNOWN) !== BASES_KNOWN) status |= this.noteBases(row, status, segment)
    if (this.isLate(row, status, segment)) {
      rows[row + STATUS] = status
      return
    }
    if ((flags & SYN) !== 0) status = this.acceptSyn(row, status, segment)
    else if ((status & (SYN_ANSWERED | ROUND_TRIP_KNOWN)) === SYN_ANSWERED)
      status |= this.acceptAcknowledgment(row, status, segment)
    rows[row + STATUS] = status | (SEEN << direction)

    const place = rows[row + CONVERSATION] as number
    if (place >= 0) this.acceptInConversation(this.conversations[place] as Conversation, segment)
    else {
      if (segment.payloadLength > 0) this.acceptOutside(id, segment)
      if ((flags & FIN) !== 0) this.noteFin(row, segment)
    }
  }

  /** Ends all streams, as there are no more packets: one with each step, so that what it gave can be handed on. */
  *finish(end: 'capture-ended' | 'capture-cut'): Generator<void> {
    const open = this.conversations.filter((conversation) => conversation !== null)
    open.sort((a, b) => this.streamOf(a) - this.streamOf(b))
    for (const conversation of open) {
      this.endConversation(conversation, end)
      yield
    }
  }

  /**
   * Notes the first number of a direction, as Wireshark does: that of its first packet, or before any that of what the
   * other end acknowledges. Returns the bits of STATUS that it sets.
   */
  private noteBases(row: number, status: number, { flags, sequence, acknowledgment }: Segment): number {
    const { rows, direction } = this.flows
    const peer = direction ^ 1
    let known = 0
    if ((status & (BASE_KNOWN << direction)) === 0) {
      rows[row + BASE + direction] = (flags & SYN) !== 0 ? sequence : (sequence - 1) | 0
      known |= BASE_KNOWN << direction
    }
    if ((status & (BASE_KNOWN << peer)) === 0 && (flags & ACK) !== 0) {
      rows[row + BASE + peer] = (acknowledgment - 1) | 0
      known |= BASE_KNOWN << peer
    }
    return known
  }

  /**
   * Whether a segment is a late one of an earlier connection on the same addresses and ports: it acknowledges what comes
   * before the SYN of the other end.
   */
  private isLate(row: number, status: number, { flags, acknowledgment }: Segment): boolean {
    const { rows, direction } = this.flows
    const peer = direction === 0 ? 1 : 0
    // 0 is what stands in a header that was made up.
    if ((flags & (SYN | ACK)) !== ACK || acknowledgment === 0 || (status & (SYN_TIMED << peer)) === 0) return false
    const base = rows[row + BASE + peer] as number
    if (sequenceDistance(base, acknowledgment) > 0) return false
    // Numbers come round to the same again after some gigabytes.
    return sequenceDistance(base, this.nextOf(row, status, peer) ?? base) <= MAX_PLAUSIBLE_GAP
  }

  /** A SYN says where the data of its direction begins, a SYN/ACK that of both. Returns the new STATUS. */
  private acceptSyn(row: number, before: number, segment: Segment): number {
    const { rows, direction } = this.flows
    const peer = direction ^ 1
    const { flags, acknowledgment } = segment
    const next = (segment.sequence + 1) | 0
    const isFirst = (before & (SEEN << direction)) === 0
    let status = before & ~(FINISHED << direction)
    // What came late of an earlier connection counts for the number of the stream alone.
    if ((flags & ACK) !== 0 && isFirst) rows[row + BASE + direction] = segment.sequence
    else if ((flags & ACK) !== 0 && rows[row + BASE + direction] !== segment.sequence) {
      if ((status & (SYN_TIMED << peer)) !== 0 && (status & ROUND_TRIP_KNOWN) === 0) {
        if ((status & SYN_ANSWERED) !== 0) {
          // One of them is from an earlier connection, or forged: what the other end acknowledges will tell.
          this.beginAt(row, direction, next)
          status |= SYN_CONTRADICTED
        } else if (this.beginAt(row, direction, next)) {
          // What came before it is from an earlier connection.
          rows[row + BASE + direction] = segment.sequence
        } else if (!isPlausible(next, this.nextOf(row, status, direction) ?? next))
          status = this.endEarlier(row, status)
      } else if ((status & DONE) !== 0 && rows[row + BASE + peer] !== ((acknowledgment - 1) | 0)) {
        // Both numbers are of another connection, whose SYN is not in the capture.
        status = this.forgetNumbers(row, status, segment)
      } else if ((status & (SYN_TIMED << peer)) === 0) {
        if ((rows[row + CONVERSATION] as number) < 0) status = this.forgetNumbers(row, status, segment)
        else if (!isPlausible(next, this.nextOf(row, status, direction) ?? next))
          status = this.forgetNumbers(row, this.endEarlier(row, status), segment)
      }
    }
    if (isFirst || (status & (NEXT_KNOWN << direction)) === 0) {
      rows[row + NEXT + direction] = next
      status |= NEXT_KNOWN << direction
    }
    if ((flags & ACK) !== 0 && (status & (NEXT_KNOWN << peer)) === 0) {
      rows[row + NEXT + peer] = acknowledgment
      status |= NEXT_KNOWN << peer
    }
    return status | timeSyn(rows, row, direction, status, flags, this.packet)
  }

  /** A SYN/ACK has other numbers than all before: those were of an earlier connection. Returns the new STATUS. */
  private forgetNumbers(row: number, status: number, { sequence, acknowledgment }: Segment): number {
    const { rows, direction } = this.flows
    rows[row + BASE + direction] = sequence
    rows[row + BASE + (direction ^ 1)] = (acknowledgment - 1) | 0
    return status & ~(DONE | NEXT_KNOWN | (NEXT_KNOWN << 1) | OPENING)
  }

  /** What the next segment of a direction is to begin with; null where that is not known. */
  private nextOf(row: number, status: number, direction: Direction): number | null {
    const { rows } = this.flows
    const place = rows[row + CONVERSATION] as number
    if (place < 0) return (status & (NEXT_KNOWN << direction)) === 0 ? null : (rows[row + NEXT + direction] as number)
    const { bytes } = (this.conversations[place] as Conversation).sides[direction]
    return bytes.anchored ? bytes.next : null
  }

  /** Ends what was followed, as the connection only begins here. Returns the new STATUS. */
  private endEarlier(row: number, status: number): number {
    const { rows, direction } = this.flows
    rows[row + STATUS] = status
    this.evictFlow(row >> ROW_SHIFT, 'closed')
    return (rows[row + STATUS] as number) & ~(DONE | (NEXT_KNOWN << direction))
  }

  /** The data of a direction begins elsewhere than was thought; false where some of it has been delivered. */
  private beginAt(row: number, direction: Direction, sequence: number): boolean {
    const { rows } = this.flows
    const place = rows[row + CONVERSATION] as number
    if (place >= 0) {
      const { bytes } = (this.conversations[place] as Conversation).sides[direction]
      const wasKnown = ((rows[row + STATUS] as number) & (NEXT_KNOWN << direction)) !== 0
      if (bytes.anchored && !(wasKnown && bytes.next === rows[row + NEXT + direction])) return false
      bytes.anchor(sequence)
    }
    rows[row + NEXT + direction] = sequence
    return true
  }

  /**
   * The first packet behind a SYN/ACK from the one who sent the SYN: a round trip, wherever it was captured. Of several
   * SYN/ACKs with different numbers it says which one counts.
   */
  private acceptAcknowledgment(row: number, status: number, { flags, acknowledgment }: Segment): number {
    const { rows, direction } = this.flows
    if ((flags & ACK) === 0 || (status & (SYN_TIMED << direction)) === 0) return 0
    const server = direction === 0 ? 1 : 0
    const isOfFirst = acknowledgment === (((rows[row + BASE + server] as number) + 1) | 0)
    // Nothing far in front of what a SYN/ACK says can be acknowledged: the right one is not in the capture.
    const isBefore = sequenceDistance(rows[row + NEXT + server] as number, acknowledgment) < -MAX_PLAUSIBLE_GAP
    if (isBefore || ((status & SYN_CONTRADICTED) !== 0 && isOfFirst)) this.beginAt(row, server, acknowledgment)
    timeRoundTrip(rows, row, this.packet)
    const place = rows[row + CONVERSATION] as number
    if (place >= 0)
      this.conversations[place]?.noteOpening(openingOfRow(rows, row, status | ROUND_TRIP_KNOWN, this.packet))
    return ROUND_TRIP_KNOWN
  }

  private mayBegin({ bytes, payloadStart, payloadEnd }: Segment): boolean {
    return payloadEnd > payloadStart && this.protocol.detect(bytes, payloadStart, payloadEnd) === YES
  }

  /** A segment with payload of a stream that is not known to be anything yet, or whose answer is known. */
  private acceptOutside(id: number, segment: Segment): void {
    const { rows, direction } = this.flows
    const row = id << ROW_SHIFT
    const { bytes, payloadStart, payloadEnd } = segment
    let status = rows[row + STATUS] as number
    const done = (status & DONE) !== 0
    let detection = this.protocol.detect(bytes, payloadStart, payloadEnd)
    // Where there was an answer, only a certain beginning counts: what follows is mostly ciphertext.
    if (done && detection !== YES) return

    const sequence = (segment.flags & SYN) !== 0 ? (segment.sequence + 1) | 0 : segment.sequence
    const known = (status & (NEXT_KNOWN << direction)) !== 0
    const ahead = known ? sequenceDistance(rows[row + NEXT + direction] as number, sequence) : 0
    // Once there was an answer, bytes that come again with new ones behind them begin nothing; those of another connection
    // on the same addresses and ports stand far from them.
    const isNew = done ? ahead >= 0 || ahead < -MAX_PLAUSIBLE_GAP : ahead + segment.payloadLength > 0
    if (!isNew) return
    if (!done && detection === NO && sequenceDistance(rows[row + BASE + direction] as number, sequence) <= MAX_WITHIN)
      detection = this.protocol.detectWithin(bytes, payloadStart, payloadEnd)
    if (
      !done &&
      detection === NO &&
      (status & RECORDS_SEEN) === 0 &&
      this.protocol.continues(bytes, payloadStart, payloadEnd)
    ) {
      status |= RECORDS_SEEN
      rows[row + STATUS] = status
      this.streamsWithoutHandshake++
    }
    if (!done && ahead <= 0 && detection === NO) {
      rows[row + NEXT + direction] = (sequence + segment.payloadLength) | 0
      rows[row + STATUS] = (status & ~(FINISHED << direction)) | (NEXT_KNOWN << direction)
      return
    }
    // After an answer nothing was followed: both directions are taken up from where they stand now.
    if (done) rows[row + STATUS] = status & ~(DONE | NEXT_KNOWN | (NEXT_KNOWN << 1))
    this.acceptInConversation(this.openConversation(id), segment)
  }

  private acceptInConversation(conversation: Conversation, segment: Segment): void {
    const { direction } = this.flows
    const { flags } = segment
    const sequence = (flags & SYN) !== 0 ? (segment.sequence + 1) | 0 : segment.sequence
    const chunk = this.fillChunk(segment)
    if ((flags & ACK) !== 0 && conversation.beginsAnother(direction, sequence, segment.acknowledgment, chunk)) {
      this.endConversation(conversation, 'closed')
      this.acceptOutside(conversation.flow, segment)
      return
    }
    const side = conversation.sides[direction]
    conversation.seen[direction] = true
    if ((flags & SYN) !== 0 && !side.bytes.anchored) side.bytes.anchor(sequence)
    if ((flags & ACK) !== 0) conversation.acknowledge(direction, segment.acknowledgment)
    if (segment.payloadLength > 0) {
      this.idleOrder.touch(conversation)
      if (!side.hasDelivered && (flags & ACK) !== 0)
        conversation.beginElsewhere(direction, sequence, segment.acknowledgment)
      conversation.accept(direction, sequence, chunk, segment.payloadLength)
    } else conversation.session?.emptyPacket(direction)
    if ((flags & (FIN | RST)) !== 0)
      conversation.close(direction, (flags & RST) !== 0 ? 'rst' : 'fin', (sequence + segment.payloadLength) | 0)

    if (conversation.isFinished) this.closeConversation(conversation, true)
    else if (conversation.isIdle) this.closeConversation(conversation, false)
    else if (conversation.isClosed) this.endConversation(conversation, 'closed')
    else if (segment.payloadLength > 0) this.keepWithinLimits(conversation)
  }

  private fillChunk(segment: Segment): Chunk {
    const { chunk, packet } = this
    chunk.bytes = segment.bytes
    chunk.start = segment.payloadStart
    chunk.end = segment.payloadEnd
    chunk.frame = packet.frame
    chunk.seconds = packet.seconds
    chunk.fraction = packet.fraction
    chunk.clock = packet.clock
    const { flags, sequence, acknowledgment } = segment
    chunk.nextSequence = (sequence + ((flags & SYN) !== 0 ? 1 : 0) + segment.payloadEnd - segment.payloadStart) | 0
    // 0 is what stands in a header that was made up.
    chunk.acknowledgment = (flags & ACK) === 0 || acknowledgment === 0 ? null : acknowledgment
    chunk.offset = segment.bytes === packet.bytes ? packet.offset + (segment.payloadStart - packet.start) : -1
    return chunk
  }

  /**
   * A side that ends before anything is known of its stream is remembered: a server that closes at once may do so before
   * the ClientHello is there.
   */
  private noteFin(row: number, { sequence, payloadLength }: Segment): void {
    const { rows, direction } = this.flows
    const status = rows[row + STATUS] as number
    if ((status & DONE) !== 0 || (status & (NEXT_KNOWN << direction)) === 0) return
    if ((rows[row + CONVERSATION] as number) >= 0 || rows[row + NEXT + direction] !== ((sequence + payloadLength) | 0))
      return
    rows[row + STATUS] = status | (FINISHED << direction)
  }

  private openConversation(id: number): Conversation {
    const { flows } = this
    const { rows } = flows
    const row = id << ROW_SHIFT
    const status = rows[row + STATUS] as number
    const senders = [flows.sender(id, 0), flows.sender(id, 1)] as const
    const identity = {
      stream: rows[row + STREAM] as number,
      earlierHandshakes: rows[row + HANDSHAKES] as number,
      senders,
      opening: openingOfRow(rows, row, status, this.packet),
    }
    const conversation = new Conversation(id, identity, this.protocol)
    for (const direction of [0, 1] as const) {
      conversation.seen[direction] = (status & (SEEN << direction)) !== 0
      if ((status & (BASE_KNOWN << direction)) !== 0)
        conversation.sides[direction].base = rows[row + BASE + direction] as number
      if ((status & (NEXT_KNOWN << direction)) === 0) continue
      const next = rows[row + NEXT + direction] as number
      conversation.sides[direction].bytes.anchor(next)
      if ((status & (FINISHED << direction)) !== 0) conversation.close(direction, 'fin', next)
    }
    rows[row + STATUS] = status & ~(FINISHED | (FINISHED << 1))
    const place = this.freePlaces.pop() ?? this.conversations.length
    this.conversations[place] = conversation
    rows[row + CONVERSATION] = place
    return conversation
  }

  /** Puts a conversation back into its row: as one with its answer, or as one about which nothing is known yet. */
  private closeConversation(conversation: Conversation, done: boolean): void {
    const { rows } = this.flows
    const row = conversation.flow << ROW_SHIFT
    const place = rows[row + CONVERSATION] as number
    let status = rows[row + STATUS] as number
    for (const direction of [0, 1] as const) {
      const { bytes, closedBy, closedAt } = conversation.sides[direction]
      if (!bytes.anchored) continue
      rows[row + NEXT + direction] = bytes.next
      status |= NEXT_KNOWN << direction
      if (!done && closedBy === 'fin' && closedAt === bytes.next) status |= FINISHED << direction
    }
    rows[row + STATUS] = done ? status | DONE : status
    rows[row + HANDSHAKES] = conversation.handshakes
    if ((status & RECORDS_SEEN) !== 0 && conversation.handshakes > 0) {
      rows[row + STATUS] = (rows[row + STATUS] as number) & ~RECORDS_SEEN
      this.streamsWithoutHandshake--
    }
    rows[row + CONVERSATION] = -1
    this.conversations[place] = null
    this.freePlaces.push(place)
    this.idleOrder.remove(conversation)
    this.heldBytes -= conversation.countedCost
  }

  private endConversation(conversation: Conversation, end: StreamEnd): void {
    if (end === 'given-up' && conversation.session !== null) this.givenUp++
    conversation.end({ end, captureTime: momentOf(this.packet) })
    this.closeConversation(conversation, true)
  }

  private keepWithinLimits(conversation: Conversation): void {
    this.heldBytes += conversation.heldBytes - conversation.countedCost
    conversation.countedCost = conversation.heldBytes
    while (this.idleOrder.count > this.maxConversations || this.heldBytes > MAX_HELD_BYTES) {
      const oldest = this.idleOrder.first()
      if (oldest === null) return
      this.endConversation(oldest, 'given-up')
    }
  }

  /** A new connection on the addresses and ports of an old one. */
  private restart(id: number): void {
    this.evictFlow(id, 'closed')
    this.flows.restart(id)
    this.flows.rows[(id << ROW_SHIFT) + STREAM] = this.streams++
  }

  private evictFlow(id: number, end: StreamEnd = 'given-up'): void {
    const place = this.flows.rows[(id << ROW_SHIFT) + CONVERSATION] as number
    if (place < 0) return
    this.endConversation(this.conversations[place] as Conversation, end)
  }

  private streamOf(conversation: Conversation): number {
    return this.flows.rows[(conversation.flow << ROW_SHIFT) + STREAM] as number
  }
}

/** Whether one connection can have come from a number to another since its beginning. */
function isPlausible(from: number, to: number): boolean {
  const distance = sequenceDistance(from, to)
  return distance >= 0 && distance <= MAX_PLAUSIBLE_GAP
}

/**
 * Wireshark's rule: a SYN is of a new connection where its number is not that of the first. The same number again, even
 * after the end, is the same connection captured a second time (`dumpcap -i lo -i any` writes one after the other).
 */
function isNewConnection(rows: Int32Array, row: number, direction: Direction, sequence: number): boolean {
  const status = rows[row + STATUS] as number
  return (status & (BASE_KNOWN << direction)) !== 0 && rows[row + BASE + direction] !== sequence
}
