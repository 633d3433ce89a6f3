import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
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

/** Shorter files are read whole, and at once. */
export const SMALL_FILE_LENGTH = 64 * 1024

/**
 * Reads what is no file, a pipe or a device, in chunks as they come. The descriptor is open, did not wait for a writer
 * (O_NONBLOCK), and is to be closed with what is returned.
 */
export type OpenLive = (path: string, descriptor: number) => AsyncIterable<Uint8Array>

/** Opens an input. Throws the system's error where a path cannot be opened. */
export function openSource(input: CaptureInput, openLive?: OpenLive): ByteSource {
  if (typeof input === 'string') return openPath(input, openLive)
  if (input instanceof Uint8Array) return new StreamSource([input], input.length)
  return new StreamSource(input, null)
}

function openPath(path: string, openLive: OpenLive | undefined): ByteSource {
  if ((openLive === undefined || !CAN_OPEN_AT_ONCE) && isLive(statSync(path))) {
    // A FIFO or a device is waited for: only an asynchronous read does so without holding up everything else. It must
    // not have been opened before: the writer of a FIFO could write, and go, before this stream is there.
    return new StreamSource(createReadStream(path, { highWaterMark: FILE_CHUNK_LENGTH }), null)
  }
  const descriptor = openAtOnce(path)
  // What it is, is asked only where it is no small file: to ask takes as long as to read one.
  const small = readSmallFile(descriptor)
  if (small !== null) {
    closeSync(descriptor)
    return small
  }
  try {
    const status = fstatSync(descriptor)
    if (openLive === undefined || !isLive(status)) return new FileSource(descriptor, status.size)
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
  return new StreamSource(openLive(path, descriptor), null)
}

/** Windows has no flag for it. */
const CAN_OPEN_AT_ONCE = constants.O_NONBLOCK !== undefined

/** Opens without waiting for the writer of a FIFO. */
function openAtOnce(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    // Another process has a lease on the file (fcntl(2)), as a Samba server does, and gives it up to who waits.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return openSync(path, constants.O_RDONLY)
    throw error
  }
}

/** It is no file, and no directory, which is told of when it is read. */
function isLive(status: Stats): boolean {
  return !status.isFile() && !status.isDirectory()
}

/** Memory of the last small file, for the next: new memory for each takes as long as all the rest of reading it. */
let spare: Uint8Array | null = null
/** Small files that are read and not closed yet. */
let openSmallFiles = 0

/** null where the file is longer, or no file, or cannot be read. */
function readSmallFile(descriptor: number): SmallFile | null {
  const memory = spare ?? new Uint8Array(SMALL_FILE_LENGTH)
  spare = null
  try {
    // By position: a pipe has none, and a file that turns out to be longer is read from its start.
    for (let end = 0; end < memory.length; ) {
      const count = readSync(descriptor, memory, end, memory.length - end, end)
      if (count === 0) {
        if (openSmallFiles === 0) return new SmallFile(memory, end, true)
        // Thousands at once take no more than their own length.
        spare = memory
        return new SmallFile(memory.slice(0, end), end, false)
      }
      end += count
    }
  } catch {
    // Whoever reads it again tells what is wrong.
  }
  spare = memory
  return null
}

/** A file that has been read whole. Memory that is lent goes to another one once it is closed. */
class SmallFile implements ByteSource {
  bytesRead = 0
  ended = false
  readonly totalBytes: number
  private memory: Uint8Array | null
  private readonly isLent: boolean

  constructor(memory: Uint8Array, length: number, isLent: boolean) {
    this.memory = memory
    this.totalBytes = length
    this.isLent = isLent
    openSmallFiles++
  }

  fill(window: Window): number {
    if (this.ended || this.memory === null) return 0
    this.ended = true
    this.bytesRead = this.totalBytes
    window.append(this.memory.subarray(0, this.totalBytes))
    return this.totalBytes
  }

  close(): void {
    if (this.memory === null) return
    openSmallFiles--
    if (this.isLent) spare = this.memory
    this.memory = null
  }
}

class FileSource implements ByteSource {
  bytesRead = 0
  ended = false
  readonly totalBytes: number
  private readonly descriptor: number

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
    // What stood between may end where a packet does, and would not be missed.
    if (count === 0 && this.bytesRead < this.totalBytes)
      throw new Error(
        `of the ${this.totalBytes} bytes that it had when it was opened, only ${this.bytesRead} were there to read`,
      )
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
