import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ZstdFrames } from '../../src/capture/zstd-frames.js'
import { big, counting, join, little } from '../support/bytes.js'
import { PACKETS_FRAME, rawBlock, runLengthBlock, SECOND_FRAME, skippableFrame, zstdFrame } from '../support/zstd.js'

const MEBIBYTE = 1024 * 1024

/** The indexes where `advance` stops, given the bytes in pieces of a size. */
function stops(bytes: Uint8Array, size = bytes.length): number[] {
  const frames = new ZstdFrames()
  const found: number[] = []
  for (let start = 0; start < bytes.length; start += size) {
    const piece = bytes.subarray(start, start + size)
    for (let at = 0; at < piece.length; ) {
      at = frames.advance(piece, at)
      found.push(start + at)
    }
  }
  return found
}

/** A frame header of a single segment with this content size, and one empty block. */
function singleSegment(flag: number, contentSize: Uint8Array, dictionary: Uint8Array = new Uint8Array(0)): Uint8Array {
  const dictionaryFlag = [0, 1, 2, 0, 3][dictionary.length] as number
  return join(little(0xfd2fb528, 4), [(flag << 6) | 0x20 | dictionaryFlag], dictionary, contentSize, [1, 0, 0])
}

describe('ZstdFrames', () => {
  it('stops behind each block and each skippable frame', () => {
    const frame = zstdFrame(0, [rawBlock(counting(5)), runLengthBlock(7, 100), rawBlock(counting(2))])
    const bytes = join(frame, skippableFrame(counting(9), 15), frame)
    expect(stops(bytes)).toEqual([14, 18, 23, 40, 54, 58, 63])
  })

  it('stops before and behind a checksum, and gives it', () => {
    const bytes = join(PACKETS_FRAME, SECOND_FRAME)
    expect(stops(bytes).slice(-2)).toEqual([bytes.length - 4, bytes.length])
    const frames = new ZstdFrames()
    let at = 0
    while (frames.part !== 'end') at = frames.advance(bytes, at)
    expect(at).toBe(PACKETS_FRAME.length)
    expect(frames.hasChecksum).toBe(true)
    expect(frames.checksum).toBe(new DataView(bytes.buffer).getUint32(at - 4, true))
  })

  it('tells the end of a frame, with a checksum or without, from that of a block and of a skippable frame', () => {
    const frames = new ZstdFrames()
    const empty = zstdFrame(0, [rawBlock(new Uint8Array(0))])
    const bytes = join(skippableFrame(counting(9)), empty, zstdFrame(0, [rawBlock(counting(5)), rawBlock(counting(2))]))
    const ends: [number, string][] = []
    for (let at = 0; at < bytes.length; ) {
      at = frames.advance(bytes, at)
      ends.push([at, frames.part])
    }
    expect(ends).toEqual([
      [17, 'skippable'],
      [26, 'end'],
      [40, 'block'],
      [45, 'end'],
    ])
    expect(frames.hasChecksum).toBe(false)
  })

  it('finds the same ends however the stream is split', () => {
    const bytes = join(skippableFrame(counting(3)), PACKETS_FRAME, SECOND_FRAME, skippableFrame(new Uint8Array(0)))
    const whole = stops(bytes)
    for (const size of [1, 2, 3, 7, 50]) expect(stops(bytes, size)).toEqual(expect.arrayContaining(whole))
  })

  it('takes the content size, in all its forms, for the window of a single segment', () => {
    const most = 32 * MEBIBYTE
    expect(stops(singleSegment(0, little(255, 1)))).toHaveLength(1)
    expect(stops(singleSegment(1, little(0xffff, 2), little(1, 1)))).toHaveLength(1)
    expect(stops(singleSegment(2, little(most, 4), little(1, 2)))).toHaveLength(1)
    expect(stops(singleSegment(3, little(most, 8), little(1, 4)))).toHaveLength(1)
    for (const bytes of [
      singleSegment(2, little(most + 1, 4), little(1, 4)),
      singleSegment(3, little(most + 1, 8), little(1, 2)),
      singleSegment(3, little(1n << 32n, 8)),
    ])
      expect(() => stops(bytes)).toThrow('is more than 33554432: decompress it first')
  })

  it('refuses a window that would take too much memory, and says how to read the file then', () => {
    const most = (25 - 10) << 3
    expect(() => stops(zstdFrame(most, []))).not.toThrow()
    expect(() => stops(zstdFrame(most | 1, []))).toThrow('its window of 37748736 bytes is more than 33554432')
    expect(() => stops(zstdFrame(255, []))).toThrow('its window of 4123168604160 bytes is more than 33554432')
  })

  it('refuses what is no frame, and blocks that cannot be', () => {
    expect(() => stops(big(0x01020304, 4))).toThrow('0x04030201 is not a magic number of zstd')
    expect(() => stops(join(SECOND_FRAME, counting(4)))).toThrow('is not a magic number of zstd')
    expect(() => stops(zstdFrame(0, [{ type: 3, length: 1, content: counting(1) }]))).toThrow('the reserved type 3')
    expect(() => stops(zstdFrame(0, [runLengthBlock(0, 131_073)]))).toThrow('block length 131073 is more than 131072')
    expect(stops(zstdFrame(0, [runLengthBlock(0, 131_072)]))).toEqual([10])
  })

  it('moves on or throws, on any bytes', () => {
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      const frames = new ZstdFrames()
      const stream = join(little(0xfd2fb528, 4), bytes)
      try {
        for (let at = 0; at < stream.length; ) {
          const next = frames.advance(stream, at)
          expect(next).toBeGreaterThan(at)
          at = next
        }
      } catch (error) {
        expect((error as Error).message).toMatch(/is not a magic number|is more than|reserved/)
      }
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('gives up where a large window would be moved for next to nothing', () => {
    const blocks = Array.from({ length: 3000 }, () => rawBlock(counting(1)))
    const [large, small] = [0x78, 0x40].map((window) => zstdFrame(window, blocks)) as [Uint8Array, Uint8Array]
    expect(() => stops(large)).toThrow('its blocks are too small for a window of 33554432 bytes')
    expect(stops(small)).toHaveLength(3000)
    const emptyFrames = join(...Array.from({ length: 1100 }, () => zstdFrame(0x78, [rawBlock(counting(0))])))
    expect(() => stops(emptyFrames)).toThrow('its blocks are too small')
  })

  it('reads on where the blocks hold enough', () => {
    const frames = new ZstdFrames()
    const frame = zstdFrame(
      0x78,
      Array.from({ length: 3000 }, () => runLengthBlock(0, 1 << 17)),
    )
    for (let at = 0; at < frame.length; ) {
      at = frames.advance(frame, at)
      frames.decompressed += 1 << 17
    }
    expect(frames.decompressed).toBe(3000 * (1 << 17))
  })
})
