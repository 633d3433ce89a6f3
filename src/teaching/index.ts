import type { HandshakeRecord } from '../verdict/record.js'
import { chooseLessons } from './choose.js'
import { ENGLISH } from './english.js'
import { JAPANESE } from './japanese.js'
import type { Language, Lesson, Texts } from './lesson.js'

export type { Language, Lesson }

const TEXTS: Readonly<Record<Language, Texts>> = { en: ENGLISH, ja: JAPANESE }

/**
 * What there is to learn from a handshake, in its order: only what is true of this one, and nothing that the capture
 * does not show.
 */
export function lessons(record: HandshakeRecord, language: Language): readonly Lesson[] {
  const texts = TEXTS[language]
  return chooseLessons(record).map(({ key, values }) => {
    const { title, text } = texts[key]
    return { key, title, text: filled(text, values) }
  })
}

/** One pass: a value that looks like a placeholder, from a hostile server name, stays as it is. */
function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder))
}
