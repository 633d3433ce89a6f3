import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAYBE, NO, YES } from '../../src/registry/detection.js'
import { detectBehindPreamble, MAX_PREAMBLE_LENGTH } from '../../src/tls/preamble.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { join } from '../support/bytes.js'
import { analyzedPackets, Connection, noteCodes, onlyHandshake } from '../support/connection.js'
import { CLIENT_PREAMBLES, mysqlSslRequest, SERVER_PREAMBLES, text } from '../support/preambles.js'
import * as tls from '../support/tls.js'

const clientHello = tls.record(22, tls.hybridClientHello(), 0x0301)
const serverHello = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120))
const behindServerHello = join(tls.changeCipherSpec, tls.applicationData(900))
const finished = join(tls.changeCipherSpec, tls.applicationData(53))

/** A handshake whose client's first bytes come in these pieces. */
function withPieces(...pieces: Uint8Array[]): Connection {
  const connection = new Connection({ segmentSize: 9000 }).open()
  for (const piece of pieces) connection.client(piece)
  return connection.server(join(serverHello, behindServerHello)).client(finished)
}

/** What is the same whatever stands before the handshake; frames are counted from the ClientHello's. */
function facts(record: HandshakeRecord) {
  const { verdict, negotiated, clientHello: hello, cost, serverName, notes } = record
  return { verdict, negotiated, hello: { ...hello, frame: 0 }, cost, serverName, notes }
}

describe.each(CLIENT_PREAMBLES)('a ClientHello behind %s', (_, preamble) => {
  it('is found in one segment with it, and counted by itself', async () => {
    const plain = await onlyHandshake(withPieces(clientHello).packets)
    const found = await onlyHandshake(withPieces(join(preamble, clientHello)).packets)
    expect(facts(found)).toEqual(facts(plain))
    expect(found.clientHello?.frame).toBe(4)
    expect(found.startTime).toBe(plain.startTime)
  })

  it('is found wherever the two are split', async () => {
    const bytes = join(preamble, clientHello)
    for (let at = 1; at < preamble.length + 60; at++) {
      const found = await onlyHandshake(withPieces(bytes.slice(0, at), bytes.slice(at)).packets)
      // The record header is no part of the message, but of what the handshake cost.
      const [segments, clientSegments] = [at <= preamble.length + 5 ? 1 : 2, at <= preamble.length ? 2 : 3]
      expect({ at, verdict: found.verdict.reason }).toEqual({ at, verdict: 'hybrid-selected' })
      expect(found.clientHello).toMatchObject({ bytes: clientHello.length - 5, segments, frame: 5 })
      expect(found.cost).toMatchObject({ clientBytes: clientHello.length + 64, clientSegments })
      expect(noteCodes(found)).toEqual([])
    }
  })

  it('is found in segments of few bytes', async () => {
    for (const size of [1, 2, 3, 7]) {
      const connection = new Connection({ segmentSize: size }).open().client(join(preamble, clientHello))
      const packets = connection.server(join(serverHello, behindServerHello), 1460).client(finished).packets
      const found = await onlyHandshake(packets)
      expect(found.verdict.reason).toBe('hybrid-selected')
      expect(found.cost.clientBytes).toBe(clientHello.length + 64)
    }
  })

  it('is found behind a gap', async () => {
    const connection = new Connection().open().client(text('hello')).lose('client', new Uint8Array(20))
    const packets = connection
      .client(join(preamble, clientHello))
      .server(join(serverHello, behindServerHello))
      .client(finished).packets
    expect((await onlyHandshake(packets)).verdict.reason).toBe('hybrid-selected')
  })

  it('is found where the preamble was sent twice, the second time with it', async () => {
    const connection = new Connection().open().client(preamble)
    connection.next.client -= preamble.length
    connection.client(join(preamble, clientHello)).server(join(serverHello, behindServerHello)).client(finished)
    expect((await onlyHandshake(connection.packets)).cost.clientBytes).toBe(clientHello.length + 64)
  })
})

describe.each(SERVER_PREAMBLES)('a ServerHello behind %s', (_, preamble) => {
  it('is found, and counted by itself', async () => {
    const connection = new Connection().open().client(clientHello)
    const packets = connection.server(join(preamble, serverHello, behindServerHello)).client(finished).packets
    const found = await onlyHandshake(packets)
    expect(found.verdict.reason).toBe('hybrid-selected')
    expect(found.cost).toMatchObject({ serverBytes: serverHello.length + behindServerHello.length, complete: true })
    expect(found.notes).toMatchObject([{ code: 'not-tls', frame: 5 }])
  })

  it('is found where the ClientHello is not in the capture', async () => {
    const packets = new Connection()
      .open()
      .server(join(preamble, serverHello, behindServerHello))
      .client(finished)
    const found = await onlyHandshake(packets.packets)
    expect(found.verdict.reason).toBe('hybrid-selected')
    expect(noteCodes(found)).toEqual(['client-hello-not-seen'])
  })
})

describe('detectBehindPreamble', () => {
  const line = text('STARTTLS')

  it('finds hellos of SSLv3, SSLv2 and in several records', () => {
    const old = tls.record(22, tls.clientHello({ legacyVersion: 0x0300, bare: true }), 0x0300)
    for (const hello of [old, tls.sslv2ClientHello(0x0301, [0x35]), tls.handshakeRecords(tls.clientHello(), 9)])
      expect(detectBehindPreamble(join(line, hello), 0, line.length + hello.length)).toBe(YES)
  })

  it('finds a hello behind a long PROXY header', () => {
    const bytes = join(proxyHeader(MAX_PREAMBLE_LENGTH - 16), clientHello)
    expect(detectBehindPreamble(bytes, 0, bytes.length)).toBe(YES)
  })

  it('is not certain before the version of the hello is there', () => {
    const bytes = join(line, clientHello)
    for (let length = 1; length < 60; length++) {
      const expected = length < 11 ? MAYBE : YES
      expect(detectBehindPreamble(bytes, 0, line.length + length)).toBe(expected)
    }
  })

  const broken = (at: number, ...bytes: number[]): Uint8Array => {
    const copy = clientHello.slice()
    copy.set(bytes, at)
    return join(line, copy)
  }
  /** Of version 2, with an extension as long as that (the PROXY protocol, §2.2). */
  const proxyHeader = (length: number): Uint8Array =>
    join([13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11], tls.vector(2, new Uint8Array(length)))
  const sentFile = (...head: string[]): Uint8Array => join(text(...head, ''), clientHello)

  it.each([
    ['a preamble alone', line],
    ['a hello alone', clientHello],
    ['nothing', new Uint8Array(0)],
    ['text that does not end', join(text('STARTTLS').slice(0, -2), clientHello)],
    ['other data before it', join([1, 2, 3], line, clientHello)],
    ['data between', join(line, [0], clientHello)],
    ['a letter other than S', join([0x4e], clientHello)],
    ['a greeting of SOCKS 5 that asks for nothing', join([5, 1, 0], clientHello)],
    ['a request of SOCKS 5 that was refused', join([5, 5, 0, 1, 0, 0, 0, 0, 0, 0], clientHello)],
    ['a request of SOCKS 4 that was refused', join([0, 0x5b, 0, 0, 0, 0, 0, 0], clientHello)],
    ['a packet of MySQL that asks for no TLS', join(mysqlSslRequest(0x01ffa685), clientHello)],
    ['a packet of MySQL older than its SSLRequest', join(mysqlSslRequest(0x01ffac85), clientHello)],
    ['a packet of MySQL with more than zeros', join(mysqlSslRequest(0x01ffae85).fill(0x61, 14, 20), clientHello)],
    ['a later packet of MySQL', join([32, 0, 0, 2], mysqlSslRequest(0x01ffae85).slice(4), clientHello)],
    ['an uploaded file', sentFile('PUT /hello.bin HTTP/1.1', `Content-Length: ${clientHello.length}`)],
    ['a downloaded file', sentFile('HTTP/1.1 200 OK', 'content-type: application/octet-stream')],
    ['a file in chunks', sentFile('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')],
    ['a file in a letter', sentFile('--x', 'Content-Transfer-Encoding: binary')],
    ['a record of another version', broken(1, 4)],
    ['a record of no version', broken(2, 9)],
    ['a record longer than any', broken(3, 0x41)],
    ['a record of one byte', join(line, tls.handshakeRecords(tls.clientHello(), 1))],
    ['a Certificate', join(line, tls.record(22, tls.certificate))],
    ['application data', join(line, tls.applicationData())],
    ['an alert', join(line, tls.alert(2, 40))],
    ['a hello of few bytes', broken(6, 0, 0, 30)],
    ['a hello longer than any', broken(6, 3)],
    ['a hello that ends before its record', broken(7, 0, 200)],
    ['a hello of another version', broken(9, 2)],
    ['a hello with a session id longer than any', broken(43, 33)],
    ['a hello with half a cipher suite', broken(77, 5)],
    ['a hello with more cipher suites than bytes', broken(76, 0x20)],
    ['a PROXY header longer than any preamble', join(proxyHeader(MAX_PREAMBLE_LENGTH), clientHello)],
    ['text longer than any preamble', join(new Uint8Array(MAX_PREAMBLE_LENGTH).fill(0x61), line, clientHello)],
  ])('does not see TLS in %s', (_, bytes) => {
    expect(detectBehindPreamble(bytes, 0, bytes.length)).toBe(NO)
  })

  it('does not see TLS in a capture file that is sent, wherever its segments begin', async () => {
    const file = join(...withPieces(clientHello).packets.map(({ bytes }) => join(new Uint8Array(16).fill(0x0a), bytes)))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (size) => {
        // A segment that begins with a hello is taken for TLS: none does at these sizes.
        const begins = file.findIndex((byte, i) => byte === 22 && file[i + 1] === 3)
        fc.pre([...Array(4).keys()].every((i) => (begins - i) % size !== 0))
        const sent = new Connection({ segmentSize: size }).open().client(file).close()
        const { handshakes } = await analyzedPackets(sent.packets)
        expect(handshakes.filter(({ clientHello: hello }) => hello !== null)).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('reads no byte past the end, and finds nothing in noise', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CLIENT_PREAMBLES.map(([, preamble]) => preamble), new Uint8Array(0)),
        fc.uint8Array({ maxLength: 400 }),
        (preamble, noise) => {
          const bytes = join(preamble, noise)
          const around = join([22, 3, 1], bytes, clientHello)
          expect(detectBehindPreamble(around, 3, 3 + bytes.length)).not.toBe(YES)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
