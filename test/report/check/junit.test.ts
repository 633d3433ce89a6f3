import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import type { CheckResult } from '../../../src/policy/finding.js'
import { junitReport } from '../../../src/report/check/junit.js'
import { checkedCapture, checkedHandshake, checkResult, finding, wholeRun } from '../../support/check-result.js'

const XSD = readFileSync(new URL('../../support/schemas/jenkins-junit-10.xsd', import.meta.url), 'utf8')

/** What Jenkins' schema has against some reports; each is checked as a file of its own. */
async function problems(...reports: readonly string[]): Promise<readonly string[]> {
  const xml = reports.map((contents, index) => ({ fileName: `${index}.xml`, contents }))
  const { errors } = await validateXML({ xml, schema: XSD })
  return errors.map(({ rawMessage }) => rawMessage)
}

/** Names of the cases in it, by what became of them. */
function cases(result: CheckResult): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  const pattern = /<testcase classname="[^"]*" name="([^"]*)"(?:\/>|>([\s\S]*?)<\/testcase>)/g
  for (const [, name, content] of junitReport(result).matchAll(pattern)) {
    const kind = /^\s*<(failure|error|skipped)/.exec(content ?? '')?.[1] ?? 'passed'
    found[kind] ??= []
    found[kind].push(name as string)
  }
  return found
}

describe('junit', () => {
  test('is what the schema of Jenkins allows', async () => {
    const empty = checkResult({ captures: [], findings: [], rules: [] })
    expect(await problems(junitReport(wholeRun()), junitReport(checkResult()), junitReport(empty))).toEqual([])
  })

  test('is held against the schema: one that breaks it is refused', async () => {
    expect(await problems(junitReport(checkResult()).replaceAll('<failure ', '<failed '))).not.toEqual([])
  })

  test('has a case for each handshake, whatever became of it', () => {
    expect(cases(wholeRun())).toEqual({
      passed: [
        'the capture is read whole',
        'kms.example.test 198.51.100.1:443',
        'kms.example.test 198.51.100.1:443 (2)',
        'the capture is read whole',
        '198.51.100.9:5432',
        'handshakes are found',
        'all captures are read',
      ],
      failure: ['kms.example.test 198.51.100.1:443 (3)', 'Expected: s3.*.example.test at least 1 hybrid'],
      skipped: ['ledger.example.test [2001:db8::1]:8443'],
      error: ['the capture is read whole'],
    })
  })

  test('passes no handshake of which a failure may be left out, and fails where one is', async () => {
    const at = (stream: number) => checkedHandshake({ stream, serverName: `s${stream}.test` })
    const result = checkResult({
      captures: [
        checkedCapture({ handshakes: 4, passed: 1, failed: 3, warnings: 1, checked: [at(0), at(1), at(2), at(3)] }),
      ],
      findings: [
        finding({ handshake: at(0) }),
        finding({ handshake: at(1), rule: 'round-trips', severity: 'warning', message: 'Two.' }),
      ],
      leftOut: 2,
    })
    expect(cases(result)).toEqual({
      passed: [
        'the capture is read whole',
        'a handshake without a finding that fails',
        'handshakes are found',
        'all captures are read',
      ],
      failure: ['failures without a case', 's0.test 198.51.100.1:443'],
    })
    const report = junitReport(result)
    expect(report).toContain('<failure type="left-out" message="2 more failures without a case here">')
    expect(report).toContain('<system-out>round-trips (warning): Two.')
    expect(await problems(report)).toEqual([])
  })

  test('names what is about no capture without what came of it', () => {
    const came = (counts: string): CheckResult => {
      const messages = [`Expected: a at least 2 hybrid; ${counts}.`, `No TLS handshake was found in ${counts}.`]
      const findings = messages.map((message, index) =>
        finding({ rule: index === 0 ? 'expectation' : 'empty-run', capture: null, handshake: null, message }),
      )
      return checkResult({ captures: [checkedCapture({ handshakes: 1, passed: 1, failed: 0 })], findings })
    }
    expect(cases(came('1 came'))['failure']).toEqual(['Expected: a at least 2 hybrid', 'empty-run'])
    expect(cases(came('3 came'))).toEqual(cases(came('1 came')))
  })

  test('counts the cases of each suite, and of all', () => {
    const report = junitReport(wholeRun())
    expect(report).toContain('<testsuites name="pqcap check" tests="11" failures="2" errors="1">')
    expect(report).toContain('<testsuite name="captures/login.pcap" tests="5" failures="1" errors="0" skipped="1">')
    expect(report).toContain('<testsuite name="captures/cut.pcap" tests="1" failures="0" errors="1" skipped="0">')
  })

  test('tells warnings in system-out and lets them pass', () => {
    expect(junitReport(wholeRun())).toContain('<system-out>hello-retry-requests (warning): The server sent a')
  })

  test('has a case for each passing handshake also where only their number is known', () => {
    const captures = [checkedCapture({ handshakes: 4, passed: 3, failed: 1, warnings: 1 })]
    const warned = checkedHandshake({ stream: 1 })
    const findings = [finding(), finding({ handshake: warned, severity: 'warning' })]
    expect(cases(checkResult({ captures, findings }))).toMatchObject({
      passed: [
        'the capture is read whole',
        'a handshake without a finding that fails',
        'a handshake without a finding that fails (2)',
        'kms.example.test 198.51.100.1:443 (2)',
        'handshakes are found',
        'all captures are read',
      ],
      failure: ['kms.example.test 198.51.100.1:443'],
    })
  })

  test('joins all findings of a handshake in one failure, since readers show but one', () => {
    const findings = [finding(), finding({ rule: 'tls-version', message: 'TLSv1.2 was agreed on.' })]
    const report = junitReport(checkResult({ findings }))
    expect(report.match(/<failure /g)).toHaveLength(1)
    expect(report).toContain(' (and 1 more)">label (error): ')
    expect(report).toContain('\n\ntls-version (error): TLSv1.2 was agreed on.\n')
  })

  test('fails a check that found no handshake, unless that was allowed', () => {
    const none = { captures: [checkedCapture({ handshakes: 0, failed: 0 })], findings: [] }
    expect(cases(checkResult(none))['failure']).toEqual(['handshakes are found'])
    expect(cases(checkResult({ ...none, outcome: 'passed' }))['skipped']).toEqual(['handshakes are found'])
    const told = { ...none, findings: [finding({ capture: null, handshake: null, message: 'None.' })] }
    expect(cases(checkResult(told))['failure']).toEqual(['label'])
  })

  test('gives captures whose paths differ in a dot different class names', () => {
    const captures = ['a.b.pcap', 'a_b.pcap'].map((capture) => checkedCapture({ capture, passed: 1, failed: 0 }))
    const names = [...junitReport(checkResult({ captures, findings: [] })).matchAll(/classname="([^"]*)"/g)]
    expect(new Set(names.map(([, name]) => name)).size).toBe(3)
  })

  test('leaves passing handshakes out where there are too many, and says so', () => {
    const captures = [checkedCapture({ handshakes: 60_000, passed: 60_000, failed: 0 })]
    const report = junitReport(checkResult({ captures, findings: [], outcome: 'passed' }))
    expect(report).toContain('tests="50001"')
    expect(report).toContain('<system-out>10,000 more handshakes passed, without a case here</system-out>')
  })

  test('leaves warnings out before failures', () => {
    const warnings = Array.from({ length: 50_000 }, (_, stream) =>
      finding({ severity: 'warning', handshake: checkedHandshake({ stream }) }),
    )
    const failure = finding({ handshake: checkedHandshake({ stream: 50_000 }) })
    expect(cases(checkResult({ findings: [...warnings, failure] }))['failure']).toHaveLength(1)
  })

  test('of any text is XML that the schema allows', async () => {
    const reports = fc
      .sample(fc.string({ unit: 'binary', maxLength: 40 }), 100)
      .concat(String.fromCharCode(...Array.from({ length: 0x100 }, (_, code) => code)), '\ufffe\uffff', '\ud800', ']]>')
      .map((text) => {
        const handshake = checkedHandshake({ serverName: text })
        return junitReport(
          checkResult({
            policy: text,
            captures: [checkedCapture({ capture: text, error: text, handshakes: 2, passed: 1, checked: [handshake] })],
            findings: [finding({ capture: text, handshake, message: text, show: text, rule: text })],
            healed: [{ rule: text, message: text, fingerprint: text }],
          }),
        )
      })
    expect(await problems(...reports)).toEqual([])
  })
})
