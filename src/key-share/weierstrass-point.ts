import { viewOf } from '../bytes/view.js'
import type { CurveRow } from './curves.js'
import { type PartCheck, type PartFlaw, partFlaw } from './flaw.js'

/** First byte of a point (SEC 1 §2.3.3): not compressed, and compressed with an even or an odd Y. */
const UNCOMPRESSED = 4
const COMPRESSED = [2, 3]

/**
 * Whether a point is on its curve: an UncompressedPointRepresentation (RFC 9846 §4.3.8.2) with coordinates below the
 * prime that satisfy the curve's equation. Some microseconds for each point.
 */
export function weierstrassCheck([, coordinateBytes, pHex, aHex, bHex]: CurveRow): PartCheck {
  const [p, a, b] = [pHex, aHex, bHex].map((hex) => BigInt(`0x${hex}`)) as [bigint, bigint, bigint]
  return (bytes, start, end) => {
    if (bytes[start] !== UNCOMPRESSED) return formFlaw(bytes[start] as number)
    const x = numberOf(bytes, start + 1, start + 1 + coordinateBytes)
    const y = numberOf(bytes, start + 1 + coordinateBytes, end)
    if (x >= p) return partFlaw('point-out-of-range', 0)
    if (y >= p) return partFlaw('point-out-of-range', 1)
    return ((x * x + a) * x + b - y * y) % p === 0n ? null : partFlaw('point-not-on-curve')
  }
}

/** The flaw of a point by its first byte, which is not 4. */
function formFlaw(first: number): PartFlaw {
  return partFlaw(isCompressedForm(first) ? 'compressed-point' : 'point-format', 0, first)
}

export function isCompressedForm(first: number): boolean {
  return COMPRESSED.includes(first)
}

/** A big-endian number. */
function numberOf(bytes: Uint8Array, start: number, end: number): bigint {
  const view = viewOf(bytes)
  let at = start
  let value = 0n
  for (const whole = at + ((end - at) % 8); at < whole; at++) value = (value << 8n) | BigInt(view.getUint8(at))
  for (; at < end; at += 8) value = (value << 64n) | view.getBigUint64(at)
  return value
}
