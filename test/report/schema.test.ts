import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { jsonReporter } from '../../src/report/json.js'
import {
  captureRecord,
  classicalRecord,
  handshakeRecord,
  incompleteRecord,
  rejectedRecord,
  retriedRecord,
  tls12Record,
  verdict,
} from '../support/records.js'
import { textOf } from '../support/session.js'

const schema = JSON.parse(readFileSync(new URL('../../schemas/pqcap-1.schema.json', import.meta.url), 'utf8'))
// Types are named at the leaves of `anyOf`, and `then` narrows what `properties` declare.
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
const isLine = ajv.compile(schema)
const isDocument = ajv.getSchema('urn:pqcap:schema:1#/$defs/document') as ValidateFunction

const HANDSHAKES = [
  handshakeRecord(),
  classicalRecord(),
  retriedRecord(),
  tls12Record(),
  rejectedRecord(),
  incompleteRecord({ clientHello: null, verdict: verdict(null, { offer: null, keyShareOffer: null }) }),
]

describe('the schema of a line', () => {
  test('holds for handshakes of every kind and for captures', () => {
    const failed = { code: 'cut', message: 'm', offset: 24 }
    const captures = [captureRecord(), captureRecord({ format: null, firstTime: null, lastTime: null, error: failed })]
    for (const record of [...HANDSHAKES, ...captures]) expect(isLine(record), JSON.stringify(isLine.errors)).toBe(true)
  })

  test('allows fields that are added later', () => {
    expect(isLine({ ...handshakeRecord(), added: 1 })).toBe(true)
  })

  test.each(Object.keys(handshakeRecord()))('demands the field %s of a handshake', (field) => {
    const { [field]: _, ...rest } = handshakeRecord() as unknown as Record<string, unknown>
    expect(isLine(rest)).toBe(false)
  })

  test.each(Object.keys(captureRecord()))('demands the field %s of a capture', (field) => {
    const { [field]: _, ...rest } = captureRecord() as unknown as Record<string, unknown>
    expect(isLine(rest)).toBe(false)
  })

  test.each([
    ['a word that is not in a closed list', { ...handshakeRecord(), verdict: { ...verdict('hybrid'), label: 'safe' } }],
    [
      'a reason that is not in the closed list',
      { ...handshakeRecord(), verdict: verdict('hybrid', { reason: 'because' as never }) },
    ],
    [
      'a label on a handshake that failed',
      { ...rejectedRecord(), verdict: verdict('hybrid', { outcome: 'rejected' }) },
    ],
    ['a negotiated handshake without what was negotiated', { ...handshakeRecord(), negotiated: null }],
    [
      'a code point as text',
      {
        ...handshakeRecord(),
        negotiated: { version: 'TLSv1.3', cipherSuite: { id: '0x1301', name: 'x' }, group: null, keyExchange: 'PSK' },
      },
    ],
    ['a time with an offset', handshakeRecord({ startTime: '2026-11-22T10:00:00+01:00' })],
    ['frame 0', { ...handshakeRecord(), notes: [{ code: 'x', message: 'y', frame: 0 }] }],
  ])('refuses %s', (_, record) => {
    expect(isLine(record)).toBe(false)
  })
})

test('the schema of the document holds for what the json reporter prints', () => {
  const reporter = jsonReporter()
  const text = [
    reporter.begin(),
    ...HANDSHAKES.map((record) => textOf(reporter.handshake(record))),
    reporter.capture(captureRecord()),
    reporter.end(),
  ].join('')
  expect(isDocument(JSON.parse(text)), JSON.stringify(isDocument.errors)).toBe(true)
  expect(isDocument({ ...JSON.parse(text), schema: 'pqcap/2' })).toBe(false)
  // Whoever names the schema and nothing within it means this one, too.
  expect(isLine(JSON.parse(text)), JSON.stringify(isLine.errors)).toBe(true)
  expect(isLine({ ...JSON.parse(text), schema: 'pqcap/2' })).toBe(false)
})
