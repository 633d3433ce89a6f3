import { describe, expect, test } from 'vitest'
import { Check } from '../../src/policy/check.js'
import { MAX_NAMES, NearNames } from '../../src/policy/near-names.js'
import { evaluatorFor, policyOf } from '../support/policies.js'
import { captureRecord, handshakeRecord } from '../support/records.js'

describe('names near those of a policy', () => {
  test('are told of an expectation and an override that nothing fits', async () => {
    const text = `
rules: { label: [hybrid] }
overrides:
  - where: { server-name: legacy.exmaple.com }
    rules: off
expect:
  - kms.exmaple.com at least 1
  - kms.example.com at most 0
  - kms.*.com at least 9
`
    const policy = await policyOf(text)
    const evaluator = await evaluatorFor(text)
    const check = new Check({ policy, roots: [], known: null, writesBaseline: false, allowEmpty: true }, evaluator)
    for (const serverName of ['www.example.net', 'kms.example.com', 'legacy.example.com'])
      evaluator.handshake(handshakeRecord({ serverName }))
    check.expectedCounts(evaluator.takeCounts())
    check.namesCame(evaluator.takeNearNames())
    check.capture(captureRecord({ handshakes: 3 }), false)
    const { findings, unusedOverrides } = check.end(false)
    expect(findings.map(({ message }) => message)).toEqual([
      "Expected: kms.exmaple.com at least 1 handshakes; no handshake matches it (did you mean 'kms.example.com', which came?).",
      'Expected: kms.example.com exactly 0 handshakes; 1 came.',
      'Expected: kms.*.com at least 9 handshakes; 1 came.',
    ])
    expect(unusedOverrides?.map(({ message }) => message)).toEqual([
      "no handshake matches it (did you mean 'legacy.example.com', which came?)",
    ])
  })

  test('are the nearest of all captures, the first of those that are alike', () => {
    const here = new NearNames(['abcdef'])
    const there = new NearNames(['abcdef'])
    for (const name of ['abcdxy', 'abxdef', 'abydef']) there.note(name)
    const learnt = there.take()
    expect(learnt.at(-1)).toEqual(['abcdef', 'abxdef'])
    expect(there.take()).toEqual([])
    here.note('abzdef')
    here.merge(learnt)
    expect(here.hint(['other', 'abcdef'])).toBe(" (did you mean 'abzdef', which came?)")
    expect(new NearNames(['abcdef']).hint(['abcdef'])).toBe('')
  })

  test('are looked for among so many, and none so long as no name is', () => {
    const names = new NearNames(['server-0', 'a'.repeat(300)])
    names.note('a'.repeat(299))
    for (let i = 0; i < MAX_NAMES; i++) names.note(`other ${i}`)
    names.note('server-1')
    expect(names.take()).toEqual([])
    names.note('server-1')
    expect(names.take()).toEqual([['server-0', 'server-1']])
  })
})
