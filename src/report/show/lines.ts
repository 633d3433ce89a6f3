import { textWidth, wrap } from '../cell.js'
import { type Colors, paint, type Tone } from '../paint.js'

/** A piece of a line, safe to print, and what it means. */
export interface Span {
  readonly text: string
  readonly tone: Tone
  /** It is not broken at its spaces while it fits on a line: a command or filter is to be copied. */
  readonly whole?: boolean
}

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone }
}

/** Text of a page that never is wider than it may be. */
export class Page {
  readonly width: number
  private readonly colors: Colors
  private readonly lines: string[] = []

  constructor(width: number, colors: Colors) {
    this.width = width
    this.colors = colors
  }

  get text(): string {
    return this.lines.map((line) => `${line}\n`).join('')
  }

  blank(): void {
    if (this.lines.length > 0 && this.lines.at(-1) !== '') this.lines.push('')
  }

  heading(text: string): void {
    this.blank()
    this.flow([span(text, 'strong')])
  }

  /** A line that is known to fit. */
  exact(spans: readonly Span[]): void {
    const shown = [...spans]
    for (let last = shown.at(-1); last !== undefined; last = shown.at(-1)) {
      const text = last.text.trimEnd()
      if (text !== '') {
        shown[shown.length - 1] = { ...last, text }
        break
      }
      shown.pop()
    }
    this.lines.push(this.painted(shown))
  }

  /** Spans one after the other, wrapped between words; what is wrapped stands below column `hanging`. */
  flow(spans: readonly Span[], indent = 0, hanging = indent + 2): void {
    for (const line of wrapSpans(spans, this.width, indent, hanging)) this.exact(line)
  }

  /** As `flow`, with something faint in the margin of the first line. */
  gutter(margin: string, spans: readonly Span[], indent: number): void {
    const lines = wrapSpans(spans, this.width, indent, indent + 2)
    lines.forEach((line, i) => {
      const [blank, ...rest] = line
      const room = blank?.text.length ?? 0
      const first =
        i === 0 && room >= margin.length ? [span(margin, 'faint'), span(' '.repeat(room - margin.length))] : []
      this.exact(first.length > 0 ? [...first, ...rest] : line)
    })
  }

  private painted(spans: readonly Span[]): string {
    return spans.map(({ text, tone }) => paint(text, tone, this.colors)).join('')
  }
}

/** The spans in lines of at most `width` columns: the first behind `indent` columns, the others behind `hanging`. */
export function wrapSpans(spans: readonly Span[], width: number, indent: number, hanging: number): Span[][] {
  const lines: Span[][] = []
  // However deep it stands, some columns are left for the text.
  const behind = Math.min(hanging, Math.max(0, width - LEAST_COLUMNS))
  let line: Span[] = [span(' '.repeat(Math.min(indent, behind)))]
  let used = Math.min(indent, behind)
  let isFresh = true
  const breakLine = (): void => {
    lines.push(line)
    line = [span(' '.repeat(behind))]
    used = behind
    isFresh = true
  }
  for (const { text, tone, whole = false } of spans) {
    const isWhole = whole && textWidth(text.trimEnd()) <= width - behind
    for (const word of isWhole ? [text] : text.split(/(?<= )(?=[^ ])/)) {
      const visible = textWidth(word.trimEnd())
      if (used + visible > width && !isFresh) breakLine()
      if (used + visible <= width) {
        const fitting = used + textWidth(word) > width ? word.trimEnd() : word
        line.push({ text: fitting, tone })
        used += textWidth(fitting)
        isFresh = false
        continue
      }
      // A word that is longer than a line goes on to the next.
      for (let rest = word.trimEnd(); rest !== ''; ) {
        const part = wrap(rest, width - used)[0] ?? rest
        line.push({ text: part, tone })
        used += textWidth(part)
        rest = rest.slice(part.length).trimStart()
        if (rest !== '') breakLine()
      }
      if (word.endsWith(' ') && used < width) {
        line.push(span(' '))
        used++
      }
      isFresh = false
    }
  }
  lines.push(line)
  return lines
}

const LEAST_COLUMNS = 16
