import { join } from '../test/support/bytes.js'
import {
  type CapturedPacket,
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  obsoletePacket,
  pcap,
  pcapng,
  sectionHeader,
  simplePacket,
} from '../test/support/captures.js'
import { ACK, Connection, type From, PSH } from '../test/support/connection.js'
import * as build from '../test/support/packets.js'
import { CLIENT_PREAMBLES, SERVER_PREAMBLES } from '../test/support/preambles.js'
import * as tls from '../test/support/tls.js'
import { MEANINGFUL } from './fields.js'
import type { Random } from './random.js'

const GROUPS = MEANINGFUL.group as readonly number[]
const SUITES = MEANINGFUL.cipherSuite as readonly number[]
const VERSIONS = MEANINGFUL.version as readonly number[]

/** A capture of connections in which TLS says whatever it may, damaged on the way from the peers to the file. */
export function traffic(random: Random): Uint8Array {
  const count = random.between(1, random.oneIn(4) ? 12 : 2)
  const connections = Array.from({ length: count }, (_, i) => {
    const one = connection(random, i)
    converse(random, one)
    return one.packets
  })
  const packets = random.oneIn(2) ? connections.flat() : interleaved(random, connections)
  return file(random, wrap(random, deliver(random, packets)))
}

/** The packets of all, those of each in their order. */
function interleaved(random: Random, connections: readonly (readonly CapturedPacket[])[]): CapturedPacket[] {
  const turns = connections.flatMap((packets, i) => packets.map(() => i))
  for (let i = turns.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const turn = turns[i] as number
    turns[i] = turns[j] as number
    turns[j] = turn
  }
  const queues = connections.map((packets) => packets.values())
  return turns.map((turn) => queues[turn]?.next().value as CapturedPacket)
}

function connection(random: Random, index: number): Connection {
  return new Connection({
    clientPort: 50_000 + (random.oneIn(4) ? 0 : index),
    ipv6: random.oneIn(4),
    clientSequence: random.oneIn(4) ? 0xffff_fff0 + random.below(16) : random.word(),
    serverSequence: random.oneIn(4) ? 0xffff_ff00 + random.below(256) : random.word(),
  })
}

/** What both sides say, in segments of any size, with losses and overlaps. */
function converse(random: Random, connection: Connection): void {
  if (!random.oneIn(4)) connection.open()
  if (random.oneIn(6)) connection.server(random.bytes(random.length(40))).client(random.bytes(random.length(40)))
  const flights = random.oneIn(4) ? anyFlights(random) : usualFlights(random)
  const preambles = { client: preamble(random, CLIENT_PREAMBLES), server: preamble(random, SERVER_PREAMBLES) }
  for (const [from, bytes] of flights) {
    send(random, connection, from, join(preambles[from], bytes))
    preambles[from] = NOTHING
  }
  random.pick([
    () => connection.close(),
    () => connection.reset(random.pick(['client', 'server'])),
    () => connection.acknowledge('client'),
  ])()
}

const NOTHING = new Uint8Array(0)

/** What is said before TLS in the segment of a hello. */
function preamble(random: Random, all: typeof CLIENT_PREAMBLES): Uint8Array {
  return random.oneIn(10) ? random.pick(all)[1] : NOTHING
}

function send(random: Random, connection: Connection, from: From, whole: Uint8Array): void {
  const bytes = random.oneIn(8) ? damaged(random, whole) : whole
  const segmentSize = random.oneIn(20) && bytes.length < 600 ? 1 : random.pick([1460, 536, 97, 8960, 20])
  for (let at = 0; at < bytes.length; at += segmentSize) {
    const piece = bytes.slice(at, at + segmentSize)
    if (random.oneIn(24)) connection.lose(from, piece)
    else connection.packet(from, ACK | PSH, piece)
    if (random.oneIn(24)) {
      // A retransmission, with other boundaries, and now and then with other content.
      const overlap = bytes.slice(Math.max(0, at - random.below(50)), at + random.length(80))
      if (random.oneIn(3)) overlap[random.below(overlap.length)] = random.below(256)
      connection.place(from, ACK | PSH, connection.next[from] - piece.length - random.between(-60, 60), overlap)
    }
    if (random.oneIn(12)) connection.acknowledge(from === 'client' ? 'server' : 'client')
  }
}

function usualFlights(random: Random): [From, Uint8Array][] {
  const flights: [From, Uint8Array][] = [['client', tls.record(22, clientHello(random), 0x0301)]]
  if (random.oneIn(4)) {
    const retry = tls.helloRetryRequest({ group: random.pick(GROUPS), cookie: random.oneIn(2) })
    flights.push(['server', join(tls.record(22, retry), tls.changeCipherSpec)])
    flights.push(['client', join(tls.changeCipherSpec, tls.record(22, clientHello(random)))])
  }
  if (random.oneIn(8)) flights.push(['client', tls.applicationData(90)])
  if (random.oneIn(8)) flights.push(['server', tls.alert(random.below(3), random.pick([0, 40, 70, 112]))])
  const old = random.oneIn(3)
  if (old) {
    const cipherSuite = random.pick(SUITES)
    const messages = [tls.serverHello({ cipherSuite, sessionId: random.bytes(random.pick([0, 32])) })]
    if (!random.oneIn(4)) messages.push(tls.certificate, keyExchange(random), tls.serverHelloDone)
    const size = random.pick([1 << 14, 1, 50, 700])
    flights.push(['server', tls.handshakeRecords(join(...messages), size)])
    flights.push(['client', join(tls.record(22, tls.clientKeyExchange), tls.changeCipherSpec, tls.encryptedFinished)])
    flights.push(['server', join(tls.changeCipherSpec, tls.encryptedFinished)])
  } else {
    const hello = serverHello(random)
    const size = random.pick([1 << 14, 1 << 14, 1, 200])
    const clear = random.oneIn(5) ? tls.record(22, tls.encryptedExtensions) : new Uint8Array(0)
    flights.push([
      'server',
      join(tls.handshakeRecords(hello, size), tls.changeCipherSpec, clear, tls.applicationData(400)),
    ])
    flights.push(['client', join(tls.changeCipherSpec, tls.applicationData(53), tls.applicationData(80))])
  }
  return flights
}

function anyFlights(random: Random): [From, Uint8Array][] {
  return Array.from({ length: random.length(10) }, () => {
    const parts = Array.from({ length: random.length(5) }, () => anyRecords(random))
    return [random.pick(['client', 'server'] as const), join(...parts)]
  })
}

function anyRecords(random: Random): Uint8Array {
  const size = random.pick([1 << 14, 1 << 14, 1, 3, 60])
  switch (random.below(12)) {
    case 0:
      return tls.handshakeRecords(clientHello(random), size, random.pick(VERSIONS))
    case 1:
      return tls.handshakeRecords(serverHello(random), size)
    case 2:
      return tls.record(22, tls.helloRetryRequest({ group: random.pick(GROUPS) }))
    case 3:
      return tls.record(22, tls.oldDraftServerHello(random.between(10, 28), random.pick(GROUPS), random.below(80)))
    case 4:
      return tls.record(22, tls.oldDraftRetryRequest(random.between(10, 28), random.pick(GROUPS)))
    case 5:
      return tls.sslv2ClientHello(random.pick([2, 0x0301, 0x0303]), [0x000035, 0x00000a, 0x010080])
    case 6:
      return tls.handshakeRecords(join(tls.certificate, keyExchange(random), tls.serverHelloDone), size)
    case 7:
      return tls.alert(random.below(3), random.below(120))
    case 8:
      return tls.record(random.between(20, 24), random.bytes(random.below(40)))
    case 9:
      return random.bytes(random.length(60))
    case 10:
      return tls.changeCipherSpec
    default:
      return tls.applicationData(random.length(300))
  }
}

function clientHello(random: Random): Uint8Array {
  const list = (from: readonly number[], most: number): number[] =>
    Array.from({ length: random.below(most + 1) }, () => random.pick(from))
  return tls.hybridClientHello({
    ...(random.oneIn(2) ? { supportedGroups: list(GROUPS, 6) } : {}),
    ...(random.oneIn(2)
      ? { keyShares: list(GROUPS, 3).map((group) => [group, random.pick([0, 1, 32, 65, 800, 1184, 1216])] as const) }
      : {}),
    ...(random.oneIn(4) ? { supportedVersions: list(VERSIONS, 3) } : {}),
    ...(random.oneIn(4) ? { serverName: hostileName(random) } : {}),
    ...(random.oneIn(4) ? { alpn: [hostileName(random), 'h2'] } : {}),
    ...(random.oneIn(4) ? { random: random.bytes(32) } : {}),
    ...(random.oneIn(8) ? { bare: true } : {}),
    ...(random.oneIn(6) ? { preSharedKey: true, pskModes: [random.below(3)] } : {}),
    ...(random.oneIn(6) ? { extensions: [tls.extension(random.below(60), random.bytes(random.below(30)))] } : {}),
    cipherSuites: list(SUITES, 5),
    earlyData: random.oneIn(6),
  })
}

function hostileName(random: Random): string {
  return random.pick([
    '=cmd|x',
    '\u001b[31mred',
    '\u202egnp',
    'a\nb"c,d',
    '\u0000',
    'x'.repeat(250),
    'bücher.example',
    '',
  ])
}

function serverHello(random: Random): Uint8Array {
  const group = random.oneIn(2) ? tls.X25519MLKEM768 : random.pick(GROUPS)
  const bytes = random.pick([1120, 32, 0, 65, 768])
  if (random.oneIn(6)) return tls.serverHello({ selectedVersion: random.pick(VERSIONS), preSharedKey: random.oneIn(2) })
  return tls.serverHello13(group, bytes, { preSharedKey: random.oneIn(6) })
}

function keyExchange(random: Random): Uint8Array {
  if (random.oneIn(3)) return tls.dheKeyExchange(random.bytes(random.pick([64, 128, 256])))
  if (random.oneIn(6)) return tls.explicitCurveKeyExchange()
  return tls.ecdheKeyExchange(random.pick(GROUPS), random.pick([32, 65, 0]))
}

function damaged(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  for (let count = random.length(4); count > 0; count--)
    copy[random.below(Math.min(copy.length, 80))] = random.below(256)
  return copy
}

/** The packets as a tap sees them: some twice, some late, some cut. */
function deliver(random: Random, packets: readonly CapturedPacket[]): CapturedPacket[] {
  const delivered: CapturedPacket[] = []
  for (const packet of packets) {
    const copies = random.oneIn(30) ? 2 : random.oneIn(40) ? 0 : 1
    for (let i = 0; i < copies; i++) delivered.push(packet)
  }
  for (let i = delivered.length >> 4; i > 0; i--) {
    const [late] = delivered.splice(random.below(delivered.length), 1)
    if (late !== undefined) delivered.splice(random.below(delivered.length + 1), 0, late)
  }
  return delivered
}

const ethernetHeader = 14
const ipv4Header = 20

/** Every frame in the same tunnel, or cut into fragments, or as it is. */
function wrap(random: Random, packets: readonly CapturedPacket[]): CapturedPacket[] {
  const { ethernet, ipv4, ipv6 } = build
  const size = random.between(1, 90) * 8
  const wrappings: readonly ((frame: Uint8Array) => readonly Uint8Array[])[] = [
    (frame) => [frame],
    (frame) => [join(frame.slice(0, 12), [0x81, 0, 0, 1], frame.slice(12))],
    (frame) => [ethernet(ipv4(build.vxlan(frame)))],
    (frame) => [ethernet(ipv6(build.gre(frame)))],
    (frame) => [ethernet(ipv4(build.erspan(frame, random.pick([1, 2, 3] as const), random.oneIn(2))))],
    (frame) => [ethernet(ipv4(build.gtpU(frame.slice(ethernetHeader), random.oneIn(2))))],
    (frame) => [ethernet(ipv4(build.teredo(frame.slice(ethernetHeader), random.oneIn(2))))],
    (frame) => build.ipv4Fragments(build.vxlan(frame), size).map((fragment) => ethernet(fragment)),
    (frame) => build.ipv6Fragments(build.vxlan(frame), size).map((fragment) => ethernet(fragment)),
    (frame) => {
      if (frame[12] !== 0x08) return [frame]
      const segment = frame.slice(ethernetHeader + ipv4Header)
      const fragments = build.ipv4Fragments(segment, size, { protocol: 6 })
      // The addresses of the whole.
      for (const fragment of fragments) fragment.set(frame.subarray(ethernetHeader + 12, ethernetHeader + 20), 12)
      return fragments.map((fragment) => ethernet(fragment))
    },
  ]
  const wrapping = random.oneIn(2) ? (wrappings[0] as (typeof wrappings)[0]) : random.pick(wrappings)
  return packets.flatMap(({ bytes, time = 0n }) => wrapping(bytes).map((frame) => ({ bytes: frame, time })))
}

/** Any kind of file, with a snap length where it comes to that. */
function file(random: Random, packets: readonly CapturedPacket[]): Uint8Array {
  const snapLength = random.oneIn(6) ? random.between(54, 700) : 262_144
  const byteOrder = random.pick(['big', 'little'] as const)
  const raw = random.oneIn(6)
  const linkType = raw ? 101 : 1
  const all = raw ? packets.map((packet) => ({ ...packet, bytes: packet.bytes.slice(ethernetHeader) })) : packets
  if (!random.oneIn(3))
    return pcap(all, { byteOrder, snapLength, linkType, nanoseconds: random.oneIn(3), modified: random.oneIn(8) })
  const blocks = all.map(({ bytes, time = 0n }) => {
    const given = { bytes: bytes.slice(0, snapLength), originalLength: bytes.length, ticks: time / 1000n }
    return random.oneIn(12)
      ? simplePacket(given.bytes, bytes.length)
      : random.oneIn(12)
        ? obsoletePacket(given)
        : enhancedPacket(given)
  })
  const described = interfaceDescription({ linkType, snapLength, ...interfaceOptions(random) })
  return pcapng([sectionHeader(), described, ...blocks, interfaceStatistics()], byteOrder)
}

function interfaceOptions(random: Random) {
  const timestampResolution = random.pick([3, 6, 9, 0x80, 0x94, 0xbf, 30])
  const options = Array.from({ length: random.below(4) }, () => ({
    code: random.pick([1, 3, 12, 13, 9, 14, 2988]),
    value: random.bytes(random.pick([0, 1, 4, 8, 9])),
  }))
  return {
    ...(random.oneIn(2) ? { name: hostileName(random) } : {}),
    ...(random.oneIn(2) ? { timestampResolution } : {}),
    ...(random.oneIn(4) ? { timestampOffset: BigInt(random.between(-100_000, 100_000)) } : {}),
    options,
  }
}
