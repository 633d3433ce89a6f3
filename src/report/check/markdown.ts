import { printable } from '../../bytes/text.js'
import type { CheckResult, Finding, Healed } from '../../policy/finding.js'
import { counted, plural } from '../counted.js'
import { endpointText } from '../endpoint-text.js'
import { cutText, framesText, MAX_NAME, MAX_SENTENCE } from './limits.js'
import { codeMarkdown, plainMarkdown } from './markdown-text.js'
import { byStanding, countsOf, streamText } from './order.js'
import { overridesTitle } from './overrides.js'

/** Characters of a comment on GitHub; other hosts take more. */
const MAX_COMMENT_BYTES = 65_536
/** Rows of a table that are shown openly; longer ones are folded. */
const OPEN_ROWS = 20
/** Kept for what follows the rows of a table: the line of what is left out, and the end of the fold. */
const SECTION_END = 120
/** Kept for each later section: its heading, the head of its table and its end, without a row. */
const SECTION_ROOM = 700
/** Length of a path that still fits in a cell. */
const MAX_CELL_PATH = 300

/** What failed, first and openly, then what is less: for a comment on a pull request. */
export function markdownReport(result: CheckResult): string {
  return markdownWithin(result, MAX_COMMENT_BYTES)
}

/** The same, of at most `bytes` of UTF-8 (16 KiB at least): what has no room is counted. */
export function markdownWithin(result: CheckResult, bytes: number): string {
  const sections = sectionsOf(result).filter(({ count }) => count > 0)
  let text = heading(result)
  for (const [index, section] of sections.entries()) {
    const room = bytes - utf8Length(text) - SECTION_ROOM * (sections.length - index)
    text += sectionText(section, room)
  }
  return text
}

interface Section {
  readonly title: string
  readonly columns: readonly string[]
  readonly count: number
  readonly rows: Iterable<readonly string[]>
  readonly folded: boolean
}

function heading(result: CheckResult): string {
  const { captures, handshakes, passed, unread, failure, warning, known } = countsOf(result)
  const numbers = [
    `${counted(passed)} of ${plural(handshakes, 'handshake')} in ${plural(captures, 'capture')} passed`,
    plural(failure, 'failure'),
    ...(warning > 0 ? [plural(warning, 'warning')] : []),
    ...(known > 0 ? [plural(known, 'known failure')] : []),
    ...(result.unjudged === undefined ? [] : [`${counted(result.unjudged)} not judged`]),
    ...(result.healed.length > 0 ? [`${counted(result.healed.length)} healed`] : []),
    ...(unread > 0 ? [`${plural(unread, 'capture')} not read whole`] : []),
  ]
  const policy = codeMarkdown(cutText(result.policy, MAX_CELL_PATH))
  const failed = result.outcome === 'trouble' && failure > 0 ? 'failed, and ' : ''
  return `## pqcap check: ${failed}${OUTCOMES[result.outcome]}\n\nPolicy ${policy}: ${numbers.join(', ')}.\n`
}

const OUTCOMES: Readonly<Record<CheckResult['outcome'], string>> = {
  passed: 'passed',
  failed: 'failed',
  trouble: 'not everything could be read',
}

function sectionsOf(result: CheckResult): readonly Section[] {
  const { failure, warning, known } = byStanding(result.findings)
  const counts = countsOf(result)
  const unread = result.captures.filter(({ error }) => error !== null)
  const findings = (title: string, list: readonly Finding[], count: number, folded: boolean): Section => ({
    title,
    columns: ['capture', 'connection', 'rule', 'what was found', 'frames'],
    count,
    rows: mapped(list, findingRow),
    folded,
  })
  return [
    {
      title: 'Captures that could not be read whole',
      columns: ['capture', 'why'],
      count: unread.length,
      rows: mapped(unread, ({ capture, error }) => [
        pathCell(capture),
        plainMarkdown(cutText(error ?? '', MAX_SENTENCE)),
      ]),
      folded: false,
    },
    findings('Failures', failure, counts.failure, failure.length > OPEN_ROWS),
    {
      title: 'Commands that show the evidence',
      columns: [],
      count: new Set(failure.map(({ show }) => show).filter((show) => show !== null)).size,
      rows: commandRows(failure),
      folded: true,
    },
    findings('Warnings', warning, counts.warning, true),
    findings('Known failures', known, counts.known, true),
    {
      title: 'Healed failures',
      columns: ['rule', 'what is no longer found'],
      count: result.healed.length,
      rows: mapped(result.healed, healedRow),
      folded: true,
    },
    {
      title: upperFirst(overridesTitle(result)),
      columns: ['override', 'where', 'why'],
      count: result.unusedOverrides?.length ?? 0,
      rows: mapped(result.unusedOverrides ?? [], ({ place, where, message }) => [
        pathCell(place),
        plainMarkdown(cutText(where, MAX_SENTENCE)),
        plainMarkdown(cutText(message, MAX_SENTENCE)),
      ]),
      folded: true,
    },
    {
      title: 'Captures',
      columns: ['capture', 'read', 'handshakes', 'passed', 'failures', 'warnings', 'known'],
      count: result.captures.length,
      rows: mapped(result.captures, ({ capture, error, handshakes, passed, failed, warnings, known }) => [
        pathCell(capture),
        error === null ? 'whole' : 'not whole',
        ...[handshakes, passed, failed, warnings, known].map(counted),
      ]),
      folded: true,
    },
    {
      title: 'Files that are not captures',
      columns: ['file'],
      count: result.passedOver.length,
      rows: mapped(result.passedOver, (file) => [pathCell(file)]),
      folded: true,
    },
  ]
}

function findingRow({ capture, handshake, rule, message, frames }: Finding): readonly string[] {
  const name = handshake?.serverName ?? null
  const connection =
    handshake === null
      ? []
      : [
          ...(name === null ? [] : [codeMarkdown(cutText(name, MAX_NAME))]),
          codeMarkdown(`${endpointText(handshake.client)} -> ${endpointText(handshake.server)}`),
          streamText(handshake),
        ]
  return [
    capture === null ? '' : pathCell(capture),
    connection.join('<br>'),
    codeMarkdown(rule),
    plainMarkdown(cutText(message, MAX_SENTENCE)),
    framesText(frames),
  ]
}

function healedRow({ rule, message }: Healed): readonly string[] {
  return [codeMarkdown(rule), plainMarkdown(cutText(message, MAX_SENTENCE))]
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function pathCell(path: string): string {
  return codeMarkdown(cutText(path, MAX_CELL_PATH))
}

function* commandRows(findings: readonly Finding[]): Iterable<readonly string[]> {
  const seen = new Set<string>()
  for (const { show } of findings) {
    if (show === null || seen.has(show)) continue
    seen.add(show)
    // A line that is cut would be another command.
    if (show.length <= MAX_SENTENCE) yield [`    ${printable(show)}`]
  }
}

/** The section with as many rows as have room, which may be none. */
function sectionText({ title, columns, count, rows, folded }: Section, room: number): string {
  const name = `${title} (${counted(count)})`
  let text = folded ? `\n<details><summary>${name}</summary>\n\n` : `\n### ${name}\n\n`
  // Commands are an indented block of code, which nothing within a line can end.
  const asTable = columns.length > 0
  if (asTable) text += `${tableRow(columns)}${tableRow(columns.map(() => '---'))}`
  let left = room - SECTION_END - utf8Length(text)
  let shown = 0
  for (const cells of rows) {
    const row = asTable ? tableRow(cells) : `${cells.join('')}\n`
    left -= utf8Length(row)
    if (left < 0) break
    text += row
    shown++
  }
  if (shown < count) text += `\nand ${counted(count - shown)} more\n`
  return folded ? `${text}\n</details>\n` : text
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`
}

function utf8Length(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // Each half of a pair is two of its four bytes; one alone would be three.
    length += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit < 0xe000 ? 2 : 3
  }
  return length
}

function* mapped<From, To>(list: readonly From[], map: (item: From) => To): Iterable<To> {
  for (const item of list) yield map(item)
}
