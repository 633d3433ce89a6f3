import { NO_BYTES } from '../bytes/plain.js'
import { hex } from '../bytes/text.js'
import { timeLimit } from './time-limit.js'
import { Window } from './window.js'
import { ZstdFrames } from './zstd-frames.js'

/**
 * A few bytes of zstd can ask for hours: the decompressor makes all matches that a block claims, 98,047 of 65,539 bytes
 * each, before it sees that no block has room for them. What takes more of the processor's time than this is ended, with
 * what is usual for the output fifty times over, in milliseconds.
 */
const MAX_STALL_MS = 2000
const LEAST_BYTES_PER_MS = 1000

/** Decompressed bytes made between two looks at the time, and held: a look takes about 0.1 ms. */
const BATCH_LENGTH = 1024 * 1024
/** Blocks that wait to be decompressed. */
const MAX_WAITING = 64

const TOO_LONG = 'its blocks take longer than any that a compressor makes: try `zstd -dc FILE | pqcap -`'

/** Nothing is known to be wrong with the stream. */
export class HeldUp extends Error {
  override readonly name = 'HeldUp'
}

/** Whole blocks of one frame, or its checksum: what is given to the decompressor at a time. */
interface Part {
  readonly bytes: Uint8Array
  readonly isLast: boolean
  /** The frame ends with a checksum of its content. */
  readonly hasChecksum: boolean
  /** That checksum; has a meaning where the part is the last. */
  readonly checksum: number
}

/**
 * The decompressed chunks of pieces of a zstd stream; returns what stopped it, null at a clean end. It is decompressed a
 * block at a time, so that memory is that of the window. Node's own zstd (from 22.15) is three times as fast on dense
 * data, but of several frames, which parallel compressors write, it reads the first and is silent on the others.
 */
export async function* decompressZstd(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, Error | null> {
  const content = await openContent()
  const parts = new Parts()
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      at = parts.take(piece, at)
      while (parts.waiting.length > 0 && content.failure === null) {
        content.decompress(parts.waiting)
        parts.frames.decompressed = content.length
        yield* content.output.splice(0)
      }
      if (content.failure !== null || parts.failure !== null) return content.failure ?? parts.failure
    }
  }
  content.end(parts.unfinished())
  yield* content.output.splice(0)
  return content.failure ?? (parts.frames.isFinished ? null : new Error('unexpected EOF'))
}

/** Cuts pieces of a stream into its parts, however they were cut before. */
class Parts {
  readonly frames = new ZstdFrames()
  readonly waiting: Part[] = []
  /** What is wrong behind the parts that wait. */
  failure: Error | null = null
  /** The beginning of a part of which the rest is still to come. */
  private readonly held = new Window()

  /** Takes from a piece as much as may wait. Returns the index behind it. */
  take(piece: Uint8Array, from: number): number {
    const { frames, held, waiting } = this
    let at = from
    try {
      while (at < piece.length && waiting.length < MAX_WAITING) {
        const start = at
        at = frames.advance(piece, at)
        held.append(piece.subarray(start, at))
        if (frames.part !== 'unfinished') this.takePart()
      }
    } catch (error) {
      this.failure = error as Error
    }
    return at
  }

  unfinished(): Uint8Array {
    const { bytes, start, end } = this.held
    return bytes.subarray(start, end)
  }

  private takePart(): void {
    const { part, hasChecksum, checksum } = this.frames
    const bytes = this.unfinished()
    if (part !== 'skippable') this.waiting.push({ bytes, isLast: part === 'end', hasChecksum, checksum })
    this.held.consume(bytes.length)
  }
}

/** What is in the frames of a stream. */
interface Content {
  /** What was decompressed and not taken yet, and the length of all so far. */
  readonly output: Uint8Array[]
  readonly length: number
  readonly failure: Error | null
  /** Decompresses the first of some parts, and takes them from the list. */
  decompress(parts: Part[]): void
  /** The stream ends, with the beginning of a part if it was cut. */
  end(rest: Uint8Array): void
}

async function openContent(): Promise<Content> {
  const [{ Decompress }, { default: xxhash }, limited] = await Promise.all([
    import('fzstd'),
    import('xxhash-wasm'),
    timeLimit(),
  ])
  const { create64 } = await xxhash()
  const output: Uint8Array[] = []
  let length = 0
  let failure: Error | null = null
  let spent = 0
  let hash: ReturnType<typeof create64> | null = null

  // One for each frame: it keeps back what follows a frame until there is more of it.
  const beginFrame = () =>
    new Decompress((chunk) => {
      length += chunk.length
      if (chunk.length === 0) return
      output.push(chunk)
      hash?.update(chunk)
    })
  let frame = beginFrame()

  const push = ({ bytes, isLast, hasChecksum, checksum }: Part): void => {
    if (hasChecksum) hash ??= create64()
    frame.push(bytes)
    if (!isLast) return
    frame.push(NO_BYTES, true)
    if (hash !== null) checkContent(checksum, hash.digest())
    hash = null
    frame = beginFrame()
  }
  const attempt = (step: () => void): void => {
    try {
      const taken = limited(step, MAX_STALL_MS + length / LEAST_BYTES_PER_MS - spent)
      if (typeof taken === 'number') spent += taken
      else failure = taken === 'held-up' ? new HeldUp() : new Error(TOO_LONG)
    } catch (error) {
      failure = error as Error
    }
  }
  return {
    output,
    get length() {
      return length
    },
    get failure() {
      return failure
    },
    decompress: (parts) =>
      attempt(() => {
        const enough = length + BATCH_LENGTH
        while (parts.length > 0 && length < enough) push(parts.shift() as Part)
      }),
    end: (rest) =>
      attempt(() => {
        frame.push(rest)
        frame.push(NO_BYTES, true)
      }),
  }
}

/** RFC 8878 §3.1.1: the checksum of a frame is the low 32 bits of the XXH64 of its content. */
function checkContent(checksum: number, hash: bigint): void {
  const found = Number(hash & 0xffff_ffffn)
  if (found !== checksum)
    throw new Error(
      `the checksum of a frame is ${hex(checksum, 8)}, but its content has ${hex(found, 8)}: what was read of it may be wrong`,
    )
}
