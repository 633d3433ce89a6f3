import { describe, expect, test } from 'vitest'
import { type Format, PREPARERS, REPORTERS, type Reporter } from '../../src/report/index.js'
import { Totals } from '../../src/report/totals.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { captureRecord, classicalRecord, handshakeRecord } from '../support/records.js'
import { textOf } from '../support/session.js'

const FORMATS: readonly Format[] = ['table', 'ndjson', 'json', 'csv']
const plain = (text: string): string => text
const colors = { green: plain, red: plain, yellow: plain, cyan: plain, dim: plain, bold: plain } as never

function reporterOf(format: Format, all: boolean): Promise<Reporter> {
  return REPORTERS[format]({ width: 100, colors, all, live: false, several: true, filtered: false })
}

/** Handshakes with `servers` names, two versions and two outcomes. */
function many(count: number, servers: number): HandshakeRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const record = index % 3 === 0 ? classicalRecord({ stream: index }) : handshakeRecord({ stream: index })
    return { ...record, serverName: `server-${index % servers}.example` }
  })
}

/** Three captures, each handshake handed to the reporter. */
async function whole(format: Format, all: boolean, records: readonly HandshakeRecord[]): Promise<string> {
  const reporter = await reporterOf(format, all)
  let text = reporter.begin()
  for (let part = 0; part < 3; part++) {
    for (const record of partOf(records, part)) text += textOf(reporter.handshake(record))
    text += reporter.capture(captureRecord({ capture: `${part}` }))
  }
  return text + reporter.end()
}

/** The same in two halves, the first of them done by two preparers, and handed over in pieces. */
async function prepared(format: Format, all: boolean, records: readonly HandshakeRecord[]): Promise<string> {
  const preparers = [await PREPARERS[format](all), await PREPARERS[format](all)]
  const reporter = await reporterOf(format, all)
  let text = reporter.begin()
  // The second of them has seen many handshakes before those that are printed first.
  const parts = [1, 2, 0].map((part) => {
    const preparer = preparers[part % 2]
    const pieces = partOf(records, part).map((record) => textOf(preparer?.handshake(record) ?? ''))
    return { part, text: [...pieces, preparer?.rest() ?? ''].join('') }
  })
  for (const { part, text: handedOver } of parts.sort((a, b) => a.part - b.part)) {
    const totals = new Totals()
    for (const record of partOf(records, part)) totals.add(record)
    reporter.count(totals)
    text += textOf(reporter.prepared(new TextEncoder().encode(handedOver)))
    text += reporter.capture(captureRecord({ capture: `${part}` }))
  }
  return text + reporter.end()
}

function partOf(records: readonly HandshakeRecord[], part: number): readonly HandshakeRecord[] {
  const third = Math.ceil(records.length / 3)
  return records.slice(part * third, (part + 1) * third)
}

describe.each(FORMATS)('handshakes prepared for %s elsewhere', (format) => {
  test.each([
    [0, 1],
    [1, 1],
    [50, 3],
    [51, 3],
    [200, 7],
    [4000, 3000],
  ])('print the same as if they were not: %i of them, %i servers', async (count, servers) => {
    const records = many(count, servers)
    for (const all of [false, true])
      expect(await prepared(format, all, records)).toBe(await whole(format, all, records))
  })
})

test('groups of as many handshakes are in the same order where one of them has findings', async () => {
  const finding = { code: 'key-share-length', message: 'too short', frame: 1, severity: 'error' } as const
  const records = [
    ...many(298, 2),
    handshakeRecord({ serverName: 'both.example' }),
    classicalRecord({ serverName: 'both.example', notes: [finding] }),
  ]
  expect(await prepared('table', false, records)).toBe(await whole('table', false, records))
})

test('a table is handed over few rows where it sums them up', async () => {
  const preparer = await PREPARERS.table(false)
  const pieces = many(10_000, 5).map((record) => textOf(preparer.handshake(record)))
  expect(`${pieces.join('')}${preparer.rest()}`.length).toBeLessThan(100_000)
})
