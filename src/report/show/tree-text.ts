import { cutPieces, type PlacedPiece } from '../../bytes/pieces.js'
import { printable } from '../../bytes/text.js'
import type { FieldNode } from '../../dissect/tree.js'
import { textWidth } from '../cell.js'
import { type Page, type Span, span } from './lines.js'
import { valueSpans } from './values.js'

/** What a tree is drawn from. */
export interface TreeSource {
  readonly fields: readonly FieldNode[]
  readonly bytes: Uint8Array
  readonly pieces: readonly PlacedPiece[]
  /** Group that was agreed on; -1 where there is none. */
  readonly selected: number
}

/** Where there is room for it, Wireshark's name of a field stands beside it. */
const FIELD_NAMES_FROM = 120
/** The longest of them, and two columns in front. */
const FIELD_NAME_WIDTH = 56

/** A field a line, in wire order, with where its bytes are and how many: for `xxd -s OFFSET -l LENGTH`. */
export function drawTree(page: Page, source: TreeSource, depth: number): void {
  const gutter = gutterOf(source.pieces)
  for (const node of source.fields) drawNode(page, node, source, depth, gutter)
}

/** Widths of the columns of offset and length. */
interface Gutter {
  readonly offset: number
  readonly length: number
}

export function gutterOf(pieces: readonly PlacedPiece[]): Gutter {
  const last = pieces.reduce((most, piece) => Math.max(most, (piece.offset ?? 0) + piece.length), 0)
  const whole = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return { offset: Math.max(6, String(last).length), length: Math.max(5, String(whole).length) }
}

/** Names of the columns of a tree. */
export function treeHeader(page: Page, pieces: readonly PlacedPiece[]): void {
  const { offset, length } = gutterOf(pieces)
  page.exact([span(`${'offset'.padStart(offset)} ${'bytes'.padStart(length)}`, 'faint')])
}

function drawNode(page: Page, node: FieldNode, source: TreeSource, depth: number, gutter: Gutter): void {
  const pieces = cutPieces(source.pieces, node.start, node.length)
  const [first, ...more] = pieces
  const margin = gutterText(first, gutter)
  const indent = margin.length + 2 + depth * 2
  const label = printable(node.label)
  const spans: Span[] = [span(label, node.type === 'parts' ? 'strong' : 'plain')]
  const values = valueSpans(node, source.bytes)
  if (values.length > 0) spans.push(span(': '), ...values)
  if (node.type === 'code' && node.group !== null && node.group.id === source.selected)
    spans.push(span('  selected', 'strong'))
  page.gutter(margin, withFieldName(page.width, spans, node, indent), indent)
  for (const piece of more)
    page.gutter(gutterText(piece, gutter), [span(`goes on in frame ${piece.frame}`, 'faint')], indent + 2)
  for (const child of node.children) drawNode(page, child, source, depth + 1, gutter)
}

function gutterText(piece: PlacedPiece | undefined, { offset, length }: Gutter): string {
  const at = piece === undefined || piece.offset === null ? '-' : String(piece.offset)
  return `${at.padStart(offset)} ${String(piece?.length ?? 0).padStart(length)}`
}

function withFieldName(width: number, spans: readonly Span[], { field }: FieldNode, indent: number): Span[] {
  if (field === null || width < FIELD_NAMES_FROM) return [...spans]
  const used = indent + spans.reduce((sum, { text }) => sum + textWidth(text), 0)
  const column = Math.max(used + 2, width - FIELD_NAME_WIDTH)
  if (column + field.length > width) return [...spans]
  return [...spans, span(' '.repeat(column - used)), span(field, 'faint')]
}
