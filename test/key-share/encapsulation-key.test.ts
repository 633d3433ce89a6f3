import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkEncapsulationKey } from '../../src/key-share/encapsulation-key.js'

const SEED = new Uint8Array(32).fill(0xff)

/** ByteEncode of 12 bits (FIPS 203 §4.2.1), and the seed. */
function encode(coefficients: readonly number[]): Uint8Array {
  const bytes: number[] = []
  for (let i = 0; i < coefficients.length; i += 2) {
    const [even, odd] = [coefficients[i] as number, coefficients[i + 1] as number]
    bytes.push(even & 255, (even >> 8) | ((odd & 15) << 4), odd >> 4)
  }
  return Uint8Array.from([...bytes, ...SEED])
}

const check = (key: Uint8Array, side: 'client' | 'server' = 'client') => checkEncapsulationKey(key, 0, key.length, side)
const coefficients = (max: number) => fc.array(fc.nat(max), { minLength: 512, maxLength: 512 })

describe('checkEncapsulationKey', () => {
  test('takes every key whose coefficients are below 3329, at whatever place it stands', () => {
    fc.assert(
      fc.property(coefficients(3328), fc.nat(20), (list, before) => {
        const key = Uint8Array.from([...new Uint8Array(before).fill(0xff), ...encode(list)])
        expect(checkEncapsulationKey(key, before, key.length, 'client')).toBeNull()
      }),
    )
  })

  test('names the first coefficient that is not, and counts them', () => {
    fc.assert(
      fc.property(coefficients(3328), fc.nat(511), fc.integer({ min: 3329, max: 4095 }), (list, index, value) => {
        const key = encode(list.with(index, value))
        expect(check(key)).toEqual({ code: 'encapsulation-key-modulus', index, value, count: 1 })
        expect(check(key, 'server')).toBeNull()
      }),
    )
  })

  test('agrees with the definition for any coefficients', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4095), { minLength: 256, maxLength: 256 }), (list) => {
        const bad = list.filter((value) => value >= 3329)
        expect(check(encode(list))?.count ?? 0).toBe(bad.length)
      }),
    )
  })

  test('knows 3328 and 3329 apart at each place of a step', () => {
    for (let index = 0; index < 16; index++) {
      const list = new Array<number>(256).fill(0)
      expect(check(encode(list.with(index, 3328)))).toBeNull()
      expect(check(encode(list.with(index, 3329)))).toMatchObject({ index, value: 3329 })
      expect(check(encode(list.with(index, 0xd00 - 1)))).toBeNull()
    }
  })
})
