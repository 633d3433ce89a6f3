import { describe, expect, it } from 'vitest'
import { join } from '../support/bytes.js'
import type { CapturedPacket } from '../support/captures.js'
import { ACK, analyzedPackets, Connection, type ConnectionOptions, FIN, PSH, SYN } from '../support/connection.js'
import * as tls from '../support/tls.js'

const hello = tls.record(22, tls.classicalClientHello({ serverName: 'new.example' }), 0x0301)
const oldHello = tls.record(22, tls.hybridClientHello({ serverName: 'old.example' }), 0x0301)
const finished = join(tls.changeCipherSpec, tls.applicationData(53))

function answerWith(group: number, bytes: number): Uint8Array {
  return join(tls.record(22, tls.serverHello13(group, bytes)), tls.changeCipherSpec, tls.applicationData(700))
}
const answer = answerWith(tls.X25519, 32)
const oldAnswer = answerWith(tls.X25519MLKEM768, 1120)

/** Each handshake as `stream, name, frames of the hellos, reason`. */
async function found(packets: readonly CapturedPacket[]): Promise<string[]> {
  const { handshakes } = await analyzedPackets(packets)
  return handshakes.map(({ stream, serverName, clientHello, serverHello, verdict }) =>
    [stream, serverName ?? '-', clientHello?.frame ?? '-', serverHello?.frame ?? '-', verdict.reason].join(' '),
  )
}

function another(first: Connection, options: ConnectionOptions): Connection {
  return new Connection({ ...options, into: first.packets })
}

/** Sequence numbers of a connection a little before those of `NEW`. */
const OLD = { clientSequence: 4_000, serverSequence: 700_000 }
const NEW = { clientSequence: 9_000, serverSequence: 900_000 }

describe('a segment of an earlier connection on the same addresses and ports', () => {
  it('is no ClientHello of the new one, where it comes behind its SYN/ACK with higher numbers', async () => {
    const connection = new Connection({ clientSequence: 1000 }).open()
    connection
      .place('client', ACK | PSH, 5000, oldHello)
      .client(hello)
      .server(answer)
      .client(finished)
    expect(await found(connection.packets)).toEqual(['0 new.example 5 6 client-offered-no-post-quantum'])
  })

  it('does not hide where the server begins, where it comes before the SYN/ACK', async () => {
    const connection = new Connection().packet('client', SYN)
    connection.place('server', ACK | PSH, 900_500, Uint8Array.of(1, 2, 3)).packet('server', SYN | ACK)
    connection.acknowledge('client').client(hello).server(answer).client(finished)
    expect(await found(connection.packets)).toEqual(['0 new.example 5 6 client-offered-no-post-quantum'])
    const { packets } = new Connection().packet('client', SYN).place('server', ACK, 900_500)
    const refused = another(new Connection({ into: packets }), { clientSequence: 1001 }).packet('server', SYN | ACK)
    refused.client(hello).reset('server')
    expect(await found(packets)).toEqual(['0 new.example 4 - closed-before-server-hello'])
  })

  it('is nothing of the new one where it acknowledges what comes before its SYN', async () => {
    const connection = new Connection(NEW).packet('client', SYN)
    const late = new Connection({ ...OLD, clientSequence: 4_000 }).server(oldAnswer).packets
    connection.packets.push(...late)
    expect(await found(connection.packets)).toEqual([])
    const opened = new Connection(NEW).open().client(hello)
    opened.packets.push(...late)
    expect(await found(opened.server(answer).client(finished).packets)).toEqual([
      '0 new.example 4 7 client-offered-no-post-quantum',
    ])
  })

  it('makes a SYN of the server another stream, as in Wireshark, though nothing of it is read', async () => {
    const connection = new Connection(NEW).packet('client', SYN)
    connection.packets.push(...new Connection(OLD).acknowledge('server').packets)
    connection.packet('server', SYN)
    expect((await analyzedPackets(connection.packets)).capture.tcpStreams).toBe(2)
    const { packets } = new Connection(NEW).packet('client', SYN)
    packets.push(...new Connection({ ...OLD, serverSequence: 950_000 }).acknowledge('server').packets)
    const opened = another(new Connection({ into: packets }), { ...NEW, clientSequence: 9_001 })
    opened
      .packet('server', SYN | ACK)
      .client(hello)
      .reset('server')
    expect(await found(packets)).toEqual(['0 new.example 4 - closed-before-server-hello'])
  })

  it('does not close the new one', async () => {
    const connection = new Connection(NEW)
      .open()
      .client(hello)
      .place('server', FIN | ACK, 700_000)
    expect(await found(connection.packets)).toEqual(['0 new.example 4 - no-answer'])
  })
})

describe('what a server says', () => {
  it('answers no ClientHello that it does not acknowledge', async () => {
    const waiting = new Connection(OLD).client(oldHello)
    const late = another(waiting, { clientSequence: 3_500, serverSequence: 900_000 })
    late.server(oldAnswer)
    expect(await found(waiting.packets)).toEqual(['0 old.example 1 - missing-bytes'])
  })

  it('answers none that comes later, with numbers behind what it acknowledges', async () => {
    const first = new Connection({ clientSequence: 5000 }).server(oldAnswer)
    const second = another(first, { clientSequence: 5100, serverSequence: first.next.server })
    expect(await found(second.client(hello).server(answer).client(finished).packets)).toEqual([
      '0 - - 1 hybrid-selected',
      '0 new.example 3 4 client-offered-no-post-quantum',
    ])
  })

  it('answers one also where the acknowledgments are made up, or of the first of several segments that were joined', async () => {
    for (const acknowledged of [0, 4_000]) {
      const connection = new Connection(OLD).client(oldHello)
      const { packets } = another(connection, { clientSequence: acknowledged, serverSequence: 900_000 }).server(
        oldAnswer,
      )
      expect(await found(packets)).toEqual(['0 old.example 1 2 hybrid-selected'])
    }
    const opened = new Connection({ ...NEW, segmentSize: 4000 }).open().client(hello)
    opened.next.client = 0
    expect(await found(opened.server(answer).packets)).toEqual(['0 new.example 4 5 client-offered-no-post-quantum'])
  })

  it('refuses none either', async () => {
    const waiting = new Connection(OLD).client(oldHello)
    another(waiting, { clientSequence: 3_500, serverSequence: 900_000 }).server(tls.alert(2, 40))
    const { handshakes } = await analyzedPackets(waiting.packets)
    expect(handshakes.map(({ verdict, alerts }) => [verdict.outcome, alerts])).toEqual([['incomplete', []]])
  })
})

describe('a connection whose SYN is not in the capture, on addresses and ports of one that was not over', () => {
  const FAR = { clientSequence: 300_000_000, serverSequence: 500_000_000 }

  it('is another one where its numbers are far ahead', async () => {
    const first = new Connection(OLD).open().client(oldHello)
    expect(await found(another(first, FAR).client(hello).server(answer).client(finished).packets)).toEqual([
      '0 old.example 4 - no-answer',
      '0 new.example 5 6 client-offered-no-post-quantum',
    ])
  })

  it('lends its ServerHello to no ClientHello of the other', async () => {
    const first = new Connection(OLD).open().client(oldHello)
    const second = another(first, FAR).packet('server', ACK | PSH, answer)
    const { handshakes } = await analyzedPackets(second.packets)
    expect(handshakes.filter(({ serverName }) => serverName === 'old.example')).toMatchObject([
      { serverHello: null, verdict: { label: null } },
    ])
  })

  it('begins with its SYN/ACK', async () => {
    const first = new Connection(OLD).server(oldAnswer)
    const second = another(first, FAR)
    second.next.client++
    second.packet('server', SYN | ACK).client(hello)
    expect(await found(second.server(answer).client(finished).packets)).toEqual([
      '0 - - 1 hybrid-selected',
      '0 new.example 4 5 client-offered-no-post-quantum',
    ])
    const text = new Connection(OLD).server(new TextEncoder().encode('220 ready\r\n'))
    const lower = another(text, { clientSequence: 3_000, serverSequence: 600_000 })
    lower.next.client++
    lower.packet('server', SYN | ACK).client(hello)
    expect(await found(lower.server(answer).client(finished).packets)).toEqual([
      '0 new.example 3 4 client-offered-no-post-quantum',
    ])
  })
})
