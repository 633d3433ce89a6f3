import { expect, it } from 'vitest'
import { isGrease, isGreasePskMode } from '../../src/registry/grease.js'

it('knows the 16 two-byte values of RFC 8701 and no other', () => {
  const grease = Array.from({ length: 0x10000 }, (_, id) => id).filter(isGrease)
  expect(grease).toEqual(Array.from({ length: 16 }, (_, i) => 0x0a0a + i * 0x1010))
})

it('knows the 8 PSK modes of RFC 8701 and no other', () => {
  const grease = Array.from({ length: 0x100 }, (_, mode) => mode).filter(isGreasePskMode)
  expect(grease).toEqual([0x0b, 0x2a, 0x49, 0x68, 0x87, 0xa6, 0xc5, 0xe4])
})

it('takes no 24-bit cipher kind for GREASE', () => {
  expect(isGrease(0x010a0a)).toBe(false)
})
