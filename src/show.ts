import { type AnalyzeOptions, analyzeInBatches, isPauseDue, PROGRESS_BYTES, turnOfTheEventLoop } from './analyze.js'
import { ipv4Text, ipv6Text } from './bytes/text.js'
import { momentOf } from './bytes/time.js'
import { checkInput } from './capture/arguments.js'
import type { Packet } from './capture/packet.js'
import { openCapture } from './capture/packet-source.js'
import type { CaptureInput } from './capture/source.js'
import { dissect } from './dissect/dissect.js'
import { isText } from './dissect/outside.js'
import { type Beginning, rangeOf, withEarlyData } from './dissect/range.js'
import { Recorder } from './dissect/recorder.js'
import type { Recording } from './dissect/recording.js'
import type { ShownConnection } from './dissect/shown.js'
import { timelineOf } from './dissect/timeline.js'
import { DECODED, PacketDecoder } from './packet/decode.js'
import type { Segment } from './packet/segment.js'
import { SYN } from './registry/tcp-flags.js'
import type { StreamEndpoint } from './stream/chunk.js'
import { StreamTracker } from './stream/tracker.js'
import { mayBeRecord } from './tls/detect.js'
import { TlsProtocol } from './tls/protocol.js'
import type { CaptureRecord, Endpoint, HandshakeRecord } from './verdict/record.js'

export interface ShowOptions extends AnalyzeOptions {
  /** Which handshake to show: the one for which this holds. Without it, the only one of the capture. */
  readonly choose?: ((record: HandshakeRecord) => boolean) | undefined
  /** Called before the capture is read a second time; `onProgress` then tells of that reading, from its beginning. */
  readonly onSecondReading?: (() => void) | undefined
}

/** One handshake: the record that `analyze` gives of it, and the connection taken apart. */
export interface ShownHandshake {
  readonly record: HandshakeRecord
  readonly connection: ShownConnection
}

/** What `show` found. */
export interface ShowResult {
  /** What was read of the capture, and its `error`. */
  readonly capture: CaptureRecord
  /** The handshakes to choose from: the first 50 of those that `choose` holds for. */
  readonly choices: readonly HandshakeRecord[]
  /** How many handshakes `choose` holds for. */
  readonly matching: number
  /** The first 50 handshakes of the capture that `choose` does not hold for. */
  readonly others: readonly HandshakeRecord[]
  /** The handshake, if `choose` holds for exactly one; else null. */
  readonly shown: ShownHandshake | null
  /** Why a single handshake is not shown: the input is a stream, which cannot be read twice, and longer than 256 MiB. */
  readonly problem: 'input-too-long' | null
}

/** Handshakes that are listed to choose from. A person who has more wants a narrower choice. */
export const MAX_CHOICES = 50

/**
 * Bytes of an input that are held to be read a second time, where it is a stream. A capture of a workshop has some
 * megabytes; whoever has more has it in a file.
 */
export const MAX_HELD_INPUT = 256 * 1024 * 1024

/**
 * Shows one handshake of a capture in full. The capture is read twice: once for its handshakes, by `analyze`, so that
 * what is said of one is what `analyze` says; and once for the bytes of the connection that was chosen. A stream is held
 * in memory for the second reading, up to 256 MiB; a path must be that of a file. The signal ends the reading that is
 * under way. Does not throw for what is wrong with a capture; throws a TypeError for an input that is none.
 */
export async function show(input: CaptureInput, options: ShowOptions = {}): Promise<ShowResult> {
  checkInput(input)
  const name = options.name ?? (typeof input === 'string' ? input : '-')
  const held = typeof input === 'string' || input instanceof Uint8Array ? null : new HeldInput(input)
  const { following, ...found } = await findHandshakes(held ?? input, { ...options, name })
  const result = { ...found, shown: null, problem: null }
  const [record] = found.choices
  if (record === undefined || found.matching !== 1) return result
  const again = held === null ? input : held.chunks
  if (again === null) return { ...result, problem: 'input-too-long' }
  options.onSecondReading?.()
  const recording = await recordStream(again, record, found.capture, options)
  const own = record.handshake === 0 ? null : beginningOf(record)
  const next = following === null ? null : beginningOf(following)
  const { earlyDataFrame, clientFrame } = record.encryption
  const dissection = withEarlyData(rangeOf(dissect(recording), own, next), earlyDataFrame, clientFrame)
  const timeline = timelineOf(dissection, recording, { opening: own === null, closing: next === null })
  const { outOfOrder, cutShort } = recording
  return { ...result, shown: { record, connection: { ...dissection, timeline, outOfOrder, cutShort } } }
}

interface Found extends Omit<ShowResult, 'shown' | 'problem'> {
  /** The handshake after the first choice in its stream; null where there is none. */
  readonly following: HandshakeRecord | null
}

async function findHandshakes(input: CaptureInput, options: ShowOptions): Promise<Found> {
  const { choose = () => true, ...rest } = options
  const choices: HandshakeRecord[] = []
  const others: HandshakeRecord[] = []
  let matching = 0
  let following: HandshakeRecord | null = null
  for await (const records of analyzeInBatches(input, rest)) {
    for (const record of records) {
      if (record.type === 'capture') return { capture: record, choices, matching, others, following }
      const [first] = choices
      if (first?.stream === record.stream && record.handshake > first.handshake) following ??= record
      if (choose(record)) {
        matching++
        if (choices.length < MAX_CHOICES) choices.push(record)
      } else if (others.length < MAX_CHOICES) others.push(record)
    }
  }
  throw new Error('an analysis ends with the record of its capture')
}

/** Reads the capture again, up to where it was read before, and records the connection of a handshake. */
async function recordStream(
  input: CaptureInput,
  { stream, client }: HandshakeRecord,
  { packets, handshakes }: CaptureRecord,
  { reader, signal, onProgress }: ShowOptions,
): Promise<Recording> {
  // What ended the first reading does not end the second.
  const interruption = signal?.aborted ? undefined : signal
  const source = await openCapture(input, reader)
  const { packet } = source
  const decoder = new PacketDecoder(packet)
  const recorder = new Recorder(new TlsProtocol(() => {}), stream, (sender) =>
    isEndpoint(sender, client) ? 'client' : 'server',
  )
  const tracker = new StreamTracker(recorder, packet)
  const tap = new Tap(recorder, tracker, stream, client)
  let left = packets
  let reported = 0
  try {
    do {
      while (left > 0 && source.next()) {
        left--
        const { bytes, start, end, originalLength, linkType } = packet
        if (decoder.decode(bytes, start, end, originalLength, linkType) === DECODED) tap.accept(decoder.segment, packet)
        if (tap.isOver) return recorder.recording()
      }
      if (onProgress !== undefined && source.bytesRead - reported >= PROGRESS_BYTES) {
        reported = source.bytesRead
        onProgress({ bytesRead: reported, totalBytes: source.totalBytes, packets: packets - left, handshakes })
      }
      if (isPauseDue()) await turnOfTheEventLoop()
    } while (left > 0 && !interruption?.aborted && (await source.fill()))
    for (const _ of tracker.finish('capture-ended'));
    return recorder.recording()
  } finally {
    await source.close()
  }
}

/** Hands every segment to the tracker, and those of the recorded stream to the recorder as well. */
class Tap {
  /** The stream has ended, and its addresses and ports are another's: no more of it will come. */
  isOver = false
  private readonly recorder: Recorder
  private readonly tracker: StreamTracker
  private readonly stream: number
  private readonly client: Endpoint
  /** The two ends of the stream, once its first segment has come. */
  private ends: readonly [StreamEndpoint, StreamEndpoint] | null = null

  constructor(recorder: Recorder, tracker: StreamTracker, stream: number, client: Endpoint) {
    this.recorder = recorder
    this.tracker = tracker
    this.stream = stream
    this.client = client
  }

  accept(segment: Segment, packet: Packet): void {
    const { ends, tracker, stream } = this
    if (ends !== null && !isBetween(segment, ends)) {
      tracker.accept(segment, packet)
      return
    }
    // What a segment holds, the recorder must know before it is put in order; only of one that may begin a stream it is
    // told by the tracker's count which stream it is of.
    const mayBegin = ends === null || (segment.flags & SYN) !== 0
    if (!mayBegin) this.record(segment, packet)
    const before = tracker.streams
    tracker.accept(segment, packet)
    if (ends !== null && tracker.streams > before) this.isOver = true
    else if (ends === null && before === stream && tracker.streams > before) {
      this.ends = [sourceOf(segment), destinationOf(segment)]
      this.record(segment, packet)
    } else if (ends !== null && mayBegin) this.record(segment, packet)
  }

  private record(segment: Segment, packet: Packet): void {
    const { frame } = packet
    const { bytes, payloadStart, payloadEnd, payloadLength, flags } = segment
    this.recorder.segment({
      from: isEndpoint(sourceOf(segment), this.client) ? 'client' : 'server',
      flags,
      frame,
      time: momentOf(packet),
      payloadLength,
      capturedLength: payloadEnd - payloadStart,
      offset: bytes === packet.bytes ? packet.offset + (payloadStart - packet.start) : -1,
      isText: isText(bytes, payloadStart, payloadEnd),
      mayBeRecord: mayBeRecord(bytes, payloadStart, payloadEnd),
    })
  }
}

/** A stream of bytes that is kept while it is read, as long as that is not too much. */
class HeldInput implements AsyncIterable<Uint8Array> {
  /** What was read; null where it was more than is held. */
  chunks: Uint8Array[] | null = []
  private readonly input: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
  private length = 0

  constructor(input: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
    this.input = input
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.input) {
      this.length += chunk.length
      if (this.length > MAX_HELD_INPUT) this.chunks = null
      this.chunks?.push(chunk)
      yield chunk
    }
  }
}

function beginningOf({ clientHello, helloRetryRequest, serverHello }: HandshakeRecord): Beginning | null {
  if (clientHello !== null) return { from: 'client', frame: clientHello.frame }
  const answer = helloRetryRequest ?? serverHello
  return answer === null ? null : { from: 'server', frame: answer.frame }
}

function sourceOf({ ipVersion, sourceA, sourceB, sourceC, sourceD, sourcePort }: Segment): StreamEndpoint {
  return { ipVersion, a: sourceA, b: sourceB, c: sourceC, d: sourceD, port: sourcePort }
}

function destinationOf(segment: Segment): StreamEndpoint {
  const { ipVersion, destinationA, destinationB, destinationC, destinationD, destinationPort } = segment
  return {
    ipVersion,
    a: destinationA,
    b: destinationB,
    c: destinationC,
    d: destinationD,
    port: destinationPort,
  }
}

function isBetween(segment: Segment, [one, other]: readonly [StreamEndpoint, StreamEndpoint]): boolean {
  // Ports differ most often, and comparing them makes nothing.
  const { sourcePort, destinationPort } = segment
  const ports =
    (sourcePort === one.port && destinationPort === other.port) ||
    (sourcePort === other.port && destinationPort === one.port)
  if (!ports) return false
  const source = sourceOf(segment)
  const destination = destinationOf(segment)
  return (isSame(source, one) && isSame(destination, other)) || (isSame(source, other) && isSame(destination, one))
}

function isSame(x: StreamEndpoint, y: StreamEndpoint): boolean {
  return x.port === y.port && x.d === y.d && x.c === y.c && x.b === y.b && x.a === y.a && x.ipVersion === y.ipVersion
}

function isEndpoint({ ipVersion, a, b, c, d, port }: StreamEndpoint, endpoint: Endpoint): boolean {
  return port === endpoint.port && (ipVersion === 4 ? ipv4Text(d) : ipv6Text(a, b, c, d)) === endpoint.address
}
