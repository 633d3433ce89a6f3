import type { CheckedCapture, CheckedHandshake, CheckResult, Finding } from '../../policy/finding.js'
import { counted, plural } from '../counted.js'
import { endpointText } from '../endpoint-text.js'
import { xmlText } from '../xml-text.js'
import { cutName, cutText, framesText, MAX_PATH, MAX_REPORT_LENGTH, MAX_SENTENCE } from './limits.js'
import {
  byCapture,
  byStanding,
  countsOf,
  endedEarly,
  handshakeKey,
  mostImportant,
  serverText,
  streamText,
} from './order.js'
import { overrideSentence } from './overrides.js'
import { element } from './xml.js'

/** Findings that have a case: GitLab reads 500,000 cases, and Jenkins holds all of a build in memory. */
const MAX_FINDINGS = 50_000
/** Overrides that are told: more are no slip. */
const MAX_OVERRIDES = 1_000
/** Passing handshakes that have a case of their own, over all captures. */
const MAX_PASSING = 50_000

/**
 * JUnit's XML as the xunit and junit plugins of Jenkins read it: a test suite a capture, a test case a handshake, with
 * the same name in every run (server name, address and port; a number where several are to the same server). What
 * fails is a failure, what is only known to the baseline is skipped, warnings are in system-out, and a capture that
 * could not be read whole is an error. One more suite holds what is about no capture.
 */
export function junitReport(result: CheckResult): string {
  const suites = new Suites(result)
  const text = suites.text()
  const { leftOut, totals } = suites
  const note = leftOut === 0 ? '' : `<!-- ${plural(leftOut, 'suite')} left out: the report would be too long -->\n`
  const content = element('testsuites', { name: 'pqcap check', ...totals }, `\n${text}${note}`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${content}`
}

interface Case {
  readonly name: string
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped'
  /** XML of what is in it. */
  readonly content: string
}

class Suites {
  readonly totals = { tests: 0, failures: 0, errors: 0 }
  /** Suites for which there was no room. */
  leftOut = 0
  private readonly result: CheckResult
  /** Findings that have no case, as there are too many. */
  private readonly cut: number
  private readonly classNames = new Names()
  private passingLeft = MAX_PASSING
  private room = MAX_REPORT_LENGTH

  constructor(result: CheckResult) {
    this.result = { ...result, findings: mostImportant(result.findings, MAX_FINDINGS) }
    this.cut = result.findings.length - this.result.findings.length
  }

  text(): string {
    const { captures, others } = byCapture(this.result)
    const suites = captures.map(({ capture, findings }) => {
      const name = cutText(capture.capture, MAX_PATH)
      const { cases, unlisted } = this.casesOf(capture, findings)
      const note = unlisted === 0 ? '' : `${plural(unlisted, 'more handshake')} passed, without a case here`
      return this.suite(name, this.classNames.unique(`pqcap.${className(name)}`), cases, note)
    })
    const name = `policy ${cutText(this.result.policy, MAX_PATH)}`
    const early = endedEarly(this.result)
    const cases = [
      foundCase(this.result),
      readCase('all captures are read', early),
      ...others.map((finding) => findingsCase(nameOfOther(finding), [finding])),
    ]
    suites.push(this.suite(name, this.classNames.unique('pqcap.check'), cases, this.closing()))
    return suites.join('')
  }

  /** The suite as XML; nothing where there is no room for it. */
  private suite(name: string, classname: string, cases: readonly Case[], note: string): string {
    const names = new Names()
    const written = cases.map(({ name, content }) =>
      element('testcase', { classname, name: names.unique(cutText(name, MAX_SENTENCE)) }, content),
    )
    const count = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length
    const counts = { tests: cases.length, failures: count('failure'), errors: count('error') }
    const content = `\n${written.join('')}${outElement(note)}`
    const text = element('testsuite', { name, ...counts, skipped: count('skipped') }, content)
    if (text.length > this.room) {
      this.leftOut++
      return ''
    }
    this.room -= text.length
    this.totals.tests += counts.tests
    this.totals.failures += counts.failures
    this.totals.errors += counts.errors
    return text
  }

  /** What is about no case: healed failures, unused overrides, and findings that are not listed. */
  private closing(): string {
    const notListed = this.cut + (this.result.leftOut ?? 0)
    const note = notListed === 0 ? '' : `${plural(notListed, 'more finding')} without a case here`
    const overrides = (this.result.unusedOverrides ?? []).slice(0, MAX_OVERRIDES)
    const unused = overrides.map((override) => oneLine(overrideSentence(override, this.result)))
    return [healedText(this.result), ...unused, note].filter((text) => text !== '').join('\n')
  }

  private casesOf(
    capture: CheckedCapture,
    findings: readonly Finding[],
  ): { readonly cases: readonly Case[]; readonly unlisted: number } {
    const byHandshake = new Map<string, Finding[]>()
    const whole: Finding[] = []
    for (const finding of findings) {
      if (finding.handshake === null) whole.push(finding)
      else listIn(byHandshake, handshakeKey(finding.handshake)).push(finding)
    }
    const cases = [
      readCase('the capture is read whole', capture.error),
      ...whole.map((finding) => findingsCase(finding.rule, [finding])),
    ]
    const missing = capture.failed - byStanding(findings).failure.length
    const unsure: Finding[] = []
    if (missing > 0) {
      // One that is not known to have failed may have.
      for (const own of byHandshake.values()) if (byStanding(own).failure.length === 0) unsure.push(...own)
      for (const { handshake } of unsure) if (handshake !== null) byHandshake.delete(handshakeKey(handshake))
      cases.push(missingCase(missing, unsure))
    }
    const unfailing = [...byHandshake.values()].filter((own) => byStanding(own).failure.length === 0).length
    const passing = Math.max(0, capture.passed - unfailing)
    const listed = Math.min(passing, this.passingLeft)
    this.passingLeft -= listed

    // Where findings are left out, a handshake without one may have failed. Then no passing one is named, but their
    // number is right, as it is where they are not known by name.
    const without = capture.checked?.filter((handshake) => !byHandshake.has(handshakeKey(handshake))) ?? []
    if (missing <= 0 && without.length === passing) {
      const named = new Set(without.slice(0, listed))
      for (const handshake of capture.checked ?? []) {
        const own = byHandshake.get(handshakeKey(handshake))
        byHandshake.delete(handshakeKey(handshake))
        if (own !== undefined || named.has(handshake))
          cases.push(findingsCase(serverText(cutName(handshake)), own ?? []))
      }
    } else {
      const unnamed: Case = { name: 'a handshake without a finding that fails', kind: 'passed', content: '' }
      cases.push(...Array.from({ length: listed }, () => unnamed))
    }
    cases.push(...handshakeCases(byHandshake))
    return { cases, unlisted: passing - listed }
  }
}

/** Failures that are only counted, and what else was found of handshakes that may have failed by them. */
function missingCase(missing: number, unsure: readonly Finding[]): Case {
  const message = `${plural(missing, 'more failure')} without a case here`
  const failure = element('failure', { type: 'left-out', message }, xmlText(message))
  const { warning, known } = byStanding(unsure)
  const beside = outElement([...warning, ...known].map(findingText).join('\n\n'))
  return { name: 'failures without a case', kind: 'failure', content: `\n${failure}${beside}` }
}

function handshakeCases(byHandshake: ReadonlyMap<string, readonly Finding[]>): Case[] {
  return [...byHandshake.values()].map((findings) => {
    const handshake = (findings[0] as Finding).handshake as CheckedHandshake
    return findingsCase(serverText(cutName(handshake)), findings)
  })
}

/** The same in every run: what came of an expectation follows its text. */
function nameOfOther({ rule, message }: Finding): string {
  return rule === 'expectation' ? message.replace(/;.*$/s, '') : rule
}

/** A case of all findings about one thing. Readers show the first failure of a case alone, so there is never a second. */
function findingsCase(name: string, findings: readonly Finding[]): Case {
  const { failure, warning, known } = byStanding(findings)
  const out = outElement(warning.map(findingText).join('\n\n'))
  if (failure.length > 0) {
    const beside = outElement([...warning, ...known].map(findingText).join('\n\n'))
    return { name, kind: 'failure', content: `\n${problemElement('failure', failure)}${beside}` }
  }
  if (known.length > 0) return { name, kind: 'skipped', content: `\n${problemElement('skipped', known)}${out}` }
  return { name, kind: 'passed', content: out === '' ? '' : `\n${out}` }
}

function problemElement(tag: 'failure' | 'skipped', findings: readonly Finding[]): string {
  const [first] = findings as readonly [Finding]
  const more = findings.length === 1 ? '' : ` (and ${findings.length - 1} more)`
  const known = tag === 'skipped' ? 'known in the baseline: ' : ''
  const message = `${known}${cutText(first.message, MAX_SENTENCE)}${more}`
  return element(tag, { type: first.rule, message }, linesText(findings.map(findingText).join('\n\n')))
}

function readCase(name: string, error: string | null): Case {
  if (error === null) return { name, kind: 'passed', content: '' }
  const message = cutText(error, MAX_SENTENCE)
  return {
    name,
    kind: 'error',
    content: `\n${element('error', { type: 'unread-capture', message }, xmlText(message))}`,
  }
}

/** A check that looked at nothing has not passed, and readers take a report without a case for a mistake. */
function foundCase(result: CheckResult): Case {
  const name = 'handshakes are found'
  const { captures, handshakes } = countsOf(result)
  if (handshakes > 0) return { name, kind: 'passed', content: '' }
  const message = `no TLS handshake in ${plural(captures, 'capture')}`
  const explained = result.outcome === 'passed' || byStanding(result.findings).failure.length > 0
  const tag = explained ? 'skipped' : 'failure'
  return { name, kind: tag, content: `\n${element(tag, { type: 'empty', message })}` }
}

function healedText({ healed }: CheckResult): string {
  if (healed.length === 0) return ''
  const shown = healed.slice(0, MAX_FINDINGS).map(({ rule, message }) => `healed: ${rule}: ${sentence(message)}`)
  const rest = healed.length - shown.length
  return [...shown, ...(rest > 0 ? [`and ${counted(rest)} more`] : [])].join('\n')
}

/** What a finding says, in lines. */
function findingText({ rule, severity, capture, handshake, message, frames, show }: Finding): string {
  const lines = [`${rule} (${severity}): ${sentence(message)}`]
  if (capture !== null) lines.push(`capture: ${cutText(capture, MAX_PATH)}`)
  if (handshake !== null) {
    const { client, startTime } = handshake
    const name = cutName(handshake)
    lines.push(`connection: ${endpointText(client)} -> ${serverText(name)}, ${streamText(handshake)}, ${startTime}`)
  }
  if (frames.length > 0) lines.push(`frames: ${framesText(frames)}`)
  if (show !== null) lines.push(`evidence: ${cutText(show, MAX_PATH)}`)
  return lines.map(oneLine).join('\n')
}

function outElement(text: string): string {
  return text === '' ? '' : element('system-out', {}, linesText(text))
}

/** Line feeds of the text are kept; `oneLine` has taken those of a capture. */
function linesText(text: string): string {
  return text.split('\n').map(xmlText).join('\n')
}

function oneLine(text: string): string {
  return text.replaceAll('\n', '\\x0a')
}

function sentence(text: string): string {
  return oneLine(cutText(text, MAX_SENTENCE))
}

/** Jenkins takes what is before the last dot for a package, so a path has none. */
function className(capture: string): string {
  return capture.replace(/^(?:\.\/)+/, '').replaceAll('.', '_')
}

/** Makes names different that would be the same: GitLab keeps one case of each. */
class Names {
  private readonly seen = new Map<string, number>()

  unique(name: string): string {
    const number = (this.seen.get(name) ?? 0) + 1
    this.seen.set(name, number)
    return number === 1 ? name : this.unique(`${name} (${number})`)
  }
}

function listIn(lists: Map<string, Finding[]>, key: string): Finding[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}
