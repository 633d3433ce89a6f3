import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamIdentity, StreamView } from '../../src/stream/chunk.js'
import { TlsSession } from '../../src/tls/session.js'
import type { HandshakeRecord, Hello } from '../../src/verdict/record.js'
import { big, join } from '../support/bytes.js'
import { type CapturedPacket, pcap } from '../support/captures.js'
import { chunkOf } from '../support/chunks.js'
import { analyzed, analyzedPackets, Connection, noteCodes, onlyHandshake } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'
import * as tls from '../support/tls.js'

interface Splitting {
  /** Handshake bytes of a record at most. */
  readonly recordSize: number
  /** Payload bytes of a segment at most. */
  readonly segmentSize: number
}

const END = { ipVersion: 4, a: 0, b: 0, c: 0, d: 1, port: 1 } as const
const IDENTITY: StreamIdentity = { stream: 0, senders: [END, END], earlierHandshakes: 0, opening: null }
const VIEW: StreamView = { isSeen: () => true, hasClosed: () => false, owed: () => 0 }

const clientHello = tls.hybridClientHello({ serverName: 'split.test', alpn: ['h2'] })
const serverHello = tls.serverHello13(tls.X25519MLKEM768, 1120)

/** The same TLS 1.3 handshake, split one way or another. */
function split13({ recordSize, segmentSize }: Splitting): readonly CapturedPacket[] {
  return new Connection({ segmentSize })
    .open()
    .client(tls.handshakeRecords(clientHello, recordSize, 0x0301))
    .server(join(tls.handshakeRecords(serverHello, recordSize), tls.changeCipherSpec, tls.applicationData(900)))
    .client(join(tls.changeCipherSpec, tls.applicationData(53)))
    .close().packets
}

/** The same TLS 1.2 handshake: the server's four messages share records, or are split over them. */
function split12({ recordSize, segmentSize }: Splitting): readonly CapturedPacket[] {
  const messages = [tls.serverHello(), tls.certificate, tls.ecdheKeyExchange(tls.SECP256R1, 65), tls.serverHelloDone]
  return new Connection({ segmentSize })
    .open()
    .client(tls.handshakeRecords(clientHello, recordSize, 0x0301))
    .server(tls.handshakeRecords(join(...messages), recordSize))
    .client(join(tls.handshakeRecords(tls.clientKeyExchange, recordSize), tls.changeCipherSpec, tls.encryptedFinished))
    .server(join(tls.changeCipherSpec, tls.encryptedFinished))
    .close().packets
}

function withoutPlace(hello: Hello | null) {
  if (hello === null) return null
  const { frame, segments, records, ...rest } = hello
  return rest
}

/** What does not depend on how the bytes were split. */
function facts(handshake: HandshakeRecord) {
  const { verdict, negotiated, serverName, notes, alerts } = handshake
  return {
    verdict,
    negotiated,
    serverName,
    notes,
    alerts,
    clientHello: withoutPlace(handshake.clientHello),
    share: handshake.serverHello?.keyShare,
    exchange: handshake.serverKeyExchange?.group,
    begins: handshake.encryption.begins,
    roundTrips: handshake.cost.roundTrips,
    complete: handshake.cost.complete,
  }
}

const anySplitting = fc.record({
  recordSize: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 16_384 })),
  segmentSize: fc.oneof(fc.integer({ min: 7, max: 60 }), fc.integer({ min: 61, max: 1460 })),
})

describe('TlsSession', () => {
  it.each([
    ['TLS 1.3', split13],
    ['TLS 1.2', split12],
  ])('finds the same facts of %s however it is split into records and segments', async (_, split) => {
    const whole = await onlyHandshake(split({ recordSize: 16_384, segmentSize: 1460 }))
    expect(whole.cost.complete).toBe(true)
    await fc.assert(
      fc.asyncProperty(anySplitting, async (splitting) => {
        const handshake = await onlyHandshake(split(splitting))
        expect(facts(handshake)).toEqual(facts(whole))
        const { recordSize } = splitting
        expect(handshake.clientHello?.records).toBe(Math.ceil(clientHello.length / recordSize))
        const bytes = clientHello.length + 5 * Math.ceil(clientHello.length / recordSize)
        expect(handshake.clientHello?.segments).toBe(Math.ceil(bytes / splitting.segmentSize))
      }),
      { numRuns: 40 },
    )
  })

  it('counts the bytes of a handshake with its record headers, retransmissions once', async () => {
    const packets = split13({ recordSize: 100, segmentSize: 300 })
    const twice = await onlyHandshake(packets.flatMap((packet) => [packet, packet]))
    const once = await onlyHandshake(packets)
    const clientBytes = clientHello.length + 5 * Math.ceil(clientHello.length / 100) + 6 + 58
    const serverBytes = serverHello.length + 5 * Math.ceil(serverHello.length / 100) + 6 + 905
    for (const { cost } of [once, twice]) expect(cost).toMatchObject({ clientBytes, serverBytes, complete: true })
    expect(twice.cost.clientSegments).toBeGreaterThan(once.cost.clientSegments)
  })

  it('reads a ClientHello of 60 kB', async () => {
    const padding = tls.extension(21, new Uint8Array(60_000))
    const hello = tls.hybridClientHello({ extensions: [padding] })
    const connection = new Connection().open().client(tls.handshakeRecords(hello)).server(tls.record(22, serverHello))
    const handshake = await onlyHandshake(connection.packets)
    expect(handshake.clientHello).toMatchObject({
      bytes: hello.length,
      records: 4,
      segments: Math.ceil((hello.length + 20) / 1460),
    })
    expect(handshake.verdict.label).toBe('hybrid')
  })

  it('passes over a message that claims more than any can have, and says so', async () => {
    const long = join([1], big(0x02ffff, 3), [3, 3], new Uint8Array(16_000))
    const connection = new Connection().open()
    for (let i = 0; i < 13; i++) connection.client(tls.record(22, i === 0 ? long : new Uint8Array(16_000)))
    const handshake = await onlyHandshake(connection.acknowledge('server').packets)
    expect(handshake.verdict).toMatchObject({
      outcome: 'incomplete',
      reason: 'missing-bytes',
      explanation: 'The ClientHello claims 196611 bytes, more than any can have.',
    })
    expect(noteCodes(handshake)).toEqual(['message-too-long'])
    const refused = await onlyHandshake(connection.server(tls.alert(2, 47)).packets)
    expect(refused.verdict.reason).toBe('alert-before-server-hello')
  })

  it('goes on behind empty records and warnings', async () => {
    const connection = new Connection()
      .open()
      .client(
        join(tls.record(22, clientHello.slice(0, 700)), tls.record(22, []), tls.record(22, clientHello.slice(700))),
      )
      .server(
        join(
          tls.record(22, []),
          tls.alert(1, 112),
          tls.record(22, serverHello),
          tls.changeCipherSpec,
          tls.applicationData(),
        ),
      )
      .client(join(tls.changeCipherSpec, tls.applicationData()))
    const handshake = await onlyHandshake(connection.packets)
    expect(handshake.verdict.reason).toBe('hybrid-selected')
    expect(handshake.alerts).toMatchObject([
      { from: 'server', level: 'warning', description: 'unrecognized_name', id: 112 },
    ])
    expect(handshake.encryption.begins).toBe('after-server-hello')
  })

  it('says in which frames encryption begins, ChangeCipherSpec aside, and where early data is', async () => {
    const hello = tls.hybridClientHello({ earlyData: true, preSharedKey: true })
    const connection = new Connection()
      .open()
      .client(tls.record(22, hello))
      .client(join(tls.changeCipherSpec, tls.applicationData(100)))
      .server(tls.record(22, serverHello))
      .server(tls.changeCipherSpec)
      .server(tls.applicationData(500))
      .client(tls.applicationData(53))
    const { encryption } = await onlyHandshake(connection.packets)
    expect(encryption).toEqual({
      begins: 'after-server-hello',
      serverFrame: 9,
      clientFrame: 10,
      changeCipherSpec: { server: 8, client: 6 },
      plaintextAfterServerHello: 0,
      earlyDataFrame: 6,
    })
  })

  it('says in which frames TLS 1.2 turns to ciphertext, and counts what the server says before', async () => {
    const connection = new Connection()
      .open()
      .client(tls.record(22, clientHello))
      .server(tls.record(22, tls.serverHello()))
      .server(join(tls.record(22, tls.certificate), tls.record(22, tls.ecdheKeyExchange(tls.X25519, 32))))
      .server(tls.record(22, tls.serverHelloDone))
      .client(join(tls.record(22, tls.clientKeyExchange), tls.changeCipherSpec))
      .client(tls.encryptedFinished)
      .server(tls.changeCipherSpec)
      .server(tls.encryptedFinished)
    const { encryption } = await onlyHandshake(connection.packets)
    expect(encryption).toEqual({
      begins: 'after-change-cipher-spec',
      serverFrame: 11,
      clientFrame: 9,
      changeCipherSpec: { server: 10, client: 8 },
      plaintextAfterServerHello: 3,
      earlyDataFrame: null,
    })
  })

  it('keeps a later handshake of a stream apart from the first, its cost too', async () => {
    const second = tls.hybridClientHello({ random: new Uint8Array(32).fill(1) })
    const connection = new Connection().open().client(tls.record(22, clientHello))
    connection.client(tls.record(22, second)).server(join(tls.record(22, serverHello), tls.applicationData(100)))
    connection.client(tls.applicationData(53))
    const { handshakes: found } = await analyzedPackets(connection.packets)
    expect(found.map(({ handshake, verdict }) => [handshake, verdict.outcome])).toEqual([
      [0, 'unanswered'],
      [1, 'negotiated'],
    ])
    expect(found[0]?.cost).toMatchObject({
      clientBytes: clientHello.length + 5,
      clientSegments: 1,
      serverBytes: 0,
      milliseconds: 0,
      complete: false,
    })
    expect(found[1]?.cost).toMatchObject({
      clientBytes: second.length + 5 + 58,
      clientSegments: 2,
      serverBytes: serverHello.length + 5 + 105,
      complete: true,
    })
  })

  it('waits for what a later handshake needs, whatever the one before it had', async () => {
    const answer = join(tls.record(22, serverHello), tls.applicationData(100))
    const second = tls.hybridClientHello({ random: new Uint8Array(32).fill(1) })
    // Of the first nothing encrypted of the server is there.
    const connection = new Connection().open().client(tls.record(22, clientHello)).server(tls.record(22, serverHello))
    connection.client(tls.applicationData(53)).client(tls.record(22, second)).server(answer)
    connection.client(tls.applicationData(53))
    const { handshakes: found } = await analyzedPackets(connection.packets)
    expect(found.map(({ encryption }) => [encryption.serverFrame, encryption.clientFrame])).toEqual([
      [null, 6],
      [8, 9],
    ])
    expect(found[1]?.cost.complete).toBe(true)
  })

  it('takes a hello with another random for a later handshake, also where the second ClientHello of the first is lost', async () => {
    const another = tls.hybridClientHello({ random: new Uint8Array(32).fill(1) })
    const retry = tls.record(22, tls.helloRetryRequest({ cookie: true }))
    const connection = new Connection().open().client(tls.record(22, clientHello)).server(retry)
    connection.lose('client', tls.record(22, clientHello)).server(tls.record(22, serverHello))
    const { handshakes: found } = await analyzedPackets(connection.client(tls.record(22, another)).packets)
    expect(found.map(({ verdict, secondClientHello }) => [verdict.outcome, secondClientHello])).toEqual([
      ['negotiated', null],
      ['unanswered', null],
    ])
  })

  it("does not call a client's certificate the server's", async () => {
    const flight = tls.record(22, join(tls.serverHello(), tls.certificate, tls.serverHelloDone))
    const asked = () =>
      new Connection().open().client(tls.record(22, tls.clientHello({ supportedGroups: [tls.X25519] })))
    const answered = join(tls.record(22, join(tls.certificate, tls.clientKeyExchange)), tls.changeCipherSpec)
    const whole = await onlyHandshake(asked().server(flight).client(answered).packets)
    expect(whole.certificate).toMatchObject({ frame: 5, bytes: tls.certificate.length })
    // From the end of the ServerHello on, so that nobody knows what begins there.
    const [from, to] = [5 + tls.serverHello().length, 200]
    const hole = asked().server(flight.slice(0, from)).lose('server', flight.slice(from, to)).server(flight.slice(to))
    expect((await onlyHandshake(hole.client(answered).packets)).certificate).toBeNull()
  })

  it('adds up what is missing in several places', async () => {
    const answer = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120))
    const connection = new Connection().open().client(tls.record(22, clientHello)).server(answer.slice(0, 300))
    connection.lose('server', answer.slice(300, 400)).server(answer.slice(400, 500))
    connection.lose('server', answer.slice(500, 550)).server(answer.slice(550))
    const { notes } = await onlyHandshake(connection.close().packets)
    expect(notes.map(({ message }) => message)).toContain(
      'no packet of the capture holds 150 bytes that the server sent',
    )
  })

  it('says what a hello names of which a part is there', async () => {
    const cut = new Connection().open().client(tls.record(22, tls.hybridClientHello()).slice(0, 200))
    const client = await onlyHandshake(cut.packets)
    expect(client).toMatchObject({ clientHello: null, serverName: 'example.test' })
    // The group and length of a key share are there, and not all of the key.
    const answer = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120))
    const connection = new Connection().open().client(tls.record(22, clientHello)).server(answer.slice(0, 300))
    const { notes } = await onlyHandshake(connection.packets)
    expect(notes).toContainEqual({
      code: 'server-hello-cut',
      message: `295 of ${answer.length - 5} bytes of the ServerHello are in the capture; they name group X25519MLKEM768 (0x11ec)`,
      frame: 5,
    })
  })

  it('holds what the lists of a hostile hello take, and nothing for those of a usual one', () => {
    const heldBy = (hello: Uint8Array): number => {
      const session = new TlsSession(IDENTITY, VIEW, () => {})
      for (let at = 0; at < hello.length; at += 16_000)
        session.data(0, chunkOf(tls.record(22, hello.slice(at, at + 16_000)), { frame: 1 + at }))
      return session.bufferedBytes
    }
    const suites = Array.from({ length: 30_000 }, (_, i) => i)
    expect(heldBy(tls.hybridClientHello())).toBe(0)
    expect(heldBy(tls.hybridClientHello({ cipherSuites: suites.slice(0, 900) }))).toBe(0)
    expect(heldBy(tls.hybridClientHello({ cipherSuites: suites }))).toBeGreaterThanOrEqual(30_000 * 16)
    expect(heldBy(tls.hybridClientHello({ supportedGroups: suites }))).toBeGreaterThanOrEqual(30_000 * 16)
    // A key share is an entry of a record, with names and numbers.
    const keyShares = suites.slice(0, 2000).map((group) => [group, 1] as const)
    expect(heldBy(tls.hybridClientHello({ keyShares }))).toBeGreaterThanOrEqual(2000 * 512)
    const alpn = Array.from({ length: 2000 }, (_, i) => `p${i}`)
    expect(heldBy(tls.hybridClientHello({ alpn }))).toBeGreaterThanOrEqual(2000 * 512)
  })

  it('counts what follows the hello of a later handshake in its segment for that one', async () => {
    const first = tls.record(22, clientHello)
    const second = tls.record(22, tls.classicalClientHello({ random: new Uint8Array(32).fill(1), earlyData: true }))
    const early = join(tls.changeCipherSpec, tls.applicationData(500), tls.applicationData(700))
    const connection = new Connection({ segmentSize: 4000 }).open().client(first).client(join(second, early))
    connection.server(join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData(100)))
    connection.client(tls.applicationData(53))
    const { handshakes: found } = await analyzedPackets(connection.packets)
    expect(found.map(({ cost }) => cost.clientBytes)).toEqual([first.length, second.length + early.length + 58])
  })

  it('counts a hello in SSLv2 form of the other side, and what follows it, for the later handshake', async () => {
    const first = tls.record(22, clientHello)
    const second = tls.sslv2ClientHello(0x0301, [0x000035, 0x00000a])
    const connection = new Connection().open().client(first).server(join(second, tls.changeCipherSpec))
    const { handshakes: found } = await analyzedPackets(connection.packets)
    expect(found.map(({ cost }) => cost.clientBytes)).toEqual([
      first.length,
      second.length + tls.changeCipherSpec.length,
    ])
  })

  it('does not say that nothing answered a first handshake where that cannot be seen', async () => {
    const second = tls.record(22, tls.hybridClientHello({ random: new Uint8Array(32).fill(1) }))
    const verdictBefore = async (connection: Connection) => {
      const { handshakes: found } = await analyzedPackets(connection.client(second).packets)
      expect(found.map(({ clientHello }) => clientHello?.keyShares.length)).toEqual([2, 2])
      return found[0]?.verdict
    }
    const oneSide = new Connection().client(tls.record(22, clientHello))
    expect(await verdictBefore(oneSide)).toMatchObject({
      outcome: 'incomplete',
      reason: 'one-direction',
      explanation:
        'The capture holds only what the client sent before it sent another ClientHello: what was agreed on cannot be known.',
    })
    const answerLost = new Connection().open().client(tls.record(22, clientHello))
    answerLost.lose('server', tls.alert(2, 40)).acknowledge('client')
    expect(await verdictBefore(answerLost)).toMatchObject({
      outcome: 'incomplete',
      reason: 'missing-bytes',
      explanation: 'The server sent 7 bytes more that no packet of the capture holds.',
    })
    const unanswered = new Connection().open().client(tls.record(22, clientHello)).acknowledge('server')
    expect(await verdictBefore(unanswered)).toMatchObject({ outcome: 'unanswered', reason: 'no-answer' })
  })

  it('takes no ServerHello for the answer to a hello before the last, whatever was said between them', async () => {
    const text = (line: string) => new TextEncoder().encode(`${line}\r\n`)
    const second = tls.hybridClientHello({ random: new Uint8Array(32).fill(1), keyShares: [[tls.X25519, 32]] })
    const connection = new Connection().open().client(tls.record(22, clientHello))
    connection.server(text('454 TLS not available')).client(text('STARTTLS')).server(text('220 Go ahead'))
    connection.client(tls.record(22, second))
    connection.server(join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData(100)))
    const { handshakes: found } = await analyzedPackets(connection.client(tls.applicationData(53)).packets)
    expect(found.map(({ verdict }) => verdict.outcome)).toEqual(['incomplete', 'negotiated'])
    expect(found[1]?.clientHello).toMatchObject({ frame: 8, keyShares: [{ id: tls.X25519 }] })
    expect(found[1]?.encryption).toMatchObject({ serverFrame: 9, clientFrame: 10 })
    expect(found[1]?.cost.complete).toBe(true)
    expect(found[1]?.notes).toEqual([])
  })

  it('reads a ServerHello that begins a segment behind a gap', async () => {
    const { X25519, X25519MLKEM768 } = tls
    const retry = tls.record(22, tls.helloRetryRequest({ group: X25519MLKEM768 }))
    const hello = (share: tls.Share) => tls.record(22, tls.hybridClientHello({ keyShares: [share] }))
    const connection = new Connection()
      .open()
      .client(hello([X25519, 32]))
      .server(retry.slice(0, 20))
    connection.lose('server', join(retry.slice(20), tls.changeCipherSpec)).client(hello([X25519MLKEM768, 1216]))
    connection.server(join(tls.record(22, serverHello), tls.applicationData(900))).client(tls.applicationData(53))
    const handshake = await onlyHandshake(connection.close().packets)
    expect(handshake.verdict).toMatchObject({ outcome: 'negotiated', label: 'hybrid', reason: 'hybrid-after-retry' })
    expect(noteCodes(handshake)).toContain('gap')
  })

  it('takes no ServerHello that stands in the wrong place', async () => {
    const other = tls.serverHello13(tls.X25519, 32)
    const fromClient = new Connection().open().client(join(tls.record(22, clientHello), tls.record(22, other)))
    fromClient.server(join(tls.record(22, serverHello), tls.record(22, other)))
    const handshake = await onlyHandshake(fromClient.packets)
    expect(handshake.negotiated?.group?.name).toBe('X25519MLKEM768')
    expect(noteCodes(handshake).filter((code) => code === 'unexpected-server-hello')).toHaveLength(2)
  })

  it('does not take the second of two HelloRetryRequests', async () => {
    const connection = new Connection().open().client(tls.record(22, clientHello))
    connection.server(tls.record(22, tls.helloRetryRequest({ group: tls.SECP256R1 })))
    connection.server(tls.record(22, tls.helloRetryRequest({ group: tls.X25519 })))
    const handshake = await onlyHandshake(connection.packets)
    expect(handshake.helloRetryRequest?.group?.name).toBe('secp256r1')
    expect(noteCodes(handshake)).toContain('unexpected-server-hello')
  })

  it('knows a full handshake of TLS 1.2 by its ClientKeyExchange where what the server sent is lost', async () => {
    const connection = new Connection()
      .open()
      .client(tls.record(22, clientHello))
      .server(tls.record(22, tls.serverHello()))
    connection.lose('server', new Uint8Array(2000)).client(tls.record(22, tls.clientKeyExchange))
    const handshake = await onlyHandshake(connection.packets)
    expect(handshake.verdict).toMatchObject({ outcome: 'negotiated', label: 'classical' })
    expect(noteCodes(handshake)).toEqual(['acknowledged-unseen'])
  })

  it.each([
    ['longer than any', [2, 9, 9, 9, 3, 3]],
    ['that breaks off', [2, 0, 0, 99, 0x5c, 3]],
  ])('does not take ciphertext for a ServerHello %s where the real one is lost', async (_, first) => {
    const ticket = tls.record(22, tls.clientHello({ sessionTicket: 100 }))
    const connection = new Connection().open().client(ticket).lose('server', tls.record(22, tls.serverHello()))
    const encrypted = tls.record(22, join(first, new Uint8Array(34).fill(0x9e)))
    const handshake = await onlyHandshake(connection.server(join(tls.changeCipherSpec, encrypted)).close().packets)
    expect(handshake.verdict).toMatchObject({ outcome: 'incomplete', reason: 'missing-bytes' })
    expect(handshake.verdict.explanation).toMatch(/^47 bytes of what the server sent cannot be read/)
    expect(noteCodes(handshake)).toEqual(['server-hello-not-seen', 'gap'])
  })

  it('tells of a ServerHello that is cut behind the ChangeCipherSpec of a HelloRetryRequest that is lost', async () => {
    const connection = new Connection().open().client(tls.record(22, clientHello))
    connection.lose('server', tls.record(22, tls.helloRetryRequest({ group: tls.X25519 })))
    const cut = tls.record(22, serverHello).slice(0, 400)
    const handshake = await onlyHandshake(connection.server(join(tls.changeCipherSpec, cut)).packets)
    expect(noteCodes(handshake)).toContain('server-hello-cut')
  })

  it('does not say that the rest of a record behind a hole is none', async () => {
    const flight = join(tls.record(22, serverHello), tls.applicationData(900))
    const connection = new Connection().open().client(tls.record(22, clientHello))
    connection.lose('server', flight.slice(0, 100)).server(flight.slice(100)).close()
    const { notes } = await onlyHandshake(connection.packets)
    expect(notes.map(({ message }) => message)).toEqual([
      'no packet of the capture holds 100 bytes that the server sent',
    ])
  })

  it('reads no SSLv2-compatible hello around a hole', async () => {
    const hello = tls.sslv2ClientHello(0x0301, [0x35, 0x0a, 0x2f])
    const connection = new Connection().open().client(hello.slice(0, 14)).lose('client', hello.slice(14, 17))
    connection
      .client(hello.slice(17))
      .server(tls.record(22, tls.serverHello({ legacyVersion: 0x0301, cipherSuite: 0x35 })))
    const handshake = await onlyHandshake(connection.client(new Uint8Array(3)).packets)
    expect(handshake.clientHello).toBeNull()
    expect(noteCodes(handshake)).toContain('client-hello-not-seen')
  })

  it('reports nothing of a stream that only looked like TLS', async () => {
    const lookalike = tls.record(22, [1, 0, 0, 40, 3])
    const connection = new Connection().open().client(lookalike.slice(0, 9)).client(new TextEncoder().encode('no TLS'))
    const found = await analyzedPackets(connection.close().packets)
    expect(found.handshakes).toEqual([])
    expect(found.capture.error).toBeNull()
  })

  it('says that a stream carries TLS whose handshake is not there', async () => {
    const connection = new Connection().open().client(tls.applicationData()).server(tls.applicationData(2000))
    const found = await analyzedPackets(connection.close().packets)
    expect(found.handshakes).toEqual([])
    expect(noteCodes(found.capture)).toContain('tls-without-handshake')
  })

  it('says where nothing was found that streams began before the capture', async () => {
    // Within a record: nothing tells that it is TLS.
    const rest = tls.applicationData(2000).slice(100)
    const packets = new Connection().client(rest).server(rest).packets
    const { capture } = await analyzedPackets(packets)
    expect(noteCodes(capture)).toEqual(['streams-begun-before'])
    expect(capture.notes[0]?.message).toContain('1 TCP stream began before the capture')
    const opened = await analyzedPackets(new Connection().open().client(rest).packets)
    expect(noteCodes(opened.capture)).toEqual([])
  })

  it('says where nothing was found that the snap length cut off what may be TLS', async () => {
    const { packets } = new Connection().open().client(tls.record(22, tls.clientHello()))
    const { capture } = await analyzedPackets(packets, { snapLength: 56 })
    expect(noteCodes(capture)).toEqual(['packets-cut'])
    expect(capture.notes[0]?.message).toContain('1 packet was cut by the snap length')
    expect(noteCodes((await analyzedPackets(packets, { snapLength: 96 })).capture)).toEqual([])
    const none = new Connection().open().close().packets
    expect(noteCodes((await analyzedPackets(none)).capture)).toEqual([])
  })

  it('says nothing of such streams where a handshake was found', async () => {
    const packets = new Connection({ clientPort: 999 }).client(tls.applicationData(2000).slice(100)).packets
    const found = await analyzedPackets(
      new Connection({ into: packets }).open().client(tls.handshakeRecords(tls.clientHello())).packets,
    )
    expect(found.handshakes).toHaveLength(1)
    expect(noteCodes(found.capture)).toEqual([])
  })
})

/** Packets of a capture changed, lost, sent again and put in another order. */
interface Damage {
  readonly order: readonly number[]
  readonly flips: readonly (readonly [packet: number, at: number, bit: number])[]
  readonly snapLength: number
  readonly fileLength: number
}

const MODEL = (handshakes['TLS 1.3, hybrid'] as () => readonly CapturedPacket[])()

const anyDamage: fc.Arbitrary<Damage> = fc.record({
  order: fc.array(fc.nat(MODEL.length - 1), { minLength: 1, maxLength: 20 }).chain((extra) =>
    fc.constantFrom(
      MODEL.map((_, i) => i),
      [...MODEL.map((_, i) => i), ...extra],
      MODEL.map((_, i) => i).filter((i) => i !== extra[0]),
      extra,
    ),
  ),
  flips: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(7)), { maxLength: 12 }),
  snapLength: fc.oneof(fc.constant(262_144), fc.integer({ min: 40, max: 1514 })),
  fileLength: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
})

function damaged({ order, flips, snapLength, fileLength }: Damage): Uint8Array {
  const packets = order.map((i) => ({ ...(MODEL[i] as CapturedPacket), bytes: MODEL[i]?.bytes.slice() as Uint8Array }))
  for (const [packet, at, bit] of flips) {
    const bytes = packets[packet % packets.length]?.bytes as Uint8Array
    bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ (1 << bit)
  }
  const file = pcap(packets, { snapLength })
  return file.slice(0, Math.floor(fileLength * file.length))
}

/** Whether a key_share extension of a ServerHello with this group stands anywhere in a file. */
function holdsServerShare(file: Uint8Array, group: number): boolean {
  const wanted = big(group, 2)
  for (let at = 0; at + 6 <= file.length; at++) {
    const isKeyShare = file[at] === 0 && (file[at + 1] === 51 || file[at + 1] === 40)
    if (isKeyShare && file[at + 4] === wanted[0] && file[at + 5] === wanted[1]) return true
  }
  return false
}

describe('an alert between the records of one hello', () => {
  const inTwo = (hello: Uint8Array): Uint8Array =>
    join(tls.record(22, hello.slice(0, 50)), tls.alert(1, 112), tls.record(22, hello.slice(50)))
  const warning = { level: 'warning', description: 'unrecognized_name', id: 112 }
  const serverHello = inTwo(tls.serverHello13(tls.X25519MLKEM768, 1120))

  it('is told of either side', async () => {
    const connection = new Connection().open().client(inTwo(tls.hybridClientHello())).server(serverHello)
    const { alerts, verdict } = await onlyHandshake(connection.packets)
    expect(alerts).toMatchObject([
      { from: 'client', ...warning },
      { from: 'server', ...warning },
    ])
    expect(verdict.label).toBe('hybrid')
  })

  it('is told where the server alone is in the capture', async () => {
    const { alerts } = await onlyHandshake(new Connection().server(serverHello).packets)
    expect(alerts).toMatchObject([{ from: 'server', ...warning }])
  })

  it('is one of few that are listed, but never in place of the one that decides', async () => {
    const warnings = Array.from({ length: 40 }, () => tls.alert(1, 112))
    const connection = new Connection().open().client(tls.record(22, tls.hybridClientHello()))
    connection.server(join(...warnings)).server(tls.alert(2, 40))
    const { alerts, verdict, notes } = await onlyHandshake(connection.packets)
    expect(alerts).toHaveLength(17)
    expect(alerts.at(-1)).toMatchObject({ from: 'server', level: 'fatal', id: 40 })
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
    expect(notes.filter(({ code }) => code === 'alerts-left-out')).toMatchObject([{ frame: 5 }])
  })

  it('is one of few that are listed, also where all stand between the records of a hello', async () => {
    const hello = tls.hybridClientHello()
    const warnings = Array.from({ length: 17 }, () => tls.alert(1, 112))
    const records = join(tls.record(22, hello.slice(0, 50)), ...warnings, tls.record(22, hello.slice(50)))
    const { alerts, notes } = await onlyHandshake(new Connection().open().client(records).packets)
    expect(alerts).toHaveLength(16)
    expect(notes.map(({ code }) => code)).toContain('alerts-left-out')
  })

  it('is told where the hello has no end', async () => {
    const hello = inTwo(tls.hybridClientHello())
    const { alerts, verdict } = await onlyHandshake(new Connection().open().client(hello.slice(0, 500)).packets)
    expect(alerts).toMatchObject([{ from: 'client', ...warning }])
    expect(verdict.outcome).toBe('incomplete')
  })
})

describe('a fatal alert and a new ClientHello in one segment', () => {
  it('are the end of one handshake and the beginning of another', async () => {
    const hello = tls.record(22, tls.hybridClientHello())
    const { packets } = new Connection()
      .open()
      .client(hello)
      .server(join(tls.alert(2, 40), hello))
      .close()
    const { handshakes: found } = await analyzedPackets(packets)
    expect(found.map(({ handshake, verdict }) => [handshake, verdict.outcome])).toEqual([
      [0, 'rejected'],
      [1, 'rejected'],
    ])
  })
})

describe('a damaged capture of a hybrid handshake', () => {
  it('gives one capture record at the end, and no group that does not stand in its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const file = damaged(damage)
        const { handshakes: found, capture } = await analyzed(file)
        expect(capture.handshakes).toBe(found.length)
        for (const { negotiated, verdict, serverHello } of found) {
          expect(verdict.label === null).toBe(negotiated === null)
          expect(verdict.explanation).not.toMatch(/undefined|null|NaN/)
          const group = negotiated?.group ?? serverHello?.keyShare
          if (group != null) expect(holdsServerShare(file, group.id)).toBe(true)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('keeps its label while nothing but TCP is damaged', async () => {
    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const { handshakes: found } = await analyzed(damaged({ ...damage, flips: [] }))
        for (const { verdict } of found) {
          expect([null, 'hybrid']).toContain(verdict.label)
          expect([null, 'hybrid']).toContain(verdict.offer)
        }
      }),
      { numRuns: 500 },
    )
  })
})
