import { join } from './bytes.js'
import { type CapturedPacket, pcap } from './captures.js'
import { ACK, type Connection, PSH } from './connection.js'
import type { Variant } from './variants.js'
import { type Manner, noise, type Original, seeded, speak, type Turn } from './variants-original.js'

/** What connections say, in segments of every size and order, once and again, and with other bytes over them. */
export function segments(original: Original): Variant[] {
  return [...sizes(original), ...orders(original), ...repetitions(original), ...overlaps(original), ...wraps(original)]
}

/** So many bytes of a turn come in the smallest segments: enough for every hello, in a capture that is quickly read. */
const FINELY = 2200

function sizes(original: Original): Variant[] {
  const row = 'segments of 1 byte, and of other sizes'
  const fixed = [1, 3, 7, 64, 536, 8960].map(
    (size): Variant => ({
      row,
      name: `segments of ${size} bytes`,
      promised: 'unchanged',
      make: () => spoken(original, { say: (connection, turn) => sayFinely(connection, turn, () => size) }),
    }),
  )
  const random = [1, 2, 3].map(
    (seed): Variant => ({
      row,
      name: `segments of any size, seed ${seed}`,
      promised: 'unchanged',
      make: () => {
        const next = seeded(seed)
        const size = (): number => 1 + Math.floor(next() ** 3 * 1460)
        return spoken(original, { say: (connection, turn) => sayFinely(connection, turn, size) })
      },
    }),
  )
  return [...fixed, ...random]
}

function sayFinely(connection: Connection, { from, bytes }: Turn, size: () => number): void {
  let at = 0
  while (at < Math.min(FINELY, bytes.length)) {
    const length = size()
    connection.packet(from, ACK | PSH, bytes.slice(at, at + length))
    at += length
  }
  connection.send(from, bytes.slice(at))
}

function orders(original: Original): Variant[] {
  const row = 'segments out of order'
  const windows = [2, 3, 5, 8, 16, 64].flatMap((window) =>
    [1, 2, 3].map(
      (seed): Variant => ({
        row,
        name: `the segments of a flight shuffled in windows of ${window}, seed ${seed}`,
        promised: 'unchanged',
        make: () => {
          const next = seeded(seed)
          return spoken(original, { say: (connection, turn) => sayInOrder(connection, turn, window, next) })
        },
      }),
    ),
  )
  const reversed: Variant = {
    row,
    name: 'the segments of a flight reversed',
    promised: 'unchanged',
    make: () =>
      spoken(original, {
        say: (connection, { from, bytes }) => {
          const places = cutInto(connection.next[from], bytes, 200).reverse()
          sayPlaces(connection, from, bytes.length, places)
        },
      }),
  }
  return [...windows, reversed]
}

interface Place {
  readonly sequence: number
  readonly bytes: Uint8Array
}

function cutInto(sequence: number, bytes: Uint8Array, size: number): Place[] {
  const places: Place[] = []
  for (let at = 0; at < bytes.length; at += size)
    places.push({ sequence: (sequence + at) >>> 0, bytes: bytes.slice(at, at + size) })
  return places
}

function sayPlaces(connection: Connection, from: Turn['from'], length: number, places: readonly Place[]): void {
  for (const { sequence, bytes } of places) connection.place(from, ACK | PSH, sequence, bytes)
  connection.next[from] = (connection.next[from] + length) >>> 0
}

function sayInOrder(connection: Connection, turn: Turn, window: number, random: () => number): void {
  const { from, bytes } = turn
  const places = cutInto(connection.next[from], bytes, 200)
  const shuffled: Place[] = []
  for (let at = 0; at < places.length; at += window) {
    const keyed = places.slice(at, at + window).map((place) => ({ place, key: random() }))
    shuffled.push(...keyed.sort((a, b) => a.key - b.key).map(({ place }) => place))
  }
  sayPlaces(connection, from, bytes.length, shuffled)
}

function repetitions(original: Original): Variant[] {
  const row = 'segments repeated, and retransmitted with other boundaries'
  const packetsAgain = [0, 1, 3, 10].map(
    (later): Variant => ({
      row,
      name: `every packet again ${later === 0 ? 'at once' : `${later} packets later`}`,
      promised: 'unchanged',
      make: () => pcap(again(speak(original), later)),
    }),
  )
  const flightsAgain = [1, 100, 700, 1460, 4000].map(
    (size): Variant => ({
      row,
      name: `every flight again, in segments of ${size} bytes`,
      promised: 'unchanged',
      make: () =>
        spoken(original, {
          say: (connection, { from, bytes }) => {
            const start = connection.next[from]
            connection.send(from, bytes)
            const some = size === 1 ? bytes.slice(0, FINELY) : bytes
            for (const place of cutInto(start, some, size))
              connection.place(from, ACK | PSH, place.sequence, place.bytes)
          },
        }),
    }),
  )
  const all: Variant = {
    row,
    name: 'all that a side has said so far again with each of its flights',
    promised: 'unchanged',
    make: () => spokenCumulatively(original),
  }
  const probes: Variant = {
    row,
    name: 'a keep-alive of 1 byte before each flight, and a zero-window probe behind it',
    promised: 'unchanged',
    make: () =>
      spoken(original, {
        say: (connection, { from, bytes }) => {
          connection.place(from, ACK, (connection.next[from] - 1) >>> 0, Uint8Array.of(0))
          connection.send(from, bytes)
          connection.place(from, ACK, (connection.next[from] - 1) >>> 0, bytes.slice(-1))
        },
      }),
  }
  return [...packetsAgain, ...flightsAgain, all, probes]
}

function again(packets: readonly CapturedPacket[], later: number): CapturedPacket[] {
  const all: CapturedPacket[] = []
  for (const [i, packet] of packets.entries()) {
    all.push(packet)
    const earlier = packets[i - later]
    if (earlier !== undefined) all.push(earlier)
  }
  return [...all, ...packets.slice(packets.length - later)]
}

function spokenCumulatively(original: Original): Uint8Array {
  const said = new WeakMap<Connection, Record<Turn['from'], Uint8Array>>()
  return spoken(original, {
    say: (connection, { from, bytes }) => {
      const before = said.get(connection) ?? { client: new Uint8Array(0), server: new Uint8Array(0) }
      const all = join(before[from], bytes)
      said.set(connection, { ...before, [from]: all })
      const start = (connection.next[from] - before[from].length) >>> 0
      sayPlaces(connection, from, bytes.length, cutInto(start, all, 1000))
    },
  })
}

/** Segments whose bytes are partly other ones than those that came first, which count. */
const OVERLAPS: Readonly<
  Record<string, (connection: Connection, from: Turn['from'], places: readonly Place[]) => void>
> = {
  'in front of what is new': (connection, from, places) => {
    for (const [i, { sequence, bytes }] of places.entries()) {
      const back = Math.min(50, places[i - 1]?.bytes.length ?? 0)
      connection.place(from, ACK | PSH, (sequence - back) >>> 0, join(noise(back), bytes))
    }
  },
  'behind what is new': (connection, from, places) => {
    for (const [first, second] of pairs(places)) {
      if (second !== undefined) connection.place(from, ACK | PSH, second.sequence, second.bytes)
      const ahead = noise(Math.min(50, second?.bytes.length ?? 0))
      connection.place(from, ACK | PSH, first.sequence, join(first.bytes, ahead))
    }
  },
  'across what came first': (connection, from, places) => {
    for (const three of threes(places)) {
      const [first, middle, last] = three
      if (middle !== undefined) connection.place(from, ACK | PSH, middle.sequence, middle.bytes)
      const parts = [first.bytes, noise(middle?.bytes.length ?? 0), last?.bytes ?? new Uint8Array(0)]
      connection.place(from, ACK | PSH, first.sequence, join(...parts))
    }
  },
  'over the whole, again': (connection, from, places) => {
    for (const { sequence, bytes } of places) {
      connection.place(from, ACK | PSH, sequence, bytes)
      connection.place(from, ACK | PSH, sequence, noise(bytes.length))
    }
  },
  'over the whole, while the segment before it is still to come': (connection, from, places) => {
    for (const [first, second] of pairs(places)) {
      if (second !== undefined) {
        connection.place(from, ACK | PSH, second.sequence, second.bytes)
        connection.place(from, ACK | PSH, second.sequence, noise(second.bytes.length))
      }
      connection.place(from, ACK | PSH, first.sequence, first.bytes)
    }
  },
  'in part, inside the segment': (connection, from, places) => {
    for (const [first, second] of pairs(places)) {
      const part = second?.bytes.length ?? 0
      if (second !== undefined) {
        connection.place(from, ACK | PSH, second.sequence, second.bytes)
        const inside = (second.sequence + (part >> 2)) >>> 0
        connection.place(from, ACK | PSH, inside, noise(part >> 1))
      }
      connection.place(from, ACK | PSH, first.sequence, first.bytes)
    }
  },
}

function overlaps(original: Original): Variant[] {
  const row = 'segments overlapping with other bytes: in front, behind, across'
  const first = Object.entries(OVERLAPS).flatMap(([where, place]) =>
    [150, 700].map(
      (size): Variant => ({
        row,
        name: `segments of ${size} bytes with other bytes ${where}`,
        promised: 'unchanged',
        besides: ['notes'],
        make: () =>
          spoken(original, {
            say: (connection, { from, bytes }) => {
              place(connection, from, cutInto(connection.next[from], bytes, size))
              sayPlaces(connection, from, bytes.length, [])
            },
          }),
      }),
    ),
  )
  const false_: Variant = {
    row: 'false segments before the true ones',
    name: 'noise in place of each segment, and then the segment',
    promised: 'survives',
    make: () =>
      spoken(original, {
        say: (connection, { from, bytes }) => {
          const places = cutInto(connection.next[from], bytes, 300)
          const both = places.flatMap((place) => [{ ...place, bytes: noise(place.bytes.length) }, place])
          sayPlaces(connection, from, bytes.length, both)
        },
      }),
  }
  return [...first, false_]
}

function pairs(places: readonly Place[]): (readonly [Place, Place | undefined])[] {
  return places.flatMap((place, i) => (i % 2 === 0 ? [[place, places[i + 1]] as const] : []))
}

function threes(places: readonly Place[]): (readonly [Place, Place | undefined, Place | undefined])[] {
  return places.flatMap((place, i) => (i % 3 === 0 ? [[place, places[i + 1], places[i + 2]] as const] : []))
}

/** Bytes of a side's first flight in front of sequence number 0 (or 2^31). */
const BEFORE_WRAP = [0, 1, 2, 4, 5, 6, 9, 10, 43, 100, 199, 200, 201, 250, 517]

function wraps(original: Original): Variant[] {
  const row = 'sequence numbers that wrap within the hellos'
  return [0, 0x8000_0000].flatMap((wrap) =>
    BEFORE_WRAP.map(
      (before, i): Variant => ({
        row,
        name: `${before} bytes of each side before sequence number ${wrap}${i % 2 === 0 ? '' : ', shuffled'}`,
        promised: 'unchanged',
        make: () => {
          const initial = (wrap - before - 1) >>> 0
          const random = seeded(before)
          return spoken(original, {
            options: { clientSequence: initial, serverSequence: initial },
            say: (connection, turn) => sayInOrder(connection, turn, i % 2 === 0 ? 1 : 4, random),
          })
        },
      }),
    ),
  )
}

function spoken(original: Original, manner: Manner): Uint8Array {
  return pcap(speak(original, manner))
}
