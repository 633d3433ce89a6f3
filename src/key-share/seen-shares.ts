import type { Fingerprint } from './fingerprint.js'

/** Key shares remembered: those of some 25,000 handshakes, in 3.4 MB. Then the oldest make room. */
export const MAX_SEEN_SHARES = 2 ** 16
/**
 * Most captures have few, and there may be ten thousand captures: the table grows as it fills, by a factor that makes little
 * of what has to be put anew.
 */
const FIRST_CAPACITY = 8
const GROWTH = 16

/** Words of a row: four of the fingerprint, two of the hello's random, stream, frame, and the number of the capture. */
export const SEEN_ROW_WORDS = 9
const RANDOM = 4
const STREAM = RANDOM + 2
const FRAME = STREAM + 1
const CAPTURE = FRAME + 1

/**
 * An entry of a set: the number of a row plus 1 in the low bits, or 0 where there is none, and above them the high bits of
 * its hash, so that a row is looked at only where it is most likely the one.
 */
const NUMBER_BITS = 19
const NUMBER = 2 ** NUMBER_BITS - 1

/** Entries of a set, the newest first: 32 bytes, half of a cache line. */
const SET_SHIFT = 3
const SET_ENTRIES = 1 << SET_SHIFT
/** Rows for which there is one set: on an average two of its entries are rows that are still held. */
const ROWS_PER_SET = 2

/** Where a key share was sent. */
export interface SharePlace {
  /** Number of the capture, as it was given. */
  readonly capture: number
  readonly stream: number
  readonly frame: number
}

/** A hello with key shares. */
export interface SentHello extends SharePlace {
  /** The same hello again, or the second one of a retry, is no other use of a share. */
  readonly randomA: number
  readonly randomB: number
}

/**
 * Key shares that have been seen, by their fingerprints: rows in the order in which they came, the oldest replaced once
 * there are as many as are held, and sets of rows with like hashes. To look up a share is to look at one set, also for a
 * capture made so that all have the same hash: of more than 8 shares in a set the oldest are forgotten. By chance fewer
 * than one in a thousand are.
 */
export class SeenShares {
  private readonly most: number
  private capacity: number
  private rows: Int32Array
  private sets: Int32Array
  private setMask: number
  private count = 0
  /** The row to be written next. */
  private turn = 0

  /** At most `most` shares, fewer than 2^19. */
  constructor(most = MAX_SEEN_SHARES) {
    this.most = most
    this.capacity = Math.min(FIRST_CAPACITY, most)
    this.rows = new Int32Array(this.capacity * SEEN_ROW_WORDS)
    this.sets = new Int32Array(setWords(this.capacity))
    this.setMask = (this.sets.length >> SET_SHIFT) - 1
  }

  /** Where another hello sent the same share; null where none is known to have, and then it is remembered. */
  elsewhere(share: Fingerprint, hello: SentHello): SharePlace | null {
    const { a, b, c, d } = share
    const { rows, sets } = this
    const set = (a & this.setMask) << SET_SHIFT
    for (let at = set; at < set + SET_ENTRIES; at++) {
      const entry = sets[at] as number
      if (entry === 0) break
      if ((entry ^ a) >>> NUMBER_BITS !== 0) continue
      const row = numberOf(entry) * SEEN_ROW_WORDS
      // The row of an old entry may hold another share by now.
      if (rows[row] !== a || rows[row + 1] !== b || rows[row + 2] !== c || rows[row + 3] !== d) continue
      const isSameHello = rows[row + RANDOM] === hello.randomA && rows[row + RANDOM + 1] === hello.randomB
      return isSameHello ? null : this.placeOf(row)
    }
    this.remember(share, hello)
    return null
  }

  /** A copy of all rows, from the oldest on. */
  allRows(): Int32Array {
    if (this.count < this.most) return this.rows.slice(0, this.count * SEEN_ROW_WORDS)
    const all = new Int32Array(this.count * SEEN_ROW_WORDS)
    const oldest = this.turn * SEEN_ROW_WORDS
    all.set(this.rows.subarray(oldest, all.length))
    all.set(this.rows.subarray(0, oldest), all.length - oldest)
    return all
  }

  private placeOf(row: number): SharePlace {
    const { rows } = this
    const [stream, frame, capture] = [rows[row + STREAM], rows[row + FRAME], rows[row + CAPTURE]] as number[]
    return { capture: capture as number, stream: (stream as number) >>> 0, frame: (frame as number) >>> 0 }
  }

  private remember({ a, b, c, d }: Fingerprint, { randomA, randomB, stream, frame, capture }: SentHello): void {
    if (this.count === this.capacity && this.capacity < this.most) this.grow()
    const { rows, most, turn } = this
    const row = turn * SEEN_ROW_WORDS
    rows[row] = a
    rows[row + 1] = b
    rows[row + 2] = c
    rows[row + 3] = d
    rows[row + RANDOM] = randomA
    rows[row + RANDOM + 1] = randomB
    rows[row + STREAM] = stream
    rows[row + FRAME] = frame
    rows[row + CAPTURE] = capture
    this.enter(turn, a)
    this.count = Math.min(this.count + 1, most)
    this.turn = turn + 1 === most ? 0 : turn + 1
  }

  /** Puts a row first in the set of its hash. */
  private enter(number: number, hash: number): void {
    const { sets } = this
    const set = (hash & this.setMask) << SET_SHIFT
    let entry = (hash & ~NUMBER) | (number + 1)
    for (let at = set; at < set + SET_ENTRIES && entry !== 0; at++) {
      const older = sets[at] as number
      sets[at] = entry
      entry = older
    }
  }

  private grow(): void {
    const { rows, count } = this
    this.capacity = Math.min(this.capacity * GROWTH, this.most)
    this.rows = new Int32Array(this.capacity * SEEN_ROW_WORDS)
    this.rows.set(rows)
    this.sets = new Int32Array(setWords(this.capacity))
    this.setMask = (this.sets.length >> SET_SHIFT) - 1
    for (let number = 0; number < count; number++) this.enter(number, rows[number * SEEN_ROW_WORDS] as number)
  }
}

/** Length of the sets for so many rows: their number is a power of two. */
function setWords(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(rows / ROWS_PER_SET, 1))) * SET_ENTRIES
}

/** The row that an entry names. */
function numberOf(entry: number): number {
  return (entry & NUMBER) - 1
}

/** A row of `SeenShares.allRows`, as it is looked up in another table. */
export function shareOfRow(rows: Int32Array, row: number): Fingerprint {
  const at = row * SEEN_ROW_WORDS
  const [a, b, c, d] = [rows[at], rows[at + 1], rows[at + 2], rows[at + 3]] as [number, number, number, number]
  return { a, b, c, d }
}

/** The hello that such a row names, in the capture of this number. */
export function helloOfRow(rows: Int32Array, row: number, capture: number): SentHello {
  const at = row * SEEN_ROW_WORDS
  return {
    randomA: rows[at + RANDOM] as number,
    randomB: rows[at + RANDOM + 1] as number,
    stream: (rows[at + STREAM] as number) >>> 0,
    frame: (rows[at + FRAME] as number) >>> 0,
    capture,
  }
}
