import { describe, expect, test } from 'vitest'
import { Check } from '../../src/policy/check.js'
import type { CheckResult } from '../../src/policy/finding.js'
import type { CaptureRecord, HandshakeRecord } from '../../src/verdict/record.js'
import { evaluatorFor, policyOf } from '../support/policies.js'
import { captureRecord, handshakeRecord } from '../support/records.js'

type Run = readonly (HandshakeRecord | CaptureRecord)[]

async function resultOf(text: string, run: Run, others: Readonly<Record<string, string>> = {}): Promise<CheckResult> {
  const policy = await policyOf(text, others)
  const evaluator = await evaluatorFor(text, ['runs'], false, others)
  const check = new Check({ policy, roots: ['runs'], known: null, writesBaseline: false, allowEmpty: true }, evaluator)
  for (const record of run) {
    if (record.type === 'capture') check.capture(record, true)
    else {
      const judged = evaluator.handshake(record)
      if (judged !== null) check.judged(judged)
    }
  }
  return check.end(false)
}

/** `line: conditions: why` of each. */
async function unusedOf(text: string, run: Run = RUN, others: Readonly<Record<string, string>> = {}) {
  const { unusedOverrides = [] } = await resultOf(text, run, others)
  return unusedOverrides.map(({ place, where, message }) => `${place}: ${where}: ${message}`)
}

const at = (name: string, overrides: Partial<HandshakeRecord> = {}) =>
  handshakeRecord({ capture: 'runs/a.pcap', serverName: name, ...overrides })
const RUN: Run = [
  at('api.example.com'),
  at('kms.example.com', { stream: 1, server: { address: '198.51.100.1', port: 8443 } }),
  captureRecord({ capture: 'runs/a.pcap', handshakes: 2 }),
  captureRecord({ capture: 'runs/empty.pcap', handshakes: 0 }),
]

const overrides = (...lines: readonly string[]): string =>
  `rules: { label: [hybrid] }\noverrides:\n${lines.map((line) => `  - ${line}\n`).join('')}`

describe('an override', () => {
  test('that no handshake fits is told with its place and conditions', async () => {
    const text = overrides(
      "{ where: { server-name: '*.exmaple.com' }, rules: { label: off } }",
      '{ where: { server: 203.0.113.0/24, port: [443, 8443] }, rules: off }',
      '{ where: { port: 8443 }, rules: { label: warning } }',
      "{ where: { capture: 'nightly/**' }, rules: { label: warning } }",
    )
    expect(await unusedOf(text)).toEqual([
      'p.yaml:3:5: server-name *.exmaple.com: no handshake matches it',
      'p.yaml:4:5: server 203.0.113.0/24, port 443 and 8443: no handshake matches it',
      'p.yaml:6:5: capture nightly/**: no handshake matches it',
    ])
  })

  test('that earlier ones leave nothing is told with the first that stands before it', async () => {
    const text = overrides(
      '{ where: { port: 8443 }, rules: { label: warning } }',
      "{ where: { server-name: '*.example.com' }, rules: { label: warning } }",
      '{ where: { server-name: kms.example.com }, rules: { label: off } }',
      '{ where: { address: 198.51.100.0/24 }, rules: { label: off } }',
    )
    expect(await unusedOf(text)).toEqual([
      'p.yaml:5:5: server-name kms.example.com: overrides before it take all that it matches, as p.yaml:3:5 does',
      'p.yaml:6:5: address 198.51.100.0/24: overrides before it take all that it matches, as p.yaml:4:5 does',
    ])
    // One that is reached once is in force.
    expect(await unusedOf(text, [at('other'), ...RUN])).toEqual([expect.stringContaining('p.yaml:5:5')])
  })

  test('of a capture as a whole is in force where the capture is there, if it says something of captures', async () => {
    const of = (rules: string) => unusedOf(overrides(`{ where: { capture: empty.pcap }, rules: ${rules} }`))
    expect(await of('{ empty-capture: warning }')).toEqual([])
    expect(await of('{ unseen-handshakes: error }')).toEqual([])
    expect(await of('off')).toEqual([])
    expect(await of('{ label: warning }')).toEqual(['p.yaml:3:5: capture empty.pcap: no handshake matches it'])
    const behind = overrides(
      "{ where: { capture: '*' }, rules: { label: warning } }",
      '{ where: { capture: empty.pcap }, rules: { empty-capture: warning } }',
    )
    expect(await unusedOf(behind)).toEqual([
      'p.yaml:4:5: capture empty.pcap: overrides before it take all that it matches, as p.yaml:3:5 does',
    ])
  })

  test('of a policy that is extended is told as such, once where two others extend it', async () => {
    const base = 'overrides: [{ where: { port: 1 }, rules: off }, { where: { port: 8443 }, rules: off }]\n'
    const others = { 'base.yaml': base, 'a.yaml': 'extends: ./base.yaml\n', 'b.yaml': 'extends: ./base.yaml\n' }
    const text = `extends: [./a.yaml, ./b.yaml]\n${overrides('{ where: { port: 2 }, rules: off }')}`
    const { unusedOverrides = [] } = await resultOf(text, RUN, others)
    expect(unusedOverrides.map(({ place, extended }) => [place, extended])).toEqual([
      ['p.yaml:4:5', false],
      ['base.yaml:1:13', true],
    ])
  })

  test('is told of in no run without handshakes, and where there is none', async () => {
    const text = overrides('{ where: { port: 1 }, rules: off }')
    expect(await resultOf(text, [captureRecord({ capture: 'runs/empty.pcap', handshakes: 0 })])).not.toHaveProperty(
      'unusedOverrides',
    )
    expect(await resultOf('rules: { label: [hybrid] }', RUN)).not.toHaveProperty('unusedOverrides')
  })

  test('that nothing came under changes no outcome', async () => {
    const { outcome, findings } = await resultOf(overrides('{ where: { port: 1 }, rules: off }'), RUN)
    expect({ outcome, findings }).toEqual({ outcome: 'passed', findings: [] })
  })
})
