import type { CheckResult } from '../../policy/finding.js'
import { jsonText } from '../json-text.js'
import { joined, MAX_REPORT_LENGTH } from './limits.js'
import { byCapture, countsOf } from './order.js'

/**
 * One JSON object a line, each with its `type` (`schemas/pqcap-check-1.schema.json`): the rules, then for each capture
 * its findings and the capture itself, then the findings about none, what is healed, the files passed over, and last
 * one line of the check. Its `leftOut` counts the lines that are missing: findings beyond the limit of a check, and what
 * would have made the report longer than a program can read.
 */
export function ndjsonReport(result: CheckResult): string {
  const { rules, findings, captures, healed, passedOver } = result
  const count = rules.length + findings.length + captures.length + healed.length + passedOver.length
  const { text, leftOut } = joined(lines(result), count, MAX_REPORT_LENGTH)
  return text + line('check', closing(result, leftOut))
}

function* lines(result: CheckResult): Iterable<string> {
  for (const rule of result.rules) yield line('rule', rule)
  const { captures, others } = byCapture(result)
  for (const { capture, findings } of captures) {
    for (const finding of findings) yield line('finding', finding)
    const { checked: _, ...counts } = capture
    yield line('capture', counts)
  }
  for (const finding of others) yield line('finding', finding)
  for (const healed of result.healed) yield line('healed', healed)
  for (const file of result.passedOver) yield line('passed-over', { file })
}

function closing(result: CheckResult, leftOut: number): object {
  const { captures, handshakes, passed, unread, failure, warning, known } = countsOf(result)
  return {
    schema: 'pqcap-check/1',
    policy: result.policy,
    outcome: result.outcome,
    captures,
    unread,
    handshakes,
    passed,
    failures: failure,
    warnings: warning,
    known,
    healed: result.healed.length,
    passedOver: result.passedOver.length,
    leftOut: leftOut + (result.leftOut ?? 0),
    ...(result.unjudged === undefined ? {} : { unjudged: result.unjudged }),
    ...(result.unusedOverrides === undefined ? {} : { unusedOverrides: result.unusedOverrides }),
  }
}

function line(type: string, value: object): string {
  return `${jsonText({ type, ...value })}\n`
}
