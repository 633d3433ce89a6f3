import { join } from '../test/support/bytes.js'
import { packetUnits, type Unit, unitsOf, withData } from './container.js'
import { type Field, fieldsOf, MEANINGFUL, packetFields } from './fields.js'
import type { Random } from './random.js'

/** Changes a capture, given another one to take parts from. Never writes to either. */
type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array

const EDGES = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 1023, 1024, 16383, 16384, 16385]

/** The mutations by kind: what `--only` takes. */
export const MUTATIONS = {
  /** One bit, or a few. */
  bits: (bytes, random) => changed(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  /** A byte set, or a run of them inserted, removed, repeated or overwritten. */
  bytes: withRun,
  /** A number of the file's own structure: record headers, blocks, options. */
  blocks: (bytes, random) => {
    const units = unitsOf(bytes)
    // Packets are many, and much alike; what stands between them is not.
    const others = units.filter(({ kind, dataStart, dataEnd }) => kind === 'block' && dataStart === dataEnd)
    const fields = fieldsOf(others.length > 0 && !random.oneIn(3) ? others : units)
    return fields.length === 0 ? withRun(bytes, random) : setField(bytes, random.pick(fields), random)
  },
  /** A number of a packet: of a link, IP, TCP, TLS header, a hello, an extension. */
  fields: (bytes, random) => {
    const packets = packetUnits(unitsOf(bytes))
    if (packets.length === 0) return withRun(bytes, random)
    const { dataStart, dataEnd } = random.pick(packets)
    const fields = packetFields(bytes, dataStart, dataEnd)
    return fields.length === 0 ? bytes : setField(bytes, random.pick(fields), random)
  },
  /** Whole packets or blocks: left out, repeated, moved, taken from another capture, cut, lengthened. */
  packets: (bytes, random, other) => {
    const units = unitsOf(bytes)
    if (units.length === 0) return withRun(bytes, random)
    const unit = random.pick(units)
    const cut = (from: Unit): Uint8Array => bytes.slice(from.start, from.end)
    const without = join(bytes.subarray(0, unit.start), bytes.subarray(unit.end))
    switch (random.below(7)) {
      case 0:
        return without
      case 1: {
        const { start } = random.pick(units)
        return join(bytes.subarray(0, start), cut(unit), bytes.subarray(start))
      }
      case 2: {
        const at = random.pick(unitsOf(without).concat(unit)).start
        return join(without.subarray(0, at), cut(unit), without.subarray(at))
      }
      case 3: {
        const theirs = unitsOf(other)
        if (theirs.length === 0) return bytes
        const their = random.pick(theirs)
        return join(bytes.subarray(0, unit.start), other.subarray(their.start, their.end), bytes.subarray(unit.start))
      }
      case 4: {
        const last = units[Math.min(units.indexOf(unit) + random.length(8), units.length - 1)] as Unit
        return join(bytes.subarray(0, unit.start), bytes.subarray(last.end))
      }
      default:
        return resized(bytes, unit, random)
    }
  },
  /** The beginning of one capture and the end of another. */
  splice: (bytes, random, other) => {
    const ours = unitsOf(bytes)
    const theirs = unitsOf(other)
    if (ours.length === 0 || theirs.length === 0 || random.oneIn(4))
      return join(bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length)))
    return join(bytes.subarray(0, random.pick(ours).end), other.subarray(random.pick(theirs).start))
  },
  truncate: (bytes, random) => bytes.slice(0, random.below(bytes.length)),
} satisfies Record<string, Mutation>

export type MutationKind = keyof typeof MUTATIONS

export const MUTATION_KINDS = Object.keys(MUTATIONS) as MutationKind[]

function withRun(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length)
  const length = random.length(64)
  switch (random.below(6)) {
    case 0:
      return join(bytes.subarray(0, at), random.bytes(length), bytes.subarray(at))
    case 1:
      return join(bytes.subarray(0, at), bytes.subarray(at + length))
    case 2:
      return join(bytes.subarray(0, at + length), bytes.subarray(at))
    case 3: {
      const from = random.below(bytes.length)
      return overwritten(bytes, at, bytes.slice(from, from + length))
    }
    case 4:
      return overwritten(bytes, at, new Uint8Array(length).fill(random.pick([0, 255, 0x16, 0x30])))
    default:
      return changed(bytes, random, () => random.below(256))
  }
}

/** Packet bytes with a run inserted, removed or repeated; IP lengths are left as they were or made to fit. */
function resized(bytes: Uint8Array, unit: Unit, random: Random): Uint8Array {
  const data = bytes.slice(unit.dataStart, unit.dataEnd)
  if (data.length === 0) return bytes
  const at = random.below(data.length)
  const length = random.length(200)
  const grown = random.pick([
    () => data.slice(0, at),
    () => join(data.subarray(0, at), data.subarray(at + length)),
    () => join(data.subarray(0, at + length), data.subarray(at)),
  ])()
  if (random.oneIn(2)) fitIpv4(grown, 14)
  return withData(bytes, unit, grown)
}

function fitIpv4(packet: Uint8Array, at: number): void {
  if (packet[at] !== 0x45 || packet.length < at + 20) return
  const length = Math.min(packet.length - at, 0xffff)
  packet[at + 2] = length >> 8
  packet[at + 3] = length
}

function changed(bytes: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice()
  if (copy.length === 0) return copy
  for (let count = random.length(6); count > 0; count--) {
    const at = random.below(copy.length)
    copy[at] = change(copy[at] as number)
  }
  return copy
}

function overwritten(bytes: Uint8Array, at: number, run: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy.set(run.subarray(0, copy.length - at), at)
  return copy
}

function setField(bytes: Uint8Array, { at, size, little, what }: Field, random: Random): Uint8Array {
  const copy = bytes.slice()
  const place = (i: number): number => (little ? at + i : at + size - 1 - i)
  let value = 0
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (copy[place(i)] ?? 0)
  const meaningful = MEANINGFUL[what]
  const most = 256 ** size - 1
  if (meaningful !== undefined && !random.oneIn(4)) value = random.pick(meaningful)
  else
    value = random.pick([
      () => value + random.between(-3, 3),
      () => value + random.between(-64, 64),
      () => value + random.between(-2000, 2000),
      () => random.pick(EDGES),
      () => most - random.below(4),
      () => (most + 1) / 2 - random.below(2),
      () => value * 2,
      () => Math.floor(value / 2),
      () => random.word(),
    ])()
  for (let i = 0; i < size; i++) {
    if (place(i) < copy.length) copy[place(i)] = value & 255
    value = Math.floor(value / 256)
  }
  return copy
}
