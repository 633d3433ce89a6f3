import { counting, join } from './bytes.js'
import { text } from './capture-reading.js'
import {
  type Block,
  type ByteOrder,
  block,
  customBlock,
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  nameResolution,
  obsoletePacket,
  pcapng,
  sectionHeader,
  simplePacket,
} from './captures.js'

export interface Kinds {
  readonly bytes: Uint8Array
  /** 0, and the offset past each block. */
  readonly ends: readonly number[]
  /** Packets before each of `ends`. */
  readonly packetsAt: readonly number[]
  /** The same with what Wireshark numbers besides packets. */
  readonly framesAt: readonly number[]
}

const FIRST_SECTION: readonly Block[] = [
  sectionHeader({ options: [{ code: 4, value: 'a writer' }] }),
  interfaceDescription({ name: 'eth0', timestampResolution: 9, options: [{ code: 12, value: 'an os' }] }),
  interfaceDescription({ linkType: 101, snapLength: 8, timestampOffset: -7200n, timestampResolution: 0x94 }),
  enhancedPacket({ bytes: text('first'), ticks: 1_700_000_000_123_456_789n }),
  nameResolution([192, 0, 2, 1], 'example.org'),
  enhancedPacket({ bytes: counting(8), originalLength: 1500, interfaceId: 1, ticks: 1n << 40n }),
  simplePacket(text('a simple packet')),
  obsoletePacket({ bytes: text('obsolete'), interfaceId: 1, ticks: 1n << 41n, options: [{ code: 1, value: 'note' }] }),
  interfaceStatistics(1, 5n, 2n),
]
const SECOND_SECTION: readonly Block[] = [
  sectionHeader(),
  interfaceDescription({ linkType: 113, options: [{ code: 13, value: Uint8Array.of(4) }] }),
  enhancedPacket({ bytes: counting(40), ticks: 99n, options: [{ code: 1, value: 'a comment' }] }),
  customBlock(32473, counting(6)),
  block(0x99, new Uint8Array(0)),
  enhancedPacket({ bytes: new Uint8Array(0) }),
]
const PACKET_TYPES = [2, 3, 6]
const CUSTOM = 0xbad

/** Two sections, the second of the other byte order, with blocks of every kind. */
export function everyKindOfBlock(first: ByteOrder): Kinds {
  const second = first === 'big' ? 'little' : 'big'
  const blocks = [
    ...FIRST_SECTION.map((one) => ({ one: pcapng([one], first), order: first })),
    ...SECOND_SECTION.map((one) => ({ one: pcapng([one], second), order: second })),
  ]
  const ends = [0]
  const packetsAt = [0]
  const framesAt = [0]
  for (const { one, order } of blocks) {
    const type = new DataView(one.buffer).getUint32(0, order === 'little')
    ends.push((ends.at(-1) as number) + one.length)
    packetsAt.push((packetsAt.at(-1) as number) + (PACKET_TYPES.includes(type) ? 1 : 0))
    framesAt.push((framesAt.at(-1) as number) + ([...PACKET_TYPES, CUSTOM].includes(type) ? 1 : 0))
  }
  return { bytes: join(...blocks.map(({ one }) => one)), ends, packetsAt, framesAt }
}
