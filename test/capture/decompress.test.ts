import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DecompressedSource } from '../../src/capture/decompress.js'
import { openSource } from '../../src/capture/source.js'
import { Window } from '../../src/capture/window.js'
import { counting, join } from '../support/bytes.js'
import { inChunks, readCapture, text, texts } from '../support/capture-reading.js'
import { pcap } from '../support/captures.js'
import { PACKETS_FRAME, rawBlock, runLengthBlock, SECOND_FRAME, skippableFrame, zstdFrame } from '../support/zstd.js'

const CAPTURE = pcap(Array.from({ length: 40 }, (_, i) => text(`packet ${i} ${i ** 7}`)))
const FILE_HEADER = 24

/** Everything that `compressed` gives, and the message of the error that ends it, if one does. */
async function decompressed(compression: 'gzip' | 'zstd', input: Uint8Array | readonly Uint8Array[]) {
  const window = new Window()
  const source = new DecompressedSource(compression, window, openSource(input as Uint8Array))
  const output = new Window()
  let error: string | null = null
  try {
    while ((await source.fill(output)) > 0);
  } catch (thrown) {
    error = (thrown as Error).message
  }
  await source.close()
  return { bytes: Uint8Array.from(output.bytes.subarray(output.start, output.end)), error }
}

/** Bytes that deflate cannot make smaller. */
function dense(length: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 24
  })
}

describe('gzip', () => {
  it('is read, and says that it was', async () => {
    const { compression, error, packets } = await readCapture(gzipSync(CAPTURE))
    expect({ compression, error, count: packets.length }).toEqual({ compression: 'gzip', error: null, count: 40 })
    expect(packets).toEqual((await readCapture(CAPTURE)).packets)
  })

  it('is read in several members, and with zeros behind the last', async () => {
    const members = inChunks(CAPTURE, 333).map((part) => gzipSync(part))
    const { bytes, error } = await decompressed('gzip', join(...members, new Uint8Array(1000)))
    expect(error).toBeNull()
    expect(bytes).toEqual(CAPTURE)
  })

  it('gives everything before what follows the last member and is none', async () => {
    const { bytes, error } = await decompressed('gzip', join(gzipSync(CAPTURE), dense(100_000)))
    expect(bytes).toEqual(CAPTURE)
    expect(error).toContain('incorrect header check')
  })

  it.each([1, 7, 4096, 100_000])('tells of what stands behind zeros, in chunks of %i bytes', async (size) => {
    for (const zeros of [1, 5000]) {
      const input = join(gzipSync(CAPTURE), new Uint8Array(zeros), gzipSync(CAPTURE))
      const { bytes, error } = await decompressed('gzip', inChunks(input, size))
      expect(bytes).toEqual(CAPTURE)
      expect(error).toContain('followed by zeros, and these by something that was not read')
    }
  })

  it.each([1, 7, 4096])('is read in chunks of %i bytes', async (size) => {
    expect(await decompressed('gzip', inChunks(gzipSync(CAPTURE), size))).toEqual({ bytes: CAPTURE, error: null })
  })

  it('gives what is there of a stream that is cut at any byte', async () => {
    const compressed = gzipSync(CAPTURE)
    let most = 0
    for (let length = 10; length < compressed.length; length++) {
      const { bytes, error } = await decompressed('gzip', compressed.subarray(0, length))
      expect(error).toMatch(
        new RegExp(
          `^the gzip stream is damaged or cut within its first ${length} compressed bytes, after \\d+ decompressed ones: unexpected end of file$`,
        ),
      )
      expect(bytes).toEqual(CAPTURE.subarray(0, bytes.length))
      expect(bytes.length).toBeGreaterThanOrEqual(most)
      most = bytes.length
    }
    expect(most).toBe(CAPTURE.length)
  })

  it('gives all packets of a stream whose check fails at its end', async () => {
    const compressed = gzipSync(CAPTURE)
    const last = compressed.length - 8
    compressed[last] = (compressed[last] as number) ^ 1
    const reading = await readCapture(compressed)
    expect(reading.packets.length).toBe(40)
    expect(reading.error).toMatchObject({ code: 'decompression', offset: CAPTURE.length })
    expect(reading.error?.message).toContain('incorrect data check')
  })

  it('gives all packets before damage in the middle', async () => {
    // Stored, so that the place of the damage is known: 5 bytes of block header before each 65,535.
    const packets = Array.from({ length: 100 }, (_, i) => join([i], dense(1200)))
    const capture = pcap(packets)
    const members = inChunks(capture, 50_000).map((part) => gzipSync(part))
    for (const chunkSize of [1000, 1_000_000]) {
      for (const broken of [1, 2]) {
        const damaged = members.map((member) => Uint8Array.from(member))
        // The type of the member's first block: 3 is none (RFC 1951 §3.2.3).
        damaged[broken]?.fill(7, 10, 11)
        const reading = await readCapture(inChunks(join(...damaged), chunkSize))
        expect(reading.packets.length).toBe(Math.floor((broken * 50_000 - FILE_HEADER) / 1217))
        expect(reading.error).toMatchObject({ code: 'decompression', offset: broken * 50_000 })
        expect(reading.error?.message).toContain('invalid block type')
      }
    }
  })

  it('loses at most a chunk of output before damage far behind the beginning', async () => {
    const part = dense(100_000)
    const members = Array.from({ length: 30 }, () => gzipSync(part))
    members[25]?.fill(7, 10, 11)
    const { bytes, error } = await decompressed('gzip', inChunks(join(...members), 64 * 1024))
    expect(error).toContain('invalid block type')
    expect(bytes.length).toBeGreaterThan(25 * part.length - 32 * 1024)
    expect(bytes.length).toBeLessThanOrEqual(25 * part.length)
  })

  it('is not read within another stream, and the message says so', async () => {
    for (const inner of [gzipSync(CAPTURE), PACKETS_FRAME]) {
      expect((await readCapture(gzipSync(inner))).error).toMatchObject({ code: 'not-a-capture' })
    }
    expect((await readCapture(gzipSync(gzipSync(CAPTURE)))).error?.message).toBe(
      'not a pcap or pcapng capture: it looks like a gzip stream within another',
    )
  })

  it('may be closed before its end', async () => {
    const compressed = gzipSync(dense(3_000_000))
    const source = new DecompressedSource('gzip', new Window(), openSource(inChunks(compressed, 1000)))
    await source.fill(new Window())
    await source.close()
    expect(source.bytesRead).toBeLessThan(compressed.length)
    expect(await source.fill(new Window())).toBe(0)
  })

  it('is decompressed no faster than it is taken', async () => {
    const compressed = gzipSync(new Uint8Array(64 * 1024 * 1024))
    const source = new DecompressedSource('gzip', new Window(), openSource(inChunks(compressed, 1024)))
    const window = new Window()
    for (let i = 0; i < 100; i++) {
      window.consume(window.available())
      expect(await source.fill(window)).toBeLessThanOrEqual(32 * 1024)
    }
    expect(source.bytesRead).toBeLessThan(8 * 1024)
    await source.close()
  })
})

describe('zstd', () => {
  it('ends a block that claims matches for hours, and gives what came before', async () => {
    // One literal, 98,047 sequences, and of each the code of the longest match.
    const content = Uint8Array.of(0x08, 0x61, 0xff, 0xff, 0xff, 0x54, 0, 0, 52, 1)
    const endless = { type: 2, length: content.length, content }
    const { bytes, error } = await decompressed('zstd', zstdFrame(0x40, [rawBlock(CAPTURE.subarray(0, 900)), endless]))
    expect(Buffer.compare(bytes, CAPTURE.subarray(0, 900))).toBe(0)
    expect(error).toContain('after 900 decompressed ones: its blocks take longer than any')
  }, 60_000)

  const FIRST = pcap(Array<Uint8Array>(4000).fill(counting(60)))

  it('is read, and says that it was', async () => {
    const { compression, error, packets } = await readCapture(PACKETS_FRAME)
    expect({ compression, error, count: packets.length }).toEqual({ compression: 'zstd', error: null, count: 4000 })
    expect(Buffer.compare((await decompressed('zstd', PACKETS_FRAME)).bytes, FIRST)).toBe(0)
  })

  it('is read in several frames, with skippable ones before, between and behind them', async () => {
    const skipped = skippableFrame(counting(50), 3)
    const reading = await readCapture(
      join(skipped, PACKETS_FRAME, skipped, SECOND_FRAME, skippableFrame(counting(0), 15)),
    )
    expect(reading.error).toBeNull()
    expect(texts(reading).slice(4000)).toEqual(Array.from({ length: 20 }, (_, i) => `packet ${i} of the second frame`))
  })

  it.each([1, 7, 4096])('is read in chunks of %i bytes', async (size) => {
    const { bytes, error } = await decompressed('zstd', inChunks(join(PACKETS_FRAME, SECOND_FRAME), size))
    expect(error).toBeNull()
    expect(Buffer.compare(bytes.subarray(0, FIRST.length), FIRST)).toBe(0)
    expect(bytes.length).toBe(FIRST.length + 890)
  })

  it('gives every whole block of a stream that is cut at any byte', async () => {
    const blocks = [rawBlock(CAPTURE.subarray(0, 100)), rawBlock(CAPTURE.subarray(100, 200)), runLengthBlock(9, 300)]
    const stream = zstdFrame(0x40, blocks)
    const ends = [109, 212]
    for (let length = 4; length < stream.length; length++) {
      const { bytes, error } = await decompressed('zstd', stream.subarray(0, length))
      expect(bytes.length).toBe(ends.filter((end) => end <= length).length * 100)
      expect(bytes).toEqual(CAPTURE.subarray(0, bytes.length))
      expect(error).toBe(
        `the zstd stream is damaged or cut within its first ${length} compressed bytes, after ${bytes.length} decompressed ones: unexpected EOF`,
      )
    }
    expect((await decompressed('zstd', stream)).error).toBeNull()
  })

  it('tells of a skippable frame that is cut', async () => {
    const whole = join(PACKETS_FRAME, skippableFrame(counting(20)))
    for (let length = PACKETS_FRAME.length + 1; length < whole.length; length++) {
      const { bytes, error } = await decompressed('zstd', whole.subarray(0, length))
      expect(bytes.length).toBe(FIRST.length)
      expect(error).toContain('unexpected EOF')
    }
  })

  it('takes no longer for being in pieces of a byte', async () => {
    // Each piece on its own costs a look at the time, of which there is little for so little output.
    const stream = zstdFrame(0x40, [rawBlock(dense(60_000)), rawBlock(dense(60_000))])
    const { bytes, error } = await decompressed('zstd', inChunks(stream, 1))
    expect(error).toBeNull()
    expect(bytes.length).toBe(120_000)
  })

  it('gives every block before damage', async () => {
    const damaged = zstdFrame(0x40, [rawBlock(CAPTURE.subarray(0, 900)), { type: 3, length: 9, content: counting(9) }])
    const { bytes, error } = await decompressed('zstd', damaged)
    expect(bytes).toEqual(CAPTURE.subarray(0, 900))
    expect(error).toContain('a block is of the reserved type 3')
    // The header of its block follows 4 bytes of magic number, the descriptor and 2 bytes of content size.
    const reading = await readCapture(join(PACKETS_FRAME, Uint8Array.from(SECOND_FRAME).fill(0xff, 7, 8)))
    expect(reading.packets.length).toBe(4000)
    expect(reading.error?.code).toBe('decompression')
  })

  it('gives an error and never throws another, on damage anywhere', async () => {
    for (let at = 4; at < PACKETS_FRAME.length; at++) {
      const damaged = Uint8Array.from(PACKETS_FRAME)
      damaged[at] = (damaged[at] as number) ^ 0x55
      const { error } = await readCapture(damaged)
      if (error !== null) expect(error.code).toMatch(/^(decompression|not-a-capture|corrupt|cut|unsupported)$/)
    }
  })

  it('gives all packets of a frame whose checksum is not that of its content, and then an error', async () => {
    const damaged = join(PACKETS_FRAME, SECOND_FRAME)
    const last = PACKETS_FRAME.length - 4
    damaged[last] = (damaged[last] as number) ^ 1
    const reading = await readCapture(damaged)
    expect(reading.packets.length).toBe(4000)
    expect(reading.error).toMatchObject({ code: 'decompression', offset: FIRST.length })
    expect(reading.error?.message).toMatch(
      /: the checksum of a frame is 0x[0-9a-f]{8}, but its content has 0x[0-9a-f]{8}: what was read of it may be wrong$/,
    )
  })

  it('does not take a literal for another in silence', async () => {
    // The literals of the first block follow 4 bytes of magic number, 6 of frame header and 6 of block and literals header.
    const first = await decompressed('zstd', PACKETS_FRAME)
    for (let at = 16; at < 40; at++) {
      const damaged = Uint8Array.from(PACKETS_FRAME)
      damaged[at] = (damaged[at] as number) ^ 1
      const { bytes, error } = await decompressed('zstd', damaged)
      expect(Buffer.compare(bytes, first.bytes)).not.toBe(0)
      expect(error).toContain('the checksum of a frame is')
    }
  })

  it('is read where its frames are too short for the decompressor to begin with', async () => {
    const tiny = Array.from({ length: 200 }, (_, i) => zstdFrame(0, [rawBlock(CAPTURE.subarray(i, i + 1))]))
    const { bytes, error } = await decompressed('zstd', join(...tiny))
    expect(error).toBeNull()
    expect(bytes).toEqual(CAPTURE.subarray(0, 200))
  })
})
