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
  ['quantum', 'post-quantum'],
  ['qantum', 'post-quantum'],
  ['tum', undefined],
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

test('where no word is near, those are of which a part is, the shortest first', () => {
  const known = ['X25519Kyber768Draft00', 'kyber1024', 'kyber512', 'x25519']
  expect(nearestFew('kybr', known, 2)).toEqual(['kyber512', 'kyber1024'])
  expect(nearestFew('Kyber', known, 3)).toEqual(['kyber512', 'kyber1024', 'X25519Kyber768Draft00'])
  expect(nearestFew('kybxr', ['kyber512'], 3)).toEqual(['kyber512'])
  expect(nearestFew('kyxxr', ['kyber512'], 3)).toEqual([])
})

test('a word that is longer than all is compared with none', () => {
  expect(
    nearest(
      'k'.repeat(1_000_000),
      Array.from({ length: 1000 }, (_, i) => `kyber${i}`),
    ),
  ).toBeUndefined()
})
