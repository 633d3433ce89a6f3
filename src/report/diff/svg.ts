import type { Comparison, MessageSize, PairComparison, PartKind } from '../../compare/comparison.js'
import { wrap } from '../cell.js'
import { counted } from '../counted.js'
import { captureName } from '../row.js'
import { xmlText } from '../xml-text.js'
import { kindsIn, longest, type MessageBars, messageBars, PART_WORDS } from './bars.js'
import { type DiffRow, fullLabel, NONE, nameText, numberText, pairedByText, placeText, sectionsOf } from './rows.js'
import { judgementsText, leftOverLines, pairingText, transitionText } from './summary-rows.js'
import { drawnWidth, fitted } from './svg-text.js'
import type { DiffTextOptions } from './text.js'

/** As wide as a slide. */
const WIDTH = 1280
const MARGIN = 48
const INNER = WIDTH - 2 * MARGIN
/** Pairs that are drawn below each other, and servers of a summary: no slide has room for more. */
const MAX_PAIRS = 12
const MAX_SERVERS = 12

/**
 * Colours that are told apart by people who do not tell red from green (Okabe and Ito's), and by their lightness; parts
 * that are long enough bear their names as well.
 */
const FILLS: Readonly<Record<PartKind, { readonly fill: string; readonly ink: string }>> = {
  'post-quantum': { fill: '#0072b2', ink: '#ffffff' },
  classical: { fill: '#e69f00', ink: '#1a1a1a' },
  share: { fill: '#cc79a7', ink: '#1a1a1a' },
  other: { fill: '#d5dade', ink: '#1a1a1a' },
}
const INK = '#1a1a1a'
const FAINT = '#5b6570'
const RULE = '#c3cad1'
const BAD = '#b3261e'

/** A comparison as one picture for slides, self-contained: a pair, or what several add up to. */
export function* diffSvg(comparison: Comparison, { all }: Pick<DiffTextOptions, 'all'>): Generator<string> {
  const picture = new Picture()
  const single = comparison.summary.pairs === 1
  const titles: string[] = []
  if (!single) titles.push(drawSummary(picture, comparison))
  if (single || all) {
    let drawn = 0
    for (const pair of comparison.pairs) {
      if (drawn++ === MAX_PAIRS) break
      titles.push(drawPair(picture, pair))
    }
    const more = comparison.summary.pairs - MAX_PAIRS
    if (more > 0) picture.paragraph(`${counted(more)} more pairs`, 16, FAINT)
  }
  for (const text of leftOverLines(comparison)) picture.paragraph(text, 16, FAINT)
  yield picture.text(titles[0] ?? 'Nothing to compare', titles.slice(1, 1 + MAX_PAIRS).join(' '))
}

/** Elements gathered from the top down. */
class Picture {
  private readonly elements: string[] = []
  y = MARGIN

  /** One line of text with its baseline `size` below the top. */
  line(text: string, size: number, fill = INK, options: { x?: number; weight?: number; anchor?: 'end' } = {}): void {
    const { x = MARGIN, weight = 400, anchor } = options
    const end = anchor === undefined ? '' : ` text-anchor="${anchor}"`
    this.elements.push(
      `<text x="${x}" y="${this.y + size}" font-size="${size}" font-weight="${weight}" fill="${fill}"${end}>${xmlText(text)}</text>`,
    )
  }

  paragraph(text: string, size: number, fill = INK, weight = 400): void {
    // `wrap` counts columns, of which each is about a character wide.
    const columns = Math.floor(INNER / drawnWidth('n', size))
    for (const part of wrap(text, columns)) {
      this.line(part, size, fill, { weight })
      this.y += size * 1.4
    }
  }

  rectangle(x: number, y: number, width: number, height: number, fill: string): void {
    // A thin white edge parts neighbours also where their colours are printed alike.
    this.elements.push(
      `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${height}" fill="${fill}" stroke="#ffffff" stroke-width="0.5"/>`,
    )
  }

  rule(): void {
    this.elements.push(
      `<line x1="${MARGIN}" y1="${this.y}" x2="${WIDTH - MARGIN}" y2="${this.y}" stroke="${RULE}" stroke-width="1"/>`,
    )
  }

  text(title: string, description: string): string {
    const height = Math.ceil(this.y + MARGIN)
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description" font-family="'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif">\n` +
      `<title id="title">${xmlText(title)}</title>\n<desc id="description">${xmlText(description || title)}</desc>\n` +
      `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>\n${this.elements.join('\n')}\n</svg>\n`
    )
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

/** Returns the title in words. */
function drawPair(picture: Picture, pair: PairComparison): string {
  const { before, after } = pair.facts.keyExchange
  const title = `${before ?? pair.transition.before} → ${after ?? pair.transition.after}`
  picture.line(title, 34, pair.judgement === 'downgrade' ? BAD : INK, { weight: 700 })
  picture.y += 48
  const name = nameText(pair.before.serverName ?? pair.after.serverName)
  picture.line(fitted(`${name} · paired ${pairedByText(pair.pairedBy)}`, 16, INNER), 16, FAINT)
  picture.y += 24
  const places = `before: ${placeText(pair.before)} · after: ${placeText(pair.after)}`
  picture.line(fitted(places, 16, INNER), 16, FAINT)
  picture.y += 40
  drawBars(picture, messageBars(pair))
  picture.y += 16
  drawRows(picture, sectionsOf(pair))
  picture.y += 18
  picture.paragraph(pair.verdict, 20, pair.judgement === 'downgrade' ? BAD : INK, 600)
  picture.y += 4
  for (const { message } of pair.notes) picture.paragraph(`Note: ${message}.`, 14, FAINT)
  picture.y += 32
  return `${title}. ${pair.verdict}`
}

const NAME_WIDTH = 176
const WHICH_WIDTH = 64
/** Behind a bar: its bytes, and the parts that are too short for their names. */
const NUMBER_WIDTH = 240
const BAR_X = MARGIN + NAME_WIDTH + WHICH_WIDTH
const BAR_WIDTH = INNER - NAME_WIDTH - WHICH_WIDTH - NUMBER_WIDTH
const BAR_HEIGHT = 22
const BAR_STEP = 26

function drawBars(picture: Picture, bars: readonly MessageBars[]): void {
  const most = longest(bars)
  picture.line('Bytes of each message, to scale', 16, FAINT)
  picture.y += 28
  for (const { name, before, after } of bars) {
    picture.line(name, 16, INK, { weight: 600 })
    for (const [which, message] of [
      ['before', before],
      ['after', after],
    ] as const) {
      picture.line(which, 15, FAINT, { x: MARGIN + NAME_WIDTH })
      if (message !== null) drawBar(picture, message, most)
      else picture.line('–', 15, FAINT, { x: BAR_X })
      picture.y += BAR_STEP
    }
    picture.y += 8
  }
  drawLegend(picture, kindsIn(bars))
}

function drawBar(picture: Picture, { parts, bytes }: MessageSize, most: number): void {
  let x = BAR_X
  const unnamed: string[] = []
  for (const part of parts) {
    const width = (part.bytes / most) * BAR_WIDTH
    const { fill, ink } = FILLS[part.kind]
    picture.rectangle(x, picture.y - 2, width, BAR_HEIGHT, fill)
    const label = `${part.name} ${counted(part.bytes)}`
    if (part.kind !== 'other') {
      if (drawnWidth(label, 14) + 12 <= width) picture.line(label, 14, ink, { x: x + 6 })
      else unnamed.push(label)
    }
    x += width
  }
  const number = numberText(bytes)
  picture.line(number, 15, INK, { x: x + 8, weight: 600 })
  const behind = x + 20 + drawnWidth(number, 15)
  picture.line(fitted(unnamed.join(', '), 13, WIDTH - MARGIN - behind), 13, FAINT, { x: behind })
}

function drawLegend(picture: Picture, kinds: readonly PartKind[]): void {
  let x = BAR_X
  for (const kind of kinds) {
    picture.rectangle(x, picture.y + 1, 16, 16, FILLS[kind].fill)
    picture.line(PART_WORDS[kind], 15, FAINT, { x: x + 24 })
    x += 24 + drawnWidth(PART_WORDS[kind], 15) + 24
  }
  picture.y += 28
}

/** The rows that a slide has room for, where they are not the same. */
const SHOWN: readonly string[] = [
  'outcome',
  'key exchange',
  'version',
  'cipher suite',
  'HelloRetryRequest',
  'encryption begins',
  'ClientHello bytes',
  'in one segment',
  'in initial window',
  'TLS bytes in all',
  'client packets',
  'server packets',
  'round trips',
  'TCP round trip, ms',
  'SYN-ServerHello, ms',
  'SYN-encrypted, ms',
]

const ROW_STEP = 26
const COLUMNS = [MARGIN, MARGIN + 220, MARGIN + 610, MARGIN + 1000] as const
const COLUMN_WIDTH = 380

function drawRows(picture: Picture, sections: readonly { readonly rows: readonly DiffRow[] }[]): void {
  const rows = sections.flatMap((section) => section.rows).filter(({ label }) => SHOWN.includes(label.trim()))
  const isChanged = ({ tone }: DiffRow): boolean => tone !== 'faint'
  for (const [i, text] of ['', 'before', 'after', 'change'].entries())
    picture.line(text, 15, FAINT, { x: COLUMNS[i] as number })
  picture.y += ROW_STEP
  for (const { label, before, after, change } of rows.filter(isChanged)) {
    picture.rule()
    picture.y += 5
    picture.line(fullLabel(label), 16)
    picture.line(fitted(before, 16, COLUMN_WIDTH), 16, INK, { x: COLUMNS[1] })
    picture.line(fitted(after, 16, COLUMN_WIDTH), 16, INK, { x: COLUMNS[2] })
    picture.line(change.replace(', x', ', ×'), 16, INK, { x: COLUMNS[3], weight: 700 })
    picture.y += ROW_STEP
  }
  picture.rule()
  picture.y += 8
  const same = rows
    .filter(({ change, before }) => change === 'same' && before !== NONE)
    .map(({ label, before }) => `${fullLabel(label)} ${before}`)
  if (same.length > 0) picture.paragraph(`The same: ${same.join('; ')}`, 14, FAINT)
}

const SUMMARY_X = MARGIN + WHICH_WIDTH
/** Room for a number behind the longest. */
const SUMMARY_WIDTH = INNER - WHICH_WIDTH - 100

/** Medians of the TLS bytes by server name, on one scale. Returns the title in words. */
function drawSummary(picture: Picture, comparison: Comparison): string {
  const { before, after, summary, servers } = comparison
  const title = pairingText(comparison)
  picture.line(title, 34, INK, { weight: 700 })
  picture.y += 48
  picture.line(fitted(`before: ${captureName(before.name)} · after: ${captureName(after.name)}`, 16, INNER), 16, FAINT)
  picture.y += 36
  if (summary.pairs === 0) return title
  for (const transition of summary.transitions) {
    picture.line(`${counted(transition.pairs)}  ${transitionText(transition).replace('->', '→')}`, 20, INK, {
      weight: 600,
    })
    picture.y += 28
  }
  const judgements = judgementsText(summary)
  picture.line(judgements, 16, summary.judgements.downgrade > 0 ? BAD : FAINT)
  picture.y += 40
  picture.line('TLS bytes of a handshake in all, median by server name, to scale', 16, FAINT)
  picture.y += 28
  const shown = servers.slice(0, MAX_SERVERS)
  const most = shown.reduce((longest, { sizes: { totalBytes } }) => {
    return Math.max(longest, totalBytes.before?.median ?? 0, totalBytes.after?.median ?? 0)
  }, 1)
  for (const { serverName, pairs, sizes } of shown) {
    const name = `${nameText(serverName)}, ${counted(pairs)} ${pairs === 1 ? 'pair' : 'pairs'}`
    picture.line(fitted(name, 16, INNER), 16, INK, { weight: 600 })
    picture.y += BAR_STEP
    for (const which of ['before', 'after'] as const) {
      const spread = sizes.totalBytes[which]
      picture.line(which, 15, FAINT)
      if (spread === null) picture.line('–', 15, FAINT, { x: SUMMARY_X })
      else {
        const width = (spread.median / most) * SUMMARY_WIDTH
        // The colours of parts would say what these bytes are.
        picture.rectangle(SUMMARY_X, picture.y - 2, width, BAR_HEIGHT, which === 'before' ? RULE : FAINT)
        picture.line(numberText(spread.median), 15, INK, { x: SUMMARY_X + width + 8, weight: 600 })
      }
      picture.y += BAR_STEP
    }
    picture.y += 10
  }
  if (servers.length > shown.length)
    picture.paragraph(`${counted(servers.length - shown.length)} more server names`, 16, FAINT)
  for (const { message } of summary.notes) picture.paragraph(`Note: ${message}.`, 14, FAINT)
  picture.y += 32
  return `${title}. ${judgements}`
}
