import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../../src/policy/finding.js'
import { githubAnnotations } from '../../../src/report/check/github.js'
import { CHECK_REPORTS } from '../../../src/report/check/index.js'
import { checkText } from '../../../src/report/check/terminal.js'
import { checkedCapture, checkResult, unusedOverride } from '../../support/check-result.js'

const own = unusedOverride()
const shadowed = unusedOverride({
  place: 'pqcap.policy.yaml:12:5',
  where: 'port 8443',
  message: 'overrides before it take all that it matches, as pqcap.policy.yaml:4:5 does',
})
const extended = unusedOverride({ place: 'company.yaml:3:5', where: 'address 203.0.113.0/24', extended: true })

function passed(unusedOverrides?: CheckResult['unusedOverrides']): CheckResult {
  const captures = [checkedCapture({ passed: 1, failed: 0 })]
  const result = checkResult({ captures, findings: [], outcome: 'passed' })
  return unusedOverrides === undefined ? result : { ...result, unusedOverrides }
}

function terminal(result: CheckResult, all = false): string {
  return checkText(result, { colors: picocolors.createColors(false), all }).replace(/^passed: .*\n/m, '')
}

describe('overrides that nothing came under', () => {
  test('are told on a terminal, each with its place, conditions and why', () => {
    expect(terminal(passed([own, shadowed]))).toBe(`overrides that nothing came under:
  pqcap.policy.yaml:9:5 (server-name *.legacy.exmaple.test): no handshake matches it
  pqcap.policy.yaml:12:5 (port 8443): overrides before it take all that it matches, as pqcap.policy.yaml:4:5 does
`)
    expect(terminal(passed())).toBe('')
  })

  test('of policies that are extended are counted there, and named where all is asked for', () => {
    expect(terminal(passed([own, extended, extended]))).toMatch(
      /no handshake matches it\n {2}and 2 of policies that it extends; --all names them\n$/,
    )
    expect(terminal(passed([extended]))).toBe(
      'overrides that nothing came under:\n  1 of policies that it extends; --all names them\n',
    )
    expect(terminal(passed([own, extended]), true)).toContain('  company.yaml:3:5 (address 203.0.113.0/24): no')
  })

  test('are those of what was read, where not all could be', () => {
    const result: CheckResult = { ...passed([own]), outcome: 'trouble' }
    expect(terminal(result)).toContain('overrides that nothing that was read came under:\n')
    expect(CHECK_REPORTS.junit(result)).toContain('Nothing that was read came under the override ')
  })

  test('are in every report, and in none where there are none', () => {
    for (const format of Object.values(CHECK_REPORTS)) {
      expect(format(passed([own]))).toContain('pqcap.policy.yaml:9:5')
      expect(format(passed())).not.toMatch(/override/i)
    }
    expect(githubAnnotations(passed())).toBe('')
  })

  test('are one notice in GitHub Actions, without those that others have written', () => {
    expect(githubAnnotations(passed([extended]))).toBe('')
    expect(githubAnnotations(passed([own, shadowed, extended]))).toBe(
      '::notice title=pqcap%3A policy::Nothing came under the override pqcap.policy.yaml:9:5 ' +
        '(server-name *.legacy.exmaple.test): no handshake matches it. Nor under 1 more.\n',
    )
  })

  test('are at their lines in SARIF', () => {
    const { runs } = JSON.parse(CHECK_REPORTS.sarif(passed([own, extended])))
    const [invocation] = runs[0].invocations
    expect(invocation.toolConfigurationNotifications).toEqual(
      [
        ['pqcap.policy.yaml', 9],
        ['company.yaml', 3],
      ].map(([uri, startLine]) => ({
        level: 'warning',
        message: { text: expect.stringContaining(`Nothing came under the override ${uri}:${startLine}:5 (`) },
        locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine } } }],
      })),
    )
    expect(invocation.executionSuccessful).toBe(true)
  })

  test('reach no terminal and no line of a report as bytes that do something', () => {
    const evil = unusedOverride({ place: 'p\u001b]0;x\u0007.yaml:1:1', where: 'server-name a\n::error::b\u202e|<b>' })
    const result = passed([evil])
    expect(terminal(result)).not.toMatch(/[^\P{C}\n]/u)
    expect(githubAnnotations(result).split('\n')).toHaveLength(2)
    expect(CHECK_REPORTS.csv(result).split('\r\n')).toHaveLength(3)
    expect(CHECK_REPORTS.markdown(result)).not.toContain('<b>')
    expect(CHECK_REPORTS.junit(result)).not.toMatch(/<b>|[^\P{C}\n]/u)
  })
})
