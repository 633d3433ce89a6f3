import type { Gunzip } from 'node:zlib'
import type { ByteSource } from './source.js'
import { Window } from './window.js'
import { decompressZstd, HeldUp } from './zstd.js'

/**
 * zlib gives nothing of the output that it was making when it meets damage: in the worst case what a piece of input
 * gives, or a chunk of output if that is less. Larger ones are faster (measured: 4 KiB 57 MB/s, 16 KiB 170 MB/s).
 */
const PIECE_LENGTH = 16 * 1024
const OUTPUT_CHUNK_LENGTH = 32 * 1024

/** So many bytes of compressed input are kept, so that damage in them costs no more than the byte where it shows. */
const KEPT_LENGTH = 1024 * 1024
const KEPT_PIECE_LENGTH = 4 * 1024

type Chunks = AsyncGenerator<Uint8Array, void>
/** Returns what stopped it; null at a clean end. */
type Failing = AsyncGenerator<Uint8Array, Error | null>

/** Thrown for a compressed stream that is cut or corrupt; everything before the damage has been given. */
export class DecompressionError extends Error {
  override readonly name = 'DecompressionError'
}

/** A source of the decompressed chunks that remembers how far the compressed input has been read. */
export class DecompressedSource implements ByteSource {
  readonly ended = false
  readonly totalBytes: number | null
  private readonly compressed: ByteSource
  private readonly chunks: Chunks

  /** The window holds the first bytes of the compressed input. */
  constructor(compression: 'gzip' | 'zstd', window: Window, compressed: ByteSource) {
    this.compressed = compressed
    this.totalBytes = compressed.totalBytes
    const held = new Window()
    held.append(window.bytes.slice(window.start, window.end))
    this.chunks = decompress(compression, held, compressed)
  }

  get bytesRead(): number {
    return this.compressed.bytesRead
  }

  async fill(window: Window): Promise<number> {
    const { done, value } = await this.chunks.next()
    if (done === true) return 0
    window.append(value)
    return value.length
  }

  async close(): Promise<void> {
    await this.chunks.return(undefined)
    await this.compressed.close()
  }
}

/**
 * The decompressed chunks of what `source` holds, of which the window already has the first bytes. Memory is bounded:
 * nothing is decompressed before it is asked for.
 */
async function* decompress(compression: 'gzip' | 'zstd', window: Window, source: ByteSource): Chunks {
  const chunks =
    compression === 'gzip'
      ? decompressGzip(compressedPieces(window, source))
      : decompressZstd(compressedChunks(window, source))
  let given = 0
  let failure: Error | null
  try {
    for (;;) {
      const { done, value } = await chunks.next()
      if (done === true) {
        failure = value
        break
      }
      given += value.length
      yield value
    }
  } finally {
    await chunks.return(null)
  }
  if (failure !== null) {
    const { bytesRead } = source
    const held = `decompressing the ${compression} stream was held up for seconds, after ${given} decompressed bytes: nothing is known to be wrong with it, read it again`
    const message =
      failure instanceof HeldUp
        ? held
        : `the ${compression} stream is damaged or cut within its first ${bytesRead} compressed bytes, after ${given} decompressed ones: ${failure.message}`
    throw new DecompressionError(message)
  }
}

async function* compressedPieces(window: Window, source: ByteSource): Chunks {
  let given = 0
  for await (const chunk of compressedChunks(window, source)) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + (given < KEPT_LENGTH ? KEPT_PIECE_LENGTH : PIECE_LENGTH))
      yield piece
      at += piece.length
      given += piece.length
    }
  }
}

async function* compressedChunks(window: Window, source: ByteSource): Chunks {
  do {
    const chunk = window.bytes.slice(window.start, window.end)
    window.consume(chunk.length)
    yield chunk
  } while ((await source.fill(window)) > 0)
}

/** Runs pieces through zlib; where that fails early on, once more and byte by byte for what it had kept back. */
async function* decompressGzip(pieces: Chunks): Failing {
  const { createGunzip } = await import('node:zlib')
  const create = (): Gunzip => createGunzip({ chunkSize: OUTPUT_CHUNK_LENGTH })
  let kept: Uint8Array[] | null = []
  let keptLength = 0
  const keep = async function* (): Chunks {
    for await (const piece of pieces) {
      keptLength += piece.length
      if (keptLength > KEPT_LENGTH) kept = null
      kept?.push(piece)
      yield piece
    }
  }
  let given = 0
  const counted = async function* (): Failing {
    const output = transform(create(), keep())
    try {
      for (;;) {
        const { done, value } = await output.next()
        if (done === true) return value
        given += value.length
        yield value
      }
    } finally {
      await output.return(null)
    }
  }
  const failure = yield* counted()
  if (failure !== null && kept !== null) yield* after(given, transform(create(), lastByteByByte(kept)))
  return failure
}

async function* lastByteByByte(pieces: readonly Uint8Array[]): Chunks {
  yield* pieces.slice(0, -1)
  for (const piece of pieces.slice(-1)) {
    for (let at = 0; at < piece.length; at++) yield piece.subarray(at, at + 1)
  }
}

/** The chunks without their first `count` bytes. */
async function* after(count: number, chunks: AsyncIterable<Uint8Array>): Chunks {
  let skip = count
  for await (const chunk of chunks) {
    if (chunk.length > skip) yield chunk.subarray(skip)
    skip = Math.max(skip - chunk.length, 0)
  }
}

const BEHIND_PADDING = 'its last member is followed by zeros, and these by something that was not read'

function isPadding(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

/** Runs pieces through a zlib stream, taking all output of one before the next is given. Returns zlib's error. */
async function* transform(stream: Gunzip, pieces: Chunks): Failing {
  let failure: Error | null = null
  let wake = (): void => {}
  stream.on('error', (error) => {
    failure = error
    wake()
  })
  stream.on('readable', () => wake())
  stream.on('end', () => wake())

  const drain = async function* (isDone: () => boolean): Chunks {
    for (;;) {
      const chunk = stream.read() as Uint8Array | null
      if (chunk !== null) yield chunk
      // zlib ends at a zero behind a gzip member: tapes are filled up with them.
      else if (isDone() || failure !== null || stream.readableEnded) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
  let given = 0
  let isOver = false
  try {
    for await (const piece of pieces) {
      if (isOver) {
        if (!isPadding(piece)) return new Error(BEHIND_PADDING)
        continue
      }
      given += piece.length
      let taken = false
      stream.write(piece, () => {
        taken = true
        wake()
      })
      yield* drain(() => taken)
      if (failure !== null) return failure
      const left = given - stream.bytesWritten
      if (left === 0) continue
      isOver = true
      yield* drain(() => false)
      if (!isPadding(piece.subarray(piece.length - left))) return new Error(BEHIND_PADDING)
    }
    if (isOver) return failure
    stream.end()
    yield* drain(() => false)
    return failure
  } finally {
    stream.destroy()
  }
}
