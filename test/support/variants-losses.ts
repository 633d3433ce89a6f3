import { gzipSync } from 'node:zlib'
import { type CapturedPacket, pcap, simplePcapng } from './captures.js'
import type { Variant } from './variants.js'
import { inMembers, storedZstd } from './variants-containers.js'
import { ethernetFrame, type Original, speak } from './variants-original.js'

/** Packets, ends of packets and the end of the file that are not there. */
export function losses(original: Original): Variant[] {
  return [...segmentsLost(original), ...snapLengths(original), ...cutFiles(original)]
}

/** Small enough that each hello is several segments. */
const SEGMENT = 400

function segmentsLost(original: Original): Variant[] {
  const packets = speak(original, { options: { segmentSize: SEGMENT } })
  const each = packets.map(
    (_, lost): Variant => ({
      row: 'one segment lost, at each place in turn',
      name: `packet ${lost + 1} of ${packets.length} lost`,
      promised: 'degraded',
      allTold: true,
      reason: 'missing-bytes',
      make: () => pcap(packets.filter((_, i) => i !== lost)),
    }),
  )
  const late = packets.map(
    (packet, lost): Variant => ({
      row: 'packets of both sides in another order, at each place in turn',
      name: `packet ${lost + 1} of ${packets.length} after the next`,
      // An alert in front of the hello that it answers stands where TLS has not begun yet.
      promised: isAlert(packets[lost + 1]) ? 'degraded' : 'unchanged',
      make: () => pcap(packets.toSpliced(lost, 1).toSpliced(lost + 1, 0, packet)),
    }),
  )
  // A flight behind its own answer is not what any link does: facts may be lost, but not bent.
  const later = packets.map(
    (packet, lost): Variant => ({
      row: 'packets of both sides in another order, at each place in turn',
      name: `packet ${lost + 1} of ${packets.length} three packets later`,
      promised: 'degraded',
      allTold: true,
      make: () => pcap(packets.toSpliced(lost, 1).toSpliced(lost + 3, 0, packet)),
    }),
  )
  const from = packets.map(
    (_, lost): Variant => ({
      row: 'a capture that begins or ends in the middle, at each place in turn',
      name: `packets ${lost + 1} to ${packets.length} alone`,
      promised: 'degraded',
      make: () => pcap(packets.slice(lost)),
    }),
  )
  const until = packets.map(
    (_, lost): Variant => ({
      row: 'a capture that begins or ends in the middle, at each place in turn',
      name: `packets 1 to ${lost} alone`,
      promised: 'degraded',
      make: () => pcap(packets.slice(0, lost)),
    }),
  )
  return [...each, ...late, ...later, ...from, ...until]
}

const ALERT = 21
/** Ethernet, IPv4 and TCP without options, as the builders write them; IPv6 has 20 bytes more. */
const HEADERS = 54

function isAlert(packet: CapturedPacket | undefined): boolean {
  return packet?.bytes[packet.bytes[12] === 0x86 ? HEADERS + 20 : HEADERS] === ALERT
}

/** Headers, over IPv6 too, and 22 bytes of TLS: enough to tell a hello. */
const LEAST_SNAP_LENGTH = 96

const COMMON_SNAP_LENGTHS = [14, 34, 54, 64, 96, 128, 200, 256]

function snapLengths(original: Original): Variant[] {
  const packets = original.frames.map(ethernetFrame)
  const within = [...packets.entries()].flatMap(([i, { bytes }]) =>
    keyShareAt(bytes).flatMap(({ start, end }) => [
      { name: `that cuts before the key share of frame ${i + 1}`, length: start },
      { name: `that leaves 1 byte of the key share of frame ${i + 1}`, length: start + 1 },
      { name: `that cuts in the middle of the key share of frame ${i + 1}`, length: (start + end) >> 1 },
      { name: `that lacks 1 byte of the key share of frame ${i + 1}`, length: end - 1 },
      { name: `that cuts behind the key share of frame ${i + 1}`, length: end },
    ]),
  )
  const common = COMMON_SNAP_LENGTHS.map((length) => ({ name: `of ${length}`, length }))
  return [...common, ...within].flatMap(({ name, length }) => [
    {
      row: 'snap lengths of 64, 96, 200 and within the key share',
      name: `a snap length ${name} (${length})`,
      promised: 'degraded',
      allTold: length >= LEAST_SNAP_LENGTH,
      reason: 'missing-bytes',
      make: () => pcap(packets, { snapLength: length }),
    } satisfies Variant,
    {
      row: 'snap lengths of 64, 96, 200 and within the key share',
      name: `a snap length ${name} (${length}) in a pcapng file`,
      promised: 'degraded',
      allTold: length >= LEAST_SNAP_LENGTH,
      reason: 'missing-bytes',
      make: () =>
        simplePcapng(packets.map(({ bytes }) => ({ bytes: bytes.slice(0, length), originalLength: bytes.length }))),
    } satisfies Variant,
    {
      row: 'snap lengths of 64, 96, 200 and within the key share',
      name: `a snap length ${name} (${length}), each two packets swapped`,
      promised: 'degraded',
      reason: 'missing-bytes',
      make: () => pcap(inPairs(packets), { snapLength: length }),
    } satisfies Variant,
  ])
}

function inPairs(packets: readonly CapturedPacket[]): CapturedPacket[] {
  return packets.map((packet, i) => packets[i % 2 === 0 ? i + 1 : i - 1] ?? packet)
}

/** Where a packet holds key_share extensions: type 51, a length, a group that is known, a length. */
function keyShareAt(bytes: Uint8Array): { start: number; end: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const found: { start: number; end: number }[] = []
  for (let at = HEADERS; at + 8 < bytes.length; at++) {
    const length = view.getUint16(at + 2)
    if (view.getUint16(at) !== 51 || length < 36 || at + 4 + length > bytes.length) continue
    const list = view.getUint16(at + 4)
    if (list !== length - 2 && view.getUint16(at + 6) !== length - 4) continue
    found.push({ start: at + 4, end: at + 4 + length })
  }
  return found
}

/** A file smaller than this is cut at every byte. */
const SMALL = 1400
const STRIDE = 97

function cutFiles(original: Original): Variant[] {
  const packets = original.frames.map(ethernetFrame)
  const plain = pcap(packets)
  const small = plain.length < SMALL
  const ends = packetEnds(packets)
  const pcaps = cuts(plain, small ? 1 : STRIDE).map(
    (length): Variant => ({
      row: 'files cut at every byte',
      name: `pcap cut at byte ${length}`,
      promised: 'degraded',
      damaged: !ends.has(length),
      make: () => plain.slice(0, length),
    }),
  )
  const blocks = simplePcapng(packets)
  const blockStarts = blockEnds(blocks)
  const pcapngs = cuts(blocks, small ? 1 : STRIDE).map(
    (length): Variant => ({
      row: 'files cut at every byte',
      name: `pcapng cut at byte ${length}`,
      promised: 'degraded',
      damaged: !blockStarts.has(length),
      make: () => blocks.slice(0, length),
    }),
  )
  const streams = {
    gzip: gzipSync(plain),
    'gzip of three members': inMembers(plain, 3, (part) => gzipSync(part)),
    zstd: storedZstd(plain, 500),
    'zstd of three frames': inMembers(plain, 3, (part) => storedZstd(part, 300)),
  }
  const compressed = Object.entries(streams).flatMap(([name, bytes]) => {
    return cuts(bytes, Math.ceil(bytes.length / (small ? 12 : 3))).map(
      (length): Variant => ({
        row: 'gzip and zstd streams cut',
        name: `${name} cut at byte ${length}`,
        promised: 'degraded',
        damaged: true,
        make: () => bytes.slice(0, length),
      }),
    )
  })
  return [...pcaps, ...pcapngs, ...compressed]
}

function cuts(file: Uint8Array, stride: number): number[] {
  const lengths: number[] = []
  for (let length = 0; length < file.length; length += stride) lengths.push(length)
  return lengths
}

/** Where a file of these packets may end without damage. */
function packetEnds(packets: readonly CapturedPacket[]): ReadonlySet<number> {
  const ends = new Set([24])
  let at = 24
  for (const { bytes } of packets) {
    at += 16 + bytes.length
    ends.add(at)
  }
  return ends
}

function blockEnds(file: Uint8Array): ReadonlySet<number> {
  const ends = new Set<number>()
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  for (let at = 0; at + 8 <= file.length; ) {
    at += view.getUint32(at + 4, true)
    ends.add(at)
  }
  return ends
}
