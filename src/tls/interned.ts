import { readI32Be } from '../bytes/cursor.js'

/**
 * Lists that clients send again and again, kept once: most ClientHellos of a capture are the same few programs'. Who
 * works out something for a list (names, JSON) can keep it by the list's identity.
 */

/** Longer runs are no client's and are made anew each time: that bounds a table to about 5 MB, however hostile the input. */
const MAX_BYTES = 512
/** Places of a table, a power of two, and how many a run may stand in: the first free one, or by turns. */
const PLACES = 1024
const WAYS = 8

/** Turns runs of bytes into values, equal runs into the same value while it is remembered. */
export class Interner<Value> {
  private readonly keys: (Uint8Array | undefined)[] = new Array(PLACES)
  private readonly values: (Value | undefined)[] = new Array(PLACES)
  private turn = 0
  private readonly make: (bytes: Uint8Array, start: number, end: number) => Value

  constructor(make: (bytes: Uint8Array, start: number, end: number) => Value) {
    this.make = make
  }

  get(bytes: Uint8Array, start: number, end: number): Value {
    if (end - start > MAX_BYTES) return this.make(bytes, start, end)
    const first = hashOf(bytes, start, end) & (PLACES - WAYS)
    let free = -1
    for (let place = first; place < first + WAYS; place++) {
      const key = this.keys[place]
      if (key === undefined) {
        free = place
        break
      }
      if (sameBytes(key, bytes, start, end)) return this.values[place] as Value
    }
    if (free < 0) {
      this.turn = (this.turn + 1) % WAYS
      free = first + this.turn
    }
    const value = this.make(bytes, start, end)
    this.keys[free] = bytes.slice(start, end)
    this.values[free] = value
    return value
  }
}

/** Four bytes a step: a multiplication for each of them takes longer than all else about a list. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ readI32Be(bytes, at), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x9e3779b1)
  return hash ^ (hash >>> 16)
}

function sameBytes(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false
  return true
}

/** Bytes put together from different places, for an interner; grows with what a message holds. */
export class Scratch {
  bytes = new Uint8Array(MAX_BYTES)
  length = 0

  addU16(value: number): void {
    if (this.length + 2 > this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2)
      grown.set(this.bytes)
      this.bytes = grown
    }
    this.bytes[this.length++] = value >>> 8
    this.bytes[this.length++] = value
  }
}
