import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import { csvReporter } from '../../src/report/csv.js'
import { rowPreparer } from '../../src/report/prepared-rows.js'
import { tableReporter } from '../../src/report/table.js'
import type { HandshakeRecord, Note } from '../../src/verdict/record.js'
import { captureRecord, handshakeRecord } from '../support/records.js'
import { textOf } from '../support/session.js'

const ERROR: Note = {
  code: 'point-not-on-curve',
  message: "the client's key share of secp256r1: the secp256r1 point is not on the curve",
  frame: 4,
  severity: 'error',
  section: 'RFC 9846 §4.3.8.2',
}
const WARNING: Note = { code: 'key-share-reused', message: 'it was sent before', frame: 6, severity: 'warning' }
const PLAIN: Note = { code: 'gap', message: 'no packet holds it', frame: 5 }
const bad = (stream: number, notes: readonly Note[] = [ERROR, PLAIN, WARNING]): HandshakeRecord =>
  handshakeRecord({ stream, notes })

function table(width: number, records: readonly HandshakeRecord[], capture = captureRecord()): string {
  const colors = picocolors.createColors(false)
  const reporter = tableReporter({ width, colors, all: false, live: false, several: false, filtered: false })
  const rows = records.map((record) => textOf(reporter.handshake(record))).join('')
  return `${reporter.begin()}${rows}${reporter.capture(capture)}${reporter.end()}`
}

describe('a table', () => {
  test.each([200, 120, 80, 30])('counts the findings in the row and tells them below, in %i columns', (width) => {
    const text = table(width, [bad(3)])
    expect(text.replaceAll(/\s+/g, ' ')).toContain('1 error, 1 warning')
    expect(text.replaceAll(/\s+/g, '')).toContain(
      "made.pcap:stream3,frame4:error:theclient'skeyshareofsecp256r1:thesecp256r1pointisnotonthecurve(RFC9846§4.3.8.2)",
    )
    expect(text.replaceAll(/\s+/g, '')).toContain('stream3,frame6:warning:itwassentbefore')
    expect(text).not.toContain('no packet holds it')
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(width)
  })

  test('tells as many as are read, and counts the other handshakes', () => {
    const text = table(
      200,
      Array.from({ length: 15 }, (_, i) => bad(i)),
    )
    expect(text.match(/frame \d: /g)).toHaveLength(20)
    expect(text).toContain('and those of 5 more handshakes, see --format json')
  })

  test('tells what is wrong with a capture before its other notes', () => {
    const notes = [PLAIN, PLAIN, PLAIN, PLAIN, { ...WARNING, message: 'shared with another' }]
    const text = table(200, [handshakeRecord()], captureRecord({ notes }))
    expect(text).toContain('made.pcap: warning: shared with another\nmade.pcap: no packet holds it')
  })

  test('keeps nothing of a name that would steer a terminal', () => {
    const text = table(200, [bad(1, [{ ...ERROR, message: 'evil \u001b[2J \u202e name' }])])
    expect(text).not.toContain('\u001b')
    expect(text).not.toContain('\u202e')
  })

  test('loses none where workers sum handshakes up', () => {
    const preparer = rowPreparer(false)
    const parts = Array.from({ length: 60 }, (_, i) =>
      preparer.handshake(i === 57 ? bad(i) : handshakeRecord({ stream: i })),
    )
    const colors = picocolors.createColors(false)
    const reporter = tableReporter({ width: 200, colors, all: false, live: false, several: false, filtered: false })
    reporter.prepared(new TextEncoder().encode(`${parts.map(textOf).join('')}${preparer.rest()}`))
    expect(reporter.end()).toContain('stream 57, frame 4: error: ')
  })
})

describe('csv', () => {
  test('has findings as sentences in the last column', () => {
    expect(textOf(csvReporter().handshake(bad(0)))).toMatch(
      /,"point-not-on-curve; gap; key-share-reused",4,3,0\.25,1,1\.5,,"error: the client's .* \(RFC 9846 §4\.3\.8\.2\); warning: it was sent before"\r\n$/,
    )
  })
})
