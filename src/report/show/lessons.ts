import { printable } from '../../bytes/text.js'
import type { Lesson } from '../../teaching/index.js'
import { textWidth } from '../cell.js'
import { type Page, span } from './lines.js'

/** Lines longer than this are hard to read on. */
const WIDEST_TEXT = 100

/** What the handshake teaches, in paragraphs. */
export function tellLessons(page: Page, lessons: readonly Lesson[], language: 'en' | 'ja'): void {
  if (lessons.length === 0) return
  page.heading(language === 'ja' ? '解説' : 'What this teaches')
  for (const { title, text } of lessons) {
    page.blank()
    for (const line of wrapText(title, Math.min(page.width, WIDEST_TEXT))) page.exact([span(line, 'strong')])
    for (const paragraph of text.split('\n'))
      for (const line of wrapText(paragraph, Math.min(page.width, WIDEST_TEXT) - 2)) page.exact([span(`  ${line}`)])
  }
}

/** Characters that no line of Japanese begins with (JIS X 4051): they stay with what is in front of them. */
const NOT_FIRST = /^[、。，．・：；？！）」』】〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)\]}%]/u
/** And that none ends with. */
const NOT_LAST = /[（「『【〔〈《([{]$/u

/**
 * Text in lines of at most `width` columns. Latin words are broken between, Japanese anywhere that its rules allow; a
 * wide character takes two columns.
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const unit of unitsOf(printable(text.trim()))) {
    const columns = textWidth(unit.trimEnd())
    if (used > 0 && used + columns > width) {
      lines.push(line.trimEnd())
      line = ''
      used = 0
    }
    // A word that is longer than a line is broken where the line ends.
    for (const char of used === 0 && columns > width ? unit : [unit]) {
      const more = textWidth(char)
      if (used > 0 && used + textWidth(char.trimEnd()) > width) {
        lines.push(line.trimEnd())
        line = ''
        used = 0
      }
      if (used === 0 && char === ' ') continue
      line += char
      used += more
    }
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd())
  return lines
}

/** What stays together on a line: a word with the space behind it, or a wide character with what must not leave it. */
function unitsOf(text: string): string[] {
  const units: string[] = []
  for (const part of text.match(/[\u1100-\u{10ffff}]|[^\u1100-\u{10ffff} ]+ *| +/gu) ?? []) {
    const before = units.at(-1)
    const joins = before !== undefined && !before.endsWith(' ') && (NOT_FIRST.test(part) || NOT_LAST.test(before))
    if (joins) units[units.length - 1] = before + part
    else units.push(part)
  }
  return units
}
