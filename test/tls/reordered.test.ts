import { describe, expect, it } from 'vitest'
import { analyzePackets, readPackets } from '../../src/analyze.js'
import type { PacketInput } from '../../src/capture/packet-iterable.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { join } from '../support/bytes.js'
import { ACK, analyzedPackets, Connection, onlyHandshake, PSH, SYN } from '../support/connection.js'
import * as tls from '../support/tls.js'

const sample = new URL('../../samples/retry-to-classical.pcap', import.meta.url).pathname

it('a ServerHello captured before the second ClientHello that it answers is of the same handshake', async () => {
  const packets: PacketInput[] = []
  for await (const { bytes, start, end, linkType } of readPackets(sample))
    packets.push({ data: bytes.slice(start, end), linkType })
  const found: HandshakeRecord[][] = []
  for (const swapped of packets.keys()) {
    const order = [...packets]
    order.splice(swapped, 2, ...packets.slice(swapped, swapped + 2).reverse())
    const records: HandshakeRecord[] = []
    for await (const record of analyzePackets(order)) if (record.type === 'handshake') records.push(record)
    found.push(records)
  }
  expect(found.map((records) => records.map(({ verdict }) => verdict.label))).toEqual(packets.map(() => ['classical']))
})

describe('an alert captured before the ClientHello', () => {
  const hello = tls.record(22, tls.hybridClientHello())

  it.each([1, 2])('is kept where it acknowledges it, with the last of %i segments behind it', async (segments) => {
    const { packets } = new Connection({ segmentSize: Math.ceil(hello.length / segments) })
      .open()
      .client(hello)
      .server(tls.alert(2, 40))
      .close()
    const alert = 3 + segments
    const swapped = [...packets.slice(0, alert - 1), ...packets.slice(alert - 1, alert + 1).reverse()]
    const { verdict, alerts } = await onlyHandshake([...swapped, ...packets.slice(alert + 1)])
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
    expect(alerts).toEqual([{ frame: alert, from: 'server', level: 'fatal', description: 'handshake_failure', id: 40 }])
  })

  it.each([
    { second: 'follows', codes: [] },
    { second: 'never comes', codes: ['client-hello-cut'] },
  ])('is kept where it answers the first of two segments, and the second $second', async ({ codes }) => {
    const connection = new Connection().open().client(hello.slice(0, 900)).server(tls.alert(2, 50))
    if (codes.length === 0) connection.client(hello.slice(900))
    const { verdict, alerts, notes } = await onlyHandshake(connection.finish('server').packets)
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
    expect(alerts).toEqual([{ frame: 5, from: 'server', level: 'fatal', description: 'decode_error', id: 50 }])
    expect(notes.map(({ code }) => code)).toEqual(codes)
  })

  it.each([3, 5, 8])('is kept where it answers the first %i bytes of it', async (length) => {
    const connection = new Connection().open().client(hello.slice(0, length)).server(tls.alert(2, 50))
    const { verdict } = await onlyHandshake(connection.client(hello.slice(length)).packets)
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
  })

  it('decides where it is a fatal one, however many warnings came before it', async () => {
    const warnings = Array.from({ length: 40 }, () => tls.alert(1, 112))
    const { packets } = new Connection()
      .open()
      .client(hello)
      .server(join(...warnings, tls.alert(2, 40)))
      .close()
    const swapped = [...packets.slice(0, 3), ...packets.slice(3, 6).reverse(), ...packets.slice(6)]
    const { verdict, alerts, notes } = await onlyHandshake(swapped)
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
    expect(alerts).toHaveLength(17)
    expect(alerts.at(-1)).toMatchObject({ from: 'server', level: 'fatal', id: 40 })
    expect(notes.map(({ code }) => code)).toContain('alerts-left-out')
  })

  it('does not belong to it where it acknowledges nothing of it', async () => {
    const connection = new Connection().open().server(tls.alert(2, 40)).client(hello)
    connection.server(join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData()))
    const { verdict, alerts } = await onlyHandshake(connection.client(tls.applicationData()).packets)
    expect([verdict.outcome, alerts]).toEqual(['negotiated', []])
  })

  it('decides once, where the hello is cut', async () => {
    const { packets } = new Connection().open().client(hello).server(tls.alert(2, 40)).close()
    const cut = new Connection().open().client(hello.slice(0, 1000)).packets[3] as (typeof packets)[number]
    const { verdict } = await onlyHandshake([...packets.slice(0, 3), packets[4] as typeof cut, cut])
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
  })

  it('is no handshake where none comes', async () => {
    const connection = new Connection().open().lose('client', hello).server(tls.alert(2, 40))
    for (let i = 0; i < 3; i++) connection.packet('client', ACK | PSH, tls.applicationData())
    expect((await analyzedPackets(connection.close().packets)).handshakes).toEqual([])
  })
})

it('a ServerHello of which only the copy that was sent again is captured makes nothing early data that is none', async () => {
  const hello = tls.record(22, tls.hybridClientHello())
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(500))
  const finished = join(tls.changeCipherSpec, tls.applicationData(53))
  const connection = new Connection().open().client(hello)
  const at = connection.next.server
  connection
    .lose('server', answer)
    .client(finished)
    .place('server', ACK | PSH, at, answer)
  const { encryption, cost } = await onlyHandshake(connection.client(tls.applicationData(100)).packets)
  expect(encryption).toMatchObject({ serverFrame: 6, clientFrame: 5, earlyDataFrame: null })
  expect(cost).toMatchObject({
    clientBytes: hello.length + finished.length,
    clientSegments: 2,
    serverBytes: answer.length,
    complete: true,
  })
})

it('what a client sent that offered no early data is none, also where it acknowledges nothing', async () => {
  const connection = new Connection().open().client(tls.record(22, tls.hybridClientHello()))
  const answer = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120))
  const at = connection.next.server
  connection
    .lose('server', answer)
    .packet('client', PSH, tls.applicationData(53))
    .place('server', ACK | PSH, at, answer)
  const { encryption } = await onlyHandshake(connection.packets)
  expect(encryption).toMatchObject({ clientFrame: 5, earlyDataFrame: null })
})

describe('a RST captured before what was sent in front of it', () => {
  const hello = tls.record(22, tls.hybridClientHello())
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(500))

  it('ends nothing until that is there', async () => {
    const { packets } = new Connection({ segmentSize: 700 }).open().client(hello).server(answer).reset('server')
    const rst = packets.pop() as (typeof packets)[number]
    for (let at = 4; at < packets.length; at++) {
      const { verdict, clientHello } = await onlyHandshake(packets.toSpliced(at, 0, rst))
      expect([verdict.reason, clientHello === null]).toEqual(['hybrid-selected', false])
    }
  })

  it('ends the handshake behind an alert that follows', async () => {
    const { packets } = new Connection().open().client(hello).server(tls.alert(2, 40)).reset('server')
    const { verdict } = await onlyHandshake([...packets.slice(0, -2), ...packets.slice(-2).reverse()])
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
  })
})

describe('what a client of TLS 1.2 sends, captured before what it answers', () => {
  const hello = tls.record(22, tls.classicalClientHello())
  const flight = join(
    tls.record(22, tls.serverHello({ cipherSuite: 0xc02f })),
    tls.record(22, join(tls.certificate, tls.ecdheKeyExchange(tls.X25519, 32), tls.serverHelloDone)),
  )
  const reply = join(tls.record(22, tls.clientKeyExchange), tls.changeCipherSpec, tls.encryptedFinished)

  it('is encrypted from where it is, and costs what it costs', async () => {
    const connection = new Connection().open().client(hello).server(flight).client(reply)
    connection.server(join(tls.changeCipherSpec, tls.encryptedFinished)).client(tls.applicationData())
    const { packets } = connection
    const swapped = [...packets.slice(0, 4), ...packets.slice(4, 6).reverse(), ...packets.slice(6)]
    const { encryption, cost } = await onlyHandshake(swapped)
    expect(encryption).toMatchObject({ clientFrame: 5, earlyDataFrame: null })
    expect(cost).toMatchObject({ clientBytes: hello.length + reply.length, complete: true })
  })

  it('is no early data where the ServerHello never comes', async () => {
    const connection = new Connection().open().client(hello).lose('server', flight).client(reply)
    const { encryption, verdict } = await onlyHandshake(connection.close().packets)
    expect([encryption.earlyDataFrame, verdict.outcome]).toEqual([null, 'incomplete'])
  })
})

it('what acknowledges the ServerHello is no early data, though that was captured behind it', async () => {
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(500))
  const early = tls.record(22, tls.hybridClientHello({ extensions: [tls.extension(42)] }))
  for (const hello of [early, null]) {
    const connection = new Connection().open()
    if (hello === null) connection.lose('client', early)
    else connection.client(hello)
    const at = connection.next.server
    connection.lose('server', answer).client(join(tls.changeCipherSpec, tls.applicationData(53)))
    const frame = connection.packets.length
    const { encryption } = await onlyHandshake(connection.place('server', ACK | PSH, at, answer).packets)
    expect(encryption).toMatchObject({ clientFrame: frame, earlyDataFrame: null })
  }
})

it('early data is told from what follows the ServerHello also where it was captured behind that', async () => {
  const hello = tls.record(22, tls.hybridClientHello({ preSharedKey: true, extensions: [tls.extension(42)] }))
  const early = [tls.applicationData(700), tls.applicationData(800)]
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(500))
  const finished = join(tls.applicationData(17), tls.applicationData(53))
  const connection = new Connection({ segmentSize: 4000 }).open().client(hello)
  for (const data of early) connection.client(data)
  const { packets } = connection.server(answer).client(finished)
  const at = packets.length - 2
  for (const behind of [4, 5, 6]) {
    const order = [...packets.slice(0, at), ...packets.slice(at + 1)].toSpliced(behind, 0, ...packets.slice(at, at + 1))
    const { encryption, cost } = await onlyHandshake(order)
    expect(encryption).toMatchObject({ serverFrame: behind + 1, clientFrame: 8, earlyDataFrame: behind === 4 ? 6 : 5 })
    expect(cost.clientBytes).toBe(join(hello, ...early).length + 22)
  }
})

describe('of a session of TLS 1.2 that is resumed', () => {
  const hello = tls.record(22, tls.clientHello({ supportedGroups: [tls.X25519], sessionTicket: 180 }))
  const answer = join(tls.record(22, tls.serverHello()), tls.changeCipherSpec, tls.encryptedFinished)
  const finished = join(tls.changeCipherSpec, tls.encryptedFinished)

  it("the client's Finished captured before the ServerHello is its first encrypted record", async () => {
    const connection = new Connection().open().client(hello).server(answer).client(finished)
    const { packets } = connection.client(tls.applicationData())
    const swapped = [...packets.slice(0, 4), ...packets.slice(4, 6).reverse(), ...packets.slice(6)]
    const { verdict, encryption, cost } = await onlyHandshake(swapped)
    expect(verdict.reason).toBe('resumed')
    expect(encryption).toMatchObject({ serverFrame: 6, clientFrame: 5, earlyDataFrame: null })
    expect(cost).toMatchObject({ clientBytes: hello.length + finished.length, complete: true })
  })
})

it('a second ClientHello behind a ChangeCipherSpec and without its HelloRetryRequest is read from all of its records', async () => {
  const hello = tls.record(22, tls.hybridClientHello({ keyShares: [[tls.X25519, 32]] }))
  const retry = tls.record(22, tls.helloRetryRequest({ group: tls.X25519MLKEM768 }))
  const second = tls.hybridClientHello({ keyShares: [[tls.X25519MLKEM768, 1216]] })
  const records = [second.slice(0, 600), second.slice(600)].map((part) => tls.record(22, part))
  const connection = new Connection().open().client(hello).lose('server', retry)
  connection.client(join(tls.changeCipherSpec, ...records))
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(500))
  const { packets } = connection.server(answer).client(tls.applicationData())
  const { secondClientHello, verdict } = await onlyHandshake(packets)
  expect([secondClientHello?.records, verdict.reason]).toEqual([2, 'hybrid-after-retry'])
})

describe('a ClientHello captured before a HelloRetryRequest', () => {
  const hello = tls.record(22, tls.hybridClientHello({ keyShares: [[tls.X25519, 32]] }))
  const retry = tls.record(22, tls.helloRetryRequest({ group: tls.X25519MLKEM768 }))
  const second = tls.record(22, tls.hybridClientHello({ keyShares: [[tls.X25519MLKEM768, 1216]] }))
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(500))

  /** Packets 4 and 5 of a connection the other way round, and then the rest of it. */
  async function swapped(connection: Connection): Promise<HandshakeRecord> {
    const { packets } = connection.server(answer).client(tls.applicationData()).close()
    return onlyHandshake([...packets.slice(0, 3), ...packets.slice(3, 5).reverse(), ...packets.slice(5)])
  }

  it('that it acknowledges is the second, where the first is lost', async () => {
    const connection = new Connection({ segmentSize: 2000 }).open().lose('client', hello)
    const { clientHello, secondClientHello, helloRetryRequest, verdict, cost, notes } = await swapped(
      connection.server(retry).client(second),
    )
    expect([clientHello, secondClientHello?.frame, helloRetryRequest?.frame]).toEqual([null, 4, 5])
    expect(verdict).toMatchObject({ outcome: 'negotiated', reason: 'hybrid-after-retry' })
    expect(cost?.complete).toBe(false)
    expect(notes.map(({ code }) => code)).not.toContain('retry-group-already-shared')
  })

  it('is the first where it stands in the SYN, which acknowledges nothing', async () => {
    const connection = new Connection()
      .packet('client', SYN, hello)
      .packet('server', SYN | ACK)
      .server(retry)
    const { packets } = connection.lose('client', second).server(answer).client(tls.applicationData()).close()
    const { clientHello, secondClientHello } = await onlyHandshake(packets)
    expect([clientHello?.frame, secondClientHello]).toEqual([1, null])
  })

  it('that it does not acknowledge is the first', async () => {
    const connection = new Connection({ segmentSize: 2000 }).open().client(hello)
    const { clientHello, secondClientHello, helloRetryRequest, verdict } = await swapped(
      connection.server(retry).client(second),
    )
    expect([clientHello?.frame, secondClientHello?.frame, helloRetryRequest?.frame]).toEqual([5, 6, 4])
    expect(verdict.reason).toBe('hybrid-after-retry')
  })
})

describe('an alert captured before the second ClientHello', () => {
  const hello = tls.record(22, tls.hybridClientHello({ keyShares: [[tls.X25519, 32]] }))
  const retry = tls.record(22, tls.helloRetryRequest({ group: tls.X25519MLKEM768 }))
  const second = tls.record(22, tls.hybridClientHello({ keyShares: [[tls.X25519MLKEM768, 1216]] }))
  const { packets } = new Connection({ segmentSize: 2000 })
    .open()
    .client(hello)
    .server(retry)
    .client(second)
    .server(tls.alert(2, 40))
    .close()
  const alert = packets[6] as (typeof packets)[number]

  it('that it acknowledges is of the same handshake', async () => {
    const swapped = [...packets.slice(0, 5), ...packets.slice(5, 7).reverse(), ...packets.slice(7)]
    const { verdict, secondClientHello, alerts } = await onlyHandshake(swapped)
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
    expect([secondClientHello?.frame, alerts.map(({ frame }) => frame)]).toEqual([7, [6]])
  })

  it('decides at the end where that hello never comes', async () => {
    const { verdict, secondClientHello } = await onlyHandshake([...packets.slice(0, 5), alert, ...packets.slice(7)])
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
    expect(secondClientHello).toBeNull()
  })
})

it('a segment of a ClientHello that lies over others which came before counts once', async () => {
  const hello = tls.record(22, tls.hybridClientHello())
  const connection = new Connection().open()
  const at = connection.next.client
  for (const [from, to] of [
    [0, 200],
    [600, 800],
    [1000, 1200],
    [200, hello.length],
  ] as const)
    connection.place('client', ACK | PSH, at + from, hello.slice(from, to))
  const { clientHello } = await onlyHandshake(connection.packets)
  expect([clientHello?.frame, clientHello?.segments]).toEqual([7, 4])
})

it('one sequence number that nothing in the capture took may be that of a FIN', async () => {
  const connection = new Connection().open().client(tls.record(22, tls.hybridClientHello()))
  connection.next.server++
  const { verdict } = await onlyHandshake(connection.finish('client').packets)
  expect(verdict).toMatchObject({
    outcome: 'incomplete',
    explanation: 'The server sent 1 byte more, or a FIN, that no packet of the capture holds.',
  })
})
