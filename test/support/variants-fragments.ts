import { type CapturedPacket, pcap } from './captures.js'
import { ethernet, fragmentHeader, ipv4, ipv6, tcp } from './packets.js'
import type { Variant } from './variants.js'
import { ethernetFrame, type Frame, isIpv6, noise, type Original, overIpv6, seeded } from './variants-original.js'

/** A part of the data behind an IP header; `offset` and the length of all but the last are multiples of 8. */
interface Part {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly more: boolean
}

/** Segments cut into IP fragments, of either version. */
export function fragments(original: Original): Variant[] {
  const versions: readonly (readonly [name: string, frames: readonly Frame[]])[] = original.ipv6
    ? [['IPv6', original.frames]]
    : [
        ['IPv4', original.frames],
        ['IPv6', original.frames.map(overIpv6)],
      ]
  return versions.flatMap(([version, frames]) => [
    ...whole(`${version} fragments`, frames),
    ...incomplete(`${version} fragments`, frames),
  ])
}

type Arrange = (parts: readonly Part[], datagram: number) => readonly Part[]

const ARRANGEMENTS: Readonly<Record<string, Arrange>> = {
  'in order': (parts) => parts,
  reversed: (parts) => [...parts].reverse(),
  'in any order': (parts, datagram) => shuffled(parts, datagram + 1),
  'each twice': (parts) => parts.flatMap((part) => [part, part]),
  'overlapping by 8 bytes': (parts) => parts.map((part, i) => reachingBack(parts, part, i, 8)),
  'overlapping, with other bytes in front of what is new': (parts) =>
    parts.map((part, i) => disagreeing(reachingBack(parts, part, i, 8), part.offset)),
  'overlapping, with other bytes behind what is new': (parts) =>
    [...parts].reverse().map((part, i, reversed) => {
      const later = i === 0 ? undefined : reversed[i - 1]
      return later === undefined ? part : reachingAhead(part, later)
    }),
}

function whole(version: string, frames: readonly Frame[]): Variant[] {
  return Object.entries(ARRANGEMENTS).flatMap(([arrangement, arrange]) =>
    [64, 1000].map((size) => ({
      row: 'IPv4 and IPv6 fragments: in order, reversed, repeated, overlapping',
      name: `${version} of ${size} bytes, ${arrangement}`,
      promised: 'unchanged',
      make: () => pcap(frames.flatMap((frame, i) => fragmented(frame, i, size, arrange))),
    })),
  )
}

/** The fragments of one segment in turn, with one of them missing. */
function incomplete(version: string, frames: readonly Frame[]): Variant[] {
  const carrying = [...frames.keys()].filter((i) => (frames[i]?.segment?.payload.length ?? 0) > 0)
  return carrying.flatMap((lossy) =>
    (['first', 'middle', 'last'] as const).map((which) => ({
      row: 'IPv4 and IPv6 fragments: one missing, of each segment in turn',
      name: `${version}, the ${which} of segment ${lossy} missing`,
      promised: 'degraded',
      allTold: true,
      make: () =>
        pcap(
          frames.flatMap((frame, i) => {
            if (i !== lossy) return [ethernetFrame(frame)]
            return fragmented(frame, i, 128, (parts) => without(parts, which))
          }),
        ),
    })),
  )
}

function without(parts: readonly Part[], which: 'first' | 'middle' | 'last'): readonly Part[] {
  const index = which === 'first' ? 0 : which === 'last' ? parts.length - 1 : parts.length >> 1
  return parts.filter((_, i) => i !== index)
}

function fragmented(frame: Frame, datagram: number, size: number, arrange: Arrange): CapturedPacket[] {
  const { segment, time } = frame
  if (segment === null) return [ethernetFrame(frame)]
  const { source, destination, payload, ...fields } = segment
  const layer = tcp(fields, payload)
  const parts: Part[] = []
  for (let offset = 0; offset < layer.length; offset += size)
    parts.push({ offset, bytes: layer.slice(offset, offset + size), more: offset + size < layer.length })
  return arrange(parts, datagram).map(({ offset, bytes, more }) => {
    const ends = { source, destination }
    const identification = datagram + 1
    const packet = isIpv6(source)
      ? ipv6(fragmentHeader(bytes, { identification, offset, more, nextHeader: 6 }), ends)
      : ipv4(bytes, { ...ends, identification, fragmentOffset: offset, moreFragments: more, protocol: 6 })
    return { bytes: ethernet(packet), time }
  })
}

/** The part with `bytes` more of the part before it. */
function reachingBack(parts: readonly Part[], part: Part, index: number, bytes: number): Part {
  const before = parts[index - 1]
  if (before === undefined) return part
  const back = Buffer.concat([before.bytes.slice(-bytes), part.bytes])
  return { ...part, offset: part.offset - bytes, bytes: back }
}

/** The part with other bytes wherever it stands before `from`. */
function disagreeing(part: Part, from: number): Part {
  const bytes = part.bytes.slice()
  bytes.set(noise(from - part.offset))
  return { ...part, bytes }
}

/** The part with noise where the one behind it, which came before, begins; never behind the end of the data. */
function reachingAhead(part: Part, later: Part): Part {
  const length = Math.min(8, later.bytes.length) & -8
  return { ...part, bytes: Buffer.concat([part.bytes, noise(length)]), more: true }
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = seeded(seed)
  const keyed = items.map((item) => ({ item, key: random() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
}
