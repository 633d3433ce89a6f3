import { expect, test } from 'vitest'
import { isSameServerName, matchesServerName } from '../../src/bytes/server-name.js'

test.each([
  ['example.com.', 'example.com', true],
  ['example.com', 'EXAMPLE.com.', true],
  ['*.example.com.', 'www.example.com', true],
  ['*', '.', true],
  ['.', 'example.com', false],
  ['example.com..', 'example.com', false],
  ['example.com.', 'example.co', false],
])('%s fits %s: %s', (pattern, name, expected) => {
  expect(matchesServerName(pattern, name)).toBe(expected)
})

test('names are the same, case and the dot at the end aside, and no patterns', () => {
  expect(isSameServerName('WWW.example.com.', 'www.example.com')).toBe(true)
  expect(isSameServerName('*.example.com', 'www.example.com')).toBe(false)
  expect(isSameServerName('.', '')).toBe(false)
})
