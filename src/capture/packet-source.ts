import { DETECT_LENGTH, detect } from './detect.js'
import { emptyPacket, type Packet } from './packet.js'
import { FILE_HEADER_LENGTH, PcapReader } from './pcap.js'
import { PcapngReader } from './pcapng.js'
import { PACKET, type PacketReader, type ReadError } from './reader.js'
import { type ByteSource, type CaptureInput, type OpenLive, openSource } from './source.js'
import { Window } from './window.js'

/**
 * The packets of one capture. `next` gives true for a packet (in `packet`, valid until the next call), false at the
 * end, and a promise of either where it has to wait for input; `error` then says whether the end was a clean one.
 */
export interface PacketSource {
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
  /** The next packet where it is in memory: false means that `fill` must be called. */
  next(): boolean
  /** Takes in more input; false at the end. Answers at once for a file. */
  fill(): boolean | Promise<boolean>
  close(): Promise<void>
}

/** Who decodes the blocks of a pcapng file. */
export type Reader = 'own' | 'pcap-ng-parser'

/** Opens a capture of any format that is read. Never throws: what is wrong is in `error`, and there are no packets. */
export async function openCapture(
  input: CaptureInput,
  reader: Reader = 'own',
  openLive?: OpenLive,
): Promise<PacketSource> {
  const window = new Window()
  let source: ByteSource
  try {
    source = openSource(input, openLive)
  } catch (error) {
    return new CapturePackets(window, null, null, null, unreadable(error, 0))
  }
  try {
    const first = await detectAfterFilling(window, source)
    if (first.kind !== 'compressed') return await capturePackets(window, source, null, first, reader)
    const { DecompressedSource } = await import('./decompress.js')
    const inner = new DecompressedSource(first.compression, window, source)
    const innerWindow = new Window()
    const detected = await detectAfterFilling(innerWindow, inner)
    return await capturePackets(innerWindow, inner, first.compression, detected, reader)
  } catch (error) {
    return new CapturePackets(window, source, null, null, readFailure(error, 0))
  }
}

async function detectAfterFilling(window: Window, source: ByteSource): Promise<ReturnType<typeof detect>> {
  // A live capture may have written its file header only: that is enough to tell it by, and what it does not tell then
  // is no capture, of which more bytes only say what else it may be.
  let isKnown: boolean | null = null
  const enough = (): boolean => {
    if (window.available() >= DETECT_LENGTH) return true
    if (window.available() < FILE_HEADER_LENGTH) return false
    isKnown ??= detect(window.bytes, window.start, window.end).kind !== 'other'
    return isKnown
  }
  while (!enough() && (await source.fill(window)) > 0);
  return detect(window.bytes, window.start, window.end)
}

async function capturePackets(
  window: Window,
  source: ByteSource,
  compression: 'gzip' | 'zstd' | null,
  detected: ReturnType<typeof detect>,
  reader: Reader,
): Promise<PacketSource> {
  if (detected.kind === 'pcapng')
    return new CapturePackets(window, source, compression, await pcapngReader(reader), null)
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

async function pcapngReader(reader: Reader): Promise<PacketReader> {
  if (reader === 'own') return new PcapngReader()
  const { PcapNgParserReader } = await import('./pcap-ng-parser-reader.js')
  return new PcapNgParserReader()
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

  next(): boolean {
    return this.reader !== null && this.reader.next(this.window, this.packet) === PACKET
  }

  fill(): boolean | Promise<boolean> {
    if (this.reader === null || this.source === null || this.error !== null) return false
    try {
      const count = this.source.fill(this.window)
      return typeof count === 'number' ? this.filled(count) : count.then(this.filled, this.failed)
    } catch (error) {
      return this.failed(error)
    }
  }

  async close(): Promise<void> {
    await this.source?.close()
  }

  private readonly filled = (count: number): boolean => {
    if (count > 0) return true
    this.reader?.finish(this.window)
    return false
  }

  private readonly failed = (error: unknown): boolean => {
    this.failure = readFailure(error, this.window.offset + this.window.available())
    return false
  }
}

function readFailure(error: unknown, offset: number): ReadError {
  if (error instanceof Error && error.name === 'DecompressionError')
    return { code: 'decompression', message: error.message, offset }
  return unreadable(error, offset)
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
