import { momentOf } from '../bytes/time.js'
import type { Packet } from '../capture/packet.js'
import type { Segment } from '../packet/segment.js'
import { NO, YES } from '../registry/detection.js'
import { ACK, FIN, RST, SYN } from '../registry/tcp-flags.js'
import type { Chunk, StreamEnd, StreamProtocol } from './chunk.js'
import { Conversation } from './conversation.js'
import { ConversationTable } from './conversation-table.js'
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
  ROW_SHIFT,
  SEEN,
  STATUS,
  STREAM,
} from './flow-table.js'
import { MAX_PLAUSIBLE_GAP } from './half-stream.js'
import { openingOfRow } from './opening.js'
import { sequenceDistance } from './sequence.js'
import { isNewConnection, Synchronizer } from './synchronizer.js'

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
  private readonly conversations: ConversationTable
  private readonly synchronizer: Synchronizer
  private readonly chunk: Chunk
  private packet: Packet

  constructor(protocol: StreamProtocol, packet: Packet, limits: TrackerLimits = {}) {
    this.protocol = protocol
    this.conversations = new ConversationTable(limits.maxConversations)
    this.flows = new FlowTable((id) => this.evictFlow(id), limits.maxFlows)
    this.synchronizer = new Synchronizer(this.flows, this.conversations, (id) => this.evictFlow(id, 'closed'))
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

    const { synchronizer } = this
    const before = rows[row + STATUS] as number
    const status = before | synchronizer.noteBases(row, before, segment)
    rows[row + STATUS] = status
    if (synchronizer.isLate(row, status, segment)) return
    rows[row + STATUS] = synchronizer.accept(row, status, segment, packet) | (SEEN << direction)

    const place = rows[row + CONVERSATION] as number
    if (place >= 0) this.acceptInConversation(this.conversations.at(place), segment)
    else {
      if (segment.payloadLength > 0) this.acceptOutside(id, segment)
      if ((flags & FIN) !== 0) this.noteFin(row, segment)
    }
  }

  /** Ends all streams, as there are no more packets: one with each step, so that what it gave can be handed on. */
  *finish(end: 'capture-ended' | 'capture-cut'): Generator<void> {
    const open = this.conversations.all().sort((a, b) => this.streamOf(a) - this.streamOf(b))
    for (const conversation of open) {
      this.endConversation(conversation, end)
      yield
    }
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
    if ((flags & ACK) !== 0) side.acknowledge(segment.acknowledgment)
    if (segment.payloadLength > 0) {
      this.conversations.touch(conversation)
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
    rows[row + CONVERSATION] = this.conversations.add(conversation)
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
    this.conversations.remove(place)
  }

  private endConversation(conversation: Conversation, end: StreamEnd): void {
    if (end === 'given-up' && conversation.session !== null) this.givenUp++
    conversation.end({ end, captureTime: momentOf(this.packet) })
    this.closeConversation(conversation, true)
  }

  private keepWithinLimits(conversation: Conversation): void {
    this.conversations.count(conversation)
    for (let oldest = this.conversations.excess; oldest !== null; oldest = this.conversations.excess)
      this.endConversation(oldest, 'given-up')
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
    this.endConversation(this.conversations.at(place), end)
  }

  private streamOf(conversation: Conversation): number {
    return this.flows.rows[(conversation.flow << ROW_SHIFT) + STREAM] as number
  }
}
