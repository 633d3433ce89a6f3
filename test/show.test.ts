import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { PlacedPiece } from '../src/bytes/pieces.js'
import { analyze, type HandshakeRecord, type ShownConnection, type ShowResult, show } from '../src/index.js'
import { join } from './support/bytes.js'
import { pcap, simplePcapng } from './support/captures.js'
import { ACK, Connection, PSH } from './support/connection.js'
import { handshakes } from './support/handshakes.js'
import { ethernet, ipv4Fragments, tcp } from './support/packets.js'
import { tdsPackets } from './support/preambles.js'
import { streams } from './support/streams.js'
import * as tls from './support/tls.js'

const hello = tls.hybridClientHello({ serverName: 'show.test', alpn: ['h2'] })
const serverHello = tls.serverHello13(tls.X25519MLKEM768, 1120)
const answer = join(tls.record(22, serverHello), tls.changeCipherSpec, tls.applicationData(900))
const finished = join(tls.changeCipherSpec, tls.applicationData(53), tls.applicationData(80))

function plain(segmentSize = 1460): Connection {
  return new Connection({ segmentSize })
    .open()
    .client(tls.record(22, hello, 0x0301))
    .server(answer)
    .client(finished)
    .close()
}

/** The handshake of a capture that has one. */
async function shownOf(file: Uint8Array, choose?: (record: HandshakeRecord) => boolean) {
  const { shown } = await show(file, choose === undefined ? {} : { choose })
  if (shown === null) throw new Error('nothing is shown')
  return shown
}

/** The bytes of a file where some pieces say that they stand. */
function bytesAt(file: Uint8Array, pieces: readonly PlacedPiece[]): Uint8Array {
  return join(...pieces.map(({ offset, length }) => file.subarray(offset ?? 0, (offset ?? 0) + length)))
}

/** Every message and every record stands in the file where it is said to stand. */
function expectRightOffsets(connection: ShownConnection, file: Uint8Array): void {
  expect(connection.messages.length).toBeGreaterThan(0)
  for (const { pieces, bytes } of connection.messages) expect(bytesAt(file, pieces)).toEqual(Uint8Array.from(bytes))
  for (const { pieces, header, length, complete } of connection.records) {
    const bytes = bytesAt(file, pieces)
    expect(bytes.subarray(0, header.length)).toEqual(header)
    if (complete) expect(bytes.length).toBe(length)
  }
}

const SAMPLES = new URL('../samples/', import.meta.url)

describe.each([
  'hybrid-x25519mlkem768.pcap',
  'secrets-block.pcapng',
  'two-interfaces.pcapng',
  'nanoseconds.pcap',
  'linux-cooked-v2.pcap',
  'ipv6.pcap',
  'tls12-x25519.pcap',
  'retry-to-hybrid.pcap',
  'starttls-postgres.pcap',
  'snap-length-96.pcap',
  'clients/firefox-153.pcap',
])('%s', (sample) => {
  const path = fileURLToPath(new URL(sample, SAMPLES))

  test.each(['own', 'pcap-ng-parser'] as const)(
    'has its bytes where they are said to be (reader %s)',
    async (reader) => {
      const { shown } = await show(path, { reader, choose: ({ stream }) => stream === 0 })
      expectRightOffsets(shown?.connection as ShownConnection, readFileSync(path))
    },
  )
})

test('the offsets of a compressed capture are those of the capture within', async () => {
  const path = fileURLToPath(new URL('lossy.pcap.gz', SAMPLES))
  for (const wanted of [0, 2, 5]) {
    const { shown, capture } = await show(path, { choose: ({ stream }) => stream === wanted })
    expect(capture.compression).toBe('gzip')
    expectRightOffsets(shown?.connection as ShownConnection, gunzipSync(readFileSync(path)))
    expect(shown?.connection.outOfOrder).toBe(wanted === 0 || wanted === 2)
  }
})

describe.each([1460, 100, 7, 1])('in segments of %i bytes', (size) => {
  const { packets } = plain(size)

  test.each([
    ['pcap', pcap(packets)],
    ['big-endian pcap', pcap(packets, { byteOrder: 'big' })],
    ['pcapng', simplePcapng(packets)],
    ['big-endian pcapng', simplePcapng(packets, { byteOrder: 'big' })],
  ])('%s has its bytes where they are said to be', async (_, file) => {
    const { connection } = await shownOf(file)
    expectRightOffsets(connection, file)
    const [first] = connection.messages
    expect(Uint8Array.from(first?.bytes ?? [])).toEqual(hello)
    expect(first?.frames.length).toBe(Math.ceil((hello.length + 5) / size) - Math.ceil(5 / size) + (size < 5 ? 0 : 1))
  })
})

test('a message whose segments come out of order is told with the frames that hold it', async () => {
  const connection = new Connection().open()
  const bytes = tls.record(22, hello, 0x0301)
  connection.place('client', 0x18, 1001 + 700, bytes.subarray(700))
  connection.place('client', 0x18, 1001, bytes.subarray(0, 700))
  connection.next.client += bytes.length
  const file = pcap(connection.server(answer).client(finished).packets)
  const { connection: shown } = await shownOf(file)
  expectRightOffsets(shown, file)
  expect(shown.messages[0]?.frame).toBe(5)
  expect(shown.messages[0]?.pieces.map(({ frame }) => frame)).toEqual([5, 4])
  expect(shown.outOfOrder).toBe(true)
})

test('early data captured behind the ServerHello is shown as what it is judged to be', async () => {
  const offering = tls.record(22, tls.hybridClientHello({ preSharedKey: true, extensions: [tls.extension(42)] }))
  const connection = new Connection({ segmentSize: 4000 }).open().client(offering).client(tls.applicationData(700))
  const { packets } = connection.server(answer).client(finished)
  const { record, connection: shown } = await shownOf(
    pcap([...packets.slice(0, 4), ...packets.slice(4, 6).reverse(), ...packets.slice(6)]),
  )
  expect(record.encryption).toMatchObject({ serverFrame: 5, earlyDataFrame: 6, clientFrame: 7 })
  const encrypted = shown.records.filter(({ from, protection }) => from === 'client' && protection === 'encrypted')
  expect(encrypted.map(({ frame, earlyData }) => [frame, earlyData])).toEqual([
    [6, true],
    [7, false],
    [7, false],
  ])
})

test('bytes that were put together from IP fragments stand nowhere, and that is said', async () => {
  const bytes = tls.record(22, hello, 0x0301)
  const segment = tcp({ sourcePort: 50_000, destinationPort: 443, sequence: 1000, flags: 0x18 }, bytes)
  const fragments = ipv4Fragments(segment, 800, { source: '192.0.2.1', destination: '198.51.100.2' })
  const { connection } = await shownOf(pcap(fragments.map((packet) => ethernet(packet))))
  expect(connection.messages[0]?.pieces).toEqual([{ start: 0, frame: 2, offset: null, length: hello.length }])
  expect(Uint8Array.from(connection.messages[0]?.bytes ?? [])).toEqual(hello)
})

describe.each(Object.entries({ ...handshakes, ...streams }))('%s', (_, make) => {
  const file = pcap(make())

  test('is shown with the messages that its records name, at the right offsets', async () => {
    for await (const record of analyze(file)) {
      if (record.type === 'capture') continue
      const { connection, record: same } = await shownOf(
        file,
        ({ stream, handshake }) => stream === record.stream && handshake === record.handshake,
      )
      expect(same).toEqual(record)
      if (connection.messages.length > 0) expectRightOffsets(connection, file)
      const found = connection.messages.map(({ name, frame, bytes }) => [name, frame, bytes.length])
      // An SSLv2 hello is shown with the two bytes of its record header, which its record does not count.
      const sslv2 = connection.records.some(({ contentType }) => contentType === null) ? 2 : 0
      for (const [name, message, more] of [
        ['ClientHello', record.clientHello, sslv2],
        ['ClientHello', record.secondClientHello, 0],
        ['HelloRetryRequest', record.helloRetryRequest, 0],
        ['ServerHello', record.serverHello, 0],
        ['ServerKeyExchange', record.serverKeyExchange, 0],
      ] as const)
        if (message !== null) expect(found).toContainEqual([name, message.frame, message.bytes + more])
      const early = connection.records.find(({ earlyData }) => earlyData)
      expect(early?.frame ?? null).toBe(record.encryption.earlyDataFrame)
      for (const alert of record.alerts) expect(found).toContainEqual(['Alert', alert.frame, 2])
    }
  })
})

describe('early data', () => {
  const offering = tls.record(22, tls.hybridClientHello({ preSharedKey: true, earlyData: true }))
  const begun = (first: Uint8Array) => new Connection().open().client(first).client(tls.applicationData(200))
  const accepted = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(900))

  test.each<readonly [name: string, packets: Connection, frames: readonly number[]]>([
    ['what was offered as that', begun(offering).server(accepted).client(finished), [6]],
    ['what was offered as that, and nobody answered', begun(offering), [6]],
    ['not what was not offered', begun(tls.record(22, hello)), []],
    [
      'not what may follow a ServerHello that is missing',
      begun(offering).lose('server', accepted).acknowledge('client'),
      [],
    ],
  ])('is %s', async (_, { packets }, frames) => {
    const { connection, record } = await shownOf(pcap(packets))
    expect(connection.records.filter(({ earlyData }) => earlyData).map(({ frame }) => frame)).toEqual(frames)
    expect(record.encryption.earlyDataFrame).toBe(frames[0] ?? null)
  })
})

describe('what can be chosen', () => {
  const first = plain()
  const second = new Connection({ clientPort: 50_001, into: first.packets })
    .open()
    .client(tls.record(22, tls.classicalClientHello({ serverName: 'other.test' }), 0x0301))
    .server(join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData(900)))
    .client(tls.applicationData(53))
  const file = pcap(second.packets)

  test('of several handshakes none is shown, and all are to choose from', async () => {
    const { shown, matching, choices, others } = await show(file)
    expect([shown, matching, others]).toEqual([null, 2, []])
    expect(choices.map(({ stream }) => stream)).toEqual([0, 1])
  })

  test('one that is chosen is shown, and the others are named', async () => {
    const { shown, matching, others } = await show(file, { choose: ({ serverName }) => serverName === 'other.test' })
    expect([shown?.record.stream, matching, others.map(({ stream }) => stream)]).toEqual([1, 1, [0]])
    expect(shown?.connection.messages.map(({ name }) => name)).toEqual(['ClientHello', 'ServerHello'])
  })

  test('nothing may be there to choose from', async () => {
    expect(await show(file, { choose: () => false })).toMatchObject({ shown: null, matching: 0, choices: [] })
    expect(await show(new Uint8Array(3))).toMatchObject({ shown: null, matching: 0, capture: { packets: 0 } })
  })
})

describe('a stream of chunks', () => {
  const file = pcap(plain().packets)
  async function* chunks(size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size)
  }

  test.each([1, 700, 1 << 20])('of %i bytes is read twice, though it comes once', async (size) => {
    const strip = ({ shown }: ShowResult) => shown?.connection
    expect(strip(await show(chunks(size), { name: 'x' }))).toEqual(strip(await show(file, { name: 'x' })))
  })
})

test('a hello behind what was said before TLS in its segment is shown, at the right offsets', async () => {
  const line = new TextEncoder().encode('PROXY TCP4 192.0.2.1 198.51.100.2 50000 443\r\n')
  for (const segmentSize of [1460, 20]) {
    const connection = new Connection({ segmentSize }).open().client(join(line, tls.record(22, hello, 0x0301)))
    const file = pcap(connection.server(answer).client(finished).packets)
    const { connection: shown, record } = await shownOf(file)
    expectRightOffsets(shown, file)
    expect(shown.messages[0]).toMatchObject({ name: 'ClientHello', frame: record.clientHello?.frame })
  }
})

test('a second handshake in a connection is shown from its ClientHello on, and the first up to there', async () => {
  const again = tls.classicalClientHello({ random: new Uint8Array(32).fill(1) })
  const connection = new Connection()
    .open()
    .client(tls.record(22, tls.hybridClientHello(), 0x0301))
    .server(tls.alert(2, 40))
    .client(tls.record(22, again, 0x0301))
    .server(join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData(900)))
    .client(tls.applicationData(53))
    .close()
  const file = pcap(connection.packets)
  const names = async (index: number) => {
    const { connection: shown } = await shownOf(file, ({ handshake }) => handshake === index)
    expectRightOffsets(shown, file)
    return [shown.messages.map(({ name }) => name), shown.timeline.map(({ items }) => items.join(', '))]
  }
  expect(await names(0)).toEqual([
    ['ClientHello', 'Alert'],
    ['SYN', 'SYN, ACK', 'ClientHello', 'Alert handshake_failure'],
  ])
  expect(await names(1)).toEqual([
    ['ClientHello', 'ServerHello'],
    ['ClientHello', 'ServerHello', 'encrypted data', 'encrypted data', 'FIN', 'FIN'],
  ])
})

test('what is no TLS between two handshakes of a connection is shown with the first of them', async () => {
  const again = tls.hybridClientHello({ random: new Uint8Array(32).fill(1) })
  const text = new TextEncoder().encode('250 ready\r\n')
  const connection = new Connection().open().client(tls.record(22, hello)).server(answer)
  connection.client(Uint8Array.of(9, 9, 9)).server(text)
  connection.client(tls.record(22, again)).server(answer).client(tls.applicationData()).client(Uint8Array.of(8, 8))
  const file = pcap(connection.packets)
  const outsideOf = async (index: number) =>
    (await shownOf(file, ({ handshake }) => handshake === index)).connection.outside.map(
      ({ from, why, lastFrame, length }) => [from, why, lastFrame, length],
    )
  expect(await outsideOf(0)).toEqual([
    ['client', 'lost', 7, 3],
    ['server', 'lost', 8, text.length],
  ])
  expect(await outsideOf(1)).toEqual([['client', 'lost', 13, 2]])
})

test('a connection that goes on for long is recorded up to a limit', async () => {
  const connection = plain()
  const bulk = new Connection({ clientPort: 50_001, into: connection.packets, segmentSize: 32_768 })
    .open()
    .client(tls.record(22, hello, 0x0301))
    .server(answer)
    .client(finished)
  for (let i = 0; i < 80; i++) bulk.server(tls.applicationData(16_384))
  const { connection: shown } = await shownOf(pcap(bulk.close().packets), ({ stream }) => stream === 1)
  expect(shown.cutShort).toBe('bytes')
  expect(shown.timeline.at(-1)?.items).toEqual(['FIN'])
  expect(shown.records.length).toBeLessThan(80)
})

describe('a capture of some mebibytes', () => {
  const connection = plain()
  for (let i = 0; i < 3000; i++) connection.packet('server', ACK | PSH, new Uint8Array(1400))
  const file = pcap(connection.finish('client').packets)
  const { packets } = connection
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += 65_536) yield file.subarray(at, at + 65_536)
  }

  test('tells of both readings how far they are', async () => {
    const told: (number | string)[] = []
    const { shown } = await show(chunks(), {
      onProgress: ({ bytesRead }) => told.push(Math.floor(bytesRead / 2 ** 20)),
      onSecondReading: () => told.push('second'),
    })
    expect(shown).not.toBeNull()
    expect(told).toEqual([1, 2, 3, 4, 'second', 1, 2, 3, 4])
  })

  test('that is interrupted is shown as far as it was read', async () => {
    for (const whichReading of ['first', 'second']) {
      const interruption = new AbortController()
      let reading = 'first'
      let last = 0
      const { shown, capture } = await show(chunks(), {
        signal: interruption.signal,
        onProgress: (progress) => {
          last = progress.packets
          if (reading === whichReading) interruption.abort()
        },
        onSecondReading: () => {
          reading = 'second'
        },
      })
      expect(capture.packets < packets.length).toBe(whichReading === 'first')
      // Neither reading went to the end, and the second not beyond the first.
      expect(last).toBeLessThan(packets.length / 2)
      expect(shown?.connection.timeline.at(-1)?.lastFrame).toBeLessThanOrEqual(last)
      expect(shown?.connection.messages.map(({ name }) => name)).toContain('ServerHello')
    }
  })

  test('lets the event loop have its turn in the second reading, so that it can be interrupted', async () => {
    const folder = mkdtempSync(joinPath(tmpdir(), 'pqcap-show-'))
    const path = joinPath(folder, 'long.pcap')
    writeFileSync(path, pcap(plain().packets))
    // Packets without a byte, as many as nobody reads in a hundredth of a second.
    truncateSync(path, 64 * 1024 ** 2)
    const interruption = new AbortController()
    let bytesRead = 0
    await show(path, {
      signal: interruption.signal,
      onProgress: (progress) => {
        bytesRead = progress.bytesRead
      },
      onSecondReading: () => {
        bytesRead = 0
        setImmediate(() => interruption.abort())
      },
    })
    rmSync(folder, { recursive: true })
    expect(bytesRead).toBeLessThan(63 * 1024 ** 2)
  })
})

test('shows where TLS stands in packets of TDS', async () => {
  const connection = new Connection({ serverPort: 1433 }).open().client(tdsPackets(new Uint8Array(40)))
  connection
    .client(tdsPackets(tls.record(22, hello), 512))
    .server(tdsPackets(answer, 512))
    .client(tdsPackets(finished))
  const file = pcap(connection.client(tls.applicationData(70)).close().packets)
  const { record, connection: shown } = await shownOf(file)
  expect(record.verdict.reason).toBe('hybrid-selected')
  expectRightOffsets(shown, file)
  expect(shown.messages.map(({ name }) => name)).toEqual([
    'ClientHello',
    'ServerHello',
    'ChangeCipherSpec',
    'ChangeCipherSpec',
  ])
  expect(shown.records.map(({ header }) => header[0])).toEqual([22, 22, 20, 23, 20, 23, 23, 23])
})
