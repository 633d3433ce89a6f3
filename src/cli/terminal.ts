import picocolors from 'picocolors'
import type { TableOptions } from '../report/index.js'
import type { Environment, TextStream } from './session.js'

/** Where there is no terminal to fit, a handshake stays on one line, for `grep` and `less -S`. */
const TABLE_WIDTH = 250
/** A page is not as wide as a table: what it says is to be read. */
const PAGE_WIDTH = 80

/** Columns that a table may take: the terminal's, or COLUMNS where standard output is none. */
export function tableWidth(stdout: TextStream, env: Environment): number {
  return columnsOf(stdout, env) ?? TABLE_WIDTH
}

/** Columns that a page of text may take, likewise. */
export function pageWidth(stdout: TextStream, env: Environment): number {
  return columnsOf(stdout, env) ?? PAGE_WIDTH
}

function columnsOf(stdout: TextStream, { COLUMNS }: Environment): number | null {
  const columns = stdout.isTTY === true ? stdout.columns : Number(COLUMNS)
  return columns !== undefined && Number.isInteger(columns) && columns > 0 ? columns : null
}

/** Colours by `--color` or `--no-color`, else NO_COLOR, else FORCE_COLOR, else whether it is a terminal. */
export function tableColors(asked: boolean | undefined, stdout: TextStream, env: Environment): TableOptions['colors'] {
  return picocolors.createColors(asked ?? colorWanted(stdout, env))
}

function colorWanted(stdout: TextStream, env: Environment): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return stdout.isTTY === true && TERM !== 'dumb'
}
