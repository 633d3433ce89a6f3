/** Random numbers that a seed determines (mulberry32). */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed | 0
  }

  /** From 0 to 2^32 - 1. */
  word(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** From 0 to `bound - 1`; 0 for a bound of 0. */
  below(bound: number): number {
    return bound <= 1 ? 0 : Math.floor((this.word() / 0x1_0000_0000) * bound)
  }

  /** From `low` to `high`, both in. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item
  }

  /** A length from 1 to `most`, small ones more often. */
  length(most: number): number {
    return Math.max(1, this.below(this.below(most) + 2))
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) bytes[i] = this.word()
    return bytes
  }
}
