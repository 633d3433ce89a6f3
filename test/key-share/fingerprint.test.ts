import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprintOf } from '../../src/key-share/fingerprint.js'
import { join } from '../support/bytes.js'

function fingerprint(bytes: Uint8Array, before = 0): number[] {
  const around = join(new Uint8Array(before), bytes, [1, 2, 3])
  const { a, b, c, d } = fingerprintOf(around, before, before + bytes.length)
  return [a, b, c, d]
}

describe('fingerprintOf', () => {
  test('gives the same words wherever the bytes stand', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(9), (bytes, before) => {
        expect(fingerprint(bytes, before)).toEqual(fingerprint(bytes))
      }),
    )
  })

  test('changes in all its words with any bit, and with a zero more at the end', () => {
    for (const length of [32, 65, 97, 1216]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7)
      const own = fingerprint(bytes)
      for (let at = 0; at < length; at++) {
        const other = fingerprint(bytes.with(at, (bytes[at] as number) ^ 1))
        for (let word = 0; word < 4; word++) expect(other[word]).not.toBe(own[word])
      }
      expect(fingerprint(join(bytes, [0]))).not.toEqual(own)
    }
  })

  test.each([true, false])(
    'tells shares apart that differ in counters at some places (little-endian: %s)',
    (little) => {
      const seen = new Set<string>()
      const bytes = new Uint8Array(80)
      for (let i = 0; i < 60_000; i++) {
        new DataView(bytes.buffer).setUint32((i % 18) * 4, i, little)
        seen.add(fingerprint(bytes).join())
      }
      expect(seen.size).toBe(60_000)
    },
  )
})
