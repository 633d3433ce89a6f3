import { expect, test } from 'vitest'
import { viewOf } from '../../src/bytes/view.js'

test('viewOf gives a view of the whole buffer, the same one for the last two arrays', () => {
  const [a, b, c] = [new Uint8Array([1, 2, 3]), new Uint8Array([4, 5]), new Uint8Array([6])]
  const [viewA, viewB] = [viewOf(a), viewOf(b)]
  expect(viewOf(a)).toBe(viewA)
  expect(viewOf(b)).toBe(viewB)
  expect(viewOf(c).getUint8(0)).toBe(6)
  expect(viewOf(b)).toBe(viewB)
  expect(viewOf(a).getUint8(2)).toBe(3)
})
