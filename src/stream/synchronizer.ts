import type { Moment } from '../bytes/time.js'
import type { Segment } from '../packet/segment.js'
import { type Direction, opposite } from '../registry/direction.js'
import { ACK, SYN } from '../registry/tcp-flags.js'
import type { ConversationTable } from './conversation-table.js'
import {
  BASE,
  BASE_KNOWN,
  CONVERSATION,
  DONE,
  FINISHED,
  type FlowTable,
  NEXT,
  NEXT_KNOWN,
  ROUND_TRIP_KNOWN,
  ROW_SHIFT,
  SEEN,
  STATUS,
  SYN_ANSWERED,
  SYN_CONTRADICTED,
  SYN_TIMED,
} from './flow-table.js'
import { MAX_PLAUSIBLE_GAP } from './half-stream.js'
import { openingOfRow, timeRoundTrip, timeSyn } from './opening.js'
import { sequenceDistance } from './sequence.js'

/** The first numbers of both directions are known. */
const BASES_KNOWN = BASE_KNOWN | (BASE_KNOWN << 1)

/** What STATUS says of how a connection was opened. */
const OPENING = SYN_TIMED | (SYN_TIMED << 1) | SYN_ANSWERED | ROUND_TRIP_KNOWN | SYN_CONTRADICTED

/**
 * Where the sequence numbers of each direction begin, as SYN, SYN/ACK and the first acknowledgments tell (RFC 9293 §3.5),
 * also where some of these are of an earlier connection on the same addresses and ports, forged, or not in the capture.
 * Numbers and STATUS are in the row of the stream; methods are called for the segment that the flow table found last.
 */
export class Synchronizer {
  private readonly flows: FlowTable
  private readonly conversations: ConversationTable
  /** Ends what is followed of a flow: it was of an earlier connection. */
  private readonly endEarlierConnection: (id: number) => void

  constructor(flows: FlowTable, conversations: ConversationTable, endEarlierConnection: (id: number) => void) {
    this.flows = flows
    this.conversations = conversations
    this.endEarlierConnection = endEarlierConnection
  }

  /**
   * Notes the first number of a direction, as Wireshark does: that of its first packet, or before any that of what the
   * other end acknowledges. Returns the bits of STATUS that it sets.
   */
  noteBases(row: number, status: number, { flags, sequence, acknowledgment }: Segment): number {
    if ((status & BASES_KNOWN) === BASES_KNOWN) return 0
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
  isLate(row: number, status: number, { flags, acknowledgment }: Segment): boolean {
    const { rows, direction } = this.flows
    const peer = opposite(direction)
    // 0 is what stands in a header that was made up.
    if ((flags & (SYN | ACK)) !== ACK || acknowledgment === 0 || (status & (SYN_TIMED << peer)) === 0) return false
    const base = rows[row + BASE + peer] as number
    if (sequenceDistance(base, acknowledgment) > 0) return false
    // Numbers come round to the same again after some gigabytes.
    return sequenceDistance(base, this.nextOf(row, status, peer) ?? base) <= MAX_PLAUSIBLE_GAP
  }

  /** Takes what a segment tells of where the data of its stream begins. Returns the new STATUS. */
  accept(row: number, status: number, segment: Segment, now: Moment): number {
    if ((segment.flags & SYN) !== 0) return this.acceptSyn(row, status, segment, now)
    if ((status & (SYN_ANSWERED | ROUND_TRIP_KNOWN)) !== SYN_ANSWERED) return status
    return status | this.acceptAcknowledgment(row, status, segment, now)
  }

  /** A SYN says where the data of its direction begins, a SYN/ACK that of both. Returns the new STATUS. */
  private acceptSyn(row: number, before: number, segment: Segment, now: Moment): number {
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
    return status | timeSyn(rows, row, direction, status, flags, now)
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
    const { bytes } = this.conversations.at(place).sides[direction]
    return bytes.anchored ? bytes.next : null
  }

  /** Ends what was followed, as the connection only begins here. Returns the new STATUS. */
  private endEarlier(row: number, status: number): number {
    const { rows, direction } = this.flows
    rows[row + STATUS] = status
    this.endEarlierConnection(row >> ROW_SHIFT)
    return (rows[row + STATUS] as number) & ~(DONE | (NEXT_KNOWN << direction))
  }

  /** The data of a direction begins elsewhere than was thought; false where some of it has been delivered. */
  private beginAt(row: number, direction: Direction, sequence: number): boolean {
    const { rows } = this.flows
    const place = rows[row + CONVERSATION] as number
    if (place >= 0) {
      const { bytes } = this.conversations.at(place).sides[direction]
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
  private acceptAcknowledgment(row: number, status: number, { flags, acknowledgment }: Segment, now: Moment): number {
    const { rows, direction } = this.flows
    if ((flags & ACK) === 0 || (status & (SYN_TIMED << direction)) === 0) return 0
    const server = opposite(direction)
    const isOfFirst = acknowledgment === (((rows[row + BASE + server] as number) + 1) | 0)
    // Nothing far in front of what a SYN/ACK says can be acknowledged: the right one is not in the capture.
    const isBefore = sequenceDistance(rows[row + NEXT + server] as number, acknowledgment) < -MAX_PLAUSIBLE_GAP
    if (isBefore || ((status & SYN_CONTRADICTED) !== 0 && isOfFirst)) this.beginAt(row, server, acknowledgment)
    timeRoundTrip(rows, row, now)
    const place = rows[row + CONVERSATION] as number
    if (place >= 0) this.conversations.at(place).noteOpening(openingOfRow(rows, row, status | ROUND_TRIP_KNOWN, now))
    return ROUND_TRIP_KNOWN
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
export function isNewConnection(rows: Int32Array, row: number, direction: Direction, sequence: number): boolean {
  const status = rows[row + STATUS] as number
  return (status & (BASE_KNOWN << direction)) !== 0 && rows[row + BASE + direction] !== sequence
}
