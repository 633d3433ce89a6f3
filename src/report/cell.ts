import { type Colors, paint, type Tone } from './paint.js'

/** A piece of a cell that starts on a line of its own, and is wrapped where the column is narrower. */
export interface CellLine {
  readonly text: string
  readonly tone: Tone
}

export type Cell = readonly CellLine[]

export function line(text: string, tone: Tone = 'plain'): CellLine {
  return { text, tone }
}

/** Columns that a cell takes when nothing is wrapped. */
export function cellWidth(cell: Cell): number {
  return cell.reduce((width, { text }) => Math.max(width, textWidth(text)), 0)
}

/** The cell as lines of at most `width` columns, joined by line feeds, each line painted by itself. */
export function cellText(cell: Cell, width: number, colors: Colors): string {
  return cell.flatMap(({ text, tone }) => wrap(text, width).map((part) => paint(part, tone, colors))).join('\n')
}

/**
 * Columns that a terminal takes for the text, or more: characters that some draw in two columns count as two, marks
 * that combine with the one before as one. So text that is measured with this never overflows.
 */
export function textWidth(text: string): number {
  let width = 0
  for (const char of text) width += charWidth(char)
  return width
}

/** The text in pieces of at most `width` columns (1 at least), broken after a space or a separator where there is one. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let rest = text
  while (textWidth(rest) > width) {
    const fits = lengthThatFits(rest, width)
    const at = lastBreak(rest, fits)
    lines.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  if (rest !== '' || lines.length === 0) lines.push(rest)
  return lines
}

/** The text, or as much of its start as fits in `width` columns (more than 3) with `...` after it. */
export function cut(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${text.slice(0, lengthThatFits(text, width - 3))}...`
}

function charWidth(char: string): number {
  const code = char.codePointAt(0) as number
  // Below U+1100 only these two are ever drawn as emoji; East Asian wide characters begin there.
  return code >= 0x1100 || code === 0xa9 || code === 0xae ? 2 : 1
}

/** Length, in UTF-16 units, of the longest start of at most `width` columns; one character where none fits. */
function lengthThatFits(text: string, width: number): number {
  let columns = 0
  let length = 0
  for (const char of text) {
    columns += charWidth(char)
    if (columns > width && length > 0) break
    length += char.length
  }
  return length
}

/** Where to break within the first `fits` units: after the last space or separator beyond `-> `, else at `fits`. */
function lastBreak(text: string, fits: number): number {
  if (text[fits] === ' ') return fits
  for (let at = fits; at > 3; at--) if (/[ .:,/\-_]/.test(text[at - 1] as string)) return at
  return fits
}
