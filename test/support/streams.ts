import { join } from './bytes.js'
import type { CapturedPacket } from './captures.js'
import { ACK, Connection, type ConnectionOptions, FIN, type From, PSH, RST, SYN } from './connection.js'
import * as tls from './tls.js'

const text = (line: string): Uint8Array => new TextEncoder().encode(`${line}\r\n`)
const hello = tls.record(22, tls.classicalClientHello(), 0x0301)
const otherHello = tls.record(22, tls.classicalClientHello({ random: new Uint8Array(32).fill(1) }), 0x0301)
const answer = join(
  tls.record(22, tls.serverHello13(tls.X25519, 32)),
  tls.changeCipherSpec,
  tls.applicationData(40),
  tls.applicationData(700),
)
const finished = join(tls.changeCipherSpec, tls.applicationData(53), tls.applicationData(100))

/** A whole handshake in a connection that is already open. */
function handshake(connection: Connection, clientHello = hello): Connection {
  return connection.client(clientHello).server(answer).client(finished)
}

function again(connection: Connection, options: ConnectionOptions = {}): Connection {
  return new Connection({ clientSequence: 5_000_000, serverSequence: 7_000_000, ...options, into: connection.packets })
}

/** Every packet of a list twice, as `tcpdump -i any` captures what passes two interfaces. */
function twice(packets: readonly CapturedPacket[]): CapturedPacket[] {
  return packets.flatMap((packet) => [packet, packet])
}

/** Connections in which TCP is not plain, by what is special about them. */
export const streams: Readonly<Record<string, () => readonly CapturedPacket[]>> = {
  'one connection': () => handshake(new Connection().open()).close().packets,
  'the same addresses and ports again, with other sequence numbers': () => {
    const first = handshake(new Connection().open()).close()
    return handshake(again(first).open()).close().packets
  },
  'the same again, though the first did not end': () => {
    const first = handshake(new Connection().open())
    return handshake(again(first).open()).close().packets
  },
  'the same again, while the first waits for an answer': () => {
    const first = new Connection().open().client(hello)
    return handshake(again(first).open()).close().packets
  },
  'the same sequence number again, after FIN': () => {
    const first = handshake(new Connection().open()).close()
    return handshake(again(first, { clientSequence: 1000 }).open()).close().packets
  },
  'the same sequence number again, after RST': () => {
    const first = handshake(new Connection().open()).reset('server')
    return handshake(again(first, { clientSequence: 1000 }).open()).close().packets
  },
  'the same sequence number again, after a FIN of the client alone': () => {
    const first = new Connection().open().finish('client')
    return handshake(again(first, { clientSequence: 1000 }).open()).close().packets
  },
  'a SYN sent twice': () => {
    const connection = new Connection()
    connection.place('client', SYN, 1000)
    return handshake(connection.open()).close().packets
  },
  'a SYN sent again after the connection was opened': () => {
    const connection = new Connection().open()
    connection.place('client', SYN, 1000)
    return handshake(connection).close().packets
  },
  'a SYN in a connection that was captured from its middle': () => {
    const connection = new Connection().client(text('hello')).server(text('world'))
    return handshake(again(connection).open()).close().packets
  },
  'a SYN that stands before a connection captured from its middle': () => {
    const connection = new Connection({ clientSequence: 1001 }).client(text('hello'))
    connection.place('client', SYN, 1000)
    return handshake(connection).close().packets
  },
  'a SYN/ACK with another sequence number': () => {
    const connection = new Connection()
    connection.packet('client', SYN).place('server', SYN | ACK, 77)
    connection.packet('server', SYN | ACK).acknowledge('client')
    return handshake(connection).close().packets
  },
  'a SYN/ACK with another sequence number behind the right one': () => {
    const connection = new Connection().packet('client', SYN).packet('server', SYN | ACK)
    connection.place('server', SYN | ACK, 1_000_000_000).acknowledge('client')
    return handshake(connection).close().packets
  },
  'a SYN/ACK of an earlier connection, and the right one behind the RST that answers it': () => {
    const connection = new Connection().packet('client', SYN).place('server', SYN | ACK, 1_000_000_000)
    connection.place('client', RST, 1001).place('client', SYN, 1000)
    return handshake(connection.packet('server', SYN | ACK).acknowledge('client')).close().packets
  },
  'a SYN/ACK of an earlier connection, and the right one not captured': () => {
    const connection = new Connection().packet('client', SYN).place('server', SYN | ACK, 1_000_000_000)
    connection.next.server++
    return handshake(connection.acknowledge('client')).close().packets
  },
  'a segment of an earlier connection before the SYN': () => {
    const earlier = new Connection({ clientSequence: 77, serverSequence: 1_000_000_000 }).server(text('bye'))
    return handshake(again(earlier).open()).close().packets
  },
  'a segment of an earlier connection between SYN and SYN/ACK': () => {
    const connection = new Connection().packet('client', SYN)
    connection.place('server', ACK | PSH, 1_000_000_000, text('bye'))
    return handshake(connection.packet('server', SYN | ACK).acknowledge('client')).close().packets
  },
  'a ServerHello of an earlier connection between SYN and SYN/ACK': () => {
    const connection = new Connection().packet('client', SYN)
    connection.place('server', ACK | PSH, 1_000_000_000, answer)
    return handshake(connection.packet('server', SYN | ACK).acknowledge('client')).close().packets
  },
  'the last ServerHello again between SYN and SYN/ACK of the next connection': () => {
    const first = new Connection({ serverSequence: 1_000_000_000 }).open().client(hello)
    const at = first.next.server
    const second = again(first.server(answer))
      .packet('client', SYN)
      .place('server', ACK | PSH, at, answer)
    return second
      .packet('server', SYN | ACK)
      .acknowledge('client')
      .client(hello)
      .server(tls.alert(2, 40)).packets
  },
  'a SYN/ACK of an earlier connection that no ACK tells from the right one': () => {
    const connection = new Connection().packet('client', SYN).place('server', SYN | ACK, 1_000_000_000)
    connection.next.server++
    return handshake(connection).close().packets
  },
  'ports used again with lower numbers, a SYN/ACK alone captured': () => {
    const first = handshake(new Connection().open()).close()
    const second = again(first, { clientSequence: 500, serverSequence: 500_000 })
    return handshake(second.packet('server', SYN | ACK).acknowledge('client')).packets
  },
  'a RST of an earlier connection': () => {
    const connection = new Connection().open().client(hello)
    connection.place('client', RST, 400)
    return connection.server(answer).client(finished).close().packets
  },
  'a RST of an earlier connection, the new one captured without its SYN': () => {
    const first = handshake(new Connection().open()).close()
    const second = again(first, { clientSequence: 2_000_000_000, serverSequence: 2_000_000_000 })
    second.acknowledge('client').client(otherHello).place('client', RST, first.next.client)
    return second.server(answer).client(finished).close().packets
  },
  'no SYN of the client, and its segments the wrong way round': () => {
    const connection = new Connection().packet('server', SYN | ACK)
    connection.next.client++
    const { packets } = connection.client(hello, 100)
    packets.splice(1, 0, ...packets.splice(1).reverse())
    return connection.server(answer).client(finished).close().packets
  },
  'RST and then data': () => handshake(new Connection().open().reset('server')).packets,
  'ports used again without a SYN': () => {
    const first = handshake(new Connection().open()).close()
    return handshake(again(first)).packets
  },
  'ports used again without a SYN, with lower numbers': () => {
    const first = handshake(new Connection({ clientSequence: 3_000_000_000, serverSequence: 3_000_000_000 }).open())
    return handshake(again(first.close())).packets
  },
  'no SYN': () => handshake(new Connection()).close().packets,
  'no SYN of the client': () => handshake(new Connection().packet('server', SYN | ACK)).close().packets,
  'data on the SYN': () => {
    const connection = new Connection().packet('client', SYN, hello)
    return connection
      .packet('server', SYN | ACK)
      .server(answer)
      .client(finished)
      .close().packets
  },
  'both sides of a simultaneous open': () =>
    handshake(new Connection().packet('client', SYN).packet('server', SYN)).close().packets,
  'keep-alives and zero-window probes': () => {
    const connection = new Connection().open()
    connection.place('client', ACK, connection.next.client - 1, Uint8Array.of(0)).acknowledge('server')
    connection.client(hello)
    connection
      .place('server', ACK, connection.next.server - 1)
      .place('client', ACK, connection.next.client - 1, Uint8Array.of(0))
    connection.server(answer)
    connection.place('client', ACK, connection.next.client, finished.slice(0, 1)).client(finished)
    return connection.close().packets
  },
  'every packet twice': () => twice(handshake(new Connection().open()).close().packets),
  'the server first': () => {
    const connection = new Connection().open()
    const packets = handshake(connection).packets
    return [...packets.slice(0, 3), ...packets.slice(4, 5), ...packets.slice(3, 4), ...packets.slice(5)]
  },
  'FIN before the data that it ends': () => {
    const connection = handshake(new Connection().open()).close()
    const { packets } = connection
    const [fin] = packets.splice(6, 1)
    packets.splice(3, 0, fin as CapturedPacket)
    return packets
  },
  'a ClientHello that was sent again after the answer': () => {
    const connection = new Connection().open()
    const at = connection.next.client
    return handshake(connection)
      .place('client', ACK | PSH, at, hello)
      .place('client', ACK | PSH, at, hello)
      .close().packets
  },
  'a second handshake in one stream': () => handshake(handshake(new Connection().open()), otherHello).close().packets,
  'a second handshake in one stream without a SYN': () =>
    handshake(handshake(new Connection()), otherHello).close().packets,
  'a second handshake after an alert': () =>
    handshake(new Connection().open().client(hello).server(tls.alert(2, 40)), otherHello).close().packets,
  'a second ClientHello before an answer to the first': () =>
    handshake(new Connection().open().client(hello), otherHello).close().packets,
  ...Object.fromEntries(
    [0, 1, 2, 3].flatMap((lines) => [
      [`a ClientHello after ${lines + 1} exchanges`, () => afterText(lines, false, true)],
      [`a ClientHello after ${lines + 1} exchanges, no SYN`, () => afterText(lines, false, false)],
      [`a ClientHello after ${lines + 1} exchanges and a lost line`, () => afterText(lines, true, true)],
      [`a ClientHello after ${lines + 1} exchanges and a lost line, no SYN`, () => afterText(lines, true, false)],
    ]),
  ),
  'interleaved connections': () => {
    const into: CapturedPacket[] = []
    const all = [1, 2, 3, 4, 5].map((n) => new Connection({ clientPort: 50_000 + n, into, ipv6: n % 2 === 0 }))
    const each = (step: (connection: Connection) => unknown): void => all.forEach(step)
    each((c) => c.packet('client', SYN))
    each((c) => c.packet('server', SYN | ACK))
    each((c) => c.client(hello, 50))
    each((c) => c.server(answer, 400))
    each((c) => c.client(finished))
    each((c) => c.close())
    return into
  },
  'a capture that ends behind the ClientHello': () => new Connection().open().client(hello).packets,
  'a capture that ends in the ClientHello': () => new Connection().open().client(hello.slice(0, 100)).packets,
  'bytes acknowledged that are not there': () =>
    new Connection().open().client(hello).lose('server', answer).acknowledge('client').packets,
  'bytes acknowledged that are not there, no SYN': () =>
    new Connection().client(hello).acknowledge('server').lose('server', answer).acknowledge('client').packets,
  'a FIN behind bytes that are not there': () =>
    new Connection()
      .open()
      .client(hello)
      .lose('server', answer)
      .packet('server', FIN | ACK).packets,
  'a RST behind bytes that are not there': () =>
    new Connection().open().client(hello).lose('server', answer).reset('server').packets,
  'a RST from before what was acknowledged, and then the answer': () => {
    const connection = new Connection().open().client(hello).acknowledge('server').acknowledge('client')
    connection.place('server', RST | ACK, 899_000)
    return connection.server(answer).client(finished).close().packets
  },
  'a RST from before what was acknowledged, and nothing more': () => {
    const connection = new Connection().open().client(hello).acknowledge('server').acknowledge('client')
    return connection.place('server', RST | ACK, 899_000).packets
  },
  'a RST far ahead, and then the answer': () => {
    const connection = new Connection().open().client(hello).acknowledge('server')
    connection.place('server', RST | ACK, 900_000_000)
    return connection.server(answer).client(finished).close().packets
  },
  'a RST of number 0': () => {
    const connection = new Connection().open().client(hello)
    return connection.place('server', 4, 0).packets
  },
}

/** Lines both ways before TLS, as STARTTLS has them, the client's last one lost where wanted. */
function afterText(lines: number, lost: boolean, syn: boolean): readonly CapturedPacket[] {
  const connection = syn ? new Connection().open() : new Connection()
  const say = (from: From, line: string): Connection => connection.send(from, text(line))
  say('server', '220 ready')
  for (let i = 0; i < lines; i++) {
    say('client', `NOOP ${i}`)
    say('server', '250 fine')
  }
  if (lost) connection.lose('client', text('STARTTLS'))
  return handshake(connection).close().packets
}
