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
  /** There is no more: `fill` would say so at once. */
  readonly ended: boolean
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

/** Opens what is no file, a pipe or a device, as chunks. */
export type OpenLive = (path: string) => AsyncIterable<Uint8Array>

/** Opens an input. Throws the system's error where a path cannot be opened. */
export function openSource(input: CaptureInput, openLive?: OpenLive): ByteSource {
  if (typeof input === 'string') return openPath(input, openLive)
  if (input instanceof Uint8Array) return new StreamSource([input], input.length)
  return new StreamSource(input, null)
}

function openPath(path: string, openLive: OpenLive | undefined): ByteSource {
  const status = statSync(path)
  if (status.isFile() || status.isDirectory()) return new FileSource(openSync(path, 'r'), status.size)
  // A FIFO or a device is waited for: only an asynchronous read does so without holding up everything else.
  return new StreamSource(openLive?.(path) ?? createReadStream(path, { highWaterMark: FILE_CHUNK_LENGTH }), null)
}

/**
 * Memory that a closed file has given back, for the next one: for ten thousand small captures, new memory costs more than
 * what is read into it.
 */
let spare: Uint8Array | null = null
/** Windows of small files are this long, or twice, and so on: soon the spare one has room for all of them. */
const SMALL_WINDOW = 32 * 1024

class FileSource implements ByteSource {
  bytesRead = 0
  ended = false
  readonly totalBytes: number
  private readonly descriptor: number
  /** What was read last is in this memory. */
  private memory: Uint8Array | null = null

  constructor(descriptor: number, totalBytes: number) {
    this.descriptor = descriptor
    this.totalBytes = totalBytes
  }

  fill(window: Window): number {
    if (this.ended) return 0
    if (window.bytes.length === 0 && spare !== null) {
      window.bytes = spare
      spare = null
    }
    // A packet longer than a chunk doubles the window, so that reading it stays linear.
    const doubled = window.available() >= FILE_CHUNK_LENGTH / 2 ? window.available() * 2 : FILE_CHUNK_LENGTH
    // A small file gets a small window, with room for the byte that would say that it has grown.
    const rest = Math.max(this.totalBytes - this.bytesRead, 0) + 1
    const capacity = Math.min(doubled, Math.ceil((window.available() + rest) / SMALL_WINDOW) * SMALL_WINDOW)
    window.makeRoom(Math.min(rest, capacity - window.available()), capacity)
    this.memory = window.bytes
    const room = window.bytes.length - window.end
    const count = readSync(this.descriptor, window.bytes, window.end, room, null)
    window.end += count
    this.bytesRead += count
    // For ten thousand small captures, a call that would only say that there is no more is a twentieth of the time.
    this.ended = count < room && this.bytesRead >= this.totalBytes
    return count
  }

  close(): void {
    const length = this.memory?.length ?? 0
    if (length <= FILE_CHUNK_LENGTH && length > (spare?.length ?? 0)) spare = this.memory
    this.memory = null
    closeSync(this.descriptor)
  }
}

/** Chunks of an iterable, a stream or a decompressor. */
export class StreamSource implements ByteSource {
  bytesRead = 0
  readonly ended = false
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
