import { printable } from '../../bytes/text.js'
import type { Comparison, GroupSummary, PairComparison } from '../../compare/comparison.js'
import { counted } from '../counted.js'
import type { Colors } from '../paint.js'
import { captureName } from '../row.js'
import { messageBars } from './bars.js'
import {
  type DiffSection,
  endpointsText,
  fullLabel,
  NONE,
  nameText,
  pairedByText,
  placeText,
  sectionsOf,
} from './rows.js'
import { judgementsText, leftOverLines, pairingText, spreadRows, transitionText } from './summary-rows.js'
import type { DiffTextOptions } from './text.js'
import { barsText } from './text-bars.js'

/** Servers that a summary has, unless all are asked for. */
const MAX_SERVERS = 30
/** Columns of the bars, which stand in a block of code. */
const BARS_WIDTH = 80

/** A comparison as GitHub-flavoured Markdown, for the text of a pull request. */
export function* diffMarkdown(comparison: Comparison, { all }: Pick<DiffTextOptions, 'all'>): Generator<string> {
  const { summary, servers } = comparison
  const single = summary.pairs === 1
  if (!single) yield* summaryMarkdown(comparison, all ? servers.length : MAX_SERVERS)
  if (single || all) for (const pair of comparison.pairs) yield pairMarkdown(pair)
  const leftOver = leftOverLines(comparison)
  if (leftOver.length > 0) yield `${leftOver.map((text) => `- ${code(text)}\n`).join('')}\n`
}

function pairMarkdown(pair: PairComparison): string {
  const sections = sectionsOf(pair)
  const places = `${code(placeText(pair.before))} and ${code(placeText(pair.after))}`
  const name = pair.before.serverName ?? pair.after.serverName
  let text = `### ${name === null ? `${code(endpointsText(pair.after))}` : code(nameText(name))}\n\n`
  text += `**${escaped(pair.verdict)}**\n\n`
  text += `${places}, paired ${pairedByText(pair.pairedBy)}.\n\n`
  for (const section of sections) {
    // What was offered is long, and mostly not what is asked for.
    text +=
      section.title === 'Offered'
        ? `<details><summary>${section.title}</summary>\n\n${sectionMarkdown(section)}\n</details>\n\n`
        : `${sectionMarkdown(section)}\n`
  }
  text += `\`\`\`text\n${barsText(messageBars(pair), BARS_WIDTH, PLAIN)}\`\`\`\n\n`
  for (const { message } of pair.notes) text += `Note: ${escaped(message)}.\n\n`
  return text
}

function sectionMarkdown({ title, rows }: DiffSection): string {
  const lines = rows.map(
    ({ label, before, after, change, tone }) =>
      `| ${escaped(fullLabel(label))} | ${cell(before)} | ${cell(after)} | ${tone === 'faint' ? change : `**${escaped(change)}**`} |\n`,
  )
  return `| ${title} | before | after | change |\n|---|---|---|---|\n${lines.join('')}`
}

function* summaryMarkdown(comparison: Comparison, most: number): Generator<string> {
  const { before, after, summary, servers } = comparison
  const sides = [before, after].map(({ name, handshakes }) => `${code(captureName(name))} (${counted(handshakes)})`)
  yield `### ${sides.join(' and ')}\n\n${escaped(pairingText(comparison))}.\n\n`
  if (summary.pairs === 0) return
  yield groupMarkdown(summary)
  if (servers.length < 2) return
  for (const server of servers.slice(0, most)) {
    yield `#### ${code(nameText(server.serverName))}, ${counted(server.pairs)} ${server.pairs === 1 ? 'pair' : 'pairs'}\n\n`
    yield groupMarkdown(server)
  }
  if (servers.length > most) yield `${counted(servers.length - most)} more server names.\n\n`
}

function groupMarkdown(group: GroupSummary): string {
  const transitions = group.transitions.map((transition) => {
    return `- ${counted(transition.pairs)} ${escaped(transitionText(transition))}\n`
  })
  const rows = spreadRows(group).map(
    ({ label, n, median, p95, difference }) =>
      `| ${escaped(label)} | ${n} | ${escaped(median)} | ${escaped(p95)} | ${escaped(difference)} |\n`,
  )
  const notes = group.notes.map(({ message }) => `Note: ${escaped(message)}.\n\n`)
  return (
    `${transitions.join('')}\n**${escaped(judgementsText(group))}**\n\n` +
    `${rows.length === 0 ? '' : SPREAD_HEAD + rows.join('')}\n${notes.join('')}`
  )
}

const SPREAD_HEAD = '| | n | median | p95 | difference (median) |\n|---|--:|--:|--:|--:|\n'

const PLAIN: Colors = {
  bold: same,
  dim: same,
  green: same,
  yellow: same,
  cyan: same,
  red: same,
}

function same(text: string): string {
  return text
}

/** Words as they are, names of groups and the like as code. */
function cell(text: string): string {
  return text === NONE || /^[\d,.]+$/.test(text) ? escaped(text) : code(text)
}

/**
 * Text from a capture or a command line as a span of code: in it no link, mention or HTML comes to life. A bar would
 * end the cell of a table, also in code.
 */
export function code(text: string): string {
  const shown = printable(text).replaceAll('|', '\\|')
  const longest = [...shown.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0)
  const fence = '`'.repeat(longest + 1)
  // A space on each side is taken off again (CommonMark §6.1).
  const pad = longest > 0 || shown === '' ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}

/** Our own sentences, with the characters that Markdown would take for more than that. */
function escaped(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>#|~&@]/g, (char) => (char === '<' ? '&lt;' : `\\${char}`))
}
