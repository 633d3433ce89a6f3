/**
 * How far sequence number `b` is ahead of `a`, from -2^31 to 2^31 - 1, so that numbers that wrap at 2^32 compare right
 * (RFC 9293 §3.4). Both are signed or unsigned 32-bit integers.
 */
export function sequenceDistance(a: number, b: number): number {
  return (b - a) | 0
}
