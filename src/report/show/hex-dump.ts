import { cutPieces, type PlacedPiece } from '../../bytes/pieces.js'
import { hexBytes, printable } from '../../bytes/text.js'
import type { FieldNode } from '../../dissect/tree.js'
import { wrap } from '../cell.js'
import { counted, plural } from '../counted.js'
import type { Tone } from '../paint.js'
import { safeText } from '../safe-text.js'
import { type Page, span } from './lines.js'
import { kindWords } from './values.js'

/** A long key is shown by its first rows and its last, unless all bytes are wanted. */
const ROWS_BEFORE = 2
const ROWS_AFTER = 1
/** A terminal of this width has room for 16 bytes a row, as xxd has them, with the field beside. */
const WIDE = 110

/**
 * A message as an annotated dump: the offset in the capture as `xxd` writes it, bytes, and beside them the field that
 * each belongs to. Fields begin a row of their own, and so does what stands elsewhere in the capture.
 */
export function dumpTree(
  page: Page,
  fields: readonly FieldNode[],
  bytes: Uint8Array,
  pieces: readonly PlacedPiece[],
  all: boolean,
): void {
  const perRow = page.width >= WIDE ? 16 : 8
  for (const node of fields) dumpNode(page, node, { bytes, pieces, all, perRow }, 0)
}

interface DumpSource {
  readonly bytes: Uint8Array
  readonly pieces: readonly PlacedPiece[]
  readonly all: boolean
  readonly perRow: number
}

function dumpNode(page: Page, node: FieldNode, source: DumpSource, depth: number): void {
  const said = `${printable(node.label)}${values(node)}`
  const writer = new RowWriter(page, source.perRow, depth)
  if (node.children.length > 0) {
    writer.write([], said)
    for (const child of node.children) dumpNode(page, child, source, depth + 1)
    return
  }
  const rows = rowsOf(node, source)
  const hex = (shown: readonly DumpRow[]): HexRow[] =>
    shown.map((row) => ({ offset: row.offset, hex: hexOf(row, source.bytes) }))
  if (source.all || rows.length <= ROWS_BEFORE + ROWS_AFTER + 1) {
    writer.write(hex(rows), said)
    return
  }
  const left = rows.slice(ROWS_BEFORE, rows.length - ROWS_AFTER)
  const leftOut = left.reduce((sum, row) => sum + row.end - row.start, 0)
  writer.write(hex(rows.slice(0, ROWS_BEFORE)), said)
  writer.write([{ offset: '', hex: '...' }], `${counted(leftOut)} more bytes (--all-bytes)`, 'faint')
  writer.write(hex(rows.slice(-ROWS_AFTER)), '')
}

/** What a field says; the number of a code point stands beside it already. */
function values({ type, value, meaning, length, group }: FieldNode): string {
  if (type === 'bytes') return `${meaning === null ? '' : `: ${printable(meaning)}`}, ${plural(length, 'byte')}`
  if (type === 'text') return `: ${safeText(String(value))}`
  const said = type === 'number' ? String(value) : meaning
  const mark = group === null ? '' : `  ${kindWords(group)}`
  return said === null ? mark : `: ${printable(said)}${mark}`
}

interface DumpRow {
  readonly offset: string
  readonly start: number
  readonly end: number
}

function rowsOf({ start, length }: FieldNode, { pieces, perRow }: DumpSource): DumpRow[] {
  const rows: DumpRow[] = []
  for (const piece of cutPieces(pieces, start, length)) {
    for (let at = 0; at < piece.length; at += perRow) {
      const offset = piece.offset === null ? '--------' : (piece.offset + at).toString(16).padStart(8, '0')
      rows.push({ offset, start: piece.start + at, end: piece.start + Math.min(at + perRow, piece.length) })
    }
  }
  return rows
}

function hexOf({ start, end }: DumpRow, bytes: Uint8Array): string {
  return hexBytes(bytes, start, end).replace(/..(?!$)/g, '$& ')
}

interface HexRow {
  readonly offset: string
  readonly hex: string
}

/** Writes rows such as `00000178: 16 03 01 06 14  Content Type: Handshake (22)`. */
class RowWriter {
  private readonly page: Page
  private readonly perRow: number
  private readonly depth: number

  constructor(page: Page, perRow: number, depth: number) {
    this.page = page
    this.perRow = perRow
    this.depth = depth
  }

  /** The rows, and beside them what they are, on as many lines as the longer of both takes. */
  write(rows: readonly HexRow[], said: string, tone: Tone = 'plain'): void {
    const hexWidth = this.perRow * 3 - 1
    const indent = this.depth * 2
    const room = this.page.width - OFFSET_WIDTH - hexWidth - 2 - indent
    if (room < LEAST_ANNOTATION) {
      this.writeBelow(rows, said, tone)
      return
    }
    const words = said === '' ? [] : wrap(said, room)
    for (let i = 0; i < Math.max(rows.length, words.length); i++) {
      const { offset = '', hex = '' } = rows[i] ?? {}
      const left = offset === '' ? '' : `${offset}: `
      const isHeading = rows.length === 0
      this.page.exact([
        span(left.padEnd(OFFSET_WIDTH), 'faint'),
        span(`${hex.padEnd(hexWidth)}  ${' '.repeat(indent)}`),
        span(words[i] ?? '', isHeading ? 'strong' : tone),
      ])
    }
  }

  /** On a narrow terminal the annotation stands above its bytes. */
  private writeBelow(rows: readonly HexRow[], said: string, tone: Tone): void {
    if (said !== '') this.page.flow([span(said, rows.length === 0 ? 'strong' : tone)], this.depth)
    for (const { offset, hex } of rows)
      this.page.flow([span(offset === '' ? '' : `${offset}: `, 'faint'), span(hex)], 0, OFFSET_WIDTH)
  }
}

/** Eight digits, a colon and a space. */
const OFFSET_WIDTH = 10
const LEAST_ANNOTATION = 24
