import type { Clock } from '../bytes/time.js'
import type { Chunk, MissingReason } from './chunk.js'
import { sequenceDistance } from './sequence.js'

/**
 * Bytes that wait behind a gap, for one direction. A receive window is rarely larger than this before a handshake is
 * over, and a gap that outlives it will not be filled.
 */
export const MAX_WAITING_BYTES = 512 * 1024
/** What an entry costs beside its bytes, so that one-byte segments do not take memory that nobody counts. */
const ENTRY_COST = 128

/**
 * Gaps between waiting runs that the cut end of one segment is noted in. A packet of 60 bytes that claims 64 KiB on the
 * wire may lie over thousands of them; what it leaves out stays a gap.
 */
const MAX_CUT_GAPS = 64

/** Runs behind a gap that are looked at for the segments of a hello whose first was captured late: a hello has few. */
const MAX_REORDERED = 16

/** A run of bytes that arrived before the ones in front of it. */
interface Waiting {
  sequence: number
  readonly bytes: Uint8Array
  /** Bytes behind these that the snap length cut. */
  readonly cut: number
  readonly frame: number
  readonly seconds: number
  readonly fraction: number
  readonly clock: Clock
  /** Another run of the same segment lies before it. */
  readonly continues: boolean
  readonly acknowledgment: number | null
  readonly offset: number
}

/** Until something waits: most directions never have a gap. */
const NONE: Waiting[] = []

/** Takes what a reassembler puts out, in order. */
export interface ReassemblySink {
  deliver(chunk: Chunk): void
  missing(length: number, reason: MissingReason, frame: number): void
  conflict(frame: number): void
}

/**
 * Puts the segments of one direction in order. The first copy of a byte wins; what is in order is passed on without
 * copying; what is ahead waits, within `MAX_WAITING_BYTES`, until the gap is filled or given up.
 *
 * Invariant: the waiting runs are sorted, do not overlap, and all begin after `next`.
 */
export class Reassembler {
  /** Sequence number of the next byte to be delivered. */
  next = 0
  /** `next` is known: from a SYN, or from the first segment seen. */
  anchored = false
  /** Bytes that wait, with what they cost beside. */
  waitingCost = 0
  private waiting: Waiting[] = NONE

  get isWaiting(): boolean {
    return this.waiting.length > 0
  }

  /**
   * Segments captured before a frame of which bytes wait, those nearest to the gap: one that lies over others waits in
   * several runs.
   */
  waitingBefore(frame: number): number {
    if (this.waiting.length === 0) return 0
    const nearest = this.waiting.slice(0, MAX_REORDERED)
    return new Set(nearest.map((run) => run.frame).filter((earlier) => earlier < frame)).size
  }

  /** Starts (again) at a sequence number; what waits before it is dropped. */
  anchor(sequence: number): void {
    this.next = sequence
    this.anchored = true
    if (this.waiting.length === 0) return
    this.waiting = this.waiting.filter((run) => sequenceDistance(sequence, run.sequence) >= 0)
    this.waitingCost = this.waiting.reduce((sum, run) => sum + cost(run), 0)
  }

  /**
   * Takes the payload of a segment. `chunk` holds the captured bytes; `wireLength` is at least their number.
   */
  accept(sequence: number, chunk: Chunk, wireLength: number, sink: ReassemblySink): void {
    if (!this.anchored) this.anchor(sequence)
    const ahead = sequenceDistance(this.next, sequence)
    if (ahead + wireLength <= 0) return
    if (ahead > 0 || this.waiting.length > 0) {
      this.hold(sequence, chunk, wireLength, sink)
      if (ahead <= 0) this.drain(chunk.frame, sink)
      while (this.waitingCost > MAX_WAITING_BYTES) this.giveUpGap('limit', sink)
      return
    }
    const captured = chunk.end - chunk.start
    if (captured + ahead > 0) {
      chunk.start -= ahead
      if (chunk.offset >= 0) chunk.offset -= ahead
      this.next = (sequence + captured) | 0
      sink.deliver(chunk)
    }
    const cut = sequenceDistance(this.next, sequence + wireLength)
    if (cut > 0) {
      this.next = (this.next + cut) | 0
      sink.missing(cut, 'snap-length', chunk.frame)
    }
  }

  /** Gives up all gaps, the first one first, and delivers what waits behind each. */
  flush(reason: MissingReason, sink: ReassemblySink): void {
    while (this.waiting.length > 0) this.giveUpGap(reason, sink)
  }

  private giveUpGap(reason: MissingReason, sink: ReassemblySink): void {
    const first = this.waiting[0]
    if (first === undefined) return
    const gap = sequenceDistance(this.next, first.sequence)
    this.next = first.sequence
    sink.missing(gap, reason, first.frame)
    this.drain(0, sink)
  }

  /** Delivers the runs that now follow on. They became readable in `frame`, or in their own where that is 0. */
  private drain(frame: number, sink: ReassemblySink): void {
    while (this.waiting.length > 0) {
      const run = this.waiting[0] as Waiting
      if (run.sequence !== this.next) return
      this.waiting.shift()
      this.waitingCost -= cost(run)
      this.next = (run.sequence + run.bytes.length + run.cut) | 0
      const { bytes, seconds, fraction, clock, continues, acknowledgment, offset } = run
      const end = bytes.length
      const readable = { frame: Math.max(frame, run.frame), seconds, fraction, clock }
      const nextSequence = (run.sequence + end) | 0
      if (end > 0) sink.deliver({ bytes, start: 0, end, ...readable, continues, nextSequence, acknowledgment, offset })
      if (run.cut > 0) sink.missing(run.cut, 'snap-length', run.frame)
    }
  }

  /** Keeps a copy of the bytes that nothing else has brought yet. */
  private hold(sequence: number, chunk: Chunk, wireLength: number, sink: ReassemblySink): void {
    const end = (sequence + wireLength) | 0
    const capturedEnd = (sequence + chunk.end - chunk.start) | 0
    let cutGaps = 0
    let continues = false
    let from = sequenceDistance(this.next, sequence) < 0 ? this.next : sequence
    let index = this.indexAfter(from)
    const before = this.waiting[index - 1]
    if (before !== undefined) {
      const beforeEnd = endOf(before)
      if (sequenceDistance(from, beforeEnd) > 0) {
        if (differs(before, sequence, chunk)) sink.conflict(chunk.frame)
        from = beforeEnd
      }
    }
    while (sequenceDistance(from, end) > 0) {
      const after = this.waiting[index]
      const to = after !== undefined && sequenceDistance(after.sequence, end) > 0 ? after.sequence : end
      if (sequenceDistance(from, to) > 0) {
        const run = copyRun(sequence, from, to, chunk, continues)
        continues = true
        if (this.waiting === NONE) this.waiting = []
        this.waiting.splice(index, 0, run)
        this.waitingCost += cost(run)
        index++
      }
      if (to === end || after === undefined) return
      if (sequenceDistance(capturedEnd, to) >= 0 && ++cutGaps > MAX_CUT_GAPS) return
      if (differs(after, sequence, chunk)) sink.conflict(chunk.frame)
      from = endOf(after)
      index++
    }
  }

  /** Index of the first run that begins after `sequence`. */
  private indexAfter(sequence: number): number {
    let low = 0
    let high = this.waiting.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sequenceDistance((this.waiting[middle] as Waiting).sequence, sequence) < 0) high = middle
      else low = middle + 1
    }
    return low
  }
}

function cost(run: Waiting): number {
  return run.bytes.length + ENTRY_COST
}

function endOf(run: Waiting): number {
  return (run.sequence + run.bytes.length + run.cut) | 0
}

/** The part of a segment from sequence number `from` to `to`, of which only the captured bytes can be copied. */
function copyRun(sequence: number, from: number, to: number, chunk: Chunk, continues: boolean): Waiting {
  const start = Math.min(chunk.start + sequenceDistance(sequence, from), chunk.end)
  const end = Math.min(chunk.start + sequenceDistance(sequence, to), chunk.end)
  return {
    sequence: from,
    bytes: chunk.bytes.slice(start, end),
    cut: sequenceDistance(from, to) - (end - start),
    frame: chunk.frame,
    seconds: chunk.seconds,
    fraction: chunk.fraction,
    clock: chunk.clock,
    continues,
    acknowledgment: chunk.acknowledgment,
    offset: chunk.offset < 0 ? -1 : chunk.offset + (start - chunk.start),
  }
}

/** Whether the captured bytes of a segment differ from those of a run where they overlap. */
function differs(run: Waiting, sequence: number, chunk: Chunk): boolean {
  const shift = sequenceDistance(sequence, run.sequence)
  const from = Math.max(0, -shift)
  const to = Math.min(run.bytes.length, chunk.end - chunk.start - shift)
  for (let i = from; i < to; i++) if (run.bytes[i] !== chunk.bytes[chunk.start + shift + i]) return true
  return false
}
