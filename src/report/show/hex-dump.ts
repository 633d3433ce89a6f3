import { cutPieces, type PlacedPiece } from '../../bytes/pieces.js'
import { hexBytes, printable } from '../../bytes/text.js'
import type { FieldNode } from '../../dissect/tree.js'
import { cut } from '../cell.js'
import { type Page, span } from './lines.js'
import { valueSpans } from './values.js'

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
  const said = `${'  '.repeat(depth)}${printable(node.label)}${values(node, source)}`
  if (node.children.length > 0) {
    writeRow(page, source.perRow, '', '', said)
    for (const child of node.children) dumpNode(page, child, source, depth + 1)
    return
  }
  const rows = rowsOf(node, source)
  const isLong = !source.all && rows.length > ROWS_BEFORE + ROWS_AFTER + 1
  rows.forEach((row, i) => {
    if (isLong && i >= ROWS_BEFORE && i < rows.length - ROWS_AFTER) {
      if (i === ROWS_BEFORE) writeRow(page, source.perRow, '', '...', `${'  '.repeat(depth + 1)}${elided(rows)}`)
      return
    }
    writeRow(page, source.perRow, row.offset, hexOf(row, source.bytes), i === 0 ? said : '')
  })
}

function elided(rows: readonly DumpRow[]): string {
  const left = rows.slice(ROWS_BEFORE, rows.length - ROWS_AFTER).reduce((sum, row) => sum + row.end - row.start, 0)
  return `${left} bytes more: --all-bytes shows them`
}

function values(node: FieldNode, { bytes }: DumpSource): string {
  // The bytes of an opaque field stand beside it.
  if (node.type === 'bytes')
    return `${node.meaning === null ? '' : `: ${printable(node.meaning)}`}, ${node.length} bytes`
  const text = valueSpans(node, bytes)
    .map((each) => each.text)
    .join('')
  return text === '' ? '' : `: ${text}`
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

/** `00000178: 16 03 01 06 14  Content Type: Handshake (22)`. */
function writeRow(page: Page, perRow: number, offset: string, hex: string, said: string): void {
  const left = `${offset === '' ? ' '.repeat(9) : `${offset}:`} `
  const middle = `${hex.padEnd(perRow * 3 - 1)}  `
  const room = page.width - left.length - middle.length
  // Too narrow for a second column: the annotation has a line of its own.
  if (room < LEAST_ANNOTATION) {
    if (said !== '') page.flow([span(said.trim())], 0, 2)
    if (hex !== '') page.flow([span(left, 'faint'), span(hex)], 0, Math.min(10, page.width - 3))
    return
  }
  page.exact([
    span(left, 'faint'),
    span(middle),
    span(cut(said, room), hex === '' || hex === '...' ? 'faint' : 'plain'),
  ])
}

const LEAST_ANNOTATION = 24
