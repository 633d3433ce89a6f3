import { expect, test } from 'vitest'
import { matchesGlob } from '../../src/bytes/glob.js'

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['*.example.com', 'www.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.Example.com', 'a.b.EXAMPLE.com', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a.c', 'abc', false],
  ['a**', 'a', true],
])('%j on %j: %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected)
})

test('ends soon on a text made to make it try everything', () => {
  expect(matchesGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(60_000))).toBe(false)
})
