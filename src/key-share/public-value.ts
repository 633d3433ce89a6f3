import { NO_FLAWS } from './check.js'
import { publicValueFlaw } from './finite-field.js'
import type { Flaw } from './flaw.js'
import { repetitionFlaw } from './repetition.js'

/**
 * What is wrong with a public value of Diffie-Hellman in TLS 1.2 and older, which comes with its prime: ServerDHParams of
 * RFC 5246 §7.4.3. Both are indices into the same bytes.
 */
export function publicValueFlaws(
  group: number | null,
  bytes: Uint8Array,
  start: number,
  end: number,
  primeStart: number,
  primeEnd: number,
): readonly Flaw[] {
  const flaws = [
    repetitionFlaw(bytes, start, end),
    publicValueFlaw(bytes, start, end, bytes, primeStart, primeEnd),
  ].filter((flaw) => flaw !== null)
  return flaws.length === 0 ? NO_FLAWS : flaws.map((flaw) => ({ ...flaw, group, bytes: end - start, part: 'DHE' }))
}
