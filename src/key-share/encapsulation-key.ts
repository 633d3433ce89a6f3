import { viewOf } from '../bytes/view.js'
import { type PartCheck, type PartFlaw, partFlaw } from './flaw.js'

/** q of ML-KEM and Kyber (FIPS 203 §2.4). */
const MODULUS = 3329
/** The seed behind the coefficients (FIPS 203 §6.1): any bytes. */
const SEED_BYTES = 32
/** Eight coefficients of 12 bits, in three words. */
const STEP_BYTES = 12

/**
 * The modulus check of an encapsulation key (FIPS 203 §7.2) of ML-KEM or Kyber: each of its coefficients, 12 bits
 * little-endian, must be below 3329. A ciphertext, the server's share, has none: any bytes are one.
 */
export const checkEncapsulationKey: PartCheck = (bytes, start, end, role) => {
  if (role === 'server') return null
  const seedAt = end - SEED_BYTES
  return isReduced(bytes, start, seedAt) ? null : coefficientFlaw(bytes, start, seedAt)
}

/**
 * Whether all coefficients are below the modulus. Those with a high digit of 13 or more, hexadecimal `d00` to `fff`, are
 * looked at: of a good key only 3328 itself is among them.
 */
function isReduced(bytes: Uint8Array, start: number, end: number): boolean {
  const view = viewOf(bytes)
  for (let at = start; at < end; at += STEP_BYTES) {
    // The high digits of eight coefficients: no two of them stand at the same place in their words.
    const digits =
      (view.getInt32(at, true) & 0x00f00f00) |
      (view.getInt32(at + 4, true) & 0x0f00f00f) |
      (view.getInt32(at + 8, true) & 0xf00f00f0)
    // Bit 3 of each digit in which bits 3 and 2 are set, and bit 1 or 0.
    const high = digits & (digits << 1) & ((digits << 2) | (digits << 3)) & 0x88888888
    if (high !== 0 && !isStepReduced(bytes, at)) return false
  }
  return true
}

function isStepReduced(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < 8; index++) if (coefficientAt(bytes, at, index) >= MODULUS) return false
  return true
}

function coefficientFlaw(bytes: Uint8Array, start: number, end: number): PartFlaw {
  let first = -1
  let value = 0
  let count = 0
  const coefficients = ((end - start) / 3) * 2
  for (let index = 0; index < coefficients; index++) {
    const coefficient = coefficientAt(bytes, start, index)
    if (coefficient < MODULUS) continue
    count++
    if (first >= 0) continue
    first = index
    value = coefficient
  }
  return partFlaw('encapsulation-key-modulus', first, value, count)
}

/** ByteDecode of 12 bits (FIPS 203 §4.2.1): two coefficients in three bytes. */
function coefficientAt(bytes: Uint8Array, start: number, index: number): number {
  const at = start + (index >>> 1) * 3
  const middle = bytes[at + 1] as number
  return index % 2 === 0
    ? (bytes[at] as number) | ((middle & 15) << 8)
    : (middle >>> 4) | ((bytes[at + 2] as number) << 4)
}
