import { describe, expect, test } from 'vitest'
import { unmetText } from '../../src/policy/expectation.js'
import { evaluatorFor, policyOf, problemsOf } from '../support/policies.js'
import { classicalRecord, handshakeRecord, incompleteRecord, rejectedRecord } from '../support/records.js'

async function expectationOf(item: string) {
  const [expectation] = (await policyOf(`expect:\n  - ${item}\n`)).expectations
  if (expectation === undefined) throw new Error('no expectation')
  return expectation
}

describe('an expectation', () => {
  test.each([
    ['kms.*.amazonaws.com at least 1 hybrid', 'kms.*.amazonaws.com at least 1 hybrid', 1, null, ['hybrid']],
    ['a   at most  2', 'a at most 2 handshakes', 0, 2, null],
    ['a exactly 3 handshakes', 'a exactly 3 handshakes', 3, 3, null],
    ['{ server-name: a }', 'a at least 1 handshakes', 1, null, null],
    [
      '{ server-name: [a, b], label: [hybrid, psk], at-least: 2, at-most: 4 }',
      'a and b at least 2, at most 4 hybrid and psk',
      2,
      4,
      ['hybrid', 'psk'],
    ],
    ['{ server: 10.0.0.1, port: 443, at-most: 0 }', 'server 10.0.0.1, port 443 exactly 0 handshakes', 0, 0, null],
  ])('of the form %s', async (item, text, atLeast, atMost, labels) => {
    expect(await expectationOf(item)).toMatchObject({ text, atLeast, atMost, labels })
  })

  test.each(['a at least 0', 'a at least 0 hybrid', '{ server-name: a, at-least: 0 }'])(
    'that always holds, as %s does, is a mistake',
    async (item) => {
      const problem = 'p.yaml:2:5: at least 0 always holds: at least 1 expects one, at most 0 expects none'
      expect(await problemsOf(`expect:\n  - ${item}\n`)).toEqual([problem])
      expect(await problemsOf('expect:\n  - { server-name: a, at-least: 0, at-most: 1 }\n')).toEqual([])
    },
  )

  test.each([
    ['a at least 1 hybrid', 0, 0, 0, 'Expected: a at least 1 hybrid; no handshake matches it.'],
    ['a at least 2 hybrid', 1, 1, 0, 'Expected: a at least 2 hybrid; 1 came.'],
    ['a at least 2 hybrid', 4, 1, 0, 'Expected: a at least 2 hybrid; 1 came, beside 3 of another kind.'],
    ['a at least 1 hybrid', 4, 1, 0, null],
    ['a at least 1 hybrid', 4, 1, 9, null],
    ['a at least 1 hybrid', 0, 0, 9, 'Expected: a at least 1 hybrid; no handshake matches it.'],
    ['a at most 1 classical', 2, 2, 0, 'Expected: a at most 1 classical; 2 came.'],
    ['a at most 0', 0, 0, 0, null],
    ['a at most 1', 1, 1, 0, null],
    [
      'a at most 0',
      0,
      0,
      2,
      'Expected: a exactly 0 handshakes; no handshake matches it, but 2 more may: the server name, or what was agreed on, was not seen.',
    ],
    ['a at least 1 hybrid', 2, 0, 0, 'Expected: a at least 1 hybrid; none came, beside 2 of another kind.'],
  ])('%s, with %i of which %i count, and %i that may', async (item, matching, counted, open, text) => {
    expect(unmetText(await expectationOf(item), { matching, counted, open })).toBe(text)
  })

  test('counts handshakes that may be of a name or a label, where that was not seen', async () => {
    const evaluator = await evaluatorFor(
      'expect: [server.example.test at most 0 hybrid, other at most 0, { server: 192.0.2.9, at-most: 0 }]\n',
    )
    const unnamed = { serverName: null, clientHello: null }
    for (const record of [incompleteRecord(), handshakeRecord(unnamed), incompleteRecord(unnamed)])
      evaluator.handshake(record)
    // One that asks for no name, and one that came to no end.
    for (const record of [handshakeRecord({ serverName: null }), rejectedRecord()]) evaluator.handshake(record)
    expect(evaluator.takeCounts()).toEqual([
      { matching: 2, counted: 0, open: 3 },
      { matching: 0, counted: 0, open: 2 },
      { matching: 0, counted: 0, open: 0 },
    ])
  })

  test('counts handshakes that were negotiated, and what else came of the name', async () => {
    const evaluator = await evaluatorFor(
      'expect:\n  - server.* at least 1 hybrid\n  - server.* at least 1\n  - other at least 1\n',
    )
    for (const record of [handshakeRecord(), handshakeRecord(), classicalRecord(), rejectedRecord()])
      evaluator.handshake(record)
    const none = { matching: 0, counted: 0, open: 0 }
    expect(evaluator.takeCounts()).toEqual([
      { matching: 4, counted: 2, open: 0 },
      { matching: 4, counted: 3, open: 0 },
      none,
    ])
    expect(evaluator.takeCounts()).toEqual([none, none, none])
  })
})
