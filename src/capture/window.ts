import { NO_BYTES, plainBytes } from '../bytes/plain.js'

/**
 * The part of a capture that is in memory. A source appends at `end`, a reader consumes at `start`.
 *
 * Invariant: `0 <= start <= end <= bytes.length`, and `offset` is the place of `start` in the capture.
 */
export class Window {
  bytes: Uint8Array
  start = 0
  end = 0
  /** Byte offset of `start` in the (decompressed) capture. */
  offset = 0
  /** `bytes` is a chunk that was given: it is read, but never written to. */
  private adopted = false

  constructor(capacity = 0) {
    this.bytes = capacity === 0 ? NO_BYTES : new Uint8Array(capacity)
  }

  available(): number {
    return this.end - this.start
  }

  consume(count: number): void {
    this.start += count
    this.offset += count
  }

  /** Appends a chunk. One that meets an empty window is adopted, not copied. */
  append(chunk: Uint8Array): void {
    if (this.start === this.end) {
      this.bytes = plainBytes(chunk)
      this.start = 0
      this.end = chunk.length
      this.adopted = true
      return
    }
    // Doubling keeps the copying linear where a long block comes in many chunks.
    this.makeRoom(chunk.length, Math.max(this.available() * 2, this.available() + chunk.length))
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
  }

  /** Sees to `count` free bytes at `end`: moves what is left to the front of this array, or of one of `capacity`. */
  makeRoom(count: number, capacity: number): void {
    if (!this.adopted && this.bytes.length - this.end >= count) return
    const rest = this.bytes.subarray(this.start, this.end)
    if (!this.adopted && this.bytes.length >= rest.length + count && capacity <= this.bytes.length)
      this.bytes.copyWithin(0, this.start, this.end)
    else {
      const larger = new Uint8Array(Math.max(capacity, rest.length + count))
      larger.set(rest)
      this.bytes = larger
      this.adopted = false
    }
    this.end = rest.length
    this.start = 0
  }
}
