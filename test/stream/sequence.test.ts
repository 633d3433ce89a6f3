import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sequenceDistance } from '../../src/stream/sequence.js'

describe('sequenceDistance', () => {
  it('counts across the wrap at 2^32', () => {
    expect(sequenceDistance(0xfffffffe, 3)).toBe(5)
    expect(sequenceDistance(3, 0xfffffffe)).toBe(-5)
    expect(sequenceDistance(0x7fffffff, 0x80000001)).toBe(2)
  })

  it('takes signed and unsigned numbers alike', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }), (a, distance) => {
        expect(sequenceDistance(a, (a + distance) >>> 0)).toBe(distance)
        expect(sequenceDistance(a | 0, (a + distance) | 0)).toBe(distance)
      }),
    )
  })
})
