import { type TableUserConfig, table } from 'table'
import { cellText, line } from './cell.js'
import { type Fitted, GAP } from './layout.js'
import type { Colors } from './paint.js'

/** The header and a rule under it, each line ended by a line feed. */
export function drawHeader<Of>(fitted: Fitted<Of>, colors: Colors): string {
  const titles = fitted.layout.columns.map(({ title }) => title.map((text) => line(text, 'faint')))
  const header = draw(fitted, [titles.map((cell, i) => cellText(cell, fitted.widths[i] as number, colors))])
  return `${header}${colors.dim(fitted.widths.map((width) => '─'.repeat(width)).join(' '.repeat(GAP)))}\n`
}

/** Drawing takes memory of many times the text, so a long table is drawn in parts. */
const ROWS_DRAWN = 500

/** The rows without a header: drawn in parts, they line up. */
export function drawRows<Of>(fitted: Fitted<Of>, rows: readonly Of[], colors: Colors): string {
  const { columns, spaced } = fitted.layout
  const blank = columns.map(() => '')
  let text = ''
  for (let start = 0; start < rows.length; start += ROWS_DRAWN) {
    const cells = rows.slice(start, start + ROWS_DRAWN).flatMap((row) => {
      const drawn = columns.map((column, i) => cellText(column.cell(row), fitted.widths[i] as number, colors))
      return spaced ? [drawn, blank] : [drawn]
    })
    text += draw(fitted, cells)
  }
  return text
}

/** Cells are wrapped and painted already; `table` lines them up. */
function draw<Of>(fitted: Fitted<Of>, cells: string[][]): string {
  const text = table(cells, { ...FRAMELESS, columns: fitted.widths.map((width) => ({ width })) })
  return text.replace(/ +$/gm, '')
}

const FRAMELESS: TableUserConfig = {
  border: {
    topBody: '',
    topJoin: '',
    topLeft: '',
    topRight: '',
    bottomBody: '',
    bottomJoin: '',
    bottomLeft: '',
    bottomRight: '',
    bodyLeft: '',
    bodyRight: '',
    bodyJoin: ' '.repeat(GAP),
    joinBody: '',
    joinLeft: '',
    joinRight: '',
    joinJoin: '',
  },
  columnDefault: { paddingLeft: 0, paddingRight: 0 },
  drawHorizontalLine: () => false,
}
