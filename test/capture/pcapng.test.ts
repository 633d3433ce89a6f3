import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { big, counting, join, little } from '../support/bytes.js'
import { inChunks, type Reading, readCapture, text, texts, times } from '../support/capture-reading.js'
import {
  type Block,
  block,
  customBlock,
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  nameResolution,
  obsoletePacket,
  pcapng,
  sectionHeader,
  simplePacket,
  simplePcapng,
} from '../support/captures.js'
import { everyKindOfBlock } from '../support/pcapng-kinds.js'

const TIME = 1_700_000_000_123_456n
const SECTION_HEADER_LENGTH = 28

function lengths({ packets }: Reading): number[][] {
  return packets.map(({ bytes, originalLength }) => [bytes.length, originalLength])
}

async function errorOf(bytes: Uint8Array): Promise<string | undefined> {
  return (await readCapture(bytes)).error?.message
}

/** A section with one interface and these blocks. */
function section(...blocks: readonly Block[]): Uint8Array {
  return pcapng([sectionHeader(), interfaceDescription(), ...blocks])
}

/** A block whose two lengths are what they should not be. */
function withLengths(type: number, body: Uint8Array, atStart: number, atEnd = atStart): Block {
  return (write) => join(write(type, 4), write(atStart, 4), body, write(atEnd, 4))
}

describe('PcapngReader', () => {
  it('reads the same packets in both byte orders', async () => {
    const packets = ['one', '', 'three'].map((value, i) => ({ bytes: text(value), time: BigInt(i) * 1000n }))
    const reading = await readCapture(simplePcapng(packets, { byteOrder: 'little', linkType: 101 }))
    expect(await readCapture(simplePcapng(packets, { byteOrder: 'big', linkType: 101 }))).toEqual(reading)
    expect(texts(reading)).toEqual(['one', '', 'three'])
    expect(reading).toMatchObject({ format: 'pcapng', linkTypes: [101], error: null })
    expect(reading.packets[2]).toEqual({
      bytes: text('three'),
      originalLength: 5,
      frame: 3,
      linkType: 101,
      seconds: 0,
      fraction: 2,
      unitsPerSecond: 1_000_000,
      offset: SECTION_HEADER_LENGTH + 20 + 36 + 32 + 28,
    })
  })

  it('reads enhanced, simple and obsolete packets, in both byte orders', async () => {
    const blocks = [
      sectionHeader(),
      interfaceDescription(),
      enhancedPacket({ bytes: text('enhanced'), ticks: TIME, originalLength: 80 }),
      simplePacket(text('simple')),
      obsoletePacket({ bytes: text('obsolete'), ticks: TIME + 1n, originalLength: 81 }),
    ]
    const reading = await readCapture(pcapng(blocks))
    expect(texts(reading)).toEqual(['enhanced', 'simple', 'obsolete'])
    expect(times(reading)).toEqual([TIME * 1000n, 0n, (TIME + 1n) * 1000n])
    expect(reading.packets.map((packet) => packet.originalLength)).toEqual([80, 6, 81])
    expect(await readCapture(pcapng(blocks, 'big'))).toEqual(reading)
  })

  it('takes from a simple packet what the snap length of the first interface left', async () => {
    const interfaces = [interfaceDescription({ snapLength: 10 }), interfaceDescription({ snapLength: 20 })]
    const packets = [simplePacket(counting(10), 100), simplePacket(counting(7))]
    expect(lengths(await readCapture(pcapng([sectionHeader(), ...interfaces, ...packets])))).toEqual([
      [10, 100],
      [7, 7],
    ])
    expect(lengths(await readCapture(section(simplePacket(counting(16), 100))))).toEqual([[16, 100]])
  })

  const resolutions: readonly (readonly [string, number | undefined, bigint, bigint])[] = [
    ['none, which is microseconds', undefined, 1_500_000n, 1_500_000_000n],
    ['10^0', 0, 3n, 3_000_000_000n],
    ['10^-3', 3, 1_500n, 1_500_000_000n],
    ['10^-9', 9, 1_700_000_000_123_456_789n, 1_700_000_000_123_456_789n],
    ['10^-12', 12, 1_234_567_890_123n, 1_234_567_890n],
    ['2^0', 0x80, 3n, 3_000_000_000n],
    ['2^-10', 0x8a, 1024n + 512n, 1_500_000_000n],
    ['2^-32', 0xa0, (7n << 32n) | (1n << 31n), 7_500_000_000n],
    ['2^-63', 0xbf, (1n << 63n) | (1n << 62n), 1_500_000_000n],
  ]
  it.each(resolutions)('counts time in a resolution of %s', async (_, resolution, ticks, nanoseconds) => {
    const description = interfaceDescription(resolution === undefined ? {} : { timestampResolution: resolution })
    for (const byteOrder of ['little', 'big'] as const) {
      const packets = [enhancedPacket({ bytes: text('x'), ticks }), obsoletePacket({ bytes: text('x'), ticks })]
      const bytes = pcapng([sectionHeader(), description, ...packets], byteOrder)
      expect(times(await readCapture(bytes))).toEqual([nanoseconds, nanoseconds])
    }
  })

  it('adds the offset of the interface to the time, also a negative one, but not where there is no time', async () => {
    for (const offset of [3600n, -3600n]) {
      const bytes = pcapng([
        sectionHeader(),
        interfaceDescription({ timestampOffset: offset }),
        enhancedPacket({ bytes: text('x'), ticks: TIME }),
        simplePacket(text('y')),
      ])
      expect(times(await readCapture(bytes))).toEqual([TIME * 1000n + offset * 1_000_000_000n, 0n])
    }
  })

  it('leaves out the frame check sequence that if_fcslen tells', async () => {
    const fcs = interfaceDescription({ options: [{ code: 13, value: Uint8Array.of(4) }] })
    const bytes = pcapng([
      sectionHeader(),
      fcs,
      enhancedPacket({ bytes: counting(64) }),
      enhancedPacket({ bytes: counting(62), originalLength: 64 }),
      enhancedPacket({ bytes: counting(20), originalLength: 64 }),
    ])
    expect(lengths(await readCapture(bytes))).toEqual([
      [60, 60],
      [60, 60],
      [20, 60],
    ])
  })

  it('reads each packet as its interface says', async () => {
    const bytes = pcapng([
      sectionHeader(),
      interfaceDescription({ linkType: 1 }),
      interfaceDescription({ linkType: 113, timestampResolution: 9 }),
      enhancedPacket({ bytes: text('a'), interfaceId: 1, ticks: 5_000_000_000n }),
      enhancedPacket({ bytes: text('b'), interfaceId: 0, ticks: 5_000_000n }),
      interfaceDescription({ linkType: 276 }),
      obsoletePacket({ bytes: text('c'), interfaceId: 2, ticks: 5_000_000n }),
    ])
    const reading = await readCapture(bytes)
    expect(reading.packets.map((packet) => packet.linkType)).toEqual([113, 1, 276])
    expect(reading.linkTypes).toEqual([1, 113, 276])
    expect(times(reading)).toEqual([5_000_000_000n, 5_000_000_000n, 5_000_000_000n])
  })

  it('starts each section with its own byte order and no interfaces', async () => {
    const first = pcapng([
      sectionHeader(),
      interfaceDescription({ linkType: 1 }),
      interfaceDescription({ linkType: 101 }),
      enhancedPacket({ bytes: text('first'), interfaceId: 1 }),
    ])
    const second = pcapng(
      [sectionHeader(), interfaceDescription({ linkType: 113 }), enhancedPacket({ bytes: text('second') })],
      'big',
    )
    const reading = await readCapture(join(first, second, first))
    expect(texts(reading)).toEqual(['first', 'second', 'first'])
    expect(reading.packets.map(({ linkType, frame }) => [linkType, frame])).toEqual([
      [101, 1],
      [113, 2],
      [101, 3],
    ])
    const missing = pcapng([sectionHeader(), enhancedPacket({ bytes: text('no interface') })], 'big')
    const { packets, error } = await readCapture(join(first, missing))
    expect(packets.length).toBe(1)
    expect(error?.message).toContain('interface 0 of a packet is not one of 0')
  })

  it('passes over every other block', async () => {
    const bytes = section(
      nameResolution([192, 0, 2, 1], 'example.org'),
      interfaceStatistics(0, 5n, 1n),
      decryptionSecrets('CLIENT_RANDOM 00 00\n'),
      customBlock(32473, counting(9)),
      customBlock(32473, counting(9), false),
      block(0x8000_0001, counting(5)),
      block(0x7fff_ffff, new Uint8Array(0)),
      enhancedPacket({ bytes: text('packet') }),
    )
    const reading = await readCapture(bytes)
    expect(texts(reading)).toEqual(['packet'])
    expect(reading.error).toBeNull()
    expect(reading.bytes).toBe(bytes.length)
  })

  it('numbers packets as Wireshark does, which also numbers some blocks without one', async () => {
    const [counted, between] = [(type: number) => block(type, counting(40)), enhancedPacket({ bytes: text('x') })]
    const bytes = section(
      between,
      ...[0x0bad, 0x4000_0bad, 9].map(counted),
      between,
      ...[0x204, 0x216, 0x221].map(counted),
      between,
      ...[4, 5, 7, 8, 0x0a, 0x201, 0x1234, 0x8000_0001].map(counted),
      between,
    )
    const { packets, error } = await readCapture(bytes)
    expect(packets.map(({ frame }) => frame)).toEqual([1, 5, 9, 10])
    expect(error).toBeNull()
  })

  it('passes over a block far larger than what is held of the capture', async () => {
    const size = 20 * 1024 * 1024
    const bytes = section(block(0x0a, new Uint8Array(size)), enhancedPacket({ bytes: text('behind') }))
    const reading = await readCapture(inChunks(bytes, 1024 * 1024))
    expect(texts(reading)).toEqual(['behind'])
    expect(reading.error).toBeNull()
  })

  it('reads blocks whose length leaves out the padding', async () => {
    const body = join(little(0, 4), little(0, 8), little(5, 4), little(5, 4), text('hello'), [0, 0, 0])
    const bytes = section(
      withLengths(6, body, 37),
      withLengths(0x99, counting(8), 17),
      enhancedPacket({ bytes: text('next') }),
    )
    expect(texts(await readCapture(bytes))).toEqual(['hello', 'next'])
  })

  it('ignores the options of packets and sections, and the section length', async () => {
    const bytes = pcapng([
      sectionHeader({ sectionLength: 12n, version: [1, 2], options: [{ code: 4, value: 'dumpcap' }] }),
      interfaceDescription({ name: 'eth0' }),
      enhancedPacket({ bytes: text('packet'), options: [{ code: 1, value: 'a comment' }] }),
    ])
    expect(texts(await readCapture(bytes))).toEqual(['packet'])
  })

  it('takes a capture of only headers as an empty one', async () => {
    for (const blocks of [[sectionHeader()], [sectionHeader(), interfaceDescription()]]) {
      expect(await readCapture(pcapng(blocks))).toMatchObject({ packets: [], format: 'pcapng', error: null })
    }
  })

  it('gives every packet before a cut, and says where and how much is missing', async () => {
    const { bytes, ends, packetsAt, framesAt } = everyKindOfBlock('little')
    for (let length = 4; length <= bytes.length; length++) {
      const { packets, error } = await readCapture(bytes.subarray(0, length))
      const whole = ends.filter((end) => end <= length).length - 1
      const start = ends[whole] as number
      expect(packets.length).toBe(packetsAt[whole])
      if (length === start) expect(error).toBeNull()
      else {
        const have = length - start
        const need = have < 12 ? 12 : (ends[whole + 1] as number) - start
        expect(error).toEqual({
          code: 'cut',
          message: `the capture is cut at offset ${length}: the block at ${start}, after frame ${framesAt[whole]}, needs ${need} bytes, ${have} are left`,
          offset: start,
        })
      }
    }
  })

  it.each([1, 7, 4096])('gives the same packets from chunks of %i bytes', async (size) => {
    const { bytes } = everyKindOfBlock('big')
    const reading = await readCapture(bytes)
    expect(reading.packets.length).toBeGreaterThan(5)
    expect(await readCapture(inChunks(bytes, size))).toEqual(reading)
  })

  const BODY = join(little(0, 4), little(0, 8), little(4, 4), little(4, 4), text('abcd'))
  const damages: readonly (readonly [string, Block, string])[] = [
    ['a block shorter than its frame', withLengths(6, BODY, 11), 'block length 11 is less than 12'],
    ['a block of length 0', withLengths(0x99, BODY, 0), 'block length 0 is less than 12'],
    ['lengths that differ', withLengths(6, BODY, 36, 40), 'block length 36 at the start of the block at offset 84'],
    ['lengths that differ around a passed block', withLengths(0x99, BODY, 36, 40), 'is not the 40 at its end'],
    [
      'a length that is no multiple of 4',
      withLengths(6, BODY, 34, 36),
      'block length 34 at the start of the block at offset 84 is not a multiple of 4',
    ],
    [
      'a length that is no multiple of 4 of a passed block',
      withLengths(0x99, BODY, 35, 36),
      'block length 35 at the start of the block at offset 84 is not a multiple of 4',
    ],
    ['a packet block without room for a packet', withLengths(6, BODY.subarray(0, 16), 28), 'length 28 is less than 32'],
    ['a simple packet without its length', withLengths(3, new Uint8Array(0), 12), 'length 12 is less than 16'],
    ['a packet block longer than 16 MiB', withLengths(6, BODY, 16_777_220), '16777220 is more than 16777216'],
    ['a packet block of 2^31 bytes', withLengths(2, BODY, 0x8000_0000), '2147483648 is more than 16777216'],
    ['a packet block of 2^32 - 1 bytes', withLengths(3, BODY, 0xffff_ffff), '4294967295 is more than 16777216'],
    ['a passed block of 2^32 - 1 bytes', withLengths(0x99, BODY, 0xffff_ffff), 'needs 4294967296 bytes, 36 are left'],
    ['a short interface description', withLengths(1, little(1, 4), 16), 'description length 16 is less than 20'],
    ['a short section header', withLengths(0x0a0d0d0a, little(0x1a2b3c4d, 4), 16), 'length 16 is less than 28'],
    ['a byte-order magic that is none', block(0x0a0d0d0a, little(0x1a2b3c4e, 16)), 'byte-order magic 0x1a2b3c4e'],
    ['a version that is not read', sectionHeader({ version: [2, 3] }), 'pcapng version 2.3 is not 1.x'],
    [
      'an interface that there is not',
      enhancedPacket({ bytes: text('x'), interfaceId: 1 }),
      'interface 1 of a packet is not one of 1',
    ],
    [
      'an interface number of 32 bits',
      enhancedPacket({ bytes: text('x'), interfaceId: 0xffff_ffff }),
      'interface 4294967295 of a packet is not one of 1',
    ],
    [
      'a captured length beyond its block',
      block(6, join(little(0, 12), little(5, 4), little(5, 4), text('abcd'))),
      'captured length 5 of frame 2 is more than the 4 that its block can hold',
    ],
    [
      'a captured length beyond what a packet can have',
      obsoletePacket({ bytes: new Uint8Array(262_145) }),
      'captured length 262145 of frame 2 is more than the 262144',
    ],
  ]
  it.each(damages)('stops at %s', async (_, damage, message) => {
    const bytes = section(enhancedPacket({ bytes: text('good') }), damage)
    const { packets, error } = await readCapture(bytes)
    expect(packets.length).toBe(1)
    expect(error?.message).toContain(message)
    expect(error?.offset).toBe(84)
    expect(error?.message).toMatch(/offset \d+/)
  })

  it('believes longer packets where the snap length says so', async () => {
    const interfaces = [sectionHeader(), interfaceDescription({ snapLength: 300_000 })]
    const bytes = pcapng([...interfaces, enhancedPacket({ bytes: counting(300_000) })])
    expect(lengths(await readCapture(inChunks(bytes, 4096)))).toEqual([[300_000, 300_000]])
  })

  it('bounds the interfaces of a section', async () => {
    const one = pcapng([interfaceDescription()])
    const bytes = new Uint8Array(28 + 65_537 * 20)
    bytes.set(pcapng([sectionHeader()]))
    for (let at = 28; at < bytes.length; at += 20) bytes.set(one, at)
    expect(await errorOf(bytes)).toContain('a section has more than 65536 interfaces')
    expect(await errorOf(bytes.subarray(0, -20))).toBeUndefined()
  })

  it('never throws on damage, and gives the same in chunks', async () => {
    const { bytes } = everyKindOfBlock('big')
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    const property = fc.asyncProperty(damage, fc.integer({ min: 1, max: 64 }), async (changes, size) => {
      const damaged = bytes.slice()
      for (const [at, value] of changes) damaged[at] = value
      expect(await readCapture(inChunks(damaged, size))).toEqual(await readCapture(damaged))
    })
    await fc.assert(property)
  })

  it('gives every packet before a corrupt length, whichever it is', async () => {
    const { bytes, ends, packetsAt } = everyKindOfBlock('big')
    for (const [i, end] of ends.entries()) {
      if (i === 0) continue
      const start = ends[i - 1] as number
      for (const at of [start + 4, end - 4]) {
        for (const value of [0, 11, 13, 0x1000, 0x7fff_ffff, 0xffff_fffd, 0xffff_ffff]) {
          const damaged = bytes.slice()
          damaged.set(big(value, 4), at)
          const { packets, error } = await readCapture(damaged)
          expect(packets.length).toBe(packetsAt[i - 1])
          expect(error?.offset).toBe(start)
        }
      }
    }
  })
})
