import { expect, test } from 'vitest'
import { nearest } from '../../src/cli/nearest.js'

const WORDS = ['hybrid', 'post-quantum', 'classical', 'psk']

test.each([
  ['hybird', 'hybrid'],
  ['Classic', 'classical'],
  ['postquantum', 'post-quantum'],
  ['ps', 'psk'],
  ['something-else', undefined],
  ['zzz', undefined],
])('nearest to %s is %s', (word, expected) => {
  expect(nearest(word, WORDS)).toBe(expected)
})
