import { createRequire } from 'node:module'
import fc from 'fast-check'
import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import { GROUPS_HELD, GROUPS_SHOWN, HANDSHAKES_READ } from '../../src/report/grouped.js'
import { ROWS_HELD, type TableOptions, tableReporter } from '../../src/report/table.js'
import type { HandshakeRecord, PqcapRecord } from '../../src/verdict/record.js'
import {
  captureRecord,
  classicalRecord,
  handshakeRecord,
  incompleteRecord,
  KYBER_DRAFT,
  negotiated,
  rejectedRecord,
  retriedRecord,
  tls12Record,
  verdict,
} from '../support/records.js'
import { textOf } from '../support/session.js'

const require = createRequire(import.meta.url)
const stringWidth: (text: string) => number = createRequire(require.resolve('table'))('string-width')

const OPTIONS: TableOptions = {
  width: 80,
  colors: picocolors.createColors(false),
  all: false,
  live: false,
  several: false,
  filtered: false,
}
const MIXED: readonly HandshakeRecord[] = [
  handshakeRecord(),
  retriedRecord({ stream: 1 }),
  classicalRecord({ stream: 2 }),
  tls12Record({ stream: 3 }),
  rejectedRecord({ stream: 4, serverName: null }),
  incompleteRecord({ stream: 5 }),
]

function report(options: Partial<TableOptions>, records: readonly PqcapRecord[]): string {
  const reporter = tableReporter({ ...OPTIONS, ...options })
  let text = reporter.begin()
  for (const record of records) {
    text += record.type === 'handshake' ? textOf(reporter.handshake(record)) : reporter.capture(record)
  }
  return text + reporter.end()
}

describe('at 80 columns', () => {
  test('says of each handshake what was negotiated', () => {
    expect(report({}, MIXED)).toBe(`\
client                key exchange        share bytes   outcome
-> server, name       label                             encrypted after
────────────────────  ──────────────────  ────────────  ────────────────────────
198.51.100.2:43850    X25519MLKEM768      1216 -> 1120  negotiated TLSv1.3
-> 198.51.100.1:4433  hybrid                            ServerHello
server.example.test

198.51.100.2:43850    X25519MLKEM768      1216 -> 1120  negotiated TLSv1.3
-> 198.51.100.1:4433  hybrid                            ServerHello
server.example.test   after a retry

198.51.100.2:43850    x25519              32 -> 32      negotiated TLSv1.3
-> 198.51.100.1:4433  classical                         ServerHello
server.example.test   hybrid was offered

198.51.100.2:43850    secp256r1           ? -> 65       negotiated TLSv1.2
-> 198.51.100.1:4433  classical                         ChangeCipherSpec
server.example.test

198.51.100.2:43850    -                   -             rejected, alert
-> 198.51.100.1:4433  hybrid was offered                handshake_failure

198.51.100.2:43850    -                   -             incomplete, one
-> 198.51.100.1:4433  hybrid was offered                direction only
server.example.test

6 handshakes: 2 hybrid, 2 classical; 1 rejected, 1 incomplete
`)
  })
})

describe('at 180 columns', () => {
  test('keeps a handshake on one line, and says there what was offered in vain', () => {
    expect(report({ width: 180 }, MIXED.slice(0, 5))).toBe(`\
client              server             server name          version  key exchange    label                       share bytes   encrypted         outcome
                                                                                                                               after
──────────────────  ─────────────────  ───────────────────  ───────  ──────────────  ──────────────────────────  ────────────  ────────────────  ─────────────────────────────────
198.51.100.2:43850  198.51.100.1:4433  server.example.test  TLSv1.3  X25519MLKEM768  hybrid                      1216 -> 1120  ServerHello       negotiated
198.51.100.2:43850  198.51.100.1:4433  server.example.test  TLSv1.3  X25519MLKEM768  hybrid (retry)              1216 -> 1120  ServerHello       negotiated
198.51.100.2:43850  198.51.100.1:4433  server.example.test  TLSv1.3  x25519          classical (hybrid offered)  32 -> 32      ServerHello       negotiated
198.51.100.2:43850  198.51.100.1:4433  server.example.test  TLSv1.2  secp256r1       classical                   ? -> 65       ChangeCipherSpec  negotiated
198.51.100.2:43850  198.51.100.1:4433  -                    -        -               - (hybrid offered)          -             -                 rejected, alert handshake_failure

5 handshakes: 2 hybrid, 2 classical; 1 rejected
`)
  })
})

describe('at 140 columns', () => {
  test('keeps a handshake on one line where nothing was offered in vain', () => {
    expect(report({ width: 140 }, MIXED.slice(0, 2))).toBe(`\
client              server             server name          version  key exchange    label           share bytes   encrypted    outcome
                                                                                                                   after
──────────────────  ─────────────────  ───────────────────  ───────  ──────────────  ──────────────  ────────────  ───────────  ──────────
198.51.100.2:43850  198.51.100.1:4433  server.example.test  TLSv1.3  X25519MLKEM768  hybrid          1216 -> 1120  ServerHello  negotiated
198.51.100.2:43850  198.51.100.1:4433  server.example.test  TLSv1.3  X25519MLKEM768  hybrid (retry)  1216 -> 1120  ServerHello  negotiated

2 handshakes: 2 hybrid
`)
  })
})

test('says of TLS 1.2, too, what was offered in vain', () => {
  const record = (offer: 'hybrid' | 'classical') => tls12Record({ verdict: verdict('classical', { offer }) })
  expect(report({ width: 180 }, [record('hybrid')])).toContain('classical (hybrid offered)')
  expect(report({}, [record('hybrid')])).toContain('hybrid was offered')
  expect(report({ width: 180 }, [record('classical')])).not.toContain('offered')
  expect(report({}, [record('classical')])).not.toContain('was offered')
})

test('makes no line wider than the terminal, whatever the capture holds', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.domain(),
  )
  const endpoint = fc.record({
    address: fc.oneof(fc.ipV4(), fc.ipV6()),
    port: fc.integer({ min: 0, max: 65535 }),
  })
  const record = fc
    .record({
      base: fc.constantFrom(...MIXED),
      serverName: fc.option(text),
      client: endpoint,
      server: endpoint,
      capture: text,
    })
    .map(({ base, ...overrides }) => ({ ...base, ...overrides }))
  const options = fc.record({ width: fc.integer({ min: 20, max: 200 }), live: fc.boolean(), several: fc.boolean() })
  fc.assert(
    fc.property(fc.array(record, { maxLength: 4 }), options, text, (records, options, name) => {
      const capture = captureRecord({ capture: name, skipped: { [name]: 3 }, notes: [{ code: 'x', message: name }] })
      for (const line of report(options, [...records, capture]).split('\n')) {
        expect(stringWidth(line)).toBeLessThanOrEqual(options.width)
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }
    }),
    { numRuns: 60 },
  )
})

test('summed up, no line is wider than the terminal either', () => {
  const records = Array.from({ length: 60 }, (_, i) => handshakeRecord({ serverName: `${'日本.'.repeat(i)}test` }))
  for (const width of [20, 33, 40, 61, 80, 200]) {
    for (const line of report({ width }, records).split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width)
  }
})

test('escapes what a capture could steer a terminal with', () => {
  const hostile = handshakeRecord({ serverName: '\u001b[2J\u202ecod.exe\nfake row', capture: 'a\u001b]0;x\u0007.pcap' })
  const text = report({ width: 200, several: true }, [hostile])
  expect(text).toContain('\\x1b[2J\\u{202e}cod.exe\\x0afake row')
  expect(text).toContain('a\\x1b]0;x\\x07.pcap:')
})

test('shows the start of a server name that no DNS name could have', () => {
  expect(report({ width: 250 }, [handshakeRecord({ serverName: 'x'.repeat(60_000) })]).length).toBeLessThan(3000)
})

test('says the label in words, and in colour only where colour is on', () => {
  const records = [handshakeRecord(), classicalRecord(), rejectedRecord()]
  expect(report({}, records)).not.toContain('\u001b')
  const coloured = report({ colors: picocolors.createColors(true) }, records)
  expect(coloured).toContain('\u001b[32mhybrid\u001b[39m')
  expect(coloured).toContain('\u001b[33mclassical\u001b[39m')
  expect(coloured).toContain('\u001b[31mrejected, alert')
})

test('says that a group is obsolete or broken', () => {
  const obsolete = handshakeRecord({ negotiated: negotiated(KYBER_DRAFT) })
  expect(report({}, [obsolete])).toContain('hybrid, obsolete')
  const broken = handshakeRecord({ negotiated: negotiated({ ...KYBER_DRAFT, status: 'broken' }) })
  const text = report({ colors: picocolors.createColors(true) }, [broken])
  expect(text).toContain('\u001b[31mhybrid, broken\u001b[39m')
})

test('sorts by start time within a capture, whatever the number of digits', () => {
  const at = (startTime: string, serverName: string): HandshakeRecord => handshakeRecord({ startTime, serverName })
  const text = report({ several: true }, [
    at('2026-01-01T00:00:03.000000Z', 'third'),
    at('2026-01-01T00:00:01.000000000Z', 'second'),
    at('2026-01-01T00:00:01.000000Z', 'first'),
    captureRecord(),
    at('2025-01-01T00:00:00.000000Z', 'other-capture'),
    captureRecord(),
  ])
  const order = ['first', 'second', 'third', 'other-capture'].map((name) => text.indexOf(name))
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(order).not.toContain(-1)
})

test('names each capture where there are several', () => {
  const text = report({ several: true }, [
    handshakeRecord({ capture: 'one.pcap' }),
    handshakeRecord({ capture: 'one.pcap' }),
    captureRecord({ capture: 'one.pcap', handshakes: 2 }),
    handshakeRecord({ capture: '-' }),
    captureRecord({ capture: '-' }),
  ])
  expect(text.match(/^one\.pcap:$/gm)).toHaveLength(1)
  expect(text.match(/^standard input:$/gm)).toHaveLength(1)
})

test('tells below the table what a person should know of a capture', () => {
  const text = report({ several: true }, [
    captureRecord({ capture: 'a', skipped: { arp: 3, udp: 1200 }, truncatedPackets: 1 }),
    captureRecord({ capture: 'b', handshakes: 0, packets: 7, tcpStreams: 1 }),
    captureRecord({ capture: 'c', error: { code: 'cut', message: 'm', offset: 12345 } }),
    captureRecord({ capture: 'd', packets: 0, handshakes: 0, error: { code: 'open', message: 'm', offset: 0 } }),
    captureRecord({ capture: 'e', notes: [{ code: 'n', message: 'Two sections.' }] }),
  ])
  expect(text).toBe(`\
a: 1,203 packets not followed: 1,200 udp, 3 arp
a: 1 packet cut short by the snap length
b: no TLS handshakes in 7 packets and 1 TCP stream
c: damaged: read up to byte 12,345
d: not read
e: Two sections.
0 handshakes
`)
})

test('says how many of how many where a filter is on', () => {
  const records = [handshakeRecord(), captureRecord({ handshakes: 30 })]
  expect(report({ filtered: true }, records)).toContain('\n1 of 30 handshakes: 1 hybrid\n')
  expect(report({ filtered: true }, records.slice(0, 1))).toContain('\n1 handshake: 1 hybrid\n')
})

test('has no columns for handshakes where there are none', () => {
  expect(report({}, [])).toBe('0 handshakes\n')
})

describe('with more handshakes than a person reads', () => {
  const many = (count: number): HandshakeRecord[] =>
    Array.from({ length: count }, (_, i) =>
      i % 3 === 0 ? classicalRecord({ stream: i }) : handshakeRecord({ stream: i }),
    )

  test('sums them up by server name and key exchange, most first', () => {
    const rejected = rejectedRecord({ serverName: null })
    expect(report({}, [...many(HANDSHAKES_READ), rejected])).toBe(`\
51 handshakes, summed up by server and key exchange; --all shows every one.

count  server               key exchange    label           version  outcome
─────  ───────────────────  ──────────────  ──────────────  ───────  ──────────
33     server.example.test  X25519MLKEM768  hybrid          TLSv1.3  negotiated
17     server.example.test  x25519          classical       TLSv1.3  negotiated
                                            hybrid offered
1      198.51.100.1         -               -                        rejected
                                            hybrid offered

51 handshakes: 33 hybrid, 17 classical; 1 rejected
`)
  })

  test('tells those that were offered something better from those that were not', () => {
    const plain = classicalRecord({ verdict: verdict('classical', { offer: 'classical' }) })
    const text = report({}, [...many(HANDSHAKES_READ), plain, plain])
    expect(text).toMatch(/^17 +server\.example\.test +x25519 +classical +TLSv1\.3 +negotiated\n +hybrid offered$/m)
    expect(text).toMatch(/^2 +server\.example\.test +x25519 +classical +TLSv1\.3 +negotiated\n\n/m)
  })

  test('shows each of as many as a person reads, and every one with --all', () => {
    expect(report({}, many(HANDSHAKES_READ)).match(/198\.51\.100\.2:43850/g)).toHaveLength(HANDSHAKES_READ)
    expect(report({ all: true }, many(HANDSHAKES_READ + 1)).match(/198\.51\.100\.2:43850/g)).toHaveLength(51)
  })

  test('counts what is beyond the lines shown as others', () => {
    const records = Array.from({ length: GROUPS_SHOWN + 5 }, (_, i) =>
      handshakeRecord({ serverName: `host-${i}.test` }),
    )
    const text = report({}, [...records, rejectedRecord({ serverName: 'host-0.test' })])
    expect(text).toMatch(/^6 +\(others\) +TLSv1\.3 +negotiated$/m)
  })

  test('holds a bounded number of groups: names that come later are others', () => {
    const reporter = tableReporter(OPTIONS)
    const record = handshakeRecord()
    for (let i = 0; i < GROUPS_HELD; i++) textOf(reporter.handshake({ ...record, serverName: `host-${i}.test` }))
    for (let i = 0; i < 100; i++) textOf(reporter.handshake({ ...record, serverName: 'late.test' }))
    const text = reporter.end()
    expect(text).not.toContain('late.test')
    expect(text).toMatch(/^10,050 +\(others\)/m)
  })

  test('lets rows leave in blocks with --all once too many are held, in columns that line up', () => {
    const reporter = tableReporter({ ...OPTIONS, width: 200, all: true })
    const record = classicalRecord()
    let text = ''
    for (let i = 1; i < ROWS_HELD; i++) text += textOf(reporter.handshake(record))
    expect(text).toBe('')
    text += textOf(reporter.handshake(record))
    expect(text.split('\n')).toHaveLength(ROWS_HELD + 4)
    const later =
      textOf(reporter.handshake(retriedRecord({ serverName: 'a-much-longer-name.example.test' }))) + reporter.end()
    expect(later).toMatch(/^198\.51\.100\.2:43850 {2}198\.51\.100\.1:4433 {2}a-much-longer-name/m)
  })
})

describe('live', () => {
  test('prints the header at once and each row as it comes', () => {
    const reporter = tableReporter({ ...OPTIONS, live: true })
    expect(reporter.begin()).toContain('key exchange')
    expect(textOf(reporter.handshake(handshakeRecord()))).toContain('X25519MLKEM768')
    expect(reporter.end()).toBe('1 handshake: 1 hybrid\n')
  })

  test('never sums up', () => {
    const records = Array.from({ length: 60 }, (_, i) => handshakeRecord({ stream: i }))
    expect(report({ live: true }, records).match(/X25519MLKEM768/g)).toHaveLength(60)
  })
})

test('tells outcomes and labels that differ from the usual', () => {
  const psk = handshakeRecord({
    verdict: verdict('psk', { reason: 'psk-only' }),
    negotiated: negotiated(null),
    serverHello: null,
  })
  const unanswered = incompleteRecord({ verdict: verdict(null, { outcome: 'unanswered', reason: 'no-answer' }) })
  const text = report({ width: 80 }, [psk, unanswered])
  expect(text).toMatch(/PSK +- +negotiated TLSv1\.3/)
  expect(text).toContain('no key exchange')
  expect(text).toMatch(/unanswered$/m)
  expect(text).toContain('2 handshakes: 1 psk; 1 unanswered\n')
})
