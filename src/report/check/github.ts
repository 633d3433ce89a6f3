import { printable } from '../../bytes/text.js'
import type { CheckResult, Finding, UnusedOverride } from '../../policy/finding.js'
import { counted, plural } from '../counted.js'
import { cutName, cutText, framesText, MAX_PATH, MAX_SENTENCE } from './limits.js'
import { markdownWithin } from './markdown.js'
import { byStanding, countsOf, endedEarly, serverText, streamText } from './order.js'
import { overrideSentence } from './overrides.js'

/** GitHub shows so many annotations of each level for one step, and drops the others without a word. */
const MAX_ANNOTATIONS = 10
/** GitHub refuses the whole summary of a step that is longer. */
const MAX_SUMMARY_BYTES = 1024 * 1024
/** What the steps before may have written to the same file is theirs. */
const SUMMARY_ROOM = MAX_SUMMARY_BYTES - 64 * 1024

type Level = 'error' | 'warning' | 'notice'

interface Annotation {
  readonly title: string
  /** null where it is about no file. */
  readonly file: string | null
  readonly message: string
}

/**
 * Workflow commands for standard output, one a line: errors for captures that could not be read whole and for failures,
 * warnings, and a notice each of what the baseline knows and of overrides that nothing came under. Where there are more than GitHub shows, the last says how many.
 */
export function githubAnnotations(result: CheckResult): string {
  const { failure, warning } = byStanding(result.findings)
  const counts = countsOf(result)
  const early = endedEarly(result)
  const title = 'pqcap: not read whole'
  const unread = result.captures.flatMap(({ capture, error }): Annotation[] =>
    error === null ? [] : [{ title, file: capture, message: cutText(error, MAX_SENTENCE) }],
  )
  if (early !== null) unread.push({ title, file: null, message: early })
  const notices = [
    ...(counts.known > 0 ? [plural(counts.known, 'known failure')] : []),
    ...(result.healed.length > 0 ? [`${plural(result.healed.length, 'failure')} of the baseline healed`] : []),
  ]
  const notice = { title: 'pqcap: baseline', file: null, message: notices.join(', ') }
  const own = (result.unusedOverrides ?? []).filter(({ extended }) => !extended)
  return [
    commands('error', unread, failure, unread.length + counts.failure),
    commands('warning', [], warning, counts.warning),
    notices.length === 0 ? '' : command('notice', notice),
    own.length === 0 ? '' : command('notice', { title: 'pqcap: policy', file: null, message: unusedText(result, own) }),
  ].join('')
}

/** One notice for all: a step has room for few. */
function unusedText(result: CheckResult, own: readonly UnusedOverride[]): string {
  const [first] = own as readonly [UnusedOverride]
  const more = own.length === 1 ? '' : ` Nor under ${counted(own.length - 1)} more.`
  return `${overrideSentence(first, result)}${more}`
}

/** Markdown for the file that `GITHUB_STEP_SUMMARY` names. */
export function githubSummary(result: CheckResult): string {
  return markdownWithin(result, SUMMARY_ROOM)
}

/** `count` in all, of which some may not be listed. */
function commands(level: Level, first: readonly Annotation[], findings: readonly Finding[], count: number): string {
  const room = count <= MAX_ANNOTATIONS ? count : MAX_ANNOTATIONS - 1
  const annotations = [...first.slice(0, room), ...findings.slice(0, Math.max(0, room - first.length)).map(annotation)]
  const left = count - annotations.length
  if (left > 0) {
    const message = `${plural(left, `more ${level}`)}: the summary and the log have the first of them`
    annotations.push({ title: 'pqcap: more', file: null, message })
  }
  return annotations.map((one) => command(level, one)).join('')
}

function annotation({ rule, capture, handshake, message, frames }: Finding): Annotation {
  const named = handshake === null ? null : cutName(handshake)
  const where = named === null ? '' : `${serverText(named)}, ${streamText(named)}: `
  const evidence = frames.length === 0 ? '' : ` Frames: ${framesText(frames)}.`
  return { title: `pqcap: ${rule}`, file: capture, message: `${where}${cutText(message, MAX_SENTENCE)}${evidence}` }
}

function command(level: Level, { title, file, message }: Annotation): string {
  const place = file === null ? '' : `file=${escapedProperty(cutText(file, MAX_PATH))},`
  return `::${level} ${place}title=${escapedProperty(title)}::${escapedData(message)}\n`
}

/** What the runner takes back: `%` first, so that `%0A` in a name stays three characters. */
function escapedData(text: string): string {
  return printable(text).replaceAll('%', '%25')
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
