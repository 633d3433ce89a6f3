import { getDiffieHellman } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { finiteFieldCheck, OUT_OF_RANGE, publicValueFlaw } from '../../src/key-share/finite-field.js'
import { primeOfGroup } from '../../src/registry/dh-primes.js'
import { big, join } from '../support/bytes.js'
import { ffdhe2048Prime } from '../support/tls.js'

const P = BigInt(`0x${Buffer.from(ffdhe2048Prime()).toString('hex')}`)

describe('finiteFieldCheck', () => {
  const value = (y: bigint) => {
    const bytes = join([0xff], big(y, 256), [0xff])
    return finiteFieldCheck(0x0100)(bytes, 1, 257, 'client')?.value ?? null
  }

  test('takes 1 < Y < p-1 and nothing else', () => {
    for (const y of [2n, 255n, 256n, P / 2n, P - 2n, 2n ** 2047n]) expect(value(y)).toBeNull()
    expect(value(0n)).toBe(OUT_OF_RANGE.zero)
    expect(value(1n)).toBe(OUT_OF_RANGE.one)
    expect(value(P - 1n)).toBe(OUT_OF_RANGE.primeMinusOne)
    for (const y of [P, P + 1n, 2n ** 2048n - 1n]) expect(value(y)).toBe(OUT_OF_RANGE.primeOrMore)
  })

  test('has a prime for each group of RFC 7919, and for no other', () => {
    expect(primeOfGroup(0x0100)).toEqual(ffdhe2048Prime())
    expect([0x0100, 0x0101, 0x0102, 0x0103, 0x0104].map((group) => primeOfGroup(group)?.length)).toEqual([
      256, 384, 512, 768, 1024,
    ])
    expect(primeOfGroup(0x001d)).toBeNull()
  })
})

describe('publicValueFlaw', () => {
  const prime = Uint8Array.from(getDiffieHellman('modp14').getPrime())
  const flaw = (y: Uint8Array) => publicValueFlaw(y, 0, y.length, prime, 0, prime.length)?.value ?? null

  test('takes the public keys of node:crypto', () => {
    const group = getDiffieHellman('modp14')
    for (let i = 0; i < 3; i++) expect(flaw(Uint8Array.from(group.generateKeys()))).toBeNull()
  })

  test('counts leading zeros for nothing, on either side', () => {
    expect(flaw(join([0, 0], prime))).toBe(OUT_OF_RANGE.primeOrMore)
    expect(flaw(Uint8Array.of(1))).toBe(OUT_OF_RANGE.one)
    expect(flaw(Uint8Array.of(0, 2))).toBeNull()
    expect(flaw(new Uint8Array(0))).toBe(OUT_OF_RANGE.zero)
    const padded = join([0], prime)
    expect(publicValueFlaw(prime, 0, prime.length, padded, 0, padded.length)?.value).toBe(OUT_OF_RANGE.primeOrMore)
    expect(publicValueFlaw(Uint8Array.of(5), 0, 1, new Uint8Array(4), 0, 4)?.value).toBe(OUT_OF_RANGE.primeOrMore)
  })
})
