import { FINGERPRINT_WORDS } from './fingerprint.js'

/** Key shares remembered: those of some 100,000 handshakes, in 12 MB. Then the oldest make room. */
export const MAX_SEEN_SHARES = 2 ** 18
/**
 * Most captures have few, and there may be ten thousand captures: the table grows as it fills, by a factor that keeps what
 * is put anew to a third.
 */
const FIRST_CAPACITY = 8
const GROWTH = 4

/** Words of a row: the fingerprint, two of the hello's random, stream, frame, and the number of the capture. */
export const SEEN_ROW_WORDS = FINGERPRINT_WORDS + 5
const RANDOM = FINGERPRINT_WORDS
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

/** A key share as it is looked up: its fingerprint stands in `words` from `at` on. */
export interface SentShare extends SharePlace {
  readonly words: ArrayLike<number>
  readonly at: number
  /** Of the hello that holds it: the same hello again, or the second one of a retry, is no other use of the share. */
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
  elsewhere(share: SentShare): SharePlace | null {
    const { words, at, randomA, randomB } = share
    const { rows } = this
    const hash = words[at] as number
    for (let link = this.heads[hash & (this.heads.length - 1)] as number; link !== 0; ) {
      const number = numberOf(link)
      const row = number * SEEN_ROW_WORDS
      if (
        (link ^ hash) >>> LINK_BITS === 0 &&
        rows[row] === hash &&
        rows[row + 1] === words[at + 1] &&
        rows[row + 2] === words[at + 2] &&
        rows[row + 3] === words[at + 3]
      ) {
        const isSameHello = rows[row + RANDOM] === randomA && rows[row + RANDOM + 1] === randomB
        return isSameHello ? null : this.placeOf(row)
      }
      link = this.next[number] as number
    }
    this.remember(share)
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

  private remember({ words, at, randomA, randomB, stream, frame, capture }: SentShare): void {
    const { most } = this
    if (this.count === most) this.forget(this.turn)
    else if (this.count === this.next.length) this.grow()
    const number = this.turn
    const row = number * SEEN_ROW_WORDS
    for (let i = 0; i < FINGERPRINT_WORDS; i++) this.rows[row + i] = words[at + i] as number
    this.rows[row + RANDOM] = randomA
    this.rows[row + RANDOM + 1] = randomB
    this.rows[row + STREAM] = stream
    this.rows[row + FRAME] = frame
    this.rows[row + CAPTURE] = capture
    this.link(number)
    this.count = Math.min(this.count + 1, most)
    this.turn = (number + 1) % most
  }

  private link(number: number): void {
    const bucket = this.bucketOf(number)
    this.next[number] = this.heads[bucket] as number
    this.heads[bucket] = ((this.rows[number * SEEN_ROW_WORDS] as number) & ~NUMBER) | (number + 1)
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
    for (let number = 0; number < count; number++) this.link(number)
  }
}

/** The row that a link leads to; -1 at the end of a chain. */
function numberOf(link: number): number {
  return (link & NUMBER) - 1
}

/** A row of `SeenShares.allRows`, as it is looked up in another table. */
export function shareOfRow(rows: Int32Array, row: number, capture: number): SentShare {
  const at = row * SEEN_ROW_WORDS
  return {
    words: rows,
    at,
    randomA: rows[at + RANDOM] as number,
    randomB: rows[at + RANDOM + 1] as number,
    stream: (rows[at + STREAM] as number) >>> 0,
    frame: (rows[at + FRAME] as number) >>> 0,
    capture,
  }
}
