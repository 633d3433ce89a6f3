import { readU16Le, readU32Le } from '../bytes/cursor.js'

/** RFC 8878 §3.1.1 and §3.1.2. */
const FRAME_MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50

/**
 * The most bytes of window that a frame may ask for, four times the 8 MiB that decoders should support (§3.1.1.1.2):
 * the window is memory, and a header of six bytes can ask for 3.75 TB of it.
 */
const MAX_WINDOW = 32 * 1024 * 1024
/**
 * The decompressor makes a window for each frame, and moves all of it for each block, however little that holds: 4 bytes of
 * input can cost 32 MiB. Compressors fill blocks of 128 KiB, which makes 256 bytes a byte at most, and some split these.
 * What comes on top is for streams that were flushed often: some seconds of moving.
 */
const MAX_MOVED_PER_BYTE = 1024
const MAX_MOVED = 64 * 1024 * 1024 * 1024
/** §3.1.1.2.3 */
const MAX_BLOCK_LENGTH = 128 * 1024
const RLE_BLOCK = 1
const RESERVED_BLOCK = 3

/** §3.1.1.1.1.5, of the descriptor. */
const CHECKSUM_FLAG = 4
const CHECKSUM_LENGTH = 4

type State = 'magic' | 'skippable-size' | 'descriptor' | 'header' | 'block-header' | 'content' | 'checksum'

/** Whether a zstd stream begins with this magic number: a frame, or a skippable frame in front of one. */
export function isZstdMagic(magic: number): boolean {
  return magic === FRAME_MAGIC || (magic & 0xffff_fff0) === SKIPPABLE_MAGIC
}

/** What the bytes are that `advance` passed over, with those that were unfinished before. */
export type ZstdPart =
  /** The rest of it is still to come. */
  | 'unfinished'
  /** A block, or several, and the header of its frame if it is the first. */
  | 'block'
  /** The same, or a checksum, and the end of the frame. */
  | 'end'
  /** Of a skippable frame: nothing to be decompressed. */
  | 'skippable'

/** Follows the frames of a zstd stream from block to block, so that it can be decompressed one block at a time. */
export class ZstdFrames {
  /** Bytes decompressed so far, counted by who decompresses. */
  decompressed = 0
  /** The frame that is being read ends with a checksum of its content (§3.1.1). */
  hasChecksum = false
  /** Set by `advance`. */
  part: ZstdPart = 'unfinished'
  /** The checksum of the frame that ended last; has a meaning where `hasChecksum`. */
  checksum = 0
  private state: State = 'magic'
  /** The header that is being read, of which `filled` bytes of `needed` have come. */
  private readonly header = new Uint8Array(14)
  private filled = 0
  private needed = 4
  /** Bytes of block or skippable frame still to come. */
  private content = 0
  /** What follows it: another block, the end of a frame, or that of a skippable one. */
  private next: 'block' | 'end' | 'frame' = 'frame'
  private window = 0
  /** Bytes of windows made and moved. */
  private moved = 0

  /**
   * The index in `bytes` past the block, checksum or skippable frame that begins at `at` or reaches into `bytes` there;
   * `bytes.length` where that goes on. Throws where the stream is no zstd or asks for too much memory.
   */
  advance(bytes: Uint8Array, at: number): number {
    this.part = 'unfinished'
    while (at < bytes.length) {
      if (this.state === 'content') {
        const take = Math.min(this.content, bytes.length - at)
        this.content -= take
        if (this.next === 'frame') this.part = 'skippable'
        else if (this.content === 0) this.part = 'block'
        if (this.content === 0) this.afterContent()
        return at + take
      }
      this.header[this.filled++] = bytes[at++] as number
      if (this.filled === this.needed) this.afterHeader()
      if (this.part !== 'unfinished') return at
    }
    return at
  }

  /** Nothing has begun that is not finished. */
  get isFinished(): boolean {
    return this.state === 'magic' && this.filled === 0
  }

  private afterHeader(): void {
    const { header } = this
    if (this.state === 'magic') {
      const magic = readU32Le(header, 0)
      if (!isZstdMagic(magic)) throw new Error(`0x${magic.toString(16).padStart(8, '0')} is not a magic number of zstd`)
      if (magic === FRAME_MAGIC) this.expect('descriptor', 1)
      else this.expect('skippable-size', 4)
    } else if (this.state === 'skippable-size') this.pass(readU32Le(header, 0), 'frame')
    else if (this.state === 'descriptor') {
      this.state = 'header'
      this.needed = 1 + headerLength(header[0] as number)
    } else if (this.state === 'header') {
      this.window = windowOf(header)
      this.moveWindow()
      this.hasChecksum = ((header[0] as number) & CHECKSUM_FLAG) !== 0
      this.expect('block-header', 3)
    } else if (this.state === 'checksum') {
      this.checksum = readU32Le(header, 0)
      this.endFrame()
    } else this.startBlock(readU16Le(header, 0) | ((header[2] as number) << 16))
  }

  /** §3.1.1.2 */
  private startBlock(header: number): void {
    const type = (header >> 1) & 3
    const length = header >> 3
    if (type === RESERVED_BLOCK) throw new Error('a block is of the reserved type 3')
    if (length > MAX_BLOCK_LENGTH) throw new Error(`block length ${length} is more than ${MAX_BLOCK_LENGTH}`)
    this.moveWindow()
    this.pass(type === RLE_BLOCK ? 1 : length, (header & 1) === 1 ? 'end' : 'block')
  }

  private moveWindow(): void {
    this.moved += this.window
    if (this.moved > MAX_MOVED + this.decompressed * MAX_MOVED_PER_BYTE)
      throw new Error(
        `its blocks are too small for a window of ${this.window} bytes: decompress it first, as in \`zstd -dc FILE | pqcap -\``,
      )
  }

  private pass(length: number, next: 'block' | 'end' | 'frame'): void {
    this.state = 'content'
    this.content = length
    this.next = next
    if (length === 0) this.afterContent()
  }

  private afterContent(): void {
    if (this.next === 'block') this.expect('block-header', 3)
    else if (this.next === 'frame') {
      this.part = 'skippable'
      this.expect('magic', 4)
    } else if (this.hasChecksum) this.expect('checksum', CHECKSUM_LENGTH)
    else this.endFrame()
  }

  private endFrame(): void {
    this.part = 'end'
    this.expect('magic', 4)
  }

  private expect(state: State, needed: number): void {
    this.state = state
    this.filled = 0
    this.needed = needed
  }
}

/** §3.1.1.1.1: bytes of the frame header behind its descriptor: window, dictionary identifier, content size. */
function headerLength(descriptor: number): number {
  const singleSegment = (descriptor >> 5) & 1
  const contentSizeFlag = descriptor >> 6
  const contentSizeLength = contentSizeFlag === 0 ? singleSegment : 1 << contentSizeFlag
  return 1 - singleSegment + dictionaryLength(descriptor) + contentSizeLength
}

function dictionaryLength(descriptor: number): number {
  return [0, 1, 2, 4][descriptor & 3] as number
}

/** §3.1.1.1.2: a frame of a single segment has no window of its own and needs all of its content. */
function windowOf(header: Uint8Array): number {
  const descriptor = header[0] as number
  const window = (descriptor & 0x20) === 0 ? windowSize(header[1] as number) : contentSize(header, descriptor)
  if (window > MAX_WINDOW)
    throw new Error(
      `its window of ${window} bytes is more than ${MAX_WINDOW}: decompress it first, as in \`zstd -dc --long=31 FILE | pqcap -\``,
    )
  return window
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** §3.1.1.1.4 */
function contentSize(header: Uint8Array, descriptor: number): number {
  const at = 1 + dictionaryLength(descriptor)
  const flag = descriptor >> 6
  if (flag === 0) return header[at] as number
  if (flag === 1) return readU16Le(header, at) + 256
  return readU32Le(header, at) + (flag === 2 ? 0 : readU32Le(header, at + 4) * 2 ** 32)
}
