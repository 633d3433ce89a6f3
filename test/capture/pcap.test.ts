import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { big, counting, join } from '../support/bytes.js'
import { inChunks, readCapture, text, texts, times } from '../support/capture-reading.js'
import { type PcapOptions, pcap } from '../support/captures.js'

const TIME = 1_700_000_000_123_456_789n
const PACKETS = ['one', '', 'three', 'the fourth'].map((value, i) => ({ bytes: text(value), time: TIME + BigInt(i) }))
const RECORD_HEADER = 16
const FILE_HEADER = 24

function withLinkType(word: number): Uint8Array {
  const wire = join(counting(60), [0xaa, 0xbb, 0xcc, 0xdd])
  return pcap([wire, { bytes: wire.subarray(0, 62), originalLength: 64 }, wire.subarray(0, 40)], { linkType: word })
}

describe('PcapReader', () => {
  it('reads the same packets in both byte orders', async () => {
    const little = await readCapture(pcap(PACKETS, { byteOrder: 'little' }))
    expect(await readCapture(pcap(PACKETS, { byteOrder: 'big' }))).toEqual(little)
    expect(texts(little)).toEqual(['one', '', 'three', 'the fourth'])
    expect(little).toMatchObject({ format: 'pcap', compression: null, linkTypes: [1], error: null })
    expect(little.packets[2]).toEqual({
      bytes: text('three'),
      originalLength: 5,
      frame: 3,
      linkType: 1,
      seconds: 1_700_000_000,
      fraction: 123_456,
      unitsPerSecond: 1_000_000,
      offset: FILE_HEADER + 3 * RECORD_HEADER + 3,
    })
  })

  it('reads micro- and nanoseconds', async () => {
    const microseconds = await readCapture(pcap(PACKETS))
    const nanoseconds = await readCapture(pcap(PACKETS, { nanoseconds: true, byteOrder: 'big' }))
    expect(times(microseconds)[1]).toBe(1_700_000_000_123_456_000n)
    expect(times(nanoseconds)[1]).toBe(TIME + 1n)
  })

  it('reads times after 2038', async () => {
    expect(times(await readCapture(pcap([{ bytes: text('late'), time: 4_294_967_295_000_000_000n }])))).toEqual([
      4_294_967_295_000_000_000n,
    ])
  })

  it('reads the lengths of a packet that the snap length cut', async () => {
    const { packets } = await readCapture(pcap([counting(100)], { snapLength: 20 }))
    expect(packets[0]).toMatchObject({ bytes: counting(20), originalLength: 100 })
  })

  const versions: readonly (readonly [string, PcapOptions])[] = [
    ['2.4', { version: [2, 4] }],
    ['2.3', { version: [2, 3] }],
    ['2.3 with its lengths swapped', { version: [2, 3], swappedLengths: true }],
    ['2.2, whose lengths are always swapped', { version: [2, 2], swappedLengths: true }],
    ['543.0 of DG/UX', { version: [543, 0], swappedLengths: true }],
    ["Kuznetzov's modified format", { modified: true }],
  ]
  it.each(versions)('reads version %s', async (_, options) => {
    for (const byteOrder of ['little', 'big'] as const) {
      const bytes = pcap([counting(60), { bytes: counting(20), originalLength: 90 }], { ...options, byteOrder })
      const { packets, error } = await readCapture(bytes)
      expect(error).toBeNull()
      expect(packets.map((packet) => [packet.bytes.length, packet.originalLength])).toEqual([
        [60, 60],
        [20, 90],
      ])
      expect(packets[1]?.bytes).toEqual(counting(20))
    }
  })

  it('says which version it does not read', async () => {
    expect((await readCapture(pcap(PACKETS, { version: [3, 1] }))).error).toEqual({
      code: 'unsupported',
      message: 'pcap version 3.1 at offset 4 is not 2.0 to 2.4',
      offset: 4,
    })
  })

  it('leaves the frame check sequence out of packets where the link-type word tells its length', async () => {
    const { packets, linkTypes } = await readCapture(withLinkType(0x2400_0001))
    expect(linkTypes).toEqual([1])
    expect(packets.map((packet) => [packet.bytes.length, packet.originalLength])).toEqual([
      [60, 60],
      [60, 60],
      [36, 36],
    ])
  })

  it('leaves packets whole where the FCS bits are not said to count', async () => {
    const { packets, linkTypes } = await readCapture(withLinkType(0x2000_0001))
    expect(linkTypes).toEqual([1])
    expect(packets.map((packet) => packet.bytes.length)).toEqual([64, 62, 40])
  })

  it('does not cut a packet to less than nothing for its FCS', async () => {
    const { packets } = await readCapture(pcap([text('abc'), text('')], { linkType: 0xf400_0001 }))
    expect(packets.map((packet) => [packet.bytes.length, packet.originalLength])).toEqual([
      [3, 3],
      [0, 0],
    ])
  })

  it('takes a capture of a header only as an empty one', async () => {
    expect(await readCapture(pcap([]))).toMatchObject({ packets: [], format: 'pcap', linkTypes: [1], error: null })
  })

  it('gives every packet before a cut, and says where and how much is missing', async () => {
    const bytes = pcap(PACKETS)
    const ends = [24, 43, 59, 80, 106]
    for (let length = FILE_HEADER; length <= bytes.length; length++) {
      const { packets, error } = await readCapture(bytes.subarray(0, length))
      const whole = ends.filter((end) => end <= length).length - 1
      expect(packets.length).toBe(whole)
      const start = ends[whole] as number
      if (length === start) expect(error).toBeNull()
      else {
        const have = length - start
        const need = have < RECORD_HEADER ? RECORD_HEADER : (ends[whole + 1] as number) - start
        expect(error).toEqual({
          code: 'cut',
          message: `the capture is cut at offset ${length}: packet ${whole + 1} begins at ${start} and needs ${need} bytes, ${have} are left`,
          offset: start,
        })
      }
    }
  })

  it.each<[string, PcapOptions]>([
    ['2.4', {}],
    ['2.3, which has its lengths either way round', { version: [2, 3], swappedLengths: true }],
    ['2.2, which has its lengths the other way round', { version: [2, 2], swappedLengths: true }],
  ])('says of a packet that the snap length cut how much of it is missing: version %s', async (_, options) => {
    const bytes = pcap([text('a packet that was longer')], { ...options, snapLength: 10 })
    const { packets, error } = await readCapture(bytes.subarray(0, bytes.length - 1))
    expect(packets).toEqual([])
    expect(error?.message).toContain('packet 1 begins at 24 and needs 26 bytes, 25 are left')
  })

  it('says so where the file header is cut', async () => {
    const bytes = pcap(PACKETS)
    for (let length = 4; length < FILE_HEADER; length++) {
      expect((await readCapture(bytes.subarray(0, length))).error).toEqual({
        code: 'cut',
        message: `the capture is cut at offset ${length}: the file header needs 24 bytes, ${length} are left`,
        offset: 0,
      })
    }
  })

  it('stops at a captured length that no packet has, with both numbers', async () => {
    const bytes = pcap(PACKETS, { byteOrder: 'big' })
    bytes.set(big(262_145, 4), 43 + 8)
    const { packets, error } = await readCapture(bytes)
    expect(packets.length).toBe(1)
    expect(error).toEqual({
      code: 'corrupt',
      message: 'captured length 262145 of packet 2 at offset 43 is more than the 262144 that a packet can have',
      offset: 43,
    })
  })

  it('tells of zeros where packets should be, as after a crash or on a full disk', async () => {
    const bytes = pcap(PACKETS)
    const said = (count: number) => ({
      code: 'corrupt',
      message: `${count} packet headers in a row, from offset ${bytes.length} on, are all zeros: nothing was written there`,
      offset: bytes.length,
    })
    for (const [length, count] of [
      [32, 2],
      [4096, 256],
      [4100, 256],
    ] as const) {
      const { packets, error } = await readCapture(join(bytes, new Uint8Array(length)))
      expect(packets.slice(0, PACKETS.length)).toEqual((await readCapture(bytes)).packets)
      expect(error).toEqual(said(count))
    }
    // What is behind them is damaged too, but they came first.
    const { error } = await readCapture(join(bytes, new Uint8Array(48), new Uint8Array(48).fill(255)))
    expect(error).toEqual(said(3))
  })

  it('reads a packet of no bytes and no time, and any number with a time', async () => {
    const empty = { bytes: new Uint8Array(0), time: 5_000_000_000n }
    const { packets, error } = await readCapture(pcap([empty, empty, empty, { ...empty, time: 0n }, empty]))
    expect([packets.length, error]).toEqual([5, null])
  })

  it.each(['little', 'big'] as const)('tells of another file behind the last packet, %s endian', async (byteOrder) => {
    const bytes = pcap(PACKETS)
    const { packets, error } = await readCapture(join(bytes, pcap(PACKETS, { byteOrder })))
    expect(packets).toEqual((await readCapture(bytes)).packets)
    expect(error).toEqual({
      code: 'corrupt',
      message: `another pcap file begins at offset ${bytes.length}, after packet ${PACKETS.length}: mergecap joins captures, cat does not`,
      offset: bytes.length,
    })
  })

  it('believes longer packets where the snap length says so, up to 16 MiB', async () => {
    const long = counting(300_000)
    expect((await readCapture(pcap([long], { snapLength: 400_000 }))).packets[0]?.bytes.length).toBe(300_000)
    const hostile = pcap([text('one')], { snapLength: 0xffff_ffff, byteOrder: 'big' })
    hostile.set(big(16 * 1024 * 1024 + 1, 4), FILE_HEADER + 8)
    expect((await readCapture(hostile)).error?.message).toContain('is more than the 16777216')
  })

  it('reads packets of more bytes on the wire than the capture could hold', async () => {
    const { packets, error } = await readCapture(pcap([{ bytes: text('a'), originalLength: 0xffff_ffff }]))
    expect(error).toBeNull()
    expect(packets[0]?.originalLength).toBe(0xffff_ffff)
  })

  it.each([1, 7, 4096])('gives the same packets from chunks of %i bytes', async (size) => {
    const bytes = pcap([...PACKETS, counting(5000), counting(3)])
    expect(await readCapture(inChunks(bytes, size))).toEqual(await readCapture(bytes))
  })

  it('reads any bytes behind the header without throwing, and gives the same in chunks', async () => {
    const header = pcap([])
    const property = fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 1, max: 40 }),
      async (bytes, size) => {
        const capture = join(header, bytes)
        expect(await readCapture(inChunks(capture, size))).toEqual(await readCapture(capture))
      },
    )
    await fc.assert(property)
  })
})
