import { printable } from '../../bytes/text.js'
import type { CheckedHandshake, CheckResult, Finding } from '../../policy/finding.js'
import { counted, plural } from '../counted.js'
import { displayName } from '../display-name.js'
import { endpointText } from '../endpoint-text.js'
import { type Colors, paint, type Tone } from '../paint.js'
import { countsOf, handshakeKey, STANDINGS, standingOf, streamText } from './order.js'
import { overrideLines, overridesTitle, overrideText } from './overrides.js'

export interface CheckTextOptions {
  readonly colors: Colors
  /** Every finding, however many. */
  readonly all: boolean
}

/** Findings that a person reads of one run; the summary counts all of them. */
const FINDINGS_SHOWN = 50
/** Of files that are passed over, healed failures and captures in trouble: enough to know them by. */
const NAMES_SHOWN = 10
/** Frames of one finding. */
const FRAMES_SHOWN = 12

/** What a check found, for a terminal: captures that fail first, in each the failures first, and a line that sums up. */
export function checkText(result: CheckResult, { colors, all }: CheckTextOptions): string {
  const lines: string[] = []
  const add = (indent: number, text: string, tone: Tone = 'plain'): void => {
    lines.push(`${' '.repeat(indent)}${paint(text, tone, colors)}`)
  }
  let left = all ? Number.POSITIVE_INFINITY : FINDINGS_SHOWN
  let hidden = result.leftOut ?? 0
  for (const { title, findings } of sectionsOf(result)) {
    if (left <= 0) {
      hidden += findings.length
      continue
    }
    add(0, printable(title), 'strong')
    for (const { handshake, findings: some } of byHandshake(findings)) {
      if (left <= 0) {
        hidden += some.length
        continue
      }
      if (handshake !== null) add(2, handshakeText(handshake))
      for (const finding of some) addFinding(finding, add)
      const show = some[0]?.show ?? null
      if (show !== null) add(4, printable(show), 'faint')
      left -= some.length
    }
    add(0, '')
  }
  if (hidden > 0) {
    const beyond = result.leftOut ?? 0
    const kept = hidden - beyond
    if (kept > 0) add(0, `${plural(kept, 'more finding')} ${kept === 1 ? 'is' : 'are'} not shown; --all shows them`)
    if (beyond > 0) add(0, `${plural(beyond, 'finding')} beyond the limit ${beyond === 1 ? 'is' : 'are'} only counted`)
  }
  addNames('could not be read whole', troubleLines(result), 'bad')
  addNames(
    'known failures that did not come again',
    result.healed.map(({ rule, message }) => `${rule}: ${message}`),
    'safe',
  )
  const overrides = all ? (result.unusedOverrides ?? []).map(overrideText) : overrideLines(result)
  addNames(overridesTitle(result), overrides, 'weak')
  addNames(
    `${plural(result.passedOver.length, 'file')} passed over, as ${result.passedOver.length === 1 ? 'it is not a capture' : 'they are not captures'}`,
    result.passedOver,
    'faint',
  )
  addSummary(result, add)
  return lines.map((line) => `${line}\n`).join('')

  function addNames(title: string, names: readonly string[], tone: Tone): void {
    if (names.length === 0) return
    add(0, `${title}:`, tone)
    const shown = all ? names : names.slice(0, NAMES_SHOWN)
    for (const name of shown) add(2, printable(name), tone)
    if (names.length > shown.length) add(2, `and ${counted(names.length - shown.length)} more`, tone)
  }
}

interface Section {
  readonly title: string
  readonly findings: readonly Finding[]
}

/** Captures that fail before those that only warn, then what is about the whole run. */
function sectionsOf({ captures, findings }: CheckResult): Section[] {
  const byCapture = new Map<string | null, Finding[]>()
  for (const finding of findings) {
    const same = byCapture.get(finding.capture)
    if (same === undefined) byCapture.set(finding.capture, [finding])
    else same.push(finding)
  }
  const sections: { section: Section; fails: boolean }[] = []
  for (const { capture, handshakes, passed } of captures) {
    const of = byCapture.get(capture)
    if (of === undefined) continue
    const title = `${displayName(capture)}: ${counted(passed)} of ${plural(handshakes, 'handshake')} passed`
    sections.push({ section: { title, findings: of }, fails: of.some(isFailure) })
  }
  const whole = byCapture.get(null)
  if (whole !== undefined)
    sections.push({ section: { title: 'the whole run', findings: whole }, fails: whole.some(isFailure) })
  return [...sections.filter(({ fails }) => fails), ...sections.filter(({ fails }) => !fails)].map(
    ({ section }) => section,
  )
}

/** Findings of one handshake together, those with failures first; in each failures, warnings, known ones. */
function byHandshake(findings: readonly Finding[]): { handshake: CheckedHandshake | null; findings: Finding[] }[] {
  const groups = new Map<string, { handshake: CheckedHandshake | null; findings: Finding[] }>()
  for (const finding of findings) {
    const { handshake } = finding
    const key = handshake === null ? '' : handshakeKey(handshake)
    const same = groups.get(key)
    if (same === undefined) groups.set(key, { handshake, findings: [finding] })
    else same.findings.push(finding)
  }
  const sorted = [...groups.values()].map((group) => ({
    ...group,
    findings: group.findings.sort((a, b) => rank(a) - rank(b)),
  }))
  return sorted.sort((a, b) => rank(a.findings[0]) - rank(b.findings[0]))
}

function rank(finding: Finding | undefined): number {
  return finding === undefined ? STANDINGS.length : STANDINGS.indexOf(standingOf(finding))
}

function isFailure(finding: Finding): boolean {
  return standingOf(finding) === 'failure'
}

function addFinding(finding: Finding, add: (indent: number, text: string, tone?: Tone) => void): void {
  const { rule, severity, state, message, frames } = finding
  const word = state === 'known' ? 'known' : severity
  const tone = state === 'known' ? 'faint' : severity === 'error' ? 'bad' : 'weak'
  add(4, `${word} ${printable(rule)}`, tone)
  add(6, printable(message))
  if (frames.length === 0) return
  const shown = frames.slice(0, FRAMES_SHOWN).join(', ')
  add(6, `${frames.length === 1 ? 'frame' : 'frames'} ${shown}${frames.length > FRAMES_SHOWN ? ', ...' : ''}`, 'faint')
}

function handshakeText(checked: CheckedHandshake): string {
  const { client, server, serverName } = checked
  const name = serverName === null ? '' : `${printable(serverName)}, `
  return `${name}${endpointText(client)} -> ${endpointText(server)}, ${streamText(checked)}`
}

function troubleLines({ captures }: CheckResult): string[] {
  return captures.flatMap(({ capture, error }) => (error === null ? [] : [`${displayName(capture)}: ${error}`]))
}

function addSummary(result: CheckResult, add: (indent: number, text: string, tone?: Tone) => void): void {
  const { policy, outcome, healed, unjudged } = result
  const { captures, handshakes, passed, unread, failure, warning, known } = countsOf(result)
  const parts = [`${counted(passed)} of ${plural(handshakes, 'handshake')} passed`]
  if (failure > 0) parts.push(plural(failure, 'failure'))
  if (warning > 0) parts.push(plural(warning, 'warning'))
  if (known > 0) parts.push(`${counted(known)} known`)
  if (unjudged !== undefined) parts.push(`${counted(unjudged)} not judged`)
  if (healed.length > 0) parts.push(`${counted(healed.length)} healed`)
  if (unread > 0) parts.push(`${plural(unread, 'capture')} not read whole`)
  const tone: Tone = outcome === 'passed' ? 'safe' : 'bad'
  add(0, `${outcome}: ${printable(policy)}, ${plural(captures, 'capture')}: ${parts.join(', ')}`, tone)
}
