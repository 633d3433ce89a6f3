import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import { wrap } from './cell.js'
import { captureLines, findingLines, totalsLine } from './closing.js'
import { counted } from './counted.js'
import { drawHeader, drawRows } from './draw.js'
import { Findings } from './findings-told.js'
import { GROUPED_LAYOUTS, Grouped, HANDSHAKES_READ } from './grouped.js'
import { HANDSHAKE_LAYOUTS } from './handshake-layouts.js'
import { type Fitted, layOut } from './layout.js'
import type { Colors } from './paint.js'
import { preparedRows } from './prepared-rows.js'
import type { Reporter } from './reporter.js'
import { type Row, tableRow } from './row.js'
import { type TotalCounts, Totals } from './totals.js'

export interface TableOptions {
  /** Columns of the terminal; no line is wider. */
  readonly width: number
  readonly colors: Colors
  /** Every handshake, however many. */
  readonly all: boolean
  /** The capture is still being written: print each row as it comes, with widths set beforehand. */
  readonly live: boolean
  /** Several captures are read, so each is named. */
  readonly several: boolean
  /** A filter is on, so that not all handshakes of a capture arrive here. */
  readonly filtered: boolean
}

/** Rows held to be sorted and laid out together, about 1 kB each; when there are more, all leave in blocks. */
export const ROWS_HELD = 5000
/** Rows of a block; within one they are sorted by start time. */
const BLOCK_ROWS = 1000
/** Below this, not even a group's name or an IPv4 address would be legible. */
const NARROWEST = 20

/** A table for people: a row a handshake, sorted by start time within a capture, then the totals. */
export function tableReporter(options: TableOptions): Reporter {
  return new TableReporter(options)
}

interface HeldRow {
  /** Number of the capture in the run: one file may be named twice. */
  readonly capture: number
  readonly row: Row
}

class TableReporter implements Reporter {
  private readonly options: TableOptions
  private readonly width: number
  private readonly totals = new Totals()
  private readonly captures: CaptureRecord[] = []
  private held: HeldRow[] = []
  private readonly findings = new Findings()
  /** Takes all handshakes once there are more than a person reads. */
  private grouped: Grouped | null = null
  /** Set once rows have begun to leave: later ones must line up with them. */
  private fitted: Fitted<Row> | null = null
  /** The capture whose name was printed last. */
  private named = -1

  constructor(options: TableOptions) {
    this.options = options
    this.width = Math.max(options.width, NARROWEST)
  }

  begin(): string {
    if (!this.options.live) return ''
    this.fitted = layOut(HANDSHAKE_LAYOUTS, null, this.width)
    return drawHeader(this.fitted, this.options.colors)
  }

  handshake(record: HandshakeRecord): string {
    this.totals.add(record)
    return this.add(tableRow(record))
  }

  prepared(text: Uint8Array): string {
    let printed = ''
    for (const { row, count, summed } of preparedRows(text)) {
      if (summed) this.sumUp()
      printed += this.add(row, count)
    }
    return printed
  }

  count(totals: TotalCounts): void {
    this.totals.count(totals)
  }

  private add(row: Row, count = 1): string {
    this.findings.add(row)
    if (this.grouped !== null) {
      this.grouped.add(row, count)
      return ''
    }
    this.held.push({ capture: this.captures.length, row })
    const { all, live } = this.options
    if (!all && !live && this.held.length > HANDSHAKES_READ) {
      this.sumUp()
      return ''
    }
    const most = live ? 1 : this.fitted === null ? ROWS_HELD : BLOCK_ROWS
    return this.held.length >= most ? this.release() : ''
  }

  private sumUp(): void {
    if (this.grouped !== null) return
    this.grouped = new Grouped()
    for (const { row } of this.held) this.grouped.add(row)
    this.held = []
  }

  capture(record: CaptureRecord): string {
    this.captures.push(record)
    return ''
  }

  end(): string {
    const { colors, filtered } = this.options
    const table = this.grouped === null ? this.release() : this.drawGrouped(this.grouped)
    const findings = findingLines(this.findings, this.width, colors)
    const below = this.captures.map((capture) => captureLines(capture, this.width, colors)).join('')
    const before = this.captures.reduce((sum, capture) => sum + capture.handshakes, 0)
    // An interrupted run has no record of its last capture, and so no number to compare with.
    const of = filtered && before >= this.totals.handshakes ? before : null
    const blank = this.totals.handshakes === 0 || this.fitted?.layout.spaced ? '' : '\n'
    return `${table}${blank}${findings}${below}${totalsLine(this.totals, of, this.width)}`
  }

  /** The held rows, under the header where they are the first. */
  private release(): string {
    if (this.held.length === 0) return ''
    const rows = this.held.sort(
      (a, b) => a.capture - b.capture || compareTimes(a.row, b.row) || a.row.stream - b.row.stream,
    )
    this.held = []
    let text = ''
    if (this.fitted === null) {
      this.fitted = layOut(
        HANDSHAKE_LAYOUTS,
        rows.map(({ row }) => row),
        this.width,
      )
      text = drawHeader(this.fitted, this.options.colors)
    }
    for (let start = 0; start < rows.length; ) {
      const first = rows[start] as HeldRow
      let end = start + 1
      while (rows[end]?.capture === first.capture) end++
      text += this.heading(first)
      text += drawRows(
        this.fitted,
        rows.slice(start, end).map(({ row }) => row),
        this.options.colors,
      )
      start = end
    }
    return text
  }

  /** The capture's name over its first rows, where there are several captures. */
  private heading({ capture, row }: HeldRow): string {
    if (!this.options.several || capture === this.named) return ''
    this.named = capture
    return wrap(`${row.capture}:`, this.width)
      .map((text) => `${this.options.colors.bold(text)}\n`)
      .join('')
  }

  private drawGrouped(grouped: Grouped): string {
    const rows = grouped.rows()
    const fitted = layOut(GROUPED_LAYOUTS, rows, this.width)
    const hint = wrap(
      `${counted(this.totals.handshakes)} handshakes, summed up by server and key exchange; --all shows every one.`,
      this.width,
    )
    return `${hint.join('\n')}\n\n${drawHeader(fitted, this.options.colors)}${drawRows(fitted, rows, this.options.colors)}`
  }
}

/** RFC 3339 times in UTC sort as text, once the `Z` is off: a capture may mix 6 and 9 digits. */
function compareTimes(a: Row, b: Row): number {
  const timeA = a.startTime.slice(0, -1)
  const timeB = b.startTime.slice(0, -1)
  return timeA < timeB ? -1 : timeA > timeB ? 1 : 0
}
