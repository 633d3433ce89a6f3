import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import type { CheckResult, Finding } from '../../../src/policy/finding.js'
import { checkText } from '../../../src/report/check/terminal.js'

const plain = picocolors.createColors(false)

function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    rule: 'label',
    severity: 'error',
    capture: 'a.pcap',
    handshake: {
      stream: 0,
      handshake: 0,
      client: { address: '198.51.100.2', port: 5000 },
      server: { address: '2001:db8::1', port: 443 },
      serverName: 'a.example',
      startTime: '2026-11-22T10:00:00.000000Z',
    },
    message: 'The label is classical; allowed: hybrid.',
    frames: [4, 6],
    show: 'pqcap show a.pcap --stream 0 --handshake 0',
    fingerprint: '00',
    state: 'new',
    ...overrides,
  }
}

function captureOf(capture: string, overrides: Partial<CheckResult['captures'][number]> = {}) {
  return { capture, handshakes: 1, passed: 1, failed: 0, warnings: 0, known: 0, error: null, ...overrides }
}

function resultOf(overrides: Partial<CheckResult> = {}): CheckResult {
  return {
    policy: 'mine',
    rules: [],
    captures: [captureOf('a.pcap', { passed: 0, failed: 1 })],
    findings: [finding()],
    healed: [],
    passedOver: [],
    outcome: 'failed',
    ...overrides,
  }
}

function textOf(result: CheckResult, all = false): string {
  return checkText(result, { colors: plain, all })
}

describe('what a terminal is told of a check', () => {
  test('is each finding with its evidence and the command that shows it, and a line that sums up', () => {
    expect(textOf(resultOf())).toBe(`a.pcap: 0 of 1 handshake passed
  a.example, 198.51.100.2:5000 -> [2001:db8::1]:443, stream 0
    error label
      The label is classical; allowed: hybrid.
      frames 4, 6
    pqcap show a.pcap --stream 0 --handshake 0

failed: mine, 1 capture: 0 of 1 handshake passed, 1 failure
`)
  })

  test('begins with what fails: captures, handshakes in them, findings of those', () => {
    const second = { ...(finding().handshake as NonNullable<Finding['handshake']>), stream: 1 }
    const text = textOf(
      resultOf({
        captures: [
          captureOf('warned.pcap', { warnings: 1 }),
          captureOf('a.pcap', { failed: 1, warnings: 1, known: 1 }),
        ],
        findings: [
          finding({ capture: 'warned.pcap', severity: 'warning', message: 'W1' }),
          finding({ state: 'known', message: 'K' }),
          finding({ handshake: second, severity: 'warning', message: 'W2' }),
          finding({ handshake: second, message: 'E' }),
          finding({ capture: null, handshake: null, show: null, frames: [], rule: 'expectation', message: 'X' }),
        ],
      }),
    )
    const order = ['E', 'W2', 'K', 'X', 'W1'].map((message) => text.indexOf(`      ${message}\n`))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(Math.min(...order)).toBeGreaterThan(0)
    expect(text).toContain('the whole run\n')
    expect(text).toContain('2 failures, 2 warnings, 1 known\n')
  })

  test('says nothing of captures that pass but their number', () => {
    const captures = [captureOf('a.pcap'), captureOf('b.pcap', { handshakes: 1200, passed: 1200 })]
    expect(textOf(resultOf({ captures, findings: [], outcome: 'passed' }))).toBe(
      'passed: mine, 2 captures: 1,201 of 1,201 handshakes passed\n',
    )
  })

  test('is no more than a person reads, unless all is wanted', () => {
    const captures = Array.from({ length: 2000 }, (_, index) => captureOf(`${index}.pcap`, { failed: 1, passed: 0 }))
    const findings = captures.map(({ capture }) => finding({ capture }))
    const result = resultOf({ captures, findings, leftOut: 7 })
    const text = textOf(result)
    expect(text.split('\n').length).toBeLessThan(500)
    expect(text).toContain('1,950 more findings are not shown; --all shows them\n')
    expect(text).toContain('7 findings beyond the limit are only counted\n')
    expect(text).toContain('2,000 failures')
    expect(textOf(result, true).match(/error label/g)).toHaveLength(2000)
    expect(textOf(result, true)).not.toContain('not shown')
  })

  test('names what healed, what was passed over and what could not be read', () => {
    const passedOver = Array.from({ length: 12 }, (_, index) => `file-${index}`)
    const text = textOf(
      resultOf({
        captures: [captureOf('cut.pcap', { error: 'ends early' })],
        findings: [],
        healed: [{ rule: 'label', message: 'b.pcap, b.example: gone', fingerprint: '1' }],
        passedOver,
        outcome: 'trouble',
      }),
    )
    expect(text).toContain('could not be read whole:\n  cut.pcap: ends early\n')
    expect(text).toContain('known failures that did not come again:\n  label: b.pcap, b.example: gone\n')
    expect(text).toContain('12 files passed over, as they are not captures:\n  file-0\n')
    expect(text).toContain('  and 2 more\n')
    expect(text).toMatch(/\ntrouble: mine, 1 capture: .*, 1 healed, 1 capture not read whole\n$/)
  })

  test('never holds what could steer the terminal', () => {
    const evil = 'evil\u001b[2J\u202e\n'
    const text = textOf(
      resultOf({
        policy: evil,
        captures: [captureOf(evil, { failed: 1, error: evil })],
        findings: [
          finding({
            capture: evil,
            message: evil,
            rule: evil,
            show: evil,
            handshake: { ...(finding().handshake as NonNullable<Finding['handshake']>), serverName: evil },
          }),
        ],
        healed: [{ rule: evil, message: evil, fingerprint: '1' }],
        passedOver: [evil],
      }),
    )
    expect(text).not.toMatch(/[^\P{C}\n]/u)
    expect(text.split('\n').every((line) => line === '' || !line.startsWith('evil\n'))).toBe(true)
    expect(text.match(/evil\\x1b\[2J\\u\{202e\}\\x0a/g)?.length).toBeGreaterThanOrEqual(8)
  })

  test('says the same with colours and without', () => {
    const colored = checkText(resultOf(), { colors: picocolors.createColors(true), all: false })
    expect(colored).toContain('\u001b[31m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of one
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(textOf(resultOf()))
  })
})
