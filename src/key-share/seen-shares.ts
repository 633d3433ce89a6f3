import type { Fingerprint } from './fingerprint.js'

/** Key shares remembered: those of some 100,000 handshakes, in 12 MB. Then the oldest make room. */
export const MAX_SEEN_SHARES = 2 ** 18
/**
 * Most captures have few, and there may be ten thousand captures: the table grows as it fills, by a factor that keeps what
 * is put anew to a third.
 */
const FIRST_CAPACITY = 8
const GROWTH = 4

/** Words of a row: four of the fingerprint, two of the hello's random, stream, frame, and the number of the capture. */
export const SEEN_ROW_WORDS = 9
const RANDOM = 4
const STREAM = RANDOM + 2
const FRAME = STREAM + 1
const CAPTURE = FRAME + 1

/**
 * A link of a chain: the number of a row plus 1 in the low bits, or 0 at the end, and above them the high bits of its hash,
 * so that a row is looked at only where it is most likely the one.
 */
const LINK_BITS = 19
const NUMBER = 2 ** LINK_BITS - 1

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
 * there are as many as are held, and chains of rows with like hashes.
 */
export class SeenShares {
  private readonly most: number
  private rows = new Int32Array(FIRST_CAPACITY * SEEN_ROW_WORDS)
  /** Links, by hash and by row. */
  private heads = new Int32Array(FIRST_CAPACITY * 2)
  private next = new Int32Array(FIRST_CAPACITY)
  private count = 0
  /** The row to be written next. */
  private turn = 0

  /** At most `most` shares, fewer than 2^19. */
  constructor(most = MAX_SEEN_SHARES) {
    this.most = most
  }

  /** Where another hello sent the same share; null where none is known to have, and then it is remembered. */
  elsewhere(share: Fingerprint, hello: SentHello): SharePlace | null {
    const { a, b, c, d } = share
    const { rows } = this
    for (let link = this.heads[a & (this.heads.length - 1)] as number; link !== 0; ) {
      const number = numberOf(link)
      const row = number * SEEN_ROW_WORDS
      if (
        (link ^ a) >>> LINK_BITS === 0 &&
        rows[row] === a &&
        rows[row + 1] === b &&
        rows[row + 2] === c &&
        rows[row + 3] === d
      ) {
        const isSameHello = rows[row + RANDOM] === hello.randomA && rows[row + RANDOM + 1] === hello.randomB
        return isSameHello ? null : this.placeOf(row)
      }
      link = this.next[number] as number
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
    if (this.count === this.most) this.forget(this.turn)
    else if (this.count === this.next.length) this.grow()
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
    this.link(turn, a)
    this.count = Math.min(this.count + 1, most)
    this.turn = turn + 1 === most ? 0 : turn + 1
  }

  /** Puts a row in front of the chain of its hash. */
  private link(number: number, hash: number): void {
    const bucket = hash & (this.heads.length - 1)
    this.next[number] = this.heads[bucket] as number
    this.heads[bucket] = (hash & ~NUMBER) | (number + 1)
  }

  /** Takes a row out of its chain. */
  private forget(number: number): void {
    const bucket = this.bucketOf(number)
    const after = this.next[number] as number
    let before = numberOf(this.heads[bucket] as number)
    if (before === number) {
      this.heads[bucket] = after
      return
    }
    while (numberOf(this.next[before] as number) !== number) before = numberOf(this.next[before] as number)
    this.next[before] = after
  }

  private bucketOf(number: number): number {
    return (this.rows[number * SEEN_ROW_WORDS] as number) & (this.heads.length - 1)
  }

  private grow(): void {
    const { rows, count } = this
    const capacity = Math.min(count * GROWTH, this.most)
    this.rows = new Int32Array(capacity * SEEN_ROW_WORDS)
    this.rows.set(rows)
    this.heads = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)))
    this.next = new Int32Array(capacity)
    for (let number = 0; number < count; number++) this.link(number, rows[number * SEEN_ROW_WORDS] as number)
  }
}

/** The row that a link leads to; -1 at the end of a chain. */
function numberOf(link: number): number {
  return (link & NUMBER) - 1
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
