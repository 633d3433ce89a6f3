import { viewOf } from '../bytes/view.js'

/** 128 bits that tell the bytes of key shares apart, as four signed 32-bit numbers. */
export interface Fingerprint {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

/** Odd numbers with their bits well mixed: the fractions of the golden ratio and of three square roots. */
const A = 0x9e3779b1
const B = 0x6a09e667
const C = 0xbb67ae85
const D = 0x3c6ef373

/**
 * The fingerprint of some bytes. Each step can be undone, so that bytes of one length that differ in one word never have
 * the same one; others do once in 2^128 by chance. Who sets out to can make two that do: it is no cryptographic hash.
 */
export function fingerprintOf(bytes: Uint8Array, start: number, end: number): Fingerprint {
  const view = viewOf(bytes)
  let a = A
  let b = B
  let c = C
  let d = end - start
  let at = start
  for (; at + 32 <= end; at += 32) {
    a = Math.imul(a ^ view.getInt32(at, true), A)
    b = Math.imul(b ^ view.getInt32(at + 4, true), B)
    c = Math.imul(c ^ view.getInt32(at + 8, true), C)
    d = Math.imul(d ^ view.getInt32(at + 12, true), D)
    // A product carries bits upwards alone; what is shifted down keeps two words apart that differ in their high bits.
    a = ((a ^ (a >>> 15)) + view.getInt32(at + 16, true)) | 0
    b = ((b ^ (b >>> 13)) + view.getInt32(at + 20, true)) | 0
    c = ((c ^ (c >>> 16)) + view.getInt32(at + 24, true)) | 0
    d = ((d ^ (d >>> 14)) + view.getInt32(at + 28, true)) | 0
    a = (a + b) | 0
    b = (b + c) | 0
    c = (c + d) | 0
    d = (d + a) | 0
  }
  // What is left, a byte at a time, and then enough rounds for each bit to reach all four.
  for (let left = at; left < end + 3; left++) {
    const byte = left < end ? view.getUint8(left) : 0
    a = Math.imul(a ^ byte, A)
    b = Math.imul(b ^ (a >>> 15), B)
    c = Math.imul(c ^ (b >>> 13), C)
    d = Math.imul(d ^ (c >>> 16), D)
    a = (a + (d ^ (d >>> 14))) | 0
  }
  return { a, b, c, d }
}
