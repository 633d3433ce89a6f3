/**
 * Lists that clients send again and again, kept once: most ClientHellos of a capture are the same few programs'. Who
 * works out something for a list (names, JSON) can keep it by the list's identity.
 */

/** Longer runs are no client's and are made anew each time: that bounds a table to about 5 MB, however hostile the input. */
const MAX_BYTES = 512
/** Places of a table, a power of two; a run in the place of another replaces it. */
const PLACES = 1024

/** Turns runs of bytes into values, equal runs into the same value while it is remembered. */
export class Interner<Value> {
  private readonly keys: (Uint8Array | undefined)[] = new Array(PLACES)
  private readonly values: (Value | undefined)[] = new Array(PLACES)
  private readonly make: (bytes: Uint8Array, start: number, end: number) => Value

  constructor(make: (bytes: Uint8Array, start: number, end: number) => Value) {
    this.make = make
  }

  get(bytes: Uint8Array, start: number, end: number): Value {
    if (end - start > MAX_BYTES) return this.make(bytes, start, end)
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
    const place = (hash ^ (hash >>> 16)) & (PLACES - 1)
    const key = this.keys[place]
    if (key !== undefined && sameBytes(key, bytes, start, end)) return this.values[place] as Value
    const value = this.make(bytes, start, end)
    this.keys[place] = bytes.slice(start, end)
    this.values[place] = value
    return value
  }
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
