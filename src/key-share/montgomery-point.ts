import { viewOf } from '../bytes/view.js'
import { bytesOfHex } from './bytes-of-hex.js'
import { type PartCheck, type PartFlaw, partFlaw } from './flaw.js'

/**
 * Points of X25519 whose order divides 8, little-endian: 0, 1, the two of order 8, and p-1, p and p+1. Every private key
 * is a multiple of 8, so each gives a shared secret of zeros (RFC 7748 §6.1).
 */
const LOW_ORDER_25519 = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(bytesOfHex)

/** The same of X448, where every private key is a multiple of 4 (RFC 7748 §6.2): 0, 1, p-1, p and p+1. */
const LOW_ORDER_448 = [
  '00'.repeat(56),
  `01${'00'.repeat(55)}`,
  `fe${'ff'.repeat(27)}fe${'ff'.repeat(27)}`,
  `${'ff'.repeat(28)}fe${'ff'.repeat(27)}`,
  `${'00'.repeat(28)}${'ff'.repeat(28)}`,
].map(bytesOfHex)

/** Bit 255 of a point of X25519 is passed over (RFC 7748 §5). */
const X25519_LAST_BYTE = 0x7f
/** The lowest byte of p = 2^255 - 19; all above it are ff but the last, which is 7f. */
const X25519_PRIME_LOW = 0xed
/** Of p = 2^448 - 2^224 - 1, little-endian, this byte is fe and all others are ff. */
const X448_PRIME_BYTE = 28

/** A word of a point that tells nearly all others from those that are looked for. */
const TELLING_WORD_AT = 4

/** That word of the points above, each once. Of those that are not reduced it is that of p. */
const TELLING_WORDS = [...new Set(LOW_ORDER_25519.map((point) => viewOf(point).getInt32(TELLING_WORD_AT)))]

/** The u-coordinate of a point of X25519 (RFC 7748 §5). */
export const checkX25519: PartCheck = (bytes, start, end) => {
  const word = viewOf(bytes).getInt32(start + TELLING_WORD_AT)
  for (const telling of TELLING_WORDS) if (word === telling) return x25519Flaw(bytes, start, end)
  return null
}

function x25519Flaw(bytes: Uint8Array, start: number, end: number): PartFlaw | null {
  for (const point of LOW_ORDER_25519)
    if (isSame(point, bytes, start, X25519_LAST_BYTE)) return partFlaw('low-order-point')
  const isReduced =
    (bytes[start] as number) < X25519_PRIME_LOW ||
    ((bytes[end - 1] as number) & X25519_LAST_BYTE) !== X25519_LAST_BYTE ||
    !isAll(0xff, bytes, start + 1, end - 1)
  return isReduced ? null : partFlaw('non-canonical-point')
}

/** The u-coordinate of a point of X448 (RFC 7748 §5). */
export const checkX448: PartCheck = (bytes, start, end) => {
  for (const point of LOW_ORDER_448) if (isSame(point, bytes, start, 0xff)) return partFlaw('low-order-point')
  const middle = start + X448_PRIME_BYTE
  if (!isAll(0xff, bytes, middle + 1, end) || (bytes[middle] as number) < 0xfe) return null
  // p itself is of low order: all of this form that are left are above it, or below by a byte of the lower half.
  return bytes[middle] === 0xff || isAll(0xff, bytes, start, middle) ? partFlaw('non-canonical-point') : null
}

/** Whether the bytes are those of a known point, its last byte compared under a mask. */
function isSame(point: Uint8Array, bytes: Uint8Array, start: number, lastMask: number): boolean {
  const last = point.length - 1
  for (let i = 0; i < last; i++) if (point[i] !== bytes[start + i]) return false
  return point[last] === ((bytes[start + last] as number) & lastMask)
}

function isAll(value: number, bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== value) return false
  return true
}
