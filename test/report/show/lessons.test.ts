import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textWidth } from '../../../src/report/cell.js'
import { tellLessons, wrapText } from '../../../src/report/show/lessons.js'
import { Page } from '../../../src/report/show/lines.js'
import type { Lesson } from '../../../src/teaching/index.js'
import { PLAIN } from '../../support/colors.js'

describe('text', () => {
  test('is wrapped between Latin words', () => {
    expect(wrapText('a hybrid joins two key exchanges', 12)).toEqual(['a hybrid', 'joins two', 'key', 'exchanges'])
  })

  test('of Japanese is wrapped anywhere, two columns a character, and no line begins with a full stop', () => {
    expect(wrapText('鍵交換は二つの方式を組み合わせる。', 16)).toEqual(['鍵交換は二つの方', '式を組み合わせ', 'る。'])
    expect(wrapText('これは「鍵」です', 8)).toEqual(['これは', '「鍵」で', 'す'])
  })

  test('of both keeps Latin words whole', () => {
    expect(wrapText('鍵はX25519MLKEM768で交換', 16)).toEqual(['鍵は', 'X25519MLKEM768で', '交換'])
  })

  test('is never wider than it may be, and nothing of it is lost', () => {
    const parts = fc.constantFrom('鍵', '交', '。', '「', '」', 'a', 'hybrid', 'ML-KEM-768', ' ', ', ', '(', ')', 'ー')
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), fc.integer({ min: 8, max: 40 }), (words, width) => {
        const text = words.join('')
        const lines = wrapText(text, width)
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
        expect(lines.join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''))
      }),
    )
  })
})

test('lessons have a title each, and paragraphs below it', () => {
  const page = new Page(30, PLAIN)
  const lessons: Lesson[] = [
    { key: 'grease', title: 'First', text: 'A paragraph that is longer than a line.\nAnother.' },
    { key: 'offer-none', title: 'Second', text: 'More \u001b[2J.' },
  ]
  tellLessons(page, lessons, 'en')
  expect(page.text).toBe(
    [
      'What this teaches',
      '',
      'First',
      '  A paragraph that is longer',
      '  than a line.',
      '  Another.',
      '',
      'Second',
      '  More \\x1b[2J.',
      '',
    ].join('\n'),
  )
})

test('no lessons have no heading', () => {
  const page = new Page(30, PLAIN)
  tellLessons(page, [], 'ja')
  expect(page.text).toBe('')
})
