import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sarifReport } from '../../../src/report/check/sarif.js'
import {
  checkedCapture,
  checkedHandshake,
  checkResult,
  finding,
  rule,
  unusedOverride,
  wholeRun,
} from '../../support/check-result.js'

const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(readFileSync(new URL('../../support/schemas/sarif-2.1.0.json', import.meta.url), 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
ajv.addFormat('uri', (text) => isReference(text) && /^[a-z][a-z0-9+.-]*:/i.test(text))
ajv.addFormat('uri-reference', isReference)
ajv.addFormat('date-time', true)
const isSarif = ajv.compile(schema)

// biome-ignore lint/suspicious/noExplicitAny: the schema tells what is in it
function read(text: string): any {
  const log = JSON.parse(text)
  expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true)
  return log.runs[0]
}

describe('sarif', () => {
  test('is held against the schema: a level that is none is refused', () => {
    const log = JSON.parse(sarifReport(wholeRun()))
    expect(isSarif(log)).toBe(true)
    log.runs[0].results[0].level = 'fatal'
    expect(isSarif(log)).toBe(false)
  })

  test('describes each rule, with help', () => {
    const { rules } = read(sarifReport(wholeRun())).tool.driver
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(['label', 'hello-retry-requests', 'expectation'])
    expect(rules[1]).toMatchObject({
      shortDescription: { text: 'Handshakes need no HelloRetryRequest' },
      help: { text: expect.stringContaining('A HelloRetryRequest'), markdown: expect.stringContaining('**Handshakes') },
      defaultConfiguration: { level: 'warning' },
    })
  })

  test('points from each result to its rule, also to one that the policy does not list', () => {
    const findings = [finding(), finding({ rule: 'other', severity: 'warning' })]
    const run = read(sarifReport(checkResult({ findings })))
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
    expect(run.results[1]).toMatchObject({ ruleId: 'other', ruleIndex: 1, level: 'warning' })
  })

  test('places a result in its capture, stream and handshake', () => {
    const [, known, warning] = read(sarifReport(wholeRun())).results
    expect(warning.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'captures/nightly%20batch.pcapng' },
          region: { startLine: 1 },
        },
        logicalLocations: [
          { name: '198.51.100.9:5432, stream 0', fullyQualifiedName: 'stream 0/handshake 0', kind: 'tls-handshake' },
        ],
      },
    ])
    expect(known.properties).toEqual({
      frames: [40, 42],
      show: 'pqcap show captures/login.pcap --stream 3 --handshake 0',
    })
  })

  test('places a connection that never came in the policy', () => {
    const last = read(sarifReport(wholeRun())).results.at(-1)
    expect(last.locations[0].physicalLocation.artifactLocation.uri).toBe('pqcap.policy.yaml')
    const named = { ...wholeRun(), policy: 'checkout services', policyFile: 'ci/pqcap.policy.yaml' }
    const placed = read(sarifReport(named)).results.at(-1)
    expect(placed.locations[0].physicalLocation.artifactLocation.uri).toBe('ci/pqcap.policy.yaml')
  })

  test('suppresses what the baseline knows, and calls the rest new', () => {
    const { results } = read(sarifReport(wholeRun()))
    const states = results.map((one: { baselineState: string; suppressions?: object[] }) => [
      one.baselineState,
      one.suppressions?.length ?? 0,
    ])
    expect(states).toEqual([
      ['new', 0],
      ['unchanged', 1],
      ['new', 0],
      ['new', 0],
    ])
  })

  test('has the same fingerprints whatever ports, times and streams are', () => {
    const other = finding({
      handshake: checkedHandshake({ stream: 7, client: { address: '198.51.100.2', port: 1 }, startTime: '2027Z' }),
      frames: [99],
    })
    const prints = [finding(), other].map(
      (one) => read(sarifReport(checkResult({ findings: [one] }))).results[0].partialFingerprints,
    )
    expect(prints[0]).toEqual(prints[1])
    expect(prints[0].primaryLocationLineHash).toBe('3f1c9a52d07be846')
  })

  test('tells unread captures and healed failures as notifications, not as results', () => {
    const [invocation] = read(sarifReport(wholeRun())).invocations
    expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 2 })
    const told = invocation.toolExecutionNotifications
    expect(told.map(({ level }: { level: string }) => level)).toEqual(['error', 'note'])
    expect(told[0].locations[0].physicalLocation.artifactLocation.uri).toBe('captures/cut.pcap')
    expect(told[1].message.text).toMatch(/^Healed, no longer there: label: The label is psk/)
    expect(read(sarifReport(checkResult())).invocations[0]).toMatchObject({ executionSuccessful: true, exitCode: 1 })
  })

  test('keeps text from being a link or an argument of the message', () => {
    const message = 'a [b](https://example.test) {0} \\[c](d)'
    const { text } = read(sarifReport(checkResult({ findings: [finding({ message })] }))).results[0].message
    expect(text).toContain('a [b] (https://example.test) { 0} \\[c] (d)')
  })
})

describe('sarif for code scanning', () => {
  test('has what it demands of each rule and result', () => {
    const { tool, results } = read(sarifReport(wholeRun()))
    expect(tool.driver.name).toBe('pqcap')
    for (const { id, shortDescription, fullDescription, help, properties } of tool.driver.rules) {
      expect(id.length).toBeLessThanOrEqual(255)
      for (const { text } of [shortDescription, fullDescription]) expect(text.length).toBeLessThanOrEqual(1024)
      expect(help.text).not.toBe('')
      expect(properties.tags.length).toBeLessThanOrEqual(10)
    }
    for (const { ruleId, message, locations, partialFingerprints } of results) {
      expect([ruleId, message.text, partialFingerprints.primaryLocationLineHash]).not.toContain('')
      expect(locations).toHaveLength(1)
      const [{ physicalLocation }] = locations
      expect(physicalLocation.artifactLocation.uri).not.toBe('')
      expect(physicalLocation.region.startLine).toBe(1)
    }
  })

  test('cuts descriptions that are too long', () => {
    const rules = [rule({ title: 't'.repeat(5000), help: 'h'.repeat(5000) })]
    const [described] = read(sarifReport(checkResult({ rules }))).tool.driver.rules
    expect(described.shortDescription.text).toHaveLength(1024)
    expect(described.fullDescription.text).toHaveLength(1024)
    expect(described.help.text).toHaveLength(5000)
  })

  test('has no more results than it takes, failures first, and says how many are left out', () => {
    const warnings = Array.from({ length: 25_000 }, () => finding({ severity: 'warning' }))
    const run = JSON.parse(sarifReport(checkResult({ findings: [...warnings, finding(), finding()] }))).runs[0]
    expect(run.results).toHaveLength(25_000)
    expect(run.results.filter(({ level }: { level: string }) => level === 'error')).toHaveLength(2)
    const [left] = run.invocations[0].toolExecutionNotifications
    expect(left.message.text).toBe('2 findings left out: there are more than a reader takes.')
  })
})

test('sarif of any text is what the schema allows', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const handshake = checkedHandshake({ serverName: text })
      const run = read(
        sarifReport(
          checkResult({
            policy: text,
            rules: [rule({ title: text, help: text })],
            captures: [checkedCapture({ capture: text, error: text })],
            findings: [finding({ capture: text, handshake, message: text, show: text })],
            healed: [{ rule: text, message: text, fingerprint: text }],
            unusedOverrides: [unusedOverride({ place: `${text}:3:5`, where: text })],
          }),
        ),
      )
      const [unused] = run.invocations[0].toolConfigurationNotifications
      for (const { message } of [run.results[0], unused])
        expect(message.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|\]\(|\{\d+\}/u)
      expect(unused.locations[0].physicalLocation.region.startLine).toBe(3)
    }),
  )
})

/** Whether it is made of the characters of a URI reference alone (RFC 3986 §2). */
function isReference(text: string): boolean {
  return /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/.test(text)
}
