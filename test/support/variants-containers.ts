import { gzipSync } from 'node:zlib'
import { join } from './bytes.js'
import {
  type Block,
  type ByteOrder,
  block,
  type CapturedPacket,
  customBlock,
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  nameResolution,
  obsoletePacket,
  type PcapOptions,
  pcap,
  pcapng,
  sectionHeader,
  simplePacket,
} from './captures.js'
import type { Variant } from './variants.js'
import { ethernetFrame, type Original } from './variants-original.js'
import { rawBlock, skippableFrame, zstdFrame } from './zstd.js'

const ORDERS: readonly ByteOrder[] = ['little', 'big']

/** The same packets in every container. */
export function containers(original: Original): Variant[] {
  const packets = original.frames.map(ethernetFrame)
  return [...pcapForms(packets), ...pcapngForms(packets), ...compressed(packets)]
}

/** One gzip member or zstd frame for each part of a file. */
export function inMembers(file: Uint8Array, members: number, wrap: (part: Uint8Array) => Uint8Array): Uint8Array {
  const size = Math.ceil(file.length / members)
  return join(...Array.from({ length: members }, (_, i) => wrap(file.subarray(i * size, (i + 1) * size))))
}

/** A zstd frame of stored blocks, as there is no compressor on every Node. */
export function storedZstd(bytes: Uint8Array, blockLength = 1000): Uint8Array {
  const blocks = []
  for (let at = 0; at < bytes.length; at += blockLength) blocks.push(rawBlock(bytes.subarray(at, at + blockLength)))
  return zstdFrame(0x50, blocks)
}

function pcapForms(packets: readonly CapturedPacket[]): Variant[] {
  const forms: Readonly<Record<string, PcapOptions>> = {
    microseconds: {},
    nanoseconds: { nanoseconds: true },
    'the modified format': { modified: true },
    'version 2.3, lengths swapped': { version: [2, 3], swappedLengths: true },
    'frame check sequences announced': { linkType: 0x50000001 },
  }
  return Object.entries(forms).flatMap(([form, options]) =>
    ORDERS.map((byteOrder) => ({
      row: 'pcap of every form and byte order',
      name: `pcap, ${form}, ${byteOrder} endian`,
      promised: 'identical',
      make: () => pcap(options.linkType === undefined ? packets : withChecks(packets), { ...options, byteOrder }),
    })),
  )
}

/** Four bytes behind each packet, as the FCS length in the link type word says. */
function withChecks(packets: readonly CapturedPacket[]): CapturedPacket[] {
  return packets.map((packet) => ({ ...packet, bytes: join(packet.bytes, [1, 2, 3, 4]) }))
}

const ticks = (packet: CapturedPacket, perSecond: bigint): bigint => ((packet.time ?? 0n) * perSecond) / 1_000_000_000n

function resolution(value: number, perSecond: bigint): (packets: readonly CapturedPacket[]) => Block[] {
  return (packets) => [
    sectionHeader(),
    interfaceDescription({ timestampResolution: value }),
    ...packets.map((packet) => enhancedPacket({ bytes: packet.bytes, ticks: ticks(packet, perSecond) })),
  ]
}

const other: readonly Block[] = [
  nameResolution([192, 0, 2, 1], 'example.org'),
  interfaceStatistics(0, 5n, 2n),
  decryptionSecrets('CLIENT_RANDOM 00 00\n'),
  block(0x1234, Uint8Array.of(1, 2, 3, 4)),
]

const SECTIONS: Readonly<Record<string, (packets: readonly CapturedPacket[]) => Block[]>> = {
  microseconds: resolution(6, 1_000_000n),
  seconds: resolution(0, 1n),
  nanoseconds: resolution(9, 1_000_000_000n),
  'units of 2^-20 seconds': resolution(0x94, 1n << 20n),
  'units of 10^-12 seconds': resolution(12, 1_000_000_000_000n),
  'a time offset': (packets) => [
    sectionHeader(),
    interfaceDescription({ timestampOffset: 3600n }),
    ...packets.map((packet) => enhancedPacket({ bytes: packet.bytes, ticks: ticks(packet, 1_000_000n) })),
  ],
  'Simple Packet Blocks': (packets) => [
    sectionHeader(),
    interfaceDescription(),
    ...packets.map(({ bytes }) => simplePacket(bytes)),
  ],
  'Packet Blocks': (packets) => [
    sectionHeader(),
    interfaceDescription(),
    ...packets.map((packet) => obsoletePacket({ bytes: packet.bytes, ticks: ticks(packet, 1_000_000n) })),
  ],
  'packet options': (packets) => [
    sectionHeader({ options: [{ code: 4, value: 'a writer' }] }),
    interfaceDescription({ name: 'eth0', options: [{ code: 12, value: 'a system' }] }),
    ...packets.map(({ bytes }) => enhancedPacket({ bytes, options: [{ code: 1, value: 'a comment' }] })),
  ],
  'other blocks in between': (packets) => [
    sectionHeader(),
    interfaceDescription(),
    ...packets.flatMap(({ bytes }, i) => [other[i % other.length] as Block, enhancedPacket({ bytes })]),
  ],
  'three interfaces in turn': (packets) => [
    sectionHeader(),
    interfaceDescription({ linkType: 147 }),
    interfaceDescription(),
    interfaceDescription({ timestampResolution: 9 }),
    ...packets.map(({ bytes }, i) => enhancedPacket({ bytes, interfaceId: 1 + (i % 2) })),
  ],
}

function pcapngForms(packets: readonly CapturedPacket[]): Variant[] {
  const row = 'pcapng of every form and byte order'
  const forms = Object.entries(SECTIONS).flatMap(([form, blocks]) =>
    ORDERS.map(
      (byteOrder): Variant => ({
        row,
        name: `pcapng, ${form}, ${byteOrder} endian`,
        promised: 'identical',
        make: () => pcapng(blocks(packets), byteOrder),
      }),
    ),
  )
  const sections: Variant = {
    row,
    name: 'pcapng, a section for each packet, of either byte order in turn',
    promised: 'identical',
    make: () =>
      join(
        ...packets.map(({ bytes }, i) =>
          pcapng([sectionHeader(), interfaceDescription(), enhancedPacket({ bytes })], ORDERS[i % 2]),
        ),
      ),
  }
  const numbered: Variant = {
    row,
    name: 'pcapng, with blocks in between that are numbered as packets are',
    promised: 'unchanged',
    make: () =>
      pcapng([
        sectionHeader(),
        interfaceDescription(),
        ...packets.flatMap(({ bytes }) => [
          customBlock(32473, Uint8Array.of(1, 2, 3, 4, 5)),
          enhancedPacket({ bytes }),
        ]),
      ]),
  }
  return [...forms, sections, numbered]
}

function compressed(packets: readonly CapturedPacket[]): Variant[] {
  const files: Readonly<Record<string, () => Uint8Array>> = {
    pcap: () => pcap(packets),
    pcapng: () => pcapng((SECTIONS['microseconds'] as (packets: readonly CapturedPacket[]) => Block[])(packets)),
  }
  const ways: Readonly<Record<string, (file: Uint8Array) => Uint8Array>> = {
    'gzip in one member': (file) => gzipSync(file),
    'gzip, stored': (file) => gzipSync(file, { level: 0 }),
    'gzip in 20 members': (file) => inMembers(file, 20, (part) => gzipSync(part)),
    'zstd in one frame': (file) => storedZstd(file),
    'zstd in 20 frames': (file) => inMembers(file, 20, (part) => storedZstd(part, 100)),
    'zstd with skippable frames': (file) =>
      inMembers(file, 5, (part) => join(skippableFrame(Uint8Array.of(1, 2, 3)), storedZstd(part))),
  }
  return Object.entries(files).flatMap(([format, file]) =>
    Object.entries(ways).map(([way, compress]) => ({
      row: 'gzip and zstd',
      name: `${format} in ${way}`,
      promised: 'identical',
      make: () => compress(file()),
    })),
  )
}
