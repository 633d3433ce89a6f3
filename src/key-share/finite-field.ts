import { primeOfGroup } from '../registry/dh-primes.js'
import { type PartCheck, type PartFlaw, partFlaw } from './flaw.js'

/** What `value` of a `public-value-out-of-range` says. */
export const OUT_OF_RANGE = { zero: 0, one: 1, primeMinusOne: 2, primeOrMore: 3 } as const

/** The check of a public value of a group of RFC 7919: 1 < Y < p-1 (RFC 9846 §4.3.8.1). */
export function finiteFieldCheck(group: number): PartCheck {
  return (bytes, start, end) => {
    // All these primes begin with 64 bits that are set: nearly every value is below them at first sight.
    if (bytes[start] !== 0 && bytes[start] !== 0xff) return null
    const prime = primeOfGroup(group)
    return prime === null ? null : publicValueFlaw(bytes, start, end, prime, 0, prime.length)
  }
}

/**
 * The same for a prime that stands in some bytes, both numbers big-endian: 1 < Y < p-1 (RFC 7919 §5.1). Leading zeros
 * count for nothing. An even p, which is no prime, may pass with a Y of p-1.
 */
export function publicValueFlaw(
  bytes: Uint8Array,
  start: number,
  end: number,
  prime: Uint8Array,
  primeStart: number,
  primeEnd: number,
): PartFlaw | null {
  const at = withoutZeros(bytes, start, end)
  const primeAt = withoutZeros(prime, primeStart, primeEnd)
  if (at === end) return outOfRange('zero')
  if (at === end - 1 && bytes[at] === 1) return outOfRange('one')
  if (end - at !== primeEnd - primeAt) return end - at > primeEnd - primeAt ? outOfRange('primeOrMore') : null
  for (let i = 0; i < end - at - 1; i++) {
    const difference = (bytes[at + i] as number) - (prime[primeAt + i] as number)
    if (difference !== 0) return difference > 0 ? outOfRange('primeOrMore') : null
  }
  const last = (bytes[end - 1] as number) - (prime[primeEnd - 1] as number)
  if (last >= 0) return outOfRange('primeOrMore')
  return last === -1 ? outOfRange('primeMinusOne') : null
}

function outOfRange(where: keyof typeof OUT_OF_RANGE): PartFlaw {
  return partFlaw('public-value-out-of-range', 0, OUT_OF_RANGE[where])
}

function withoutZeros(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === 0) at++
  return at
}
