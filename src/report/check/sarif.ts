import { printable } from '../../bytes/text.js'
import type { CheckResult, Finding, RuleDescription } from '../../policy/finding.js'
import { plural } from '../counted.js'
import { endpointText } from '../endpoint-text.js'
import { jsonText } from '../json-text.js'
import { distinctFingerprints } from './alike.js'
import {
  cutName,
  cutText,
  framesText,
  joined,
  MAX_FRAMES,
  MAX_PATH,
  MAX_REPORT_LENGTH,
  MAX_SENTENCE,
} from './limits.js'
import { plainMarkdown } from './markdown-text.js'
import { endedEarly, mostImportant, serverText, standingOf, streamText } from './order.js'
import { overrideSentence } from './overrides.js'
import { pathUri } from './uri.js'

/** Code scanning refuses a run with more results, and shows the 5,000 most severe. */
const MAX_RESULTS = 25_000
/** Captures that could not be read, and what is healed, are told up to here. */
const MAX_NOTIFICATIONS = 1_000
/** What code scanning takes of a description. */
const MAX_DESCRIPTION = 1_024

/** What TLS 1.3 and its key exchange are, for every rule: what a rule asks is in its own help. */
const HELP_URI = 'https://www.rfc-editor.org/info/rfc9846'
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/**
 * SARIF 2.1.0, one run. Failures of the baseline are results that are suppressed. What is healed is told as a
 * notification and is no result: it has no place in a capture, and code scanning takes every result for an open alert.
 */
export function sarifReport(result: CheckResult): string {
  const shown = mostImportant(result.findings, MAX_RESULTS)
  const rules = rulesOf(result)
  const indexes = new Map(rules.map(({ id }, index) => [id, index]))
  const { text, leftOut } = joined(
    resultTexts(shown, result.policyFile ?? result.policy, indexes, distinctFingerprints(result.findings)),
    shown.length,
    MAX_REPORT_LENGTH,
  )
  const driver = { name: 'pqcap', rules: rules.map(ruleObject) }
  const notShown = result.findings.length - shown.length + leftOut + (result.leftOut ?? 0)
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver }, invocations: [invocation(result, notShown)] }],
  }
  // The results are written by themselves: together with the rest they may be much text.
  return `${jsonText(log).slice(0, -'}]}'.length)},"results":[${text.slice(0, -1)}\n]}]}\n`
}

function* resultTexts(
  findings: readonly Finding[],
  policy: string,
  indexes: ReadonlyMap<string, number>,
  fingerprints: ReadonlyMap<Finding, string>,
): Iterable<string> {
  for (const finding of findings) {
    const ruleIndex = indexes.get(finding.rule) ?? -1
    yield `\n${jsonText(resultObject(finding, policy, ruleIndex, fingerprints.get(finding) ?? finding.fingerprint))},`
  }
}

/** §3.27 */
function resultObject(finding: Finding, policy: string, ruleIndex: number, fingerprint: string): object {
  const known = standingOf(finding) === 'known'
  return {
    ruleId: finding.rule,
    ruleIndex,
    kind: 'fail',
    level: finding.severity,
    message: { text: messageText(finding) },
    locations: [locationOf(finding, policy)],
    // The second name is the one by which code scanning tells that an alert is the same as before.
    partialFingerprints: { 'pqcapFinding/v1': fingerprint, primaryLocationLineHash: fingerprint },
    baselineState: known ? 'unchanged' : 'new',
    ...(known
      ? {
          suppressions: [{ kind: 'external', status: 'accepted', justification: 'A failure that the baseline lists.' }],
        }
      : {}),
    properties: {
      frames: finding.frames.slice(0, MAX_FRAMES),
      ...(finding.show === null ? {} : { show: cutText(finding.show, MAX_PATH) }),
    },
  }
}

/**
 * Where to look: the capture, and in it the stream and handshake. A connection that was expected and never came is
 * placed in the policy that expects it. A capture has no lines, but code scanning demands one.
 */
function locationOf({ capture, handshake }: Finding, policy: string): object {
  const physicalLocation = { artifactLocation: { uri: pathUri(capture ?? policy) }, region: { startLine: 1 } }
  if (handshake === null) return { physicalLocation }
  const name = `${serverText(cutName(handshake))}, ${streamText(handshake)}`
  const fullyQualifiedName = `stream ${handshake.stream}/handshake ${handshake.handshake}`
  return { physicalLocation, logicalLocations: [{ name: printable(name), fullyQualifiedName, kind: 'tls-handshake' }] }
}

function messageText({ handshake, message, frames, show }: Finding): string {
  const where =
    handshake === null
      ? ''
      : `${endpointText(handshake.client)} -> ${serverText(cutName(handshake))}, ${streamText(handshake)}: `
  const evidence = frames.length === 0 ? '' : ` Frames: ${framesText(frames)}.`
  const command = show === null ? '' : ` Evidence: ${cutText(show, MAX_PATH)}`
  return literal(`${where}${cutText(message, MAX_SENTENCE)}${evidence}${command}`)
}

/** The rules of the policy, and any that a finding names beside them. */
function rulesOf({ rules, findings }: CheckResult): readonly RuleDescription[] {
  const all = new Map(rules.map((rule) => [rule.id, rule]))
  for (const { rule: id, severity } of findings)
    if (!all.has(id)) all.set(id, { id, title: id, help: `The rule ${id} of the policy.`, severity })
  return [...all.values()]
}

/** §3.49 */
function ruleObject({ id, title, help, severity }: RuleDescription): object {
  return {
    id,
    shortDescription: { text: literal(cutText(title, MAX_DESCRIPTION)) },
    fullDescription: { text: literal(cutText(help, MAX_DESCRIPTION)) },
    help: { text: literal(help), markdown: `**${plainMarkdown(title)}**\n\n${plainMarkdown(help)}` },
    helpUri: HELP_URI,
    defaultConfiguration: { level: severity },
    properties: { tags: ['security', 'tls', 'post-quantum'], 'problem.severity': severity },
  }
}

/** §3.20 */
function invocation(result: CheckResult, notShown: number): object {
  const { outcome, captures, healed } = result
  const early = endedEarly(result)
  const unread = captures.flatMap(({ capture, error }) =>
    error === null
      ? []
      : [
          {
            level: 'error',
            message: { text: literal(`The capture could not be read whole: ${cutText(error, MAX_SENTENCE)}`) },
            locations: [{ physicalLocation: { artifactLocation: { uri: pathUri(capture) } } }],
          },
        ],
  )
  const noLonger = healed.map(({ rule, message, fingerprint }) => ({
    level: 'note',
    message: { text: literal(`Healed, no longer there: ${rule}: ${cutText(message, MAX_SENTENCE)}`) },
    properties: { rule, fingerprint },
  }))
  const told = [...unread, ...noLonger].slice(0, MAX_NOTIFICATIONS)
  const untold = unread.length + noLonger.length - told.length
  const left = [
    ...(early === null ? [] : [{ level: 'error', message: { text: early } }]),
    ...(notShown > 0 ? [note(`${plural(notShown, 'finding')} left out: there are more than a reader takes.`)] : []),
    ...(untold > 0 ? [note(`${plural(untold, 'notification')} left out.`)] : []),
  ]
  return {
    executionSuccessful: outcome !== 'trouble',
    exitCode: { passed: 0, failed: 1, trouble: 2 }[outcome],
    toolExecutionNotifications: [...left, ...told],
    ...(result.unusedOverrides === undefined ? {} : { toolConfigurationNotifications: unusedNotifications(result) }),
  }
}

/** §3.20.20, each at its place in a policy. */
function unusedNotifications(result: CheckResult): readonly object[] {
  const overrides = result.unusedOverrides ?? []
  const told = overrides.slice(0, MAX_NOTIFICATIONS).map((override) => {
    const [, path = override.place, line = '1'] = /^(.*):(\d+):\d+$/s.exec(override.place) ?? []
    const region = { startLine: Number(line) }
    return {
      level: 'warning',
      message: { text: literal(overrideSentence(override, result)) },
      locations: [{ physicalLocation: { artifactLocation: { uri: pathUri(path) }, region } }],
    }
  })
  const untold = overrides.length - told.length
  return untold === 0 ? told : [...told, note(`${plural(untold, 'notification')} left out.`)]
}

function note(text: string): object {
  return { level: 'warning', message: { text } }
}

/** Plain text of a message: with a space in it `[a](b)` is no link (§3.11.6), and `{0}` no argument (§3.11.5). */
function literal(text: string): string {
  return printable(text)
    .replaceAll('](', '] (')
    .replace(/\{(?=\d+\})/g, '{ ')
}
