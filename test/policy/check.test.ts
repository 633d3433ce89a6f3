import { describe, expect, test } from 'vitest'
import { baselineText, KnownFailures, MAX_ENTRIES, readBaseline } from '../../src/policy/baseline.js'
import { Check, MAX_FINDINGS, MAX_NAMED } from '../../src/policy/check.js'
import type { CheckResult } from '../../src/policy/finding.js'
import type { CaptureRecord, HandshakeRecord } from '../../src/verdict/record.js'
import { evaluatorFor, policyOf } from '../support/policies.js'
import { captureRecord, classicalRecord, handshakeRecord } from '../support/records.js'

type Run = readonly (HandshakeRecord | CaptureRecord)[]

interface Options {
  readonly known?: KnownFailures
  readonly allowEmpty?: boolean
  readonly roots?: readonly string[]
  readonly maybe?: boolean
  readonly namesPassed?: boolean
}

async function checkOf(
  policy: string,
  run: Run,
  { known, allowEmpty = false, roots = [], maybe = false, namesPassed = false }: Options = {},
) {
  const evaluator = await evaluatorFor(policy, roots, namesPassed)
  const options = {
    policy: await policyOf(policy),
    roots,
    namesPassed,
    known: known ?? null,
    writesBaseline: true,
    allowEmpty,
  }
  const check = new Check(options, evaluator)
  for (const record of run) {
    if (record.type === 'handshake') {
      const judged = evaluator.handshake(record)
      if (judged !== null) check.judged(judged)
    } else {
      check.expectedCounts(evaluator.takeCounts())
      check.capture(record, maybe)
    }
  }
  const result: CheckResult = check.end(false)
  return { result, check }
}

const HYBRID = 'rules: { label: [hybrid] }\n'
const RUN: Run = [
  classicalRecord({ stream: 3 }),
  handshakeRecord({ stream: 1 }),
  classicalRecord({ stream: 0, serverName: 'other.example' }),
  captureRecord({ handshakes: 3 }),
]

describe('a check', () => {
  test('has the findings of a capture in the order of streams, and counts', async () => {
    const { result } = await checkOf(HYBRID, RUN)
    expect(result.findings.map(({ handshake }) => handshake?.stream)).toEqual([0, 3])
    expect(result.captures).toEqual([
      { capture: 'made.pcap', handshakes: 3, passed: 1, failed: 2, warnings: 0, known: 0, error: null },
    ])
    expect(result.outcome).toBe('failed')
    expect(result.findings[0]?.show).toBe('pqcap show made.pcap --stream 0 --handshake 0')
    expect(result).not.toHaveProperty('leftOut')
  })

  test('passes where there are warnings alone', async () => {
    const { result } = await checkOf('rules: { label: { severity: warning, allowed: [hybrid] } }', RUN)
    expect(result.outcome).toBe('passed')
    expect(result.captures[0]).toMatchObject({ passed: 3, failed: 0, warnings: 2 })
  })

  test('fails where the policy turns every rule off for all that came, unless that is allowed', async () => {
    const off = (port: number): string => `${HYBRID}overrides: [{ where: { port: ${port} }, rules: off }]\n`
    const { port } = classicalRecord().server
    const { result } = await checkOf(off(port), RUN)
    expect(result.outcome).toBe('failed')
    expect(result.findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'empty-run: No rule was held against any of 3 handshakes: the policy turns all of them off.',
    ])
    expect(result.unjudged).toBe(3)
    expect((await checkOf(off(port), RUN, { allowEmpty: true })).result.outcome).toBe('passed')
    const none = 'rules: { outcome: off, incomplete: off }\n'
    expect((await checkOf(none, RUN)).result.outcome).toBe('failed')
    expect((await checkOf(`${none}expect: ['* at least 1']\n`, RUN)).result.outcome).toBe('passed')
    const ignored = "expect: [{ server-name: '*', severity: off }]\n"
    expect((await checkOf(`${none}${ignored}`, RUN)).result.outcome).toBe('failed')
    const expectationOff = none.replace('}', ', expectation: off }')
    expect((await checkOf(`${expectationOff}expect: ['* at least 1']\n`, RUN)).result.outcome).toBe('failed')

    const some = await checkOf(off(port), [
      ...RUN.slice(0, 3),
      handshakeRecord({ server: { address: '::1', port: 1 } }),
      captureRecord({ handshakes: 4 }),
    ])
    expect(some.result).toMatchObject({ outcome: 'passed', unjudged: 3 })
    expect((await checkOf(HYBRID, RUN)).result).not.toHaveProperty('unjudged')
  })

  test('fails where there is nothing to check, unless that is allowed', async () => {
    const empty = [captureRecord({ handshakes: 0 })]
    const { result } = await checkOf(HYBRID, empty)
    expect(result.outcome).toBe('failed')
    expect(result.findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'empty-run: No TLS handshake was found in 1 capture.',
    ])
    expect((await checkOf(HYBRID, [])).result.outcome).toBe('failed')
    expect((await checkOf(HYBRID, empty, { allowEmpty: true })).result.outcome).toBe('passed')
    expect((await checkOf(`${HYBRID.slice(0, -3)}, empty-run: warning }`, empty)).result.outcome).toBe('passed')
  })

  test('is in trouble where a capture was not read whole, whatever else was found', async () => {
    const error = { code: 'cut', message: 'ends early', offset: 7 }
    const { result } = await checkOf(HYBRID, [...RUN, captureRecord({ capture: 'b', handshakes: 0, error })])
    expect(result.outcome).toBe('trouble')
    expect(result.captures[1]?.error).toBe('ends early')
  })

  test('passes over a file that is no capture, where it need not be one', async () => {
    const none = captureRecord({
      capture: 'x.txt',
      handshakes: 0,
      error: { code: 'not-a-capture', message: 'm', offset: 0 },
    })
    const { result } = await checkOf(HYBRID, [...RUN, none], { maybe: true })
    expect(result.passedOver).toEqual(['x.txt'])
    expect(result.outcome).toBe('failed')
    expect((await checkOf(HYBRID, [...RUN, none])).result.outcome).toBe('trouble')
  })

  test('fails for a connection that never came', async () => {
    const { result } = await checkOf('expect:\n  - kms.* at least 1 hybrid\n  - server.* at least 1 hybrid\n', RUN)
    expect(result.findings.map(({ rule, capture, message }) => [rule, capture, message])).toEqual([
      ['expectation', null, 'Expected: kms.* at least 1 hybrid; no handshake matches it.'],
    ])
    expect(result.outcome).toBe('failed')
    const off = 'rules: { expectation: warning }\nexpect:\n  - kms.* at least 1 hybrid\n'
    expect((await checkOf(off, RUN)).result.outcome).toBe('passed')
  })

  test('keeps so many findings, counts the others, and says so', async () => {
    const many = Array.from({ length: MAX_FINDINGS + 5 }, (_, stream) => classicalRecord({ stream }))
    const run = [...many, captureRecord({ handshakes: many.length })]
    const { result } = await checkOf(HYBRID, run)
    expect(result.findings).toHaveLength(MAX_FINDINGS)
    expect(result.leftOut).toBe(5)
    expect(result.captures[0]?.failed).toBe(MAX_FINDINGS + 5)
    const expected = (await checkOf(`${HYBRID}expect: [a at least 1]\n`, run)).result
    expect(expected.findings.at(-1)?.rule).toBe('expectation')
    expect(expected.leftOut).toBe(5)
  })

  test('names the handshakes of a capture, in the order of streams, where that is asked', async () => {
    const { result } = await checkOf(HYBRID, RUN, { namesPassed: true })
    expect(result.captures[0]?.checked?.map(({ stream }) => stream)).toEqual([0, 1, 3])
    expect(result.captures[0]).toMatchObject({ passed: 1, failed: 2 })
    expect((await checkOf(HYBRID, RUN)).result.captures[0]).not.toHaveProperty('checked')
  })

  test('names all handshakes of a capture or none, and not more than a report would', async () => {
    const many = Array.from({ length: MAX_NAMED - 1 }, (_, stream) => handshakeRecord({ stream }))
    const run = [...many, captureRecord({ handshakes: many.length }), ...RUN, handshakeRecord(), captureRecord()]
    const { captures } = (await checkOf(HYBRID, run, { namesPassed: true })).result
    expect(captures.map(({ checked }) => checked?.length)).toEqual([MAX_NAMED - 1, undefined, 1])
  })

  test('describes the rules that are on, also where an override turns them on', async () => {
    const policy = `${HYBRID}overrides:\n  - where: { port: 1 }\n    rules: { encryption: warning }\n`
    const { result } = await checkOf(policy, RUN)
    expect(result.rules.map(({ id, severity }) => `${id} ${severity}`)).toEqual([
      'incomplete error',
      'outcome error',
      'label error',
      'encryption warning',
      'unseen-handshakes warning',
      'expectation error',
      'empty-run error',
    ])
  })
})

describe('a baseline', () => {
  const again: Run = RUN.map((record) =>
    record.type === 'handshake'
      ? {
          ...record,
          capture: 'elsewhere/made.pcap',
          stream: record.stream + 10,
          startTime: '2027-01-01T00:00:00.000000Z',
          client: { ...record.client, port: 1 },
        }
      : { ...record, capture: 'elsewhere/made.pcap' },
  )

  test('holds what failed, and lets another run of the same pass', async () => {
    const { check } = await checkOf(HYBRID, RUN)
    const text = baselineText(check.baseline.values())
    expect(
      JSON.parse(text).failures.map(({ server, count }: { server: string; count: number }) => [server, count]),
    ).toEqual([
      ['other.example', 1],
      ['server.example.test', 1],
    ])
    const known = new KnownFailures(readBaseline(text))
    const { result } = await checkOf(HYBRID, again, { known, roots: ['elsewhere'] })
    expect(result.outcome).toBe('passed')
    expect(result.findings.map(({ state }) => state)).toEqual(['known', 'known'])
    expect(result.captures[0]).toMatchObject({ passed: 3, failed: 0, known: 2 })
    expect(result.healed).toEqual([])
  })

  test('fails for one more of a kind, and names what did not come again', async () => {
    const { check } = await checkOf(HYBRID, RUN)
    const known = new KnownFailures(readBaseline(baselineText(check.baseline.values())))
    const twice = [classicalRecord({ stream: 0 }), classicalRecord({ stream: 1 }), captureRecord({ handshakes: 2 })]
    const { result } = await checkOf(HYBRID, twice, { known })
    expect(result.outcome).toBe('failed')
    expect(result.findings.map(({ state }) => state)).toEqual(['known', 'new'])
    expect(result.healed.map(({ rule, message }) => [rule, message])).toEqual([
      ['label', 'made.pcap, other.example: The label is classical; allowed: hybrid. Made up for a test.'],
    ])
  })

  test('calls nothing healed that was not looked at', async () => {
    const policy = `${HYBRID}expect: [nowhere at least 1]\n`
    const other = [classicalRecord({ capture: 'b.pcap' }), captureRecord({ capture: 'b.pcap', handshakes: 1 })]
    const { check } = await checkOf(policy, [...RUN, ...other])
    const baseline = readBaseline(baselineText(check.baseline.values()))
    const error = { code: 'cut', message: 'ends early', offset: 7 }
    const cut = [captureRecord({ handshakes: 0, error }), captureRecord({ capture: 'b.pcap', handshakes: 0 })]
    const came = [...cut, handshakeRecord({ serverName: 'nowhere' }), captureRecord({ capture: 'c', handshakes: 1 })]
    const { result } = await checkOf(policy, came, { known: new KnownFailures(baseline) })
    expect(result.outcome).toBe('trouble')
    expect(result.healed.map(({ message }) => message.split(',')[0])).toEqual(['b.pcap'])

    // Nor what another run over other captures would look at.
    const { result: part } = await checkOf(policy, [captureRecord({ capture: 'b.pcap', handshakes: 0 })], {
      known: new KnownFailures(baseline),
    })
    expect(part.healed.map(({ message }) => message.split(',')[0])).toEqual(['b.pcap'])

    const { check: ended } = await checkOf(policy, [], { known: new KnownFailures(baseline) })
    expect(ended.end(true).healed).toEqual([])
  })

  test('never holds that there was nothing to check, nor warnings', async () => {
    expect((await checkOf(HYBRID, [])).check.baseline.size).toBe(0)
    const warnings = await checkOf('rules: { label: { severity: warning, allowed: [hybrid] } }', RUN)
    expect(warnings.check.baseline.size).toBe(0)
  })

  test.each([
    ['x', /^is not JSON: /],
    ['null', /^is not a baseline: its schema is not 'pqcap-baseline\/1'$/],
    ['{"schema":"pqcap-baseline/2","failures":[]}', /^is not a baseline/],
    ['{"schema":"pqcap-baseline/1"}', /^has no list of failures$/],
    ['{"schema":"pqcap-baseline/1","failures":[{"rule":"label"}]}', /^failure 1 is not whole/],
    [
      JSON.stringify({ schema: 'pqcap-baseline/1', failures: new Array(MAX_ENTRIES + 1).fill(0) }),
      /^has more than 100000/,
    ],
  ])('is refused where it is none', (text, message) => {
    expect(() => readBaseline(text)).toThrow(message)
  })
})
