import { checkInput, checkReader } from './arguments.js'
import { DETECT_LENGTH, type Detected, detect } from './detect.js'
import { emptyPacket, type Packet } from './packet.js'
import { FILE_HEADER_LENGTH, PcapReader } from './pcap.js'
import { PcapngReader } from './pcapng.js'
import { PACKET, type PacketReader, type ReadError } from './reader.js'
import { type ByteSource, type CaptureInput, type OpenLive, openSource } from './source.js'
import { Window } from './window.js'

/**
 * The packets of one capture: `do while (source.next()) ...; while (await source.fill())`. Once `fill` has said that
 * there is no more, `error` says whether the end was a clean one.
 */
export interface PacketSource {
  /** Filled by `next`, and valid until the next call. */
  readonly packet: Packet
  readonly format: 'pcap' | 'pcapng' | null
  readonly compression: 'gzip' | 'zstd' | null
  readonly error: ReadError | null
  readonly linkTypes: ReadonlySet<number>
  /** Bytes of the (decompressed) capture consumed so far. */
  readonly bytes: number
  /** Bytes of the input taken so far, and in all where that is known. */
  readonly bytesRead: number
  readonly totalBytes: number | null
  /** There is no more input: `fill` would say so at once. */
  readonly ended: boolean
  /** Takes the next packet where it is in memory; false means that `fill` must be called. */
  next(): boolean
  /** Takes in more input; false at the end. Answers at once for a file. */
  fill(): boolean | Promise<boolean>
  close(): void | Promise<void>
}

/** What decodes the blocks of a pcapng file: pqcap itself, or the package of that name. */
export type Reader = 'own' | 'pcap-ng-parser'

/**
 * Opens a capture of any format that is read; at once where it is a file and not compressed. What is wrong with it is in
 * `error`, and there are no packets then. Throws a TypeError for arguments that are of no such type.
 */
export function openCapture(
  input: CaptureInput,
  reader: Reader = 'own',
  openLive?: OpenLive,
): PacketSource | Promise<PacketSource> {
  checkInput(input)
  checkReader(reader)
  const window = new Window()
  let source: ByteSource
  try {
    source = openSource(input, openLive)
  } catch (error) {
    return new CapturePackets(window, null, null, null, unopened(error, input))
  }
  try {
    const count = source.fill(window)
    if (typeof count !== 'number' || !isDetectable(window)) return openFilling(window, source, count, reader)
    const detected = detect(window.bytes, window.start, window.end)
    if (detected.kind === 'compressed') return openCompressed(window, source, detected.compression, reader)
    return capturePackets(window, source, null, detected, reader)
  } catch (error) {
    return new CapturePackets(window, source, null, null, readFailure(error, 0))
  }
}

/** `count` is what `fill` has said. */
async function openFilling(
  window: Window,
  source: ByteSource,
  count: number | Promise<number>,
  reader: Reader,
): Promise<PacketSource> {
  try {
    const detected = await detectAfterFilling(window, source, count)
    if (detected.kind === 'compressed') return await openCompressed(window, source, detected.compression, reader)
    return await capturePackets(window, source, null, detected, reader)
  } catch (error) {
    return new CapturePackets(window, source, null, null, readFailure(error, 0))
  }
}

async function openCompressed(
  window: Window,
  source: ByteSource,
  compression: 'gzip' | 'zstd',
  reader: Reader,
): Promise<PacketSource> {
  try {
    const { DecompressedSource } = await import('./decompress.js')
    const inner = new DecompressedSource(compression, window, source)
    const innerWindow = new Window()
    const detected = await detectAfterFilling(innerWindow, inner, inner.fill(innerWindow))
    return await capturePackets(innerWindow, inner, compression, detected, reader)
  } catch (error) {
    return new CapturePackets(window, source, null, null, readFailure(error, 0))
  }
}

function isDetectable(window: Window): boolean {
  return window.available() >= DETECT_LENGTH
}

async function detectAfterFilling(window: Window, source: ByteSource, first: number | Promise<number>) {
  // A live capture may have written its file header only: that is enough to tell it by, and what it does not tell then
  // is no capture, of which more bytes only say what else it may be.
  let isKnown: boolean | null = null
  const enough = (): boolean => {
    if (isDetectable(window)) return true
    if (window.available() < FILE_HEADER_LENGTH) return false
    isKnown ??= detect(window.bytes, window.start, window.end).kind !== 'other'
    return isKnown
  }
  for (let count = await first; count > 0 && !enough(); count = await source.fill(window));
  return detect(window.bytes, window.start, window.end)
}

function capturePackets(
  window: Window,
  source: ByteSource,
  compression: 'gzip' | 'zstd' | null,
  detected: Detected,
  reader: Reader,
): PacketSource | Promise<PacketSource> {
  if (detected.kind === 'pcapng') {
    if (reader === 'own') return new CapturePackets(window, source, compression, new PcapngReader(), null)
    return import('./pcap-ng-parser-reader.js').then(
      ({ PcapNgParserReader }) => new CapturePackets(window, source, compression, new PcapNgParserReader(), null),
    )
  }
  if (detected.kind === 'pcap') {
    if (window.available() >= FILE_HEADER_LENGTH)
      return new CapturePackets(window, source, compression, new PcapReader(window), null)
    const message = `the capture is cut at offset ${window.available()}: the file header needs ${FILE_HEADER_LENGTH} bytes, ${window.available()} are left`
    return new CapturePackets(window, source, compression, null, { code: 'cut', message, offset: 0 })
  }
  const looksLike =
    detected.kind === 'compressed' ? `a ${detected.compression} stream within another` : detected.looksLike
  const message = `not a pcap or pcapng capture: it looks like ${looksLike}`
  return new CapturePackets(window, source, compression, null, { code: 'not-a-capture', message, offset: 0 })
}

class CapturePackets implements PacketSource {
  readonly packet = emptyPacket()
  readonly compression: 'gzip' | 'zstd' | null
  private readonly window: Window
  private readonly source: ByteSource | null
  private readonly reader: PacketReader | null
  private failure: ReadError | null

  constructor(
    window: Window,
    source: ByteSource | null,
    compression: 'gzip' | 'zstd' | null,
    reader: PacketReader | null,
    failure: ReadError | null,
  ) {
    this.window = window
    this.source = source
    this.compression = compression
    this.reader = reader
    this.failure = failure
  }

  get format(): 'pcap' | 'pcapng' | null {
    return this.reader?.format ?? null
  }

  get error(): ReadError | null {
    return this.failure ?? this.reader?.error ?? null
  }

  get linkTypes(): ReadonlySet<number> {
    return this.reader?.linkTypes ?? new Set()
  }

  get bytes(): number {
    return this.window.offset
  }

  get bytesRead(): number {
    return this.source?.bytesRead ?? 0
  }

  get totalBytes(): number | null {
    return this.source?.totalBytes ?? null
  }

  get ended(): boolean {
    return this.source?.ended ?? true
  }

  next(): boolean {
    return this.reader !== null && this.reader.next(this.window, this.packet) === PACKET
  }

  fill(): boolean | Promise<boolean> {
    if (this.reader === null || this.source === null || this.error !== null) return false
    try {
      const count = this.source.fill(this.window)
      if (typeof count === 'number') return this.filled(count)
      return count.then(
        (bytes) => this.filled(bytes),
        (error) => this.failed(error),
      )
    } catch (error) {
      return this.failed(error)
    }
  }

  close(): void | Promise<void> {
    return this.source?.close()
  }

  private filled(count: number): boolean {
    if (count > 0) return true
    this.reader?.finish(this.window)
    return false
  }

  private failed(error: unknown): boolean {
    this.failure = readFailure(error, this.window.offset + this.window.available())
    return false
  }
}

function readFailure(error: unknown, offset: number): ReadError {
  if (error instanceof Error && error.name === 'DecompressionError')
    return { code: 'decompression', message: error.message, offset }
  return unreadable(error, offset)
}

/** Node gives names as text: of one that is not UTF-8 the bytes are lost before it can be opened. */
function unopened(error: unknown, input: CaptureInput): ReadError {
  const failure = unreadable(error, 0)
  const isForeign = typeof input === 'string' && input.includes('\ufffd')
  if (!isForeign || (error as NodeJS.ErrnoException).code !== 'ENOENT') return failure
  return { ...failure, message: `${failure.message}; where its name is not UTF-8, give it as standard input` }
}

function unreadable(error: unknown, offset: number): ReadError {
  return { code: 'unreadable', message: `cannot be read: ${systemMessage(error)}`, offset }
}

/** `no such file or directory` of Node's `ENOENT: no such file or directory, open 'x'`: the path is named elsewhere. */
function systemMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const plain = /^E[A-Z0-9]+: ([^,]*)/.exec(message)?.[1] ?? message
  return plain === 'illegal operation on a directory' ? 'is a directory' : plain
}
