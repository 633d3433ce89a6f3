import { textWidth, wrap } from '../cell.js'
import { type Colors, paint, type Tone } from '../paint.js'

/** A piece of a line, safe to print, and what it means. */
export interface Span {
  readonly text: string
  readonly tone: Tone
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
    this.lines.push(this.painted(spans).replace(/ +$/, ''))
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
  for (const { text, tone } of spans) {
    for (const word of text.split(/(?<= )(?=[^ ])/)) {
      const visible = textWidth(word.trimEnd())
      if (used + visible > width && !isFresh) breakLine()
      if (used + visible <= width) {
        const fitting = used + textWidth(word) > width ? word.trimEnd() : word
        line.push({ text: fitting, tone })
        used += textWidth(fitting)
        isFresh = false
        continue
      }
      const parts = wrap(word.trimEnd(), width - used)
      parts.forEach((part, i) => {
        if (i > 0) breakLine()
        line.push({ text: part, tone })
        used += textWidth(part)
      })
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
