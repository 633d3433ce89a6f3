import { type CellLine, line } from './cell.js'
import type { Column, Layout } from './layout.js'
import type { Tone } from './paint.js'
import { NONE, type Row, type Said } from './row.js'

/** An IPv4 address with its port. */
const ENDPOINT = 21
/** `hybrid offered)` */
const OFFERED = 15
const WHOLE = Number.POSITIVE_INFINITY

const version: Column<Row> = { title: ['version'], cell: (row) => [line(row.version)], usual: 7, least: 7 }
const shares: Column<Row> = { title: ['share bytes'], cell: (row) => [line(row.shares)], usual: 12, least: WHOLE }
const encrypted: Column<Row> = {
  title: ['encrypted', 'after'],
  cell: (row) => [line(row.encryptedAfter)],
  usual: 16,
  least: 16,
}
const outcome: Column<Row> = {
  title: ['outcome'],
  cell: (row) => [toLine(row.result), ...faults(row)],
  usual: 21,
  least: 10,
}

const connection: Column<Row> = {
  title: ['client', '-> server, name'],
  cell: (row) => [line(row.client), line(`-> ${row.server}`), ...optional(row.serverName, 'plain')],
  usual: ENDPOINT + 2,
  least: 23,
}
const keyExchange: Column<Row> = {
  title: ['key exchange', 'label'],
  cell: (row) => [
    line(row.keyExchange, row.keyExchange === NONE ? 'faint' : 'strong'),
    ...(row.label.text === NONE ? [] : [toLine(row.label)]),
    ...(row.retried ? [line('after a retry')] : []),
    ...optional(row.why, 'faint'),
  ],
  usual: 21,
  least: 18,
}

/** Every handshake on one line. */
const wide: Layout<Row> = {
  columns: [
    { title: ['client'], cell: (row) => [line(row.client)], usual: ENDPOINT, least: WHOLE },
    { title: ['server'], cell: (row) => [line(row.server)], usual: ENDPOINT, least: WHOLE },
    { title: ['server name'], cell: (row) => [line(row.serverName || NONE)], usual: 24, least: 16 },
    version,
    {
      title: ['key exchange'],
      cell: (row) => [line(row.keyExchange, row.keyExchange === NONE ? 'faint' : 'strong')],
      usual: 18,
      least: 14,
    },
    {
      title: ['label'],
      cell: (row) => [toLine({ ...row.label, text: labelOnOneLine(row) })],
      usual: OFFERED,
      least: OFFERED,
    },
    shares,
    encrypted,
    { ...outcome, usual: 12 },
  ],
  spaced: false,
}

/** Client, server and name in one column, three lines a handshake. */
const middle: Layout<Row> = {
  columns: [connection, version, keyExchange, shares, encrypted, outcome],
  spaced: true,
}

/** For 80 columns: version, encryption and outcome share the last column. */
const narrow: Layout<Row> = {
  columns: [
    connection,
    keyExchange,
    shares,
    {
      title: ['outcome', 'encrypted after'],
      cell: (row) => [
        toLine({ ...row.result, text: row.version === NONE ? row.result.text : `${row.result.text} ${row.version}` }),
        ...(row.encryptedAfter === NONE ? [] : [line(row.encryptedAfter)]),
        ...faults(row),
      ],
      usual: 18,
      least: 16,
    },
  ],
  spaced: true,
}

/** For anything narrower: all of a handshake below one another. */
const stacked: Layout<Row> = {
  columns: [
    {
      title: ['handshakes'],
      cell: (row) => [
        ...connection.cell(row),
        ...keyExchange.cell(row).filter(({ text }) => text !== NONE),
        ...(row.shares === NONE ? [] : [line(`${row.shares} share bytes`)]),
        ...(row.version === NONE ? [] : [line(row.version)]),
        ...(row.encryptedAfter === NONE ? [] : [line(`encrypted after: ${row.encryptedAfter}`)]),
        toLine(row.result),
        ...faults(row),
      ],
      usual: 40,
      least: 1,
    },
  ],
  spaced: true,
}

/** How handshakes are laid out, from the widest to the narrowest. */
export const HANDSHAKE_LAYOUTS: readonly Layout<Row>[] = [wide, middle, narrow, stacked]

/** `classical (retry, hybrid offered)`: there is no other column that would say so. */
function labelOnOneLine({ label, retried, offered }: Row): string {
  const said = [retried ? 'retry' : '', offered].filter((text) => text !== '').join(', ')
  return said === '' ? label.text : `${label.text} (${said})`
}

function faults(row: Row): CellLine[] {
  return row.faults === null ? [] : [toLine(row.faults)]
}

function optional(text: string, tone: Tone): CellLine[] {
  return text === '' ? [] : [line(text, tone)]
}

function toLine({ text, tone }: Said): CellLine {
  return line(text, tone)
}
