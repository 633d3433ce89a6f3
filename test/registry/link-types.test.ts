import { expect, it } from 'vitest'
import { linkTypeName } from '../../src/registry/link-types.js'

it.each([
  [0, 'NULL'],
  [1, 'ETHERNET'],
  [12, 'RAW'],
  [14, 'RAW'],
  [101, 'RAW'],
  [113, 'LINUX_SLL'],
  [147, 'USER0'],
  [162, 'USER15'],
  [163, 'IEEE802_11_AVS'],
  [276, 'LINUX_SLL2'],
  [300, 'unknown (300)'],
])('names link type %i %s', (id, name) => {
  expect(linkTypeName(id)).toBe(name)
})
