import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Chunk } from '../../src/stream/chunk.js'
import { carriesTls, isTdsPacket, TdsUnwrapper } from '../../src/tls/tds.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { join } from '../support/bytes.js'
import { chunkOf } from '../support/chunks.js'
import { analyzedPackets, Connection, type From, noteCodes, onlyHandshake } from '../support/connection.js'
import { tdsPackets } from '../support/preambles.js'
import * as tls from '../support/tls.js'

const prelogin = Uint8Array.from({ length: 40 }, (_, i) => (i % 5 === 0 ? 0 : i))
const hello12 = tls.clientHello({ serverName: 'sql.test', supportedGroups: [tls.X25519, tls.SECP256R1] })
const messages12 = join(tls.serverHello(), tls.certificate, tls.ecdheKeyExchange(tls.X25519, 32), tls.serverHelloDone)
const flights12: readonly (readonly [From, Uint8Array])[] = [
  ['client', tls.record(22, hello12)],
  ['server', tls.handshakeRecords(messages12, 700)],
  ['client', join(tls.record(22, tls.clientKeyExchange), tls.changeCipherSpec, tls.encryptedFinished)],
  ['server', join(tls.changeCipherSpec, tls.encryptedFinished)],
]
const flights13: readonly (readonly [From, Uint8Array])[] = [
  ['client', tls.record(22, tls.hybridClientHello())],
  ['server', join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(900))],
  ['client', tls.applicationData(53)],
]

type Wrap = (flight: Uint8Array, from: From) => Uint8Array

function sent(flights: typeof flights12, wrap: Wrap, segmentSize = 1460): Connection {
  const connection = new Connection({ serverPort: 1433, segmentSize }).open()
  connection.client(tdsPackets(prelogin)).server(tdsPackets(prelogin, 4096, 4))
  for (const [from, flight] of flights) connection.send(from, wrap(flight, from))
  // What follows the handshake is in no packets of TDS.
  return connection.client(tls.applicationData(200)).server(tls.applicationData(300)).close()
}

/** What does not depend on how the bytes were packed. */
function facts({ verdict, negotiated, serverName, notes, cost, serverKeyExchange, certificate }: HandshakeRecord) {
  const { clientBytes, serverBytes, roundTrips, complete } = cost
  const [exchange, certificateBytes] = [serverKeyExchange?.group?.name, certificate?.bytes]
  return {
    verdict,
    negotiated,
    serverName,
    notes,
    clientBytes,
    serverBytes,
    roundTrips,
    complete,
    exchange,
    certificateBytes,
  }
}

describe('TLS in packets of TDS', () => {
  it.each([
    ['TLS 1.2', flights12, 'tls12-or-older'],
    ['TLS 1.3', flights13, 'hybrid-selected'],
  ] as const)('is read as if it were in none: %s', async (_, flights, reason) => {
    const plain = await onlyHandshake(sent(flights, (flight) => flight).packets)
    expect(plain.verdict.reason).toBe(reason)
    for (const packetSize of [256, 512, 4096])
      for (const segmentSize of [100, 1460, 9000]) {
        const wrapped = sent(flights, (flight) => tdsPackets(flight, packetSize), segmentSize)
        const found = await onlyHandshake(wrapped.packets)
        expect(facts(found)).toEqual(facts(plain))
      }
  })

  it('is read also where the server answers with packets of another type', async () => {
    const wrapped = sent(flights12, (flight, from) => tdsPackets(flight, 512, from === 'server' ? 4 : 0x12))
    const found = await onlyHandshake(wrapped.packets)
    expect(found.verdict).toMatchObject({ outcome: 'negotiated', reason: 'tls12-or-older' })
    expect(noteCodes(found)).toEqual([])
  })

  it('is incomplete, and no other thing, where bytes are lost', async () => {
    const [hello, answer] = flights13 as [(typeof flights13)[0], (typeof flights13)[0]]
    const wrapped = tdsPackets(answer[1], 300)
    for (const [from, to] of [
      [100, 200],
      [290, 310],
      [0, 300],
    ] as const) {
      const connection = new Connection().open().client(tdsPackets(hello[1]))
      connection.server(wrapped.slice(0, from)).lose('server', wrapped.slice(from, to)).server(wrapped.slice(to))
      const found = await onlyHandshake(connection.close().packets)
      expect(found.verdict).toMatchObject({ outcome: 'incomplete', label: null, reason: 'missing-bytes' })
    }
  })

  it('is read on behind a hole in a packet', async () => {
    const [hello, answer] = flights12 as [(typeof flights12)[0], (typeof flights12)[0]]
    const wrapped = tdsPackets(answer[1], 300)
    // In the middle of the Certificate and of the second packet; others follow.
    const connection = new Connection().open().client(tdsPackets(hello[1])).server(wrapped.slice(0, 350))
    connection.lose('server', wrapped.slice(350, 400)).server(wrapped.slice(400))
    const { verdict, serverKeyExchange, certificate } = await onlyHandshake(connection.close().packets)
    expect(verdict).toMatchObject({ outcome: 'negotiated', reason: 'tls12-or-older' })
    expect(serverKeyExchange?.group?.name).toBe('x25519')
    expect(certificate?.bytes).toBe(tls.certificate.length)
  })

  it('is no answer where a server says something else', async () => {
    const connection = new Connection().open().client(tdsPackets(flights13[0]?.[1] as Uint8Array))
    const found = await onlyHandshake(connection.server(tdsPackets(prelogin, 4096, 4)).close().packets)
    expect(found.verdict).toMatchObject({ outcome: 'rejected', reason: 'closed-before-server-hello' })
    expect(noteCodes(found)).toEqual(['not-tls'])
  })

  it('is not seen in packets that hold none', async () => {
    const connection = new Connection()
      .open()
      .client(tdsPackets(prelogin))
      .server(tdsPackets(prelogin, 4096, 4))
    connection.client(tdsPackets(new Uint8Array(200).fill(22))).server(tdsPackets(new Uint8Array(200).fill(3), 4096, 4))
    expect((await analyzedPackets(connection.close().packets)).handshakes).toEqual([])
  })
})

describe('isTdsPacket', () => {
  const packet = tdsPackets(tls.record(22, hello12))

  it('takes the header of one alone', () => {
    expect(isTdsPacket(packet, 0, packet.length)).toBe(true)
    expect(carriesTls(packet, 0, packet.length)).toBe(true)
    for (const [at, byte] of [
      [0, 0x10],
      [1, 2],
      [2, 0x80],
      [7, 1],
    ] as const)
      expect(isTdsPacket(packet.with(at, byte), 0, packet.length)).toBe(false)
    expect(isTdsPacket(packet.with(2, 0).with(3, 8), 0, packet.length)).toBe(false)
    expect(isTdsPacket(packet, 0, 8)).toBe(false)
    expect(carriesTls(packet.with(8, 0x47), 0, packet.length)).toBe(false)
  })
})

describe('TdsUnwrapper', () => {
  function unwrapped(chunks: readonly Uint8Array[]): { bytes: Uint8Array; offsets: boolean } {
    const unwrapper = new TdsUnwrapper()
    const pieces: Uint8Array[] = []
    let offsets = true
    let at = 1000
    for (const bytes of chunks) {
      const chunk: Chunk = chunkOf(bytes)
      const { start: chunkStart, end: chunkEnd } = chunk
      chunk.offset = at
      unwrapper.unwrap(chunk, (piece) => {
        offsets &&= piece.offset - at === piece.start - chunkStart
        pieces.push(piece.bytes.slice(piece.start, piece.end))
      })
      expect([chunk.start, chunk.end, chunk.offset]).toEqual([chunkStart, chunkEnd, at])
      at += bytes.length
    }
    return { bytes: join(...pieces), offsets }
  }

  it('gives what was wrapped, and what follows it, however both are split', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 9, max: 100 }),
        fc.integer({ min: 1, max: 50 }),
        (content, packetSize, chunkSize) => {
          const records = tls.applicationData(30)
          const bytes = join(tdsPackets(content, packetSize), records)
          const chunks: Uint8Array[] = []
          for (let at = 0; at < bytes.length; at += chunkSize) chunks.push(bytes.slice(at, at + chunkSize))
          expect(unwrapped(chunks)).toEqual({ bytes: join(content, records), offsets: true })
        },
      ),
    )
  })

  it('gives nothing behind a length that no packet has', () => {
    expect(unwrapped([join([0x12, 1, 0, 7, 0, 0, 0, 0], tls.applicationData())]).bytes).toHaveLength(0)
  })
})
