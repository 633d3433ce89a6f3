import { type CapturedPacket, pcap } from './captures.js'
import { ACK, type Connection, type From, PSH, SYN } from './connection.js'
import type { Variant } from './variants.js'
import { type Manner, type Original, seeded, speak, speakOne, type Turn } from './variants-original.js'

/** How connections begin and end, and what goes on beside them. */
export function streams(original: Original): Variant[] {
  return [...openings(original), ...again(original), ...interleaved(original), ...oneDirection(original)]
}

const nothing = (): void => {}

/** The first bytes of each side on its SYN (RFC 7413), and the rest behind. */
function sayOnSyn(bytesOnSyn: number, synAck: boolean): Manner {
  const begun = new WeakMap<Connection, Set<From>>()
  return {
    open: nothing,
    say: (connection, { from, bytes }) => {
      const sides = begun.get(connection) ?? new Set<From>()
      begun.set(connection, sides)
      if (sides.has(from)) {
        connection.send(from, bytes)
        return
      }
      sides.add(from)
      const flags = from === 'client' ? SYN : SYN | ACK
      const on = from === 'client' || synAck ? bytesOnSyn : 0
      connection.packet(from, flags, bytes.slice(0, on)).send(from, bytes.slice(on))
    },
  }
}

const OPENINGS: Readonly<Record<string, Manner>> = {
  'no SYN': { open: nothing },
  'no SYN, but acknowledgments': { open: (connection) => connection.acknowledge('client').acknowledge('server') },
  'the SYN alone': {
    open: (connection) => {
      connection.packet('client', SYN)
      connection.next.server = (connection.next.server + 1) >>> 0
    },
  },
  'the SYN/ACK alone': {
    open: (connection) => connection.lose('client', new Uint8Array(1)).packet('server', SYN | ACK),
  },
  'both SYNs, but not the ACK': { open: (connection) => connection.packet('client', SYN).packet('server', SYN | ACK) },
  'a SYN sent three times': {
    open: (connection) => {
      const at = connection.next.client
      connection.place('client', SYN, at).place('client', SYN, at).open()
    },
  },
  'both sides opening': { open: (connection) => connection.packet('client', SYN).packet('server', SYN) },
  'a SYN with 1 byte of the ClientHello': sayOnSyn(1, false),
  'a SYN with 100 bytes of the ClientHello': sayOnSyn(100, false),
  'a SYN with all of the first flight': sayOnSyn(1 << 14, false),
  'both SYNs with data': sayOnSyn(60, true),
}

function openings(original: Original): Variant[] {
  const opened = Object.entries(OPENINGS).map(
    ([name, manner]): Variant => ({
      row: 'no SYN, half of one, SYN with data',
      name,
      promised: 'unchanged',
      make: () => pcap(speak(original, manner)),
    }),
  )
  const unended: Variant = {
    row: 'no SYN, half of one, SYN with data',
    name: 'no SYN and no FIN',
    promised: 'unchanged',
    make: () => pcap(speak(original, { open: nothing, end: nothing })),
  }
  return [...opened, unended]
}

const SECONDS: Readonly<Record<string, readonly [first: Manner, second: Manner]>> = {
  'after FIN': [{}, {}],
  'after RST': [{ end: (connection, { from }) => connection.reset(from) }, {}],
  'while the first is still open': [{ end: nothing }, {}],
  'with sequence numbers far behind': [{}, { options: { clientSequence: 4_000_000_000, serverSequence: 7 } }],
}

function again(original: Original): Variant[] {
  return Object.entries(SECONDS).map(([name, [first, second]]) => ({
    row: 'a second connection on the same addresses and ports',
    name: `a second connection ${name}`,
    promised: 'unchanged',
    copies: 2,
    make: () => {
      const options = { clientSequence: 50_000_000, serverSequence: 60_000_000 }
      return pcap([...speak(original, first), ...speak(original, { options, ...second })])
    },
  }))
}

const CONNECTIONS = 40

function interleaved(original: Original): Variant[] {
  const row = `${CONNECTIONS} connections interleaved`
  const separate = (): CapturedPacket[][] =>
    Array.from({ length: CONNECTIONS }, (_, i) =>
      original.dialogues.flatMap(
        (dialogue, j) =>
          speakOne(dialogue, { options: { clientPort: 20_000 + 100 * j + i, clientSequence: 1000 + i } }).packets,
      ),
    )
  const inTurn: Variant = {
    row,
    name: `${CONNECTIONS} connections, a packet of each in turn`,
    promised: 'unchanged',
    copies: CONNECTIONS,
    make: () => {
      const all = separate()
      const longest = Math.max(...all.map((packets) => packets.length))
      return pcap(Array.from({ length: longest }, (_, i) => all.flatMap((packets) => packets[i] ?? [])).flat())
    },
  }
  const inAnyOrder = [1, 2].map(
    (seed): Variant => ({
      row,
      name: `${CONNECTIONS} connections, packets of any in turn, seed ${seed}`,
      promised: 'unchanged',
      copies: CONNECTIONS,
      make: () => {
        const random = seeded(seed)
        const left = separate()
        const merged: CapturedPacket[] = []
        while (left.length > 0) {
          const index = Math.floor(random() * left.length)
          const packet = left[index]?.shift()
          if (packet === undefined) left.splice(index, 1)
          else merged.push(packet)
        }
        return pcap(merged)
      },
    }),
  )
  return [inTurn, ...inAnyOrder]
}

function oneDirection(original: Original): Variant[] {
  const hear =
    (heard: From): NonNullable<Manner['say']> =>
    (connection, { from, bytes }: Turn) => {
      for (let at = 0; at < bytes.length; at += 1000) {
        const part = bytes.slice(at, at + 1000)
        if (from === heard) connection.packet(from, ACK | PSH, part)
        else connection.lose(from, part)
      }
    }
  return (['client', 'server'] as const).flatMap((heard) => {
    const opened: Manner['open'] = (connection) => {
      const other = heard === 'client' ? 'server' : 'client'
      connection.lose(other, new Uint8Array(1)).packet(heard, heard === 'client' ? SYN : SYN | ACK)
    }
    const end: Manner['end'] = (connection, { from, ends }) => {
      if (from === heard && ends === 'fin') connection.finish(from)
      if (from === heard && ends === 'rst') connection.reset(from)
    }
    const manners: Readonly<Record<string, Manner>> = {
      '': { open: opened, say: hear(heard), end },
      ', without a SYN': { open: nothing, say: hear(heard), end },
      ', without an end': { open: opened, say: hear(heard), end: nothing },
    }
    return Object.entries(manners).map(
      ([name, manner]): Variant => ({
        row: 'one direction only, each way',
        name: `only what the ${heard} sends${name}`,
        promised: 'degraded',
        allTold: true,
        reason: 'one-direction',
        make: () => pcap(speak(original, manner)),
      }),
    )
  })
}
