/**
 * Lists that clients send again and again, kept once: most ClientHellos of a capture are the same few programs'. Who
 * works out something for a list (names, JSON) can keep it by the list's identity.
 */

/** Longer runs are no client's and are made anew each time: that bounds a table to about 5 MB, however hostile the input. */
const MAX_BYTES = 512
/** Places of a table, a power of two, and how many a run may stand in: the first free one, or by turns. */
const PLACES = 1024
const WAYS = 8

/** A run of bytes, four in a word; zeros fill the last. */
interface Run {
  readonly length: number
  readonly words: Int32Array
}

/** Turns runs of bytes into values, equal runs into the same value, frozen, while it is remembered. */
export class Interner<Value> {
  private readonly runs: (Run | undefined)[] = new Array(PLACES)
  private readonly values: (Value | undefined)[] = new Array(PLACES)
  private turn = 0
  private readonly make: (bytes: Uint8Array, start: number, end: number) => Value

  constructor(make: (bytes: Uint8Array, start: number, end: number) => Value) {
    this.make = make
  }

  /** The value of the bytes from `start` to `end` of a view: they are read four at a time. */
  get(view: DataView, start: number, end: number): Value {
    if (end - start > MAX_BYTES) return this.makeOf(view, start, end)
    const first = hashOf(view, start, end) & (PLACES - WAYS)
    let free = -1
    for (let place = first; place < first + WAYS; place++) {
      const run = this.runs[place]
      if (run === undefined) {
        free = place
        break
      }
      if (isRun(run, view, start, end)) return this.values[place] as Value
    }
    if (free < 0) {
      this.turn = (this.turn + 1) % WAYS
      free = first + this.turn
    }
    const value = Object.freeze(this.makeOf(view, start, end))
    this.runs[free] = runOf(view, start, end)
    this.values[free] = value
    return value
  }

  private makeOf(view: DataView, start: number, end: number): Value {
    return this.make(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), start, end)
  }
}

function hashOf(view: DataView, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ lastWord(view, at, end), 0x9e3779b1)
  return hash ^ (hash >>> 16)
}

function isRun({ length, words }: Run, view: DataView, start: number, end: number): boolean {
  if (length !== end - start) return false
  const whole = length >> 2
  for (let i = 0; i < whole; i++) if (words[i] !== view.getInt32(start + i * 4, true)) return false
  return words[whole] === lastWord(view, start + whole * 4, end)
}

function runOf(view: DataView, start: number, end: number): Run {
  const whole = (end - start) >> 2
  const words = new Int32Array(whole + 1)
  for (let i = 0; i < whole; i++) words[i] = view.getInt32(start + i * 4, true)
  words[whole] = lastWord(view, start + whole * 4, end)
  return { length: end - start, words }
}

/** Up to three bytes. */
function lastWord(view: DataView, start: number, end: number): number {
  let word = 0
  for (let at = start; at < end; at++) word = (word << 8) | view.getUint8(at)
  return word
}

/** Bytes put together from different places, for an interner; grows with what a message holds. */
export class Scratch {
  view = new DataView(new ArrayBuffer(MAX_BYTES))
  length = 0

  addU16(value: number): void {
    if (this.length + 2 > this.view.byteLength) {
      const grown = new Uint8Array(this.view.byteLength * 2)
      grown.set(new Uint8Array(this.view.buffer))
      this.view = new DataView(grown.buffer)
    }
    this.view.setUint16(this.length, value)
    this.length += 2
  }
}
