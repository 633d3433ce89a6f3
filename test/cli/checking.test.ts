import { describe, expect, test } from 'vitest'
import { checkPreparer } from '../../src/cli/check-preparer.js'
import { Checking } from '../../src/cli/checking.js'
import type { Delivery } from '../../src/cli/worker-messages.js'
import { Check } from '../../src/policy/check.js'
import { Totals } from '../../src/report/totals.js'
import type { CaptureRecord, HandshakeRecord } from '../../src/verdict/record.js'
import { evaluatorFor, policyOf } from '../support/policies.js'
import { captureRecord, classicalRecord, handshakeRecord } from '../support/records.js'
import { fakeSession, textOf } from '../support/session.js'

const POLICY = 'rules: { label: [hybrid] }\nexpect:\n  - server.* at least 3 hybrid\n'

async function checkingOf(captures: readonly string[]) {
  const session = fakeSession()
  const evaluator = await evaluatorFor(POLICY)
  const policy = await policyOf(POLICY)
  const options = { policy, roots: [], known: null, writesBaseline: false, allowEmpty: false }
  const check = new Check(options, evaluator)
  const found = { captures, roots: [], maybe: new Set<string>(), notRead: [] }
  return { session, policy, check, checking: new Checking(check, evaluator, found, session) }
}

/** What a worker delivers of captures; a handshake at the end is of one that has not ended. */
async function deliveryOf(records: readonly (HandshakeRecord | CaptureRecord)[]): Promise<Delivery> {
  const preparer = await checkPreparer({ policy: await policyOf(POLICY), roots: [] })
  let text = ''
  const ended = []
  for (const record of records) {
    if (record.type === 'handshake') text += textOf(preparer.handshake(record))
    else {
      text += preparer.rest()
      ended.push({ at: new TextEncoder().encode(text).length, record })
    }
  }
  text += preparer.rest()
  return {
    type: 'delivery',
    text: new TextEncoder().encode(text),
    totals: new Totals(),
    ended: JSON.stringify(ended),
    endedCount: ended.length,
    endedAt: ended.at(-1)?.at ?? 0,
    keyShares: new Int32Array(0),
    last: false,
  }
}

const A = [
  handshakeRecord({ capture: 'ä.pcap' }),
  classicalRecord({ capture: 'ä.pcap', stream: 2, serverName: 'ä.example' }),
  classicalRecord({ capture: 'ä.pcap', stream: 1 }),
  captureRecord({ capture: 'ä.pcap', handshakes: 3 }),
]
const B = [handshakeRecord({ capture: 'b.pcap' }), captureRecord({ capture: 'b.pcap' })]

describe('what workers deliver', () => {
  test.each([
    ['at once', [[...A, ...B]]],
    ['capture by capture', [A, B]],
    ['in parts', [A.slice(0, 2), [...A.slice(2), ...B.slice(0, 1)], B.slice(1)]],
  ])('%s comes to the same as what is read here', async (_, parts) => {
    const here = await checkingOf(['ä.pcap', 'b.pcap'])
    for (const record of [...A, ...B]) {
      if (record.type === 'handshake') here.checking.handshake(record)
      else here.checking.capture(record)
    }
    const expected = here.check.end(false)
    expect(expected.findings.map(({ rule }) => rule)).toEqual(['label', 'label', 'expectation'])

    const { check, checking } = await checkingOf(['ä.pcap', 'b.pcap'])
    for (const part of parts) await checking.delivery(await deliveryOf(part))
    const withoutFingerprints = ({ findings, ...rest }: typeof expected): unknown => ({
      ...rest,
      findings: findings.map((finding) => ({ ...finding, fingerprint: '' })),
    })
    expect(withoutFingerprints(check.end(false))).toEqual(withoutFingerprints(expected))
  })

  test('of a worker that died is trouble, and is told', async () => {
    const { session, check, checking } = await checkingOf(['a.pcap'])
    const error = { code: 'worker-died', message: 'cannot be read: the worker died', offset: 0 }
    await checking.delivery(await deliveryOf([captureRecord({ capture: 'a.pcap', handshakes: 0, error })]))
    expect(check.end(false).outcome).toBe('trouble')
    expect(session.stderr.text).toBe('pqcap: a.pcap: cannot be read: the worker died\n')
  })
})

describe('at a terminal', () => {
  test('a bar says how many captures are done, and is taken away', async () => {
    const { session, checking } = await checkingOf(['ä.pcap', 'b.pcap'])
    session.stderr.isTTY = true
    checking.capture(A[3] as CaptureRecord)
    expect(session.stderr.text).toBe('')
    session.clock.milliseconds = 1500
    checking.capture(B[1] as CaptureRecord)
    expect(session.stderr.text).toContain('] 2 of 2 captures')
    checking.end()
    expect(session.stderr.text.endsWith('\r\u001b[2K')).toBe(true)
  })

  test('of one capture alone, how far it is', async () => {
    const { session, checking } = await checkingOf(['-'])
    session.stderr.isTTY = true
    const progress = checking.progressOf('-')
    session.clock.milliseconds = 1500
    progress({ bytesRead: 1e6, totalBytes: 2e6, packets: 3, handshakes: 1 })
    expect(session.stderr.text).toContain('standard input: 1.0 MB of 2.0 MB')
  })
})
