import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut, textWidth, wrap } from '../../src/report/cell.js'

const require = createRequire(import.meta.url)
/** What `table` measures with. */
const stringWidth: (text: string) => number = createRequire(require.resolve('table'))('string-width')

describe('textWidth', () => {
  test('is never less than what table measures', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(textWidth(text)).toBeGreaterThanOrEqual(stringWidth(text))
      }),
    )
  })

  test('counts a character that is drawn in two columns as two', () => {
    expect(textWidth('ab')).toBe(2)
    expect(textWidth('日本')).toBe(4)
    expect(textWidth('é')).toBe(1)
  })
})

describe('wrap', () => {
  test('breaks after a space or a separator, and within a word only where there is none', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('server.example.test', 16)).toEqual(['server.example.', 'test'])
    expect(wrap('X25519Kyber768Draft00', 18)).toEqual(['X25519Kyber768Draf', 't00'])
    expect(wrap('rejected, alert handshake_failure', 12)).toEqual(['rejected,', 'alert', 'handshake_', 'failure'])
  })

  test('keeps short and empty text as it is', () => {
    expect(wrap('', 5)).toEqual([''])
    expect(wrap('short', 5)).toEqual(['short'])
  })

  test('makes no line wider than asked and loses nothing but spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = wrap(text, width)
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
      }),
    )
  })
})

describe('cut', () => {
  test('shows that something is missing', () => {
    expect(cut('0123456789', 10)).toBe('0123456789')
    expect(cut('0123456789a', 10)).toBe('0123456...')
  })
})
