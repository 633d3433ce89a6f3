/** Big-endian 16-bit unsigned number. The caller has checked the bounds. */
export function readU16Be(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

/** Big-endian 24-bit unsigned number. The caller has checked the bounds. */
export function readU24Be(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
}

/** Big-endian 32-bit number as a signed 32-bit integer: `>>> 0` makes it unsigned. The caller has checked the bounds. */
export function readI32Be(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

/** Big-endian 32-bit unsigned number. The caller has checked the bounds. */
export function readU32Be(bytes: Uint8Array, at: number): number {
  return readI32Be(bytes, at) >>> 0
}

/** Little-endian 16-bit unsigned number. The caller has checked the bounds. */
export function readU16Le(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
}

/** Little-endian 32-bit unsigned number. The caller has checked the bounds. */
export function readU32Le(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  )
}

/**
 * Reads big-endian fields one after the other, and owns all bounds checks.
 *
 * A read past the end sets `failed`, moves to the end and yields 0, so that loops over `remaining()` stop by
 * themselves; nothing is thrown. `enter(n)` narrows the cursor to the next n bytes and returns the outer end, which
 * goes to `leave`, so that a length-prefixed vector reads as
 * `const outer = cursor.enter(cursor.u16()); while (cursor.remaining() > 0) ...; cursor.leave(outer)`.
 *
 * Invariant: `0 <= at <= end <= bytes.length`.
 */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0)
  /** Index of the next byte. */
  at = 0
  /** Index past the last byte that may be read. */
  end = 0
  /** A read went past the end; stays set until `reset`. */
  failed = false
  /** A vector held more bytes than its fields (RFC 9846 §4.3: trailing data is a decode error). */
  trailing = false
  /** The bytes are the beginning of a message that was cut: a vector that runs past the end is read as far as it is there. */
  partial = false

  reset(bytes: Uint8Array, start: number, end: number, partial = false): this {
    this.bytes = bytes
    this.at = start
    this.end = end
    this.failed = false
    this.trailing = false
    this.partial = partial
    return this
  }

  remaining(): number {
    return this.end - this.at
  }

  u8(): number {
    return this.has(1) ? (this.bytes[this.at++] as number) : 0
  }

  u16(): number {
    if (!this.has(2)) return 0
    this.at += 2
    return readU16Be(this.bytes, this.at - 2)
  }

  u24(): number {
    if (!this.has(3)) return 0
    this.at += 3
    return readU24Be(this.bytes, this.at - 3)
  }

  u32(): number {
    if (!this.has(4)) return 0
    this.at += 4
    return readU32Be(this.bytes, this.at - 4)
  }

  /** Passes over n bytes and returns the index of the first, or -1 where there are fewer. */
  skip(n: number): number {
    if (!this.has(n)) return -1
    this.at += n
    return this.at - n
  }

  /** Narrows to the next n bytes and returns the outer end; fails where there are fewer. */
  enter(n: number): number {
    const outer = this.end
    if (n <= outer - this.at) this.end = this.at + n
    else if (!this.partial) {
      this.failed = true
      this.at = outer
    }
    return outer
  }

  /** Jumps past the vector that `enter` opened, noting bytes that no field claimed. */
  leave(outer: number): void {
    if (this.at < this.end) this.trailing = true
    this.at = this.failed ? outer : this.end
    this.end = outer
  }

  private has(n: number): boolean {
    if (n <= this.end - this.at) return true
    this.failed = true
    this.at = this.end
    return false
  }
}
