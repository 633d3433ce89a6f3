import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import type { Window } from './window.js'

/**
 * What a capture is read from: a path, the bytes themselves, or chunks as they come. Bytes and chunks are never written
 * to, and must stay as they are once given: packets are read from them in place.
 */
export type CaptureInput = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** Appends the capture's bytes to a window, chunk by chunk. */
export interface ByteSource {
  /** Length of the whole input in bytes where it is known. */
  readonly totalBytes: number | null
  /** Bytes taken from the input so far (before decompression). */
  readonly bytesRead: number
  /**
   * Appends at least one byte, or returns 0 at the end. A file answers at once, a stream with a promise. Throws (or
   * rejects) with the system's error where the input cannot be read on.
   */
  fill(window: Window): number | Promise<number>
  close(): void | Promise<void>
}

/**
 * Bytes read from a file at a time. Small enough to stay in the processor's cache until the packets in it are decoded,
 * large enough that the system call costs nothing (measured in bench/results.md).
 */
export const FILE_CHUNK_LENGTH = 256 * 1024

/** Opens an input. Throws the system's error where a path cannot be opened. */
export function openSource(input: CaptureInput): ByteSource {
  if (typeof input === 'string') return openPath(input)
  if (input instanceof Uint8Array) return new StreamSource([input], input.length)
  return new StreamSource(input, null)
}

function openPath(path: string): ByteSource {
  const status = statSync(path)
  if (status.isFile() || status.isDirectory()) return new FileSource(openSync(path, 'r'), status.size)
  // A FIFO or a device is waited for: only an asynchronous read does so without holding up everything else.
  return new StreamSource(createReadStream(path, { highWaterMark: FILE_CHUNK_LENGTH }), null)
}

class FileSource implements ByteSource {
  bytesRead = 0
  readonly totalBytes: number
  private readonly descriptor: number
  private ended = false

  constructor(descriptor: number, totalBytes: number) {
    this.descriptor = descriptor
    this.totalBytes = totalBytes
  }

  fill(window: Window): number {
    if (this.ended) return 0
    // A packet longer than a chunk doubles the window, so that reading it stays linear.
    const doubled = window.available() >= FILE_CHUNK_LENGTH / 2 ? window.available() * 2 : FILE_CHUNK_LENGTH
    // A small file gets a small window, with room for the byte that would say that it has grown.
    const rest = Math.max(this.totalBytes - this.bytesRead, 0) + 1
    const capacity = Math.min(doubled, window.available() + rest)
    window.makeRoom(capacity - window.available(), capacity)
    const room = window.bytes.length - window.end
    const count = readSync(this.descriptor, window.bytes, window.end, room, null)
    window.end += count
    this.bytesRead += count
    // For ten thousand small captures, a call that would only say that there is no more is a twentieth of the time.
    this.ended = count < room && this.bytesRead >= this.totalBytes
    return count
  }

  close(): void {
    closeSync(this.descriptor)
  }
}

/** Chunks of an iterable, a stream or a decompressor. */
export class StreamSource implements ByteSource {
  bytesRead = 0
  readonly totalBytes: number | null
  private readonly iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array>

  constructor(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, totalBytes: number | null) {
    this.totalBytes = totalBytes
    this.iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]()
  }

  async fill(window: Window): Promise<number> {
    for (;;) {
      const { done, value } = await this.iterator.next()
      if (done === true) return 0
      if (!(value instanceof Uint8Array)) throw new TypeError('a chunk of a capture must be a Uint8Array')
      if (value.length === 0) continue
      window.append(value)
      this.bytesRead += value.length
      return value.length
    }
  }

  async close(): Promise<void> {
    await this.iterator.return?.()
  }
}
