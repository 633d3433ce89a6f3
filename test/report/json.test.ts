import { describe, expect, test } from 'vitest'
import { jsonReporter } from '../../src/report/json.js'
import { ndjsonReporter } from '../../src/report/ndjson.js'
import type { Reporter } from '../../src/report/reporter.js'
import type { PqcapRecord } from '../../src/verdict/record.js'
import { captureRecord, classicalRecord, handshakeRecord, rejectedRecord } from '../support/records.js'
import { textOf } from '../support/session.js'

const RECORDS: readonly PqcapRecord[] = [
  handshakeRecord(),
  classicalRecord({ stream: 1 }),
  rejectedRecord({ stream: 2 }),
  captureRecord({ handshakes: 3 }),
]

function report(reporter: Reporter, records: readonly PqcapRecord[]): string {
  let text = reporter.begin()
  for (const record of records) {
    text += record.type === 'handshake' ? textOf(reporter.handshake(record)) : reporter.capture(record)
  }
  return text + reporter.end()
}

describe('ndjson', () => {
  test('prints each record as one line of compact JSON, at once', () => {
    const reporter = ndjsonReporter()
    expect(textOf(reporter.handshake(handshakeRecord()))).toBe(`${JSON.stringify(handshakeRecord())}\n`)
    expect(report(ndjsonReporter(), RECORDS)).toBe(RECORDS.map((record) => `${JSON.stringify(record)}\n`).join(''))
  })

  test('escapes what could steer a terminal, and reads back as the same value', () => {
    const serverName = 'a\u001b[31m\u009b\u007f\u202e\u2028\u{e0041}é日b'
    const line = textOf(ndjsonReporter().handshake(handshakeRecord({ serverName })))
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
    expect(line).toContain('\\u009b\\u007f\\u202e\\u2028\\udb40\\udc41é日b')
    expect(JSON.parse(line).serverName).toBe(serverName)
  })
})

describe('json', () => {
  test('prints one document with the same objects and a summary', () => {
    const document = JSON.parse(report(jsonReporter(), RECORDS))
    expect(document).toEqual({
      schema: 'pqcap/1',
      handshakes: RECORDS.slice(0, 3),
      captures: RECORDS.slice(3),
      summary: {
        handshakes: 3,
        outcomes: { negotiated: 2, rejected: 1, unanswered: 0, incomplete: 0 },
        labels: { hybrid: 1, 'post-quantum': 0, classical: 1, psk: 0, unknown: 0 },
        groups: { X25519MLKEM768: 1, x25519: 1 },
      },
    })
  })

  test('is a whole document without any record, and when it ends before the capture record', () => {
    expect(JSON.parse(report(jsonReporter(), []))).toMatchObject({ handshakes: [], captures: [] })
    expect(JSON.parse(report(jsonReporter(), RECORDS.slice(0, 2))).handshakes).toHaveLength(2)
  })

  test('writes each handshake as it comes and holds capture records until the end', () => {
    const reporter = jsonReporter()
    reporter.begin()
    expect(textOf(reporter.handshake(handshakeRecord()))).toContain(JSON.stringify(handshakeRecord()))
    expect(reporter.capture(captureRecord())).toBe('')
  })
})
