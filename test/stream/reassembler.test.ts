import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Chunk, MissingReason } from '../../src/stream/chunk.js'
import { MAX_WAITING_BYTES, Reassembler, type ReassemblySink } from '../../src/stream/reassembler.js'
import { counting } from '../support/bytes.js'
import { bytesOf, chunkOf } from '../support/chunks.js'

/** A byte of the output that was reported as missing. */
const MISSING = -1

/** Keeps what comes out: bytes, and `MISSING` for each that is not there. */
class Output implements ReassemblySink {
  readonly bytes: number[] = []
  readonly missed: { length: number; reason: MissingReason; frame: number; at: number }[] = []
  readonly deliveries: { frame: number; at: number; offset: number }[] = []
  readonly conflicts: number[] = []

  deliver(chunk: Chunk): void {
    this.deliveries.push({ frame: chunk.frame, at: this.bytes.length, offset: chunk.offset })
    this.bytes.push(...bytesOf(chunk))
  }

  missing(length: number, reason: MissingReason, frame: number): void {
    this.missed.push({ length, reason, frame, at: this.bytes.length })
    for (let i = 0; i < length; i++) this.bytes.push(MISSING)
  }

  conflict(frame: number): void {
    this.conflicts.push(frame)
  }
}

interface Piece {
  readonly at: number
  readonly bytes: Uint8Array
  /** Bytes behind them that the snap length cut. */
  readonly cut?: number
}

/** Gives pieces to a reassembler that begins at `first`, each in a frame of its own from 1, and gives up the gaps left. */
function reassemble(
  first: number,
  pieces: readonly Piece[],
  flush = true,
): { output: Output; reassembler: Reassembler } {
  const output = new Output()
  const reassembler = new Reassembler()
  reassembler.anchor(first | 0)
  pieces.forEach(({ at, bytes, cut = 0 }, index) => {
    reassembler.accept((first + at) | 0, chunkOf(bytes, { frame: index + 1 }), bytes.length + cut, output)
  })
  if (flush) reassembler.flush('gap', output)
  return { output, reassembler }
}

/** Near the wrap as often as not. */
const anySequence = fc.oneof(fc.nat(0xffffffff), fc.integer({ min: 0xffffff00, max: 0xffffffff }))

/** Segments that cover a stream of `length` bytes at least once, in any order, cut anew each time they are sent. */
function anySegments(length: number): fc.Arbitrary<Piece[]> {
  const anyCut = fc.array(fc.nat(length), { maxLength: 12 }).map((places) => {
    const sorted = [...new Set([0, ...places, length])].sort((a, b) => a - b)
    return sorted.slice(1).map((end, i) => ({ from: sorted[i] as number, end }))
  })
  const stream = counting(length)
  return fc
    .tuple(anyCut, anyCut, fc.array(fc.tuple(fc.nat(length), fc.nat(40)), { maxLength: 6 }))
    .map(([once, again, more]) => [
      ...once,
      ...again,
      ...more.map(([from, size]) => ({ from, end: Math.min(length, from + size) })),
    ])
    .chain((parts) => fc.shuffledSubarray(parts, { minLength: parts.length, maxLength: parts.length }))
    .map((parts) => parts.map(({ from, end }) => ({ at: from, bytes: stream.slice(from, end) })))
}

describe('Reassembler', () => {
  it('counts the segments that wait and were captured before a frame, those nearest to the gap', () => {
    const every = (count: number): Piece[] =>
      Array.from({ length: count }, (_, i) => ({ at: 1 + 2 * i, bytes: counting(1) }))
    expect(reassemble(0, every(3), false).reassembler.waitingBefore(3)).toBe(2)
    expect(reassemble(0, every(3), false).reassembler.waitingBefore(9)).toBe(3)
    // However many wait: a connection that leaves out every other byte asks again for each gap that is given up.
    expect(reassemble(0, every(3000), false).reassembler.waitingBefore(9000)).toBe(16)
  })

  it('gives the same bytes for any order, duplication and resplitting, also where numbers wrap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }).chain((n) => fc.tuple(fc.constant(n), anySegments(n))),
        anySequence,
        ([n, pieces], first) => {
          const { output, reassembler } = reassemble(first, pieces, false)
          expect(Uint8Array.from(output.bytes)).toEqual(counting(n))
          expect(output.missed).toEqual([])
          expect(output.conflicts).toEqual([])
          expect(reassembler.isWaiting).toBe(false)
          expect(reassembler.waitingCost).toBe(0)
          expect(reassembler.next).toBe((first + n) | 0)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('lets the first copy of each byte win, whatever overlaps and wherever the snap length cuts', () => {
    const anyPiece = fc.record({
      at: fc.nat(60),
      bytes: fc.uint8Array({ maxLength: 30 }),
      cut: fc.oneof(fc.constant(0), fc.nat(10)),
    })
    fc.assert(
      fc.property(fc.array(anyPiece, { maxLength: 20 }), anySequence, (pieces, first) => {
        const { output, reassembler } = reassemble(first, pieces)
        const model: number[] = []
        for (const { at, bytes, cut } of pieces) {
          for (let i = 0; i < bytes.length + cut; i++) model[at + i] ??= bytes[i] ?? MISSING
        }
        expect(output.bytes).toEqual(Array.from(model, (byte) => byte ?? MISSING))
        expect(reassembler.waitingCost).toBe(0)
      }),
      { numRuns: 1000 },
    )
  })

  it('reports a conflict with bytes that wait, and none where a copy is the same', () => {
    const waiting = { at: 10, bytes: counting(10) }
    const same = { at: 5, bytes: Uint8Array.from([9, 9, 9, 9, 9, ...counting(10), 9, 9]) }
    const other = { at: 15, bytes: Uint8Array.of(5, 6, 7, 8, 99, 1) }
    expect(reassemble(0, [waiting, same]).output.conflicts).toEqual([])
    expect(reassemble(0, [waiting, other]).output.conflicts).toEqual([2])
    expect(reassemble(0, [{ at: 15, bytes: new Uint8Array(5) }, waiting]).output.conflicts).toEqual([2])
    expect(reassemble(0, [waiting, other]).output.bytes.slice(10)).toEqual([...counting(10), 1])
  })

  it('passes over what was given before, and takes what is new behind it', () => {
    const { output } = reassemble(7, [
      { at: 0, bytes: counting(10) },
      { at: 2, bytes: counting(8) },
      { at: 5, bytes: Uint8Array.from([77, 77, 77, 77, 77, 10, 11]) },
    ])
    expect(output.bytes).toEqual([...counting(12)])
    expect(output.deliveries.map(({ at }) => at)).toEqual([0, 10])
  })

  it('says in which frame bytes became readable: their own, or the one that filled the gap', () => {
    const { output } = reassemble(0, [
      { at: 0, bytes: counting(3) },
      { at: 6, bytes: counting(3) },
      { at: 9, bytes: counting(3) },
      { at: 3, bytes: counting(3) },
    ])
    expect(output.deliveries.map(({ frame, at }) => [frame, at])).toEqual([
      [1, 0],
      [4, 3],
      [4, 6],
      [4, 9],
    ])
  })

  it('gives up gaps from the first on, and what stood behind them keeps its own frame', () => {
    const { output } = reassemble(0, [
      { at: 20, bytes: counting(2) },
      { at: 10, bytes: counting(3) },
      { at: 13, bytes: counting(3) },
    ])
    expect(output.missed).toEqual([
      { length: 10, reason: 'gap', frame: 2, at: 0 },
      { length: 4, reason: 'gap', frame: 1, at: 16 },
    ])
    expect(output.deliveries.map(({ frame, at }) => [frame, at])).toEqual([
      [2, 10],
      [3, 13],
      [1, 20],
    ])
  })

  it('reports what the snap length cut at its place, in order and behind a gap', () => {
    const { output } = reassemble(0, [
      { at: 0, bytes: counting(4), cut: 6 },
      { at: 20, bytes: counting(4), cut: 6 },
      { at: 10, bytes: counting(10) },
    ])
    expect(output.missed).toEqual([
      { length: 6, reason: 'snap-length', frame: 1, at: 4 },
      { length: 6, reason: 'snap-length', frame: 2, at: 24 },
    ])
  })

  it('notes a cut end in so many gaps at most, and leaves the others gaps', () => {
    const runs = Array.from({ length: 200 }, (_, i) => ({ at: 10 + 2 * i, bytes: Uint8Array.of(i) }))
    const { output } = reassemble(0, [{ at: 0, bytes: counting(1) }, ...runs, { at: 9, bytes: counting(1), cut: 402 }])
    const reasons = output.missed.map(({ reason }) => reason)
    expect(reasons.filter((reason) => reason === 'snap-length')).toHaveLength(64)
    expect(reasons.filter((reason) => reason === 'gap')).toHaveLength(1 + 200 - 1 - 64)
    expect(output.bytes.filter((byte) => byte !== MISSING)).toHaveLength(202)
  })

  it('takes all of a segment that lies over many gaps, where nothing of it was cut', () => {
    const stream = counting(600)
    const ahead = Array.from({ length: 200 }, (_, i) => ({ at: 2 + 3 * i, bytes: stream.slice(2 + 3 * i, 3 + 3 * i) }))
    const { output } = reassemble(1000, [...ahead, { at: 0, bytes: stream }])
    expect(output.bytes).toEqual([...stream])
    expect(output.missed).toEqual([])
  })

  it('says of bytes that stand nowhere in the capture that they do not, also where their beginning was given before', () => {
    const output = new Output()
    const reassembler = new Reassembler()
    for (const length of [10, 30]) reassembler.accept(0, { ...chunkOf(counting(length)), offset: -1 }, length, output)
    expect(output.bytes).toHaveLength(30)
    expect(output.deliveries.map(({ offset }) => offset)).toEqual([-1, -1])
  })

  it('says where each delivery stands in the capture, also where its beginning was given before', () => {
    const output = new Output()
    const reassembler = new Reassembler()
    reassembler.anchor(0)
    reassembler.accept(0, chunkOf(counting(10), { offset: 1000 }), 10, output)
    reassembler.accept(5, chunkOf(counting(10), { offset: 2000 }), 10, output)
    reassembler.accept(17, chunkOf(counting(10), { offset: 3000 }), 10, output)
    reassembler.accept(13, chunkOf(counting(10), { offset: -1 }), 10, output)
    expect(output.deliveries.map(({ at, offset }) => [at, offset])).toEqual([
      [0, 1000],
      [10, 2005],
      [15, -1],
      [17, 3000],
    ])
  })

  it('begins with the first segment where no SYN was seen', () => {
    const output = new Output()
    const reassembler = new Reassembler()
    reassembler.accept(-3, chunkOf(counting(5)), 5, output)
    expect(reassembler.anchored).toBe(true)
    expect(output.bytes).toEqual([...counting(5)])
    expect(reassembler.next).toBe(2)
  })

  it('starts anew at an anchor, without what waited before it', () => {
    const output = new Output()
    const reassembler = new Reassembler()
    reassembler.anchor(0)
    reassembler.accept(10, chunkOf(counting(5)), 5, output)
    reassembler.accept(30, chunkOf(counting(5)), 5, output)
    reassembler.anchor(25)
    reassembler.accept(25, chunkOf(counting(5)), 5, output)
    expect(output.bytes).toEqual([...counting(5), ...counting(5)])
    expect(reassembler.waitingCost).toBe(0)
  })

  it('never holds more than its limit, whatever the sizes of what waits', () => {
    const output = new Output()
    const reassembler = new Reassembler()
    reassembler.anchor(0)
    const accept = (at: number, size: number): void => {
      reassembler.accept(at, chunkOf(new Uint8Array(size)), size, output)
      expect(reassembler.waitingCost).toBeLessThanOrEqual(MAX_WAITING_BYTES)
    }
    for (let i = 0; i < 5000; i++) accept(10 + 2 * i, 1)
    expect(output.missed.length).toBeGreaterThan(0)
    for (let i = 0; i < 20; i++) accept(100_000 + 70_000 * i, 65_000)
    expect(new Set(output.missed.map(({ reason }) => reason))).toEqual(new Set(['limit']))
    reassembler.flush('gap', output)
    expect(output.bytes.length).toBe(100_000 + 70_000 * 19 + 65_000)
  })
})
