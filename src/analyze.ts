import type { Packet } from './capture/packet.js'
import { IterablePackets, type PacketInput } from './capture/packet-iterable.js'
import { openCapture, type PacketSource, type Reader } from './capture/packet-source.js'
import type { CaptureInput } from './capture/source.js'
import { CaptureSummary } from './capture/summary.js'
import { SeenShares } from './key-share/seen-shares.js'
import { DECODED, IP_FRAGMENT, PacketDecoder, skipReasonText } from './packet/decode.js'
import { StreamTracker } from './stream/tracker.js'
import { TlsProtocol } from './tls/protocol.js'
import { type CaptureCounts, captureRecord } from './verdict/capture-record.js'
import { judge } from './verdict/judge.js'
import type { HandshakeRecord, PqcapRecord } from './verdict/record.js'

export type { CaptureInput, Reader }

/** How far an analysis has come. */
export interface Progress {
  /** Bytes taken from the input, before decompression. */
  readonly bytesRead: number
  /** Length of the input, before decompression; null where it is not known, as of a stream. */
  readonly totalBytes: number | null
  /** Packets read so far. */
  readonly packets: number
  /** Handshakes decided so far. */
  readonly handshakes: number
}

/** What `analyze` and its like may be told. Each option may be left out or undefined. */
export interface AnalyzeOptions {
  /** What the records' `capture` field says: by default the path, and `-` for any other input. */
  readonly name?: string | undefined
  /** What decodes the blocks of a pcapng file; by default `own`, which is faster. */
  readonly reader?: Reader | undefined
  /**
   * Reads a path that is a named pipe or a device. It gets the path and a descriptor that was opened without waiting for
   * a writer (O_NONBLOCK), and closes the descriptor when what it returns ends. Without it, a stream of Node reads the
   * path.
   */
  readonly openLive?: ((path: string, descriptor: number) => AsyncIterable<Uint8Array>) | undefined
  /** Called about once for each mebibyte of input. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /**
   * Ends the analysis as if the capture ended there, even while it waits for a stream. The record of the capture is
   * given all the same; where the length of the capture is known, a note `interrupted` says that the rest was not read.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Called once, before the record of the capture, with the fingerprints of the key shares in it, to find those that
   * another capture holds as well. Each takes nine numbers: four of the fingerprint, two that tell hellos apart, stream,
   * frame, and 0. At most 65,536 are given, the latest.
   */
  readonly onKeyShares?: ((rows: Int32Array) => void) | undefined
}

export const PROGRESS_BYTES = 1024 * 1024
/** Records are handed over by about this many, or sooner where a hostile ClientHello makes them long. */
const BATCH_RECORDS = 32
/** Bytes of ClientHello that make a record count for one more. */
const RECORD_BYTES = 2048
/** Files are not waited for, a large one or many small ones: this often timers, signals and threads have their turn. */
const PAUSE_MS = 10

/**
 * Reads a capture and gives its records: each handshake when it is decided, then one record of the capture itself. It
 * does not throw for what is wrong with a capture: the `error` of the capture's record says what that is. It throws a
 * TypeError for an input that is none of `CaptureInput`. What several records have in common, such as the lists of a
 * hello, is one frozen object; `structuredClone(record)` can be changed.
 */
export async function* analyze(input: CaptureInput, options: AnalyzeOptions = {}): AsyncGenerator<PqcapRecord> {
  for await (const records of analyzeInBatches(input, options)) yield* records
}

/**
 * The same for packets that something else has read. The `format` of the capture's record is null. Throws a TypeError for
 * what is no packet; an error of the iterable itself becomes the record's `error`.
 */
export async function* analyzePackets(
  packets: Iterable<PacketInput> | AsyncIterable<PacketInput>,
  options: Omit<AnalyzeOptions, 'reader' | 'openLive'> = {},
): AsyncGenerator<PqcapRecord> {
  const source = new IterablePackets(packets)
  for await (const records of analyzeSource(() => source, options.name ?? '-', options)) yield* records
}

/**
 * The packets of a capture, before anything is made of them. It gives one object again and again: copy out of it what must
 * last longer than a turn of the loop. If the capture cannot be read to its end, it throws an Error, whose `cause` is a
 * `ReadError`, once all packets before the damage have been given.
 */
export async function* readPackets(
  input: CaptureInput,
  options: Pick<AnalyzeOptions, 'reader'> = {},
): AsyncGenerator<Readonly<Packet>> {
  const source = await openCapture(input, options.reader)
  try {
    do while (source.next()) yield source.packet
    while (await source.fill())
    if (source.error !== null) throw new Error(source.error.message, { cause: source.error })
  } finally {
    await source.close()
  }
}

/**
 * The records of `analyze`, several at a time. With hundreds of thousands of handshakes, handing them over one by one takes
 * longer than reading them.
 */
export function analyzeInBatches(
  input: CaptureInput,
  options: AnalyzeOptions = {},
): AsyncGenerator<readonly PqcapRecord[]> {
  const name = options.name ?? (typeof input === 'string' ? input : '-')
  return analyzeSource(() => openCapture(input, options.reader, options.openLive), name, options)
}

async function* analyzeSource(
  open: () => PacketSource | Promise<PacketSource>,
  name: string,
  { onProgress, signal, onKeyShares }: AnalyzeOptions,
): AsyncGenerator<readonly PqcapRecord[]> {
  // A file is never waited for: what `await` takes is more than a small one takes to be read.
  const isTooLate = signal?.aborted === true
  const opened = isTooLate ? noPackets() : open()
  const source = opened instanceof Promise ? await openedOrAborted(opened, signal) : opened
  let isLeftWaiting = false
  try {
    const pipeline = new Pipeline(source, name)
    let reported = 0
    let interrupted = isTooLate
    for (;;) {
      while (!pipeline.run()) yield pipeline.takeRecords()
      if (pipeline.hasRecords && !source.ended) yield pipeline.takeRecords()
      if (onProgress !== undefined && source.bytesRead - reported >= PROGRESS_BYTES) {
        reported = source.bytesRead
        const { summary, handshakes } = pipeline
        onProgress({ bytesRead: reported, totalBytes: source.totalBytes, packets: summary.packets, handshakes })
      }
      if (signal?.aborted) {
        // What is still being written ends where it is left.
        interrupted ||= source.totalBytes !== null && !source.ended
        break
      }
      const more = source.fill()
      const answer = typeof more === 'boolean' ? more : await untilAborted(more, signal)
      isLeftWaiting = answer === undefined
      if (!answer) break
      if (isPauseDue()) await turnOfTheEventLoop()
    }
    for (const _ of pipeline.finish(interrupted)) if (pipeline.hasBatch) yield pipeline.takeRecords()
    onKeyShares?.(pipeline.seenShares.allRows())
    yield [...pipeline.takeRecords(), captureRecord(name, pipeline.counts(interrupted))]
  } finally {
    const closing = source.close()
    // An iterator that is asked for a chunk answers nothing else before it has one, which may be never.
    if (isLeftWaiting) void closing?.catch(() => {})
    else if (closing !== undefined) await closing
    if (isPauseDue()) await turnOfTheEventLoop()
  }
}

/** What an analysis reads that was to end before it began. */
function noPackets(): PacketSource {
  return new IterablePackets([])
}

async function openedOrAborted(opening: Promise<PacketSource>, signal: AbortSignal | undefined): Promise<PacketSource> {
  const source = await untilAborted(opening, signal)
  if (source !== undefined) return source
  opening.then((late) => late.close()).catch(() => {})
  return noPackets()
}

/** What is promised; undefined where the signal is aborted while it is waited for. */
async function untilAborted<Value>(
  promised: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value | undefined> {
  if (signal === undefined) return await promised
  let stop = (): void => {}
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined)
  })
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([promised, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** When the event loop had its last turn, of all analyses that are under way. */
let lastPause = performance.now()

/** Whether whoever reads a file, and so waits for nothing, is to let the event loop have its turn. */
export function isPauseDue(): boolean {
  return performance.now() - lastPause >= PAUSE_MS
}

/** Lets timers and signals have their turn; by `setImmediate` where there is one, as a timer takes a millisecond. */
export async function turnOfTheEventLoop(): Promise<void> {
  const soon = globalThis.setImmediate ?? globalThis.setTimeout
  await new Promise<void>((resolve) => {
    soon(resolve)
  })
  lastPause = performance.now()
}

/** The stages from packets to records of handshakes, wired together. */
class Pipeline {
  readonly summary = new CaptureSummary()
  handshakes = 0
  private readonly source: PacketSource
  private readonly decoder: PacketDecoder
  private readonly protocol: TlsProtocol
  private readonly tracker: StreamTracker
  readonly seenShares = new SeenShares()
  private readonly skipped = new Map<number, number>()
  private records: HandshakeRecord[] = []
  private batchWeight = 0

  constructor(source: PacketSource, name: string) {
    this.source = source
    this.protocol = new TlsProtocol((handshake) => {
      this.handshakes++
      this.batchWeight += 1 + (handshake.clientHello?.bytes ?? 0) / RECORD_BYTES
      this.records.push(judge(handshake, name, this.seenShares))
    })
    this.decoder = new PacketDecoder(source.packet)
    this.tracker = new StreamTracker(this.protocol, source.packet)
  }

  get hasRecords(): boolean {
    return this.records.length > 0
  }

  /** As many records as are handed over at a time where nothing else ends a batch. */
  get hasBatch(): boolean {
    return this.batchWeight >= BATCH_RECORDS
  }

  /** Follows the packets that are in memory; false where it stopped short of the last, as a batch of records is full. */
  run(): boolean {
    const { source, summary, decoder, tracker, skipped } = this
    const { packet } = source
    const { segment } = decoder
    while (source.next()) {
      summary.add(packet)
      const reason = decoder.decode(packet.bytes, packet.start, packet.end, packet.originalLength, packet.linkType)
      if (reason !== DECODED) skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
      else {
        tracker.accept(segment, packet)
        if (this.hasBatch) return false
      }
    }
    return true
  }

  takeRecords(): readonly HandshakeRecord[] {
    const { records } = this
    this.records = []
    this.batchWeight = 0
    return records
  }

  /** Ends the streams that are open, one with each step. */
  finish(interrupted: boolean): Generator<void> {
    return this.tracker.finish(this.source.error === null && !interrupted ? 'capture-ended' : 'capture-cut')
  }

  counts(interrupted: boolean): CaptureCounts {
    const { source, summary, decoder, protocol, tracker, handshakes } = this
    return {
      source,
      interrupted,
      summary,
      handshakes,
      tcpStreams: tracker.streams,
      skipped: this.skippedByReason(),
      streamsWithoutHandshake: tracker.streamsWithoutHandshake,
      streamsBegunBefore: tracker.streamsBegunBefore,
      handshakesGivenUp: tracker.givenUp,
      streamsGivenUp: tracker.evictedFlows,
      unreadPackets: decoder.unreadDatagrams,
      hasSeenSsh: protocol.hasSeenSsh,
      datagramsIncomplete: decoder.datagramsGivenUp + decoder.datagramsWaiting,
    }
  }

  private skippedByReason(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const [reason, count] of this.skipped) {
      // A fragment that had to wait was not passed over where its datagram was completed.
      const passedOver = reason === IP_FRAGMENT ? count - this.decoder.fragmentsJoined : count
      if (passedOver > 0) counts.set(skipReasonText(reason), passedOver)
    }
    return counts
  }
}
