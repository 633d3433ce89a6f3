import { describe, expect, test } from 'vitest'
import { ENGLISH } from '../../src/teaching/english.js'
import { JAPANESE } from '../../src/teaching/japanese.js'
import { LESSON_VALUES, type LessonKey } from '../../src/teaching/lesson.js'

const KEYS = Object.keys(LESSON_VALUES) as LessonKey[]

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string))].sort()
}

/** Full stops and question marks that end a sentence, not those in numbers and names. */
function sentences(text: string): number {
  return [...text.matchAll(/[.?](?=\s|$)|。/g)].length
}

describe.each([
  ['English', ENGLISH],
  ['Japanese', JAPANESE],
])('the lessons in %s', (_, texts) => {
  test('are those there are, in the order of a handshake', () => {
    expect(Object.keys(texts)).toEqual(KEYS)
  })

  test.each(KEYS)('%s names its values and no others, in its text alone', (key) => {
    expect(placeholders(texts[key].text)).toEqual([...LESSON_VALUES[key]].sort())
    expect(placeholders(texts[key].title)).toEqual([])
    expect(texts[key].text.replaceAll(/\{\w+\}/g, '')).not.toMatch(/[{}]/)
  })

  test.each(KEYS)('%s is short: a title, and two to five sentences', (key) => {
    expect(texts[key].title.length).toBeGreaterThan(3)
    expect(texts[key].title.length).toBeLessThan(80)
    expect(sentences(texts[key].text), texts[key].text).toBeGreaterThanOrEqual(2)
    expect(sentences(texts[key].text), texts[key].text).toBeLessThanOrEqual(5)
    expect(texts[key].text).toMatch(/[.。]$/)
  })
})

test('the Japanese lessons keep a key share apart from key agreement, which 鍵共有 stands for', () => {
  for (const key of KEYS) expect(JAPANESE[key].text + JAPANESE[key].title).not.toContain('鍵共有')
  expect(JAPANESE['client-hello-grew'].text).toContain('キーシェア (key share)')
})

test('the Japanese lessons are written in Japanese, politely, and keep protocol names in Latin script', () => {
  for (const key of KEYS) {
    expect(JAPANESE[key].text).toMatch(/(?:です|ます|せん|ました|でした|ください)。/)
    expect(JAPANESE[key].text).not.toMatch(/クライアントハロー|サーバーハロー|である。|だ。|[Ａ-Ｚａ-ｚ０-９]/)
  }
})

test('a key exchange that is none of those with a name, as RSA_PSK, does not speak against the secret beside it', () => {
  expect(ENGLISH['classical-other'].text).toMatch(/If a secret that both sides had before .* may last/)
  expect(ENGLISH['harvest-classical-psk'].text).toContain('keeps the session closed')
  expect(JAPANESE['classical-other'].text).toContain('その秘密だけです')
})
