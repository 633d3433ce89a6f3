import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { repetitionFlaw } from '../../src/key-share/repetition.js'

describe('repetitionFlaw', () => {
  test('finds a run of 1, 2, 4 or 8 bytes over and over', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4, 8), fc.integer({ min: 16, max: 80 }), (run, length) => {
        const bytes = Uint8Array.from({ length }, (_, i) => (i % run) + 1)
        expect(repetitionFlaw(bytes, 0, length)).toMatchObject({ code: 'repeated-bytes', value: 1, count: run })
        bytes[length - 1] = 0xee
        expect(repetitionFlaw(bytes, 0, length)).toBeNull()
      }),
    )
  })

  test('finds nothing in a few bytes', () => {
    expect(repetitionFlaw(new Uint8Array(15), 0, 15)).toBeNull()
    expect(repetitionFlaw(new Uint8Array(16), 0, 16)).toMatchObject({ value: 0, count: 1 })
  })
})
