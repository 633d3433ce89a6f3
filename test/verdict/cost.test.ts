import { describe, expect, it } from 'vitest'
import { join } from '../support/bytes.js'
import type { CapturedPacket } from '../support/captures.js'
import { ACK, analyzedPackets, Connection, noteCodes, onlyHandshake, PSH, SYN } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'
import * as tls from '../support/tls.js'

const clientHello = tls.record(22, tls.hybridClientHello())
const serverHello = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120))
const [early, late] = [tls.applicationData(400), tls.applicationData(600)]
const finished = tls.applicationData(53)
const hello = tls.record(22, tls.hybridClientHello(), 0x0301)
const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(100))

async function costOf(name: string) {
  const make = handshakes[name] as NonNullable<(typeof handshakes)[string]>
  return (await onlyHandshake(make())).cost
}

describe('costOf', () => {
  it.each([
    ['TLS 1.3, hybrid', 1],
    ['TLS 1.3, early data', 1],
    ['TLS 1.3, retried to hybrid', 2],
    ['the second ClientHello, the HelloRetryRequest lost', 2],
    ['TLS 1.2, ECDHE', 2],
    ['TLS 1.2, resumed by session id', 1],
    ['an alert of the server', 1],
    ['no answer', 0],
  ])('counts the round trips of %s: %i', async (name, roundTrips) => {
    expect((await costOf(name)).roundTrips).toBe(roundTrips)
  })

  it("ends with the client's first encrypted record, whatever stands behind it in the segment", async () => {
    // ClientHello 1410, ChangeCipherSpec 6, Finished 58 bytes; the 85 of the next record are not counted.
    expect(await costOf('TLS 1.3, hybrid')).toMatchObject({
      clientBytes: 1474,
      serverBytes: 3171,
      clientSegments: 2,
      serverSegments: 3,
      milliseconds: 4,
      complete: true,
    })
  })

  it('counts packets without payload too', async () => {
    const connection = new Connection().open().client(hello).acknowledge('server').server(answer)
    connection.acknowledge('client').client(tls.applicationData(53)).acknowledge('server')
    expect((await onlyHandshake(connection.packets)).cost).toMatchObject({
      clientSegments: 2,
      clientPackets: 3,
      serverSegments: 1,
      serverPackets: 2,
    })
  })

  it.each([
    [2, 1000],
    [3, 500],
  ])('counts all %i segments of the hello, where its first was captured behind the others', async (segments, size) => {
    const connection = new Connection().open().client(hello, size)
    const [first, ...others] = connection.packets.splice(3)
    connection.packets.push(...others, first as (typeof others)[number])
    connection.server(answer).client(tls.applicationData(53))
    const { clientHello, cost } = await onlyHandshake(connection.packets)
    expect(clientHello?.segments).toBe(segments)
    expect(cost).toMatchObject({ clientSegments: segments + 1, clientPackets: segments + 1, complete: true })
  })

  it('holds no packets of what was said before TLS, where the hello shares a segment with the end of that', async () => {
    const [begin, end] = [Uint8Array.of(4, 1, 1, 187, 198, 51, 100), Uint8Array.of(2, 0)]
    const connection = new Connection({ segmentSize: 9000 }).open().client(begin).acknowledge('server')
    connection.client(join(end, hello)).acknowledge('server').server(answer).client(finished)
    const { cost, clientHello } = await onlyHandshake(connection.packets)
    expect(clientHello?.frame).toBe(6)
    expect(cost).toMatchObject({ clientSegments: 2, clientPackets: 2, serverSegments: 1, serverPackets: 2 })
  })

  it('is no time where the clock was set back', async () => {
    const make = handshakes['TLS 1.3, hybrid'] as NonNullable<(typeof handshakes)[string]>
    const backwards = make().map((packet, i) => ({ ...packet, time: BigInt(100 - i) * 1_000_000_000n }))
    expect((await onlyHandshake(backwards)).cost.milliseconds).toBe(0)
  })

  it('is not complete where that record was not seen', async () => {
    expect(await costOf('no answer')).toMatchObject({ clientBytes: 1410, serverBytes: 0, complete: false })
  })

  it('holds what both sides sent where the handshake breaks off behind the ServerHello', async () => {
    const connection = new Connection().open().client(hello).server(answer.slice(0, -105)).server(early)
    const found = await onlyHandshake(connection.acknowledge('client').packets)
    expect(found.cost).toMatchObject({
      clientBytes: hello.length,
      serverBytes: answer.length - 105 + early.length,
      serverSegments: 2,
      milliseconds: 2,
      complete: false,
    })
  })

  it('is not complete where bytes of the server were acknowledged that are in no packet', async () => {
    const connection = new Connection().open().client(clientHello).server(join(serverHello, early))
    connection.lose('server', late).client(finished)
    for (let i = 0; i < 40; i++) connection.client(finished).server(early)
    const found = await onlyHandshake(connection.packets)
    expect(found.verdict.outcome).toBe('negotiated')
    expect(found.cost).toMatchObject({ serverBytes: serverHello.length + early.length, complete: false })
  })

  it('is not complete where bytes of the server were lost in a gap', async () => {
    const whole = join(serverHello, tls.applicationData(2000))
    const connection = new Connection().open().client(clientHello).server(whole.slice(0, 1400))
    connection.lose('server', whole.slice(1400, 2400)).server(whole.slice(2400)).client(finished)
    connection.server(tls.applicationData(400)).close()
    const { cost, notes } = await onlyHandshake(connection.packets)
    expect(cost.complete).toBe(false)
    expect(cost.serverBytes).toBe(whole.length - 1000)
    expect(noteCodes({ notes })).toEqual(['gap'])
  })

  it('is not complete where the snap length cut what the server sent', async () => {
    const make = handshakes['TLS 1.3, hybrid'] as NonNullable<(typeof handshakes)[string]>
    const cut = await onlyHandshake(make(), { snapLength: 1480 })
    expect([cut.verdict.outcome, cut.cost.complete]).toEqual(['negotiated', false])
  })

  it('is not complete where the ClientHello is not in the capture', async () => {
    const make = handshakes['TLS 1.3, hybrid'] as NonNullable<(typeof handshakes)[string]>
    expect((await onlyHandshake(make().slice(4))).cost.complete).toBe(false)
  })

  it('holds what the client acknowledged, though it was captured later', async () => {
    const connection = new Connection().open().client(clientHello).server(join(serverHello, early)).server(late)
    connection.client(finished)
    const { packets } = connection
    const inOrder = await onlyHandshake(packets)
    const swapped = [...packets.slice(0, -2), packets.at(-1), packets.at(-2)] as typeof packets
    const { cost } = await onlyHandshake(swapped)
    expect(cost).toEqual({ ...inOrder.cost, milliseconds: cost.milliseconds })
    expect(cost).toMatchObject({ serverBytes: serverHello.length + early.length + late.length, complete: true })
  })

  it("ends with the client's first encrypted record, though the ServerHello stands behind a gap", async () => {
    const first = tls.record(22, tls.hybridClientHello({ keyShares: [[tls.X25519, 32]] }))
    const connection = new Connection().open().client(first)
    const retry = tls.record(22, tls.helloRetryRequest({ group: tls.X25519MLKEM768 }))
    connection.lose('server', retry).client(clientHello).server(join(serverHello, early))
    connection.client(finished).packet('server', ACK)
    for (let i = 0; i < 5; i++) connection.packet('client', ACK | PSH, late).packet('server', ACK | PSH, late)
    const { cost, encryption } = await onlyHandshake(connection.close().packets)
    expect(encryption).toMatchObject({ serverFrame: 7, clientFrame: 8, earlyDataFrame: null })
    expect(cost).toMatchObject({
      clientBytes: first.length + clientHello.length + finished.length,
      serverBytes: serverHello.length + early.length,
      clientSegments: 3,
      serverSegments: 2,
      milliseconds: 4,
      roundTrips: 2,
      // The HelloRetryRequest is a part of the cost, and not in the capture.
      complete: false,
    })
  })

  it('is complete where the HelloRetryRequest came late into the capture', async () => {
    const make = handshakes['TLS 1.3, retried to hybrid'] as NonNullable<(typeof handshakes)[string]>
    const packets = [...make()]
    const whole = await onlyHandshake(packets)
    const retry = (whole.helloRetryRequest?.frame ?? 0) - 1
    const [moved] = packets.splice(retry, 1)
    packets.splice((whole.encryption.clientFrame ?? 0) - 2, 0, moved as (typeof packets)[number])
    const { cost } = await onlyHandshake(packets)
    expect(cost).toMatchObject({ serverBytes: whole.cost.serverBytes, clientBytes: whole.cost.clientBytes })
    expect(cost.complete).toBe(true)
  })
})

describe('the times since the connection was opened', () => {
  const flights = (connection: Connection): Connection =>
    connection.client(hello).server(answer).client(tls.applicationData(53))
  /** Packets one millisecond apart, but for those, by their place, that came so much after the one before. */
  const costAt = async ({ packets }: Connection, delays: Readonly<Record<number, number>> = {}) => {
    let milliseconds = 0
    const placed = packets.map((packet, i) => {
      milliseconds += delays[i] ?? 1
      return { ...packet, time: 1_800_000_000_999n * 1_000_000n + BigInt(milliseconds) * 1_000_000n }
    })
    return (await onlyHandshake(placed)).cost
  }

  it('are those from the SYN to its ACK, the ServerHello and the end of the handshake', async () => {
    expect(await costAt(flights(new Connection().open()), { 1: 20, 2: 10, 4: 7 })).toMatchObject({
      connectMilliseconds: 30,
      synToServerHelloMilliseconds: 38,
      synToEncryptedMilliseconds: 39,
      milliseconds: 8,
    })
  })

  it('begin with the first SYN, and the round trip with the last', async () => {
    const connection = new Connection().place('client', SYN, 1000)
    expect(await costAt(flights(connection.open()), { 1: 1000, 2: 5, 3: 5 })).toMatchObject({
      connectMilliseconds: 10,
      synToServerHelloMilliseconds: 1012,
    })
  })

  it('time the round trip from the SYN that was sent again as its SYN/ACK was lost', async () => {
    const connection = new Connection().place('client', SYN, 1000).place('server', SYN | ACK, 900_000)
    expect(await costAt(flights(connection.open()), { 2: 1000, 3: 5, 4: 5 })).toMatchObject({
      connectMilliseconds: 10,
      synToServerHelloMilliseconds: 1013,
    })
  })

  it('hold the round trip where the SYN has the ClientHello with it (TCP Fast Open)', async () => {
    const connection = new Connection({ segmentSize: 9000 }).packet('client', SYN, hello).packet('server', SYN | ACK)
    connection.acknowledge('client').server(answer).client(finished)
    expect(await costAt(connection, { 1: 20, 2: 10 })).toMatchObject({
      connectMilliseconds: 30,
      synToServerHelloMilliseconds: 31,
      milliseconds: 32,
    })
  })

  it('are unknown where no SYN was captured', async () => {
    expect(await costAt(flights(new Connection()))).toMatchObject({
      connectMilliseconds: null,
      synToServerHelloMilliseconds: null,
      synToEncryptedMilliseconds: null,
    })
  })

  it('hold no round trip where the SYN/ACK was not captured', async () => {
    const connection = flights(new Connection().open())
    connection.packets.splice(1, 1)
    expect(await costAt(connection)).toMatchObject({ connectMilliseconds: null, synToServerHelloMilliseconds: 3 })
  })

  it('take a ServerHello that was captured out of order for complete once all of it is there', async () => {
    const connection = new Connection().open().client(hello).server(answer, 700)
    const [first, second] = connection.packets.splice(4) as [CapturedPacket, CapturedPacket]
    connection.packets.push(second, first)
    const cost = await costAt(connection.client(tls.applicationData(53)), { 5: 30 })
    expect(cost).toMatchObject({ synToServerHelloMilliseconds: 34, synToEncryptedMilliseconds: 35, milliseconds: 32 })
  })

  it('end with what was seen', async () => {
    const connection = new Connection().open().client(hello)
    connection.server(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)))
    expect(await costAt(connection)).toMatchObject({
      synToServerHelloMilliseconds: 4,
      synToEncryptedMilliseconds: null,
    })
  })

  it('are those of the first handshake of a stream alone', async () => {
    const connection = flights(flights(new Connection().open()))
    const { handshakes } = await analyzedPackets(connection.packets)
    expect(handshakes.map(({ cost }) => cost.synToServerHelloMilliseconds)).toEqual([expect.any(Number), null])
    expect(handshakes[1]?.cost.connectMilliseconds).toBe(handshakes[0]?.cost.connectMilliseconds)
  })
})

describe('the certificate', () => {
  const made = (name: string) => onlyHandshake((handshakes[name] as NonNullable<(typeof handshakes)[string]>)())

  it('is measured where it is in the clear', async () => {
    const { certificate, serverHello } = await made('TLS 1.2, ECDHE')
    expect(certificate).toEqual({ frame: serverHello?.frame, bytes: tls.certificate.length })
  })

  it.each(['TLS 1.3, hybrid', 'TLS 1.2, resumed by session id'])('is none in %s', async (name) => {
    expect((await made(name)).certificate).toBeNull()
  })
})
