import { expect, test } from 'vitest'
import { nearest, nearestFew } from '../../src/bytes/nearest.js'

const WORDS = ['hybrid', 'post-quantum', 'classical', 'psk']

test.each([
  ['hybird', 'hybrid'],
  ['Classic', 'classical'],
  ['postquantum', 'post-quantum'],
  ['ps', 'psk'],
  ['spk', 'psk'],
  ['something-else', undefined],
  ['zzz', undefined],
  ['x', undefined],
  ['quantum', undefined],
  ['physical', undefined],
  ['', undefined],
])('nearest to %s is %s', (word, expected) => {
  expect(nearest(word, WORDS)).toBe(expected)
})

test('the nearest few are near, each once, and the nearest first', () => {
  const known = ['secp256r1', 'secp256k1', 'secp384r1', 'secp256r1', 'x25519']
  expect(nearestFew('Secp256r', known, 3)).toEqual(['secp256r1', 'secp256k1'])
  expect(nearestFew('Secp256r', known, 1)).toEqual(['secp256r1'])
  expect(nearestFew('x', known, 3)).toEqual([])
})
