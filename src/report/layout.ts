import { type Cell, cellWidth, textWidth } from './cell.js'

/** A column of a table. */
export interface Column<Of> {
  /** The header, a line each. */
  readonly title: readonly string[]
  readonly cell: (row: Of) => Cell
  /** What its usual content takes: not narrowed below this while another is wider, and its width in a live table. */
  readonly usual: number
  /** Below this it is hard to read, so a layout with fewer columns is taken; its content may still be narrower. */
  readonly least: number
}

/** Columns, and whether rows take several lines and so want a blank line between them. */
export interface Layout<Of> {
  readonly columns: readonly Column<Of>[]
  readonly spaced: boolean
}

/** A layout with the width of each column. */
export interface Fitted<Of> {
  readonly layout: Layout<Of>
  readonly widths: readonly number[]
}

/** Blank columns between two columns. */
export const GAP = 2
/** A column of one would not hold a character that a terminal draws in two. */
const NARROWEST_COLUMN = 2

/**
 * The first layout in which no column is narrower than it may be, or else the last; with columns as wide as their
 * content where there is room, and else narrower, first down to their usual widths. Without rows those are taken.
 */
export function layOut<Of>(layouts: readonly Layout<Of>[], rows: readonly Of[] | null, width: number): Fitted<Of> {
  for (const layout of layouts) {
    const natural = layout.columns.map((column) => naturalWidth(column, rows))
    const atLeast = (width: keyof Pick<Column<Of>, 'usual' | 'least'>): number[] =>
      layout.columns.map((column, i) => Math.min(column[width], natural[i] as number))
    const room = width - GAP * (layout.columns.length - 1)
    const legible = sum(atLeast('least')) <= room
    if (!legible && layout !== layouts.at(-1)) continue
    const floors = [atLeast('usual'), atLeast('least'), ...(legible ? [] : [natural.map(() => NARROWEST_COLUMN)])]
    return { layout, widths: floors.reduce((widths, floor) => narrowed(widths, floor, room), natural) }
  }
  throw new RangeError('no layouts')
}

function naturalWidth<Of>(column: Column<Of>, rows: readonly Of[] | null): number {
  let width = Math.max(NARROWEST_COLUMN, ...column.title.map(textWidth))
  if (rows === null) return Math.max(width, column.usual)
  for (const row of rows) width = Math.max(width, cellWidth(column.cell(row)))
  return width
}

/** Takes one from the widest that is above its floor, until all fit into `room` or stand on their floors. */
function narrowed(from: readonly number[], floor: readonly number[], room: number): number[] {
  const widths = [...from]
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    let widest = -1
    for (let i = 0; i < widths.length; i++) {
      if (
        (widths[i] as number) > (floor[i] as number) &&
        (widest < 0 || (widths[i] as number) > (widths[widest] as number))
      ) {
        widest = i
      }
    }
    if (widest < 0) break
    widths[widest] = (widths[widest] as number) - 1
  }
  return widths
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
