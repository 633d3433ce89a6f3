import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonText } from '../../src/report/json-text.js'
import { JsonWriter, keptText, keptTexts } from '../../src/report/json-writer.js'
import { textOf } from '../support/session.js'

const json = new JsonWriter()
const NOTHING = keptText('')

/** What a writer makes of some calls. */
function written(write: (json: JsonWriter) => void): string {
  json.begin()
  write(json)
  return textOf(json.end())
}

/** Strings with what JSON or a terminal must not see as it is, and of every length about that of the words copied. */
const anyString = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '\u0000', '\u007f', '\u0085', 'ü', '\u202e', '\ud800', '😀') }),
  fc.string({ maxLength: 400 }),
)

describe('writer of JSON', () => {
  test('writes every number as JSON.stringify does', () => {
    const anyNumber = fc.oneof(
      fc.nat(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double(),
      fc.maxSafeInteger().map((n) => n / 1e6),
      fc.nat().map((n) => n / 1e6),
      fc.tuple(fc.nat(9), fc.nat(12)).map(([digit, power]) => (digit * 10 ** power) / 1e6),
      fc.nat(1e6).map((n) => n / 1e7),
    )
    fc.assert(
      fc.property(anyNumber, (number) => {
        expect(written((json) => json.number(NOTHING, number))).toBe(JSON.stringify(number))
      }),
      { numRuns: 3000 },
    )
  })

  test('writes numbers at the limits of each way to write them', () => {
    const powers = Array.from({ length: 23 }, (_, power) => 10 ** power)
    const limits = [...powers, 2 ** 31, 2 ** 32, 2 ** 53, 1e15, 0.000001, 0.0000001, 0.1, 0.001, 1e-300]
    const numbers = limits.flatMap((n) => [n, n - 1, n + 1, -n, n / 1e6, n / 1e6 + 1, n + 0.5, n + 0.000001])
    for (const number of [...numbers, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, Number.MIN_VALUE])
      expect(written((json) => json.number(NOTHING, number))).toBe(JSON.stringify(number))
  })

  test('writes every string as jsonText does, the first time and when it comes again', () => {
    fc.assert(
      fc.property(anyString, anyString, (before, value) => {
        const name = keptText(jsonText(before))
        const expected = jsonText(before) + jsonText(value)
        expect(written((json) => json.string(name, value))).toBe(expected)
        for (let time = 1; time <= 3; time++) expect(written((json) => json.word(name, value))).toBe(expected)
      }),
      { numRuns: 1000 },
    )
  })

  test('copies every text to any place', () => {
    fc.assert(
      fc.property(fc.array(anyString.map(jsonText)), (texts) => {
        const kept = texts.map(keptText)
        expect(
          written((json) => {
            for (const text of kept) json.kept(text)
          }),
        ).toBe(texts.join(''))
      }),
      { numRuns: 300 },
    )
  })

  test('writes null, booleans and any value behind their names', () => {
    const name = keptTexts({ a: '{"a":', b: ',"b":' })
    const text = written((json) => {
      json.number(name.a, null)
      json.string(name.b, null)
      json.word(name.b, null)
      json.boolean(name.b, true)
      json.boolean(name.b, false)
      json.kept(name.b)
      json.value([{ c: 'ü\u202e' }])
    })
    expect(text).toBe('{"a":null,"b":null,"b":null,"b":true,"b":false,"b":[{"c":"ü\\u202e"}]')
  })

  test('grows with a long text, and is small again after a hundred that are not', () => {
    const numbers = Array.from({ length: 40_000 }, (_, i) => i)
    const comma = keptText(',')
    const text = written((json) => {
      for (const number of numbers) json.number(comma, number)
      json.string(comma, 'a'.repeat(300_000))
      json.value('ü'.repeat(300_000))
    })
    expect(text).toBe(
      `${numbers.map((number) => `,${number}`).join('')},"${'a'.repeat(300_000)}""${'ü'.repeat(300_000)}"`,
    )
    for (let i = 0; i < 102; i++) json.begin()
    expect(json.end().buffer.byteLength).toBeLessThan(100_000)
  })

  test('still writes a word when more have been written than it keeps', () => {
    const words = Array.from({ length: 3000 }, (_, i) => `word ${i % 2000}`)
    const text = written((json) => {
      for (const word of words) json.word(NOTHING, word)
    })
    expect(text).toBe(words.map(jsonText).join(''))
  })
})
