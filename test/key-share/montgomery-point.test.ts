import { x448 } from '@noble/curves/ed448.js'
import { x25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkX448, checkX25519 } from '../../src/key-share/montgomery-point.js'
import { little } from '../support/bytes.js'

const P25519 = 2n ** 255n - 19n
const P448 = 2n ** 448n - 2n ** 224n - 1n

const code25519 = (bytes: Uint8Array) => checkX25519(bytes, 0, bytes.length, 'client')?.code ?? null
const code448 = (bytes: Uint8Array) => checkX448(bytes, 0, bytes.length, 'client')?.code ?? null

/** Points of small order on curve25519 and its twist (Bernstein, "Curve25519: new Diffie-Hellman speed records"). */
const SMALL_25519 = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  P25519 - 1n,
  P25519,
  P25519 + 1n,
]
const SMALL_448 = [0n, 1n, P448 - 1n, P448, P448 + 1n]

describe('checkX25519', () => {
  test.each(SMALL_25519)('refuses %s, with which every secret is zero, whatever its highest bit', (u) => {
    const point = little(u, 32)
    expect(code25519(point)).toBe('low-order-point')
    const marked = Uint8Array.from(point)
    marked[31] = (marked[31] as number) | 0x80
    expect(code25519(marked)).toBe('low-order-point')
    // @noble/curves says so by throwing.
    expect(() => x25519.scalarMult(new Uint8Array(32).fill(7), point)).toThrow()
  })

  test('takes every public key of @noble/curves', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret) => {
        expect(code25519(x25519.getPublicKey(secret))).toBeNull()
      }),
    )
  })

  test('takes what is next to a point of low order', () => {
    for (const u of [2n, P25519 - 2n, ...SMALL_25519.slice(2, 4).flatMap((point) => [point - 1n, point + 1n])])
      expect(code25519(little(u, 32))).toBeNull()
  })

  test('remarks on numbers from p on that are not of low order', () => {
    for (const u of [P25519 + 2n, 2n ** 255n - 1n]) expect(code25519(little(u, 32))).toBe('non-canonical-point')
    expect(code25519(little(2n ** 256n - 1n, 32))).toBe('non-canonical-point')
    expect(code25519(little(2n ** 255n + 2n, 32))).toBeNull()
  })
})

describe('checkX448', () => {
  test.each(SMALL_448)('refuses %s, with which every secret is zero', (u) => {
    expect(code448(little(u, 56))).toBe('low-order-point')
    expect(() => x448.scalarMult(new Uint8Array(56).fill(7), little(u, 56))).toThrow()
  })

  test('takes every public key of @noble/curves', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 56, maxLength: 56 }), (secret) => {
        expect(code448(x448.getPublicKey(secret))).toBeNull()
      }),
      { numRuns: 20 },
    )
  })

  test('remarks on numbers from p on that are not of low order', () => {
    for (const u of [P448 + 2n, 2n ** 448n - 1n]) expect(code448(little(u, 56))).toBe('non-canonical-point')
    for (const u of [2n, P448 - 2n, 2n ** 447n, 2n ** 448n - 2n ** 225n - 1n]) expect(code448(little(u, 56))).toBeNull()
  })
})
