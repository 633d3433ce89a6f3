import type { Comparison, GroupSummary, PairComparison, ServerSummary } from '../../compare/comparison.js'
import { line, wrap } from '../cell.js'
import { counted } from '../counted.js'
import { drawHeader, drawRows } from '../draw.js'
import { type Layout, layOut } from '../layout.js'
import { type Colors, paint, type Tone } from '../paint.js'
import { captureName } from '../row.js'
import { messageBars } from './bars.js'
import { type DiffRow, endpointsText, nameText, pairedByText, placeText, sectionsOf } from './rows.js'
import {
  judgementsText,
  leftOverLines,
  pairingText,
  type SpreadRow,
  spreadRows,
  transitionText,
} from './summary-rows.js'
import { barsText } from './text-bars.js'

export interface DiffTextOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colors: Colors
  /** Each pair, also where there are several. */
  readonly all: boolean
}

/** Sentences are not read across a wide screen. */
const WIDEST_TEXT = 100
/** A terminal that is narrower has lines that overflow. */
const NARROWEST_TEXT = 20
/** Servers that a summary has, unless all are asked for. */
const MAX_SERVERS = 30

/** A comparison for people, in pieces. */
export function* diffText(comparison: Comparison, options: DiffTextOptions): Generator<string> {
  const { summary, servers } = comparison
  const single = summary.pairs === 1
  if (single || options.all) for (const pair of comparison.pairs) yield `${pairText(pair, options)}\n`
  if (!single) {
    yield* summaryText(comparison, options)
    if (servers.length > 1) {
      const shown = options.all ? servers : servers.slice(0, MAX_SERVERS)
      for (const server of shown) yield `\n${serverText(server, options)}`
      const more = servers.length - shown.length
      if (more > 0) yield `\n${counted(more)} more server names; --all shows them\n`
    }
  }
  const leftOver = leftOverLines(comparison)
  if (leftOver.length > 0)
    yield `${single ? '' : '\n'}${leftOver.map((text) => paragraph(text, 'weak', options)).join('')}`
}

function pairText(pair: PairComparison, options: DiffTextOptions): string {
  const { colors } = options
  const sections = sectionsOf(pair)
  const rows = sections.flatMap((section) => section.rows)
  const fitted = layOut(LAYOUTS, rows, options.width)
  let text = heading(pair, options)
  text += drawHeader(fitted, colors)
  text += sections
    .map(({ title, rows }) => `${paint(title, 'strong', colors)}\n${drawRows(fitted, rows, colors)}`)
    .join('\n')
  text += `\n${barsText(messageBars(pair), options.width, colors)}`
  text += `\n${paragraph(pair.verdict, pair.judgement === 'downgrade' ? 'bad' : 'strong', options)}`
  for (const { message } of pair.notes) text += paragraph(`Note: ${message}.`, 'faint', options)
  return text
}

function heading(pair: PairComparison, options: DiffTextOptions): string {
  const places = [pair.before, pair.after] as const
  const lines = places.map((place, i) => {
    const words = `${placeText(place)}, ${nameText(place.serverName)}`
    return (
      hanging(i === 0 ? 'before  ' : 'after   ', words, options) + hanging('        ', endpointsText(place), options)
    )
  })
  return `${lines.join('')}${paint(`paired ${pairedByText(pair.pairedBy)}`, 'faint', options.colors)}\n\n`
}

const label = {
  title: [''],
  cell: (row: DiffRow) => [line(row.label)],
  usual: 20,
  least: 17,
}
const change = {
  title: ['change'],
  cell: (row: DiffRow) => [line(row.change, row.tone)],
  usual: 15,
  least: 9,
}

/** Side by side where there is room, else below each other. */
const LAYOUTS: readonly Layout<DiffRow>[] = [
  {
    columns: [
      label,
      { title: ['before'], cell: (row) => [line(row.before, toneOf(row))], usual: 22, least: 18 },
      { title: ['after'], cell: (row) => [line(row.after, toneOf(row))], usual: 22, least: 18 },
      change,
    ],
    spaced: false,
  },
  {
    columns: [
      { ...label, usual: 14, least: 10 },
      {
        title: ['before', '> after'],
        cell: (row) => [
          line(row.before, toneOf(row)),
          ...(row.change === 'same' ? [] : [line(`> ${row.after}`, toneOf(row))]),
        ],
        usual: 22,
        least: 18,
      },
      change,
    ],
    spaced: false,
  },
]

/** What did not change steps back. */
function toneOf({ tone }: DiffRow): Tone {
  return tone === 'faint' ? 'faint' : 'plain'
}

function* summaryText(comparison: Comparison, options: DiffTextOptions): Generator<string> {
  const { before, after, summary } = comparison
  const side = ({ name, captures, handshakes }: Comparison['before']): string =>
    `${captureName(name)}: ${counted(handshakes)} ${handshakes === 1 ? 'handshake' : 'handshakes'}${captures === 1 ? '' : ` of ${counted(captures)} captures`}`
  yield hanging('before  ', side(before), options)
  yield hanging('after   ', side(after), options)
  yield paragraph(pairingText(comparison), 'strong', options)
  if (summary.pairs > 0) yield `\n${groupText(summary, options)}`
}

function serverText(server: ServerSummary, options: DiffTextOptions): string {
  const pairs = `${counted(server.pairs)} ${server.pairs === 1 ? 'pair' : 'pairs'}`
  return paragraph(`${nameText(server.serverName)}, ${pairs}`, 'strong', options) + groupText(server, options)
}

function groupText(group: GroupSummary, options: DiffTextOptions): string {
  const { colors } = options
  let text = ''
  const countWidth = counted(group.pairs).length
  for (const transition of group.transitions)
    text += `${counted(transition.pairs).padStart(countWidth)}  ${paint(transitionText(transition), transitionTone(transition.before, transition.after), colors)}\n`
  text += paragraph(judgementsText(group), group.judgements.downgrade > 0 ? 'bad' : 'plain', options)
  const rows = spreadRows(group)
  if (rows.length > 0) {
    const fitted = layOut(SPREAD_LAYOUTS, rows, options.width)
    text += `\n${drawHeader(fitted, colors)}${drawRows(fitted, rows, colors)}`
  }
  for (const { message } of group.notes) text += paragraph(`Note: ${message}.`, 'faint', options)
  return text
}

function transitionTone(before: string, after: string): Tone {
  if (before === after) return 'plain'
  if (after === 'hybrid' || after === 'post-quantum') return 'safe'
  return after === 'rejected' ? 'bad' : 'weak'
}

const SPREAD_LAYOUTS: readonly Layout<SpreadRow>[] = [
  {
    columns: [
      { title: [''], cell: (row) => [line(row.label)], usual: 20, least: 14 },
      { title: ['n'], cell: (row) => [line(row.n)], usual: 4, least: 2 },
      { title: ['median'], cell: (row) => [line(row.median)], usual: 18, least: 14 },
      { title: ['p95'], cell: (row) => [line(row.p95)], usual: 18, least: 14 },
      { title: ['difference', '(median)'], cell: (row) => [line(row.difference)], usual: 10, least: 8 },
    ],
    spaced: false,
  },
  {
    columns: [
      { title: [''], cell: (row) => [line(row.label)], usual: 14, least: 8 },
      {
        title: ['median, p95, n', 'and difference'],
        cell: (row) => [
          line(row.median),
          line(`p95 ${row.p95}`, 'faint'),
          line(`n ${row.n}, ${row.difference}`, 'faint'),
        ],
        usual: 20,
        least: 10,
      },
    ],
    spaced: false,
  },
]

function paragraph(text: string, tone: Tone, { width, colors }: DiffTextOptions): string {
  return wrap(text, Math.min(width, WIDEST_TEXT))
    .map((part) => `${paint(part, tone, colors)}\n`)
    .join('')
}

/** Lines under the first are indented by the length of what stands before it. */
function hanging(start: string, text: string, { width, colors }: DiffTextOptions): string {
  const [first = '', ...rest] = wrap(text, Math.max(NARROWEST_TEXT, width - start.length))
  const indent = ' '.repeat(start.length)
  return [`${paint(start, 'strong', colors)}${first}`, ...rest.map((part) => indent + part)]
    .map((part) => `${part}\n`)
    .join('')
}
