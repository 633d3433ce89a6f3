import { join } from './bytes.js'
import { type CapturedPacket, pcap, simplePcapng } from './captures.js'
import { ACK, type Connection, PSH } from './connection.js'
import { ethernet, icmpError, ipv4, tcp, udp } from './packets.js'
import type { Variant } from './variants.js'
import { ethernetFrame, internetPacket, type Manner, noise, type Original, seeded, speak } from './variants-original.js'

/** Bytes that are no TLS, packets that are no TCP, and files that go on behind their end. */
export function garbage(original: Original): Variant[] {
  return [...aroundTls(original), ...packetsBetween(original), ...behindTheFile(original)]
}

const text = (line: string): Uint8Array => new TextEncoder().encode(`${line}\r\n`)

const BEFORE: Readonly<Record<string, (connection: Connection) => unknown>> = {
  'a line of the client': (connection) => connection.client(text('CONNECT server:443 HTTP/1.1')),
  'a line of the server': (connection) => connection.server(text('220 ready')),
  'STARTTLS in three exchanges': (connection) =>
    connection
      .server(text('220 ready'))
      .client(text('EHLO client'))
      .server(text('250 STARTTLS'))
      .client(text('STARTTLS'))
      .server(text('220 go ahead')),
  'bytes 0 and 1 as PostgreSQL says them': (connection) =>
    connection.client(Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47)).server(Uint8Array.of(0x53)),
  '20,000 bytes of noise each way': (connection) => connection.client(noise(20_000)).server(noise(20_000, 2)),
  'noise that begins like a record': (connection) =>
    connection.client(join([22, 3, 1, 2, 0, 9], noise(60))).server(join([22, 3, 3, 0, 80, 11], noise(60))),
}

function aroundTls(original: Original): Variant[] {
  const before = Object.entries(BEFORE).map(
    ([name, say]): Variant => ({
      row: 'plain text or noise before TLS, and behind it',
      name: `${name} before TLS`,
      promised: 'unchanged',
      make: () => pcap(speak(original, { open: (connection) => say(connection.open()) })),
    }),
  )
  const lost = (['client', 'server'] as const).map(
    (from): Variant => ({
      row: 'plain text or noise before TLS, and behind it',
      name: `a line of the ${from} before TLS, which is lost`,
      promised: 'degraded',
      allTold: true,
      make: () => pcap(speak(original, { open: (connection) => connection.open().lose(from, text('STARTTLS')) })),
    }),
  )
  const turns = Math.max(...original.dialogues.map((dialogue) => dialogue.turns.length))
  const between = Array.from({ length: turns }, (_, i) => i + 1).flatMap((place) =>
    (['client', 'server'] as const).map(
      (from): Variant => ({
        row: 'noise between the flights, at each place in turn',
        name: `100 bytes of noise of the ${from} after flight ${place}`,
        promised: 'degraded',
        make: () => pcap(speak(original, noiseAfter(place - 1, from))),
      }),
    ),
  )
  const behind: Variant = {
    row: 'plain text or noise before TLS, and behind it',
    name: 'noise each way behind the last flight',
    promised: 'unchanged',
    make: () =>
      pcap(
        speak(original, {
          end: (connection, { from, ends }) => {
            connection.send(from, noise(300))
            if (ends === 'rst') connection.reset(from)
            else connection.finish(from)
          },
        }),
      ),
  }
  return [...before, ...lost, ...between, behind]
}

function noiseAfter(place: number, from: 'client' | 'server'): Manner {
  return {
    say: (connection, turn, index) => {
      connection.send(turn.from, turn.bytes)
      if (index === place) connection.packet(from, ACK | PSH, noise(100))
    },
  }
}

function packetsBetween(original: Original): Variant[] {
  const row = 'packets of noise, and of other protocols, in between'
  const segment = ipv4(tcp({ sourcePort: 40_000, destinationPort: 80 }, noise(200)), { source: '203.0.113.9' })
  const cut = ethernet(segment).slice(0, 40)
  const others: Readonly<Record<string, (seed: number) => Uint8Array>> = {
    noise: (seed) => noise(1 + (seed % 200), seed),
    'noise behind an EtherType': (seed) => join(ethernet(ipv4(udp({}))).slice(0, 14), noise(seed % 90, seed)),
    'empty packets': () => new Uint8Array(0),
    'segments of another stream': () => ethernet(segment),
    'headers that break off': () => cut,
    'headers with lengths that lie': (seed) => withByte(ethernet(segment), 14 + (seed % 20), seed),
    'ICMP errors that quote the last packet': (seed) => quoted(original, seed),
  }
  return Object.entries(others).map(([name, other]) => ({
    row,
    name: `${name} before every packet`,
    promised: 'unchanged',
    make: () =>
      pcap(
        original.frames.flatMap((frame, i): CapturedPacket[] => [
          { bytes: other(i + 1), time: frame.time },
          ethernetFrame(frame),
        ]),
      ),
  }))
}

function quoted(original: Original, index: number): Uint8Array {
  const frame = original.frames[index % original.frames.length]
  return ethernet(ipv4(icmpError(frame === undefined ? new Uint8Array(0) : internetPacket(frame))))
}

function withByte(bytes: Uint8Array, at: number, seed: number): Uint8Array {
  const changed = bytes.slice()
  changed[at] = Math.floor(seeded(seed)() * 256)
  return changed
}

function behindTheFile(original: Original): Variant[] {
  const row = 'garbage behind the last packet of a file'
  const packets = original.frames.map(ethernetFrame)
  const files = { pcap: pcap(packets), pcapng: simplePcapng(packets) }
  const tails: Readonly<Record<string, Uint8Array>> = {
    'a byte of 0': Uint8Array.of(0),
    '7 bytes of noise': noise(7),
    '1000 bytes of noise': noise(1000),
    '1000 bytes of 255': new Uint8Array(1000).fill(255),
    'the beginning of another packet': ethernet(ipv4(tcp())).slice(0, 9),
  }
  return Object.entries(files).flatMap(([format, file]) =>
    Object.entries(tails).map(
      ([name, tail]): Variant => ({
        row,
        name: `${name} behind a ${format} file`,
        promised: 'identical',
        damaged: true,
        make: () => join(file, tail),
      }),
    ),
  )
}
