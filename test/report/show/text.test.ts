import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { show } from '../../../src/index.js'
import { keyShareOf } from '../../../src/registry/groups.js'
import { showText } from '../../../src/report/show/index.js'
import { shareSentence } from '../../../src/report/show/key-exchange.js'
import { wrapSpans } from '../../../src/report/show/lines.js'
import type { Note } from '../../../src/verdict/record.js'
import { join } from '../../support/bytes.js'
import { pcap } from '../../support/captures.js'
import { PLAIN } from '../../support/colors.js'
import { Connection } from '../../support/connection.js'
import { handshakes } from '../../support/handshakes.js'
import { text } from '../../support/preambles.js'
import * as tls from '../../support/tls.js'

describe('a key share', () => {
  test.each([
    [
      0x11ec,
      'client',
      1216,
      'X25519MLKEM768 (0x11ec, 4588), 1216 bytes = ML-KEM-768 encapsulation key 1184 + X25519 public key 32',
    ],
    [
      0x11ec,
      'server',
      1120,
      'X25519MLKEM768 (0x11ec, 4588), 1120 bytes = ML-KEM-768 ciphertext 1088 + X25519 public key 32',
    ],
    [
      0x11ed,
      'client',
      1665,
      'SecP384r1MLKEM1024 (0x11ed, 4589), 1665 bytes = secp384r1 public key 97 + ML-KEM-1024 encapsulation key 1568',
    ],
    [0x0201, 'server', 1088, 'MLKEM768 (0x0201, 513), 1088 bytes = ML-KEM-768 ciphertext 1088'],
    [0x0017, 'client', 65, 'secp256r1 (0x0017, 23), 65 bytes = secp256r1 public key 65'],
    [0x11ec, 'client', 1184, 'X25519MLKEM768 (0x11ec, 4588), 1184 bytes, not the 1216 of this group'],
    [0x2a2a, 'client', 1, 'GREASE (0x2a2a, 10794), 1 byte'],
    [0x5555, 'client', 9, 'unknown (0x5555, 21845), 9 bytes'],
  ] as const)('of %i from the %s, %i bytes, is told in its parts', (group, side, bytes, sentence) => {
    expect(shareSentence(keyShareOf(group, side, bytes), side)).toBe(sentence)
  })
})

describe('spans', () => {
  const spans = (...texts: readonly string[]) => texts.map((text) => ({ text, tone: 'plain' as const }))
  const lines = (width: number, parts: ReturnType<typeof spans>, indent = 0, hanging = 2) =>
    wrapSpans(parts, width, indent, hanging).map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )

  test('are wrapped between words, also across spans', () => {
    expect(lines(24, spans('one two three ', 'four five six seven'))).toEqual([
      'one two three four five',
      '  six seven',
    ])
  })

  test('that are to be copied are kept whole where they fit on a line', () => {
    const command = { text: 'xxd -s 1 -l 2 x', tone: 'plain' as const, whole: true }
    expect(lines(24, [...spans('a word and '), command])).toEqual(['a word and', '  xxd -s 1 -l 2 x'])
  })

  test('without a space are broken at the width', () => {
    expect(lines(20, spans('x'.repeat(45)))).toEqual(['x'.repeat(20), `  ${'x'.repeat(18)}`, `  ${'x'.repeat(7)}`])
  })
})

test('notes are told gravest first, with what they rest on', async () => {
  const path = fileURLToPath(new URL('../../../samples/hybrid-x25519mlkem768.pcap', import.meta.url))
  const result = await show(path)
  if (result.shown === null) throw new Error('nothing is shown')
  const notes: readonly Note[] = [
    { code: 'plain', message: 'a note' },
    { code: 'low-order', message: 'a point of low order', frame: 5, severity: 'error', section: 'RFC 7748 §6.1' },
    { code: 'odd', message: 'something odd', severity: 'warning' },
  ]
  const shown = { ...result.shown, record: { ...result.shown.record, notes } }
  const options = { width: 80, colors: PLAIN, bytes: false, allBytes: false, language: 'en' } as const
  const page = showText({ ...result, shown, lessons: [{ key: 'grease', title: 'Why', text: 'Because.' }] }, options)
  expect(page).toContain(
    [
      'error: a point of low order (low-order; frame 5, RFC 7748 §6.1)',
      'warning: something odd (odd)',
      'note: a note (plain)',
      '',
    ].join('\n'),
  )
  expect(page).toContain('\nWhat this teaches\n\nWhy\n  Because.\n')
})

test('where TLS begins within a segment, it is said that Wireshark may not find it', async () => {
  const line = text('CONNECT example.test:443 HTTP/1.1', '')
  const hello = tls.record(22, tls.hybridClientHello(), 0x0301)
  const options = { width: 200, colors: PLAIN, bytes: false, allBytes: false, language: 'en' } as const
  for (const [segments, expected] of [
    [[join(line, hello)], true],
    [[line, hello], false],
    [[hello], false],
  ] as const) {
    const connection = new Connection({ segmentSize: 3000 }).open()
    for (const segment of segments) connection.client(segment)
    const result = await show(pcap(connection.server(text('HTTP/1.1 400 Bad Request')).packets))
    expect(showText({ ...result, lessons: null }, options).includes('TLS begins after other bytes')).toBe(expected)
  }
})

test('where a part of the connection is missing, it is said that Wireshark may not take the rest apart', async () => {
  const options = { width: 200, colors: PLAIN, bytes: false, allBytes: false, language: 'en' } as const
  const hello = tls.record(22, tls.hybridClientHello(), 0x0301)
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData())
  const opened = () => new Connection({ segmentSize: 3000 }).open()
  const whole = opened().client(hello).server(answer)
  for (const [{ packets }, expected] of [
    [whole, false],
    [opened().client(hello).server(answer).lose('client', tls.applicationData()).client(tls.applicationData()), true],
    [opened().lose('client', hello).server(answer), true],
    [opened().server(answer), true],
    [new Connection({ segmentSize: 3000 }).client(hello).client(tls.changeCipherSpec), true],
  ] as const) {
    const result = await show(pcap(packets))
    expect(showText({ ...result, lessons: null }, options).includes('Not all of this connection')).toBe(expected)
  }
})

test('of more handshakes than are listed it is said what names the others', async () => {
  const packets = Array.from({ length: 52 }, (_, i) => i).flatMap((i) => {
    const ends = { clientPort: 40_000 + i }
    return new Connection(ends).open().client(tls.record(22, tls.classicalClientHello())).packets
  })
  const result = await show(pcap(packets))
  const options = { width: 200, colors: PLAIN, bytes: false, allBytes: false, language: 'en' } as const
  expect(showText({ ...result, lessons: null }, options)).toContain(
    '\n2 more: --server-name narrows the choice, and pqcap CAPTURE --format ndjson has the stream of each.\n',
  )
})

test('a display filter names the field of a key only where Wireshark takes the key exchange apart', async () => {
  const options = { width: 200, colors: PLAIN, bytes: false, allBytes: false, language: 'en' } as const
  for (const [name, filter] of [
    ['TLS 1.2, ECDHE', 'frame.number == 5 && tls.handshake.type == 12 && tls.handshake.server_point\n'],
    ['TLS 1.2, ECDHE_PSK', 'frame.number == 5 && tls.handshake.type == 12\n'],
    ['TLS 1.2, DHE_PSK', 'frame.number == 5 && tls.handshake.type == 12\n'],
  ] as const) {
    const result = await show(pcap(handshakes[name]?.() ?? []))
    const keys = showText({ ...result, lessons: null }, options).split('\nMessages\n')[0]
    expect(keys).toContain(filter)
  }
})
