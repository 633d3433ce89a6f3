import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../../src/policy/finding.js'
import { ndjsonReport } from '../../../src/report/check/ndjson.js'
import { checkedCapture, checkedHandshake, checkResult, finding, wholeRun } from '../../support/check-result.js'

const schema = JSON.parse(readFileSync(new URL('../../../schemas/pqcap-check-1.schema.json', import.meta.url), 'utf8'))
const isLine = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema)

// biome-ignore lint/suspicious/noExplicitAny: the schema tells what is in it
function lines(result: CheckResult): any[] {
  const records = ndjsonReport(result)
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
  for (const record of records) expect(isLine(record), JSON.stringify(isLine.errors)).toBe(true)
  return records
}

describe('ndjson', () => {
  test('has rules, each capture behind its findings, and the check last', () => {
    expect(lines(wholeRun()).map(({ type }) => type)).toEqual([
      ...['rule', 'rule', 'rule'],
      ...['finding', 'finding', 'capture'],
      ...['finding', 'capture'],
      ...['capture', 'finding', 'healed', 'passed-over', 'check'],
    ])
  })

  test('gives findings and captures back as they are', () => {
    const { findings, captures } = wholeRun()
    const records = lines(wholeRun())
    const found = records.filter(({ type }) => type === 'finding').map(({ type: _, ...rest }) => rest)
    expect(found).toEqual(findings)
    const { checked: _, ...first } = captures[0] as (typeof captures)[0]
    expect(records.find(({ type }) => type === 'capture')).toEqual({ type: 'capture', ...first })
  })

  test('sums up the check', () => {
    expect(lines(wholeRun()).at(-1)).toEqual({
      type: 'check',
      schema: 'pqcap-check/1',
      policy: 'pqcap.policy.yaml',
      outcome: 'trouble',
      captures: 3,
      unread: 1,
      handshakes: 5,
      passed: 4,
      failures: 2,
      warnings: 1,
      known: 1,
      healed: 1,
      passedOver: 1,
      leftOut: 0,
      unusedOverrides: wholeRun().unusedOverrides,
    })
  })

  test('has the findings of a capture that was named twice once', () => {
    const twice = checkResult({ captures: [checkedCapture(), checkedCapture()] })
    expect(lines(twice).filter(({ type }) => type === 'finding')).toHaveLength(1)
  })

  test.each(Object.keys(finding()))('demands the field %s of a finding', (field) => {
    const { [field]: _, ...rest } = { type: 'finding', ...finding() } as Record<string, unknown>
    expect(isLine(rest)).toBe(false)
  })

  test('of any text gives the text back, in characters that steer nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const handshake = checkedHandshake({ serverName: text })
        const result = checkResult({
          captures: [checkedCapture({ capture: text, error: text })],
          findings: [finding({ capture: text, handshake, message: text })],
          passedOver: [text],
        })
        const [, found, capture, passedOver] = lines(result)
        expect([found.handshake.serverName, found.message, capture.error, passedOver.file]).toEqual([
          text,
          text,
          text,
          text,
        ])
        expect(ndjsonReport(result).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      }),
    )
  })
})
