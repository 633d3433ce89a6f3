import { expect, it } from 'vitest'
import { pskModeName } from '../../src/registry/psk-modes.js'

it.each([
  [0x00, 'psk_ke'],
  [0x01, 'psk_dhe_ke'],
  [0x0b, 'GREASE (0x0b)'],
  [0x07, 'unknown (0x07)'],
])('names PSK mode %i %s', (mode, name) => {
  expect(pskModeName(mode)).toBe(name)
})
