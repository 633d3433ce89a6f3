import { readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { handshakeJson } from '../../src/report/handshake-json.js'
import { jsonText } from '../../src/report/json-text.js'
import { keptText } from '../../src/report/json-writer.js'
import type { HandshakeRecord, Hello } from '../../src/verdict/record.js'
import { handshakeRecord, retriedRecord, X25519 } from '../support/records.js'
import { textOf } from '../support/session.js'

const samples = new URL('../../samples/', import.meta.url)

/** Bytes of arrays that are still in use. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc')
  collectGarbage()
  // What the first finds is given back by another thread; the second waits for that.
  collectGarbage()
  return process.memoryUsage().arrayBuffers
}

async function handshakesOf(file: string): Promise<HandshakeRecord[]> {
  const handshakes: HandshakeRecord[] = []
  for await (const record of analyze(new URL(file, samples).pathname)) {
    if (record.type === 'handshake') handshakes.push(record)
  }
  return handshakes
}

/** A record with something in every field. */
const wholeRecord = retriedRecord({
  certificate: { frame: 6, bytes: 3000 },
  serverKeyExchange: {
    frame: 7,
    bytes: 300,
    kind: 'ecdhe',
    group: X25519,
    publicBytes: 32,
    primeBits: 2048,
    primeName: 'modp2048 (RFC 3526)',
  },
  encryption: { ...handshakeRecord().encryption, earlyDataFrame: 5 },
  alerts: [{ frame: 8, from: 'server', level: 'fatal', description: 'handshake_failure', id: 40 }],
  notes: [{ code: 'x', message: 'a note', frame: 9, severity: 'error', section: 'RFC 9846 §4.3.8' }],
})

const anyText = fc.oneof(fc.constantFrom('TLSv1.3', 'hybrid', 'RFC 9846 §4.3.8'), fc.string({ unit: 'binary' }))
const anyNumber = fc.oneof(
  fc.nat(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.nat().map((millionths) => millionths / 1e6),
)
/** Fields that hold an object or null. */
const NULLABLE = /^(negotiated|.*Hello|helloRetryRequest|certificate|serverKeyExchange|group|keyShare)$/
/** Fields that not every object has. */
const OPTIONAL = /^(frame|severity|section)$/

/** The same fields with any other strings, numbers and booleans, lists of any length, and with null where it can be. */
function filledAnew(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === 'string') return fc.option(anyText, { freq: 9 })
  if (typeof value === 'number') return fc.option(anyNumber, { freq: 9 })
  if (typeof value === 'boolean') return fc.boolean()
  if (Array.isArray(value)) return fc.array(filledAnew(value[0]), { maxLength: 3 })
  const isNote = Object.hasOwn(value as object, 'message')
  const fields = Object.entries(value as object).map(([name, held]) => {
    if (/^(type|protocol)$/.test(name)) return fc.constant([name, held])
    const anew = NULLABLE.test(name) ? fc.option(filledAnew(held)) : filledAnew(held)
    const present = anew.map((made) => [name, made])
    return isNote && OPTIONAL.test(name) ? fc.option(present) : present
  })
  return fc.tuple(...fields).map((made) => Object.fromEntries(made.filter((field) => field !== null)))
}

describe('JSON of a handshake', () => {
  const captures = readdirSync(samples).filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))

  test.each(captures)('is the text that JSON.stringify gives for %s', async (capture) => {
    for (const record of await handshakesOf(capture)) expect(textOf(handshakeJson(record))).toBe(jsonText(record))
  })

  test('is so too where names need escaping', () => {
    for (const serverName of ['"', '\\', '\u001b[31m', 'bücher.example', '\u202e', '\ud800', 'a\nb', '=cmd|x']) {
      const record = handshakeRecord({ serverName, capture: `${serverName}.pcap` })
      expect(textOf(handshakeJson(record))).toBe(jsonText(record))
      expect(JSON.parse(textOf(handshakeJson(record)))).toEqual(JSON.parse(JSON.stringify(record)))
    }
  })

  test('is so too whatever the fields of a record hold', () => {
    const records = filledAnew(wholeRecord).map((record) => record as HandshakeRecord)
    fc.assert(
      fc.property(fc.array(records, { minLength: 1, maxLength: 4 }), (made) => {
        for (const record of [...made, ...made]) expect(textOf(handshakeJson(record))).toBe(jsonText(record))
      }),
    )
  })

  test('writes every number as JSON.stringify does', () => {
    for (const number of [0, 9, 10, 99, 100, 4294967295, 2147483647, 2147483648, 1e21, 0.123456, 1e-7]) {
      const record = handshakeRecord({ stream: number })
      expect(textOf(handshakeJson(record))).toBe(jsonText(record))
    }
  })

  test('has the text in front and behind that was asked for', () => {
    const record = handshakeRecord()
    expect(textOf(handshakeJson(record, keptText(',\n'), keptText('\n')))).toBe(`,\n${jsonText(record)}\n`)
  })

  test('keeps no more of it than is of use, however many hellos are different', () => {
    const records = Array.from({ length: 2000 }, (_, i) => {
      const record = handshakeRecord()
      const cipherSuites = Array.from({ length: 1500 }, (_, j) => i + j)
      return { ...record, clientHello: { ...record.clientHello, cipherSuites, extensions: [i] } as Hello }
    })
    const before = heldBytes()
    for (const record of records) expect(textOf(handshakeJson(record)).length).toBe(jsonText(record).length)
    // All the texts are 15 MB.
    expect(heldBytes() - before).toBeLessThan(10e6)
    expect(textOf(handshakeJson(records[0] as HandshakeRecord))).toBe(jsonText(records[0]))
  })

  test('grows with a record that is longer than its buffer', () => {
    const notes = Array.from({ length: 2000 }, (_, i) => ({ code: 'x', message: `note ${i}` }))
    const record = handshakeRecord({ notes })
    expect(textOf(handshakeJson(record))).toBe(jsonText(record))
  })
})
