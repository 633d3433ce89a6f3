import { readU16Be, readU24Be } from '../bytes/cursor.js'
import { type Clock, MICROSECONDS } from '../bytes/time.js'
import type { Chunk } from '../stream/chunk.js'
import { ALERT, HANDSHAKE, HANDSHAKE_HEADER_LENGTH, isReadMessage, RECORD_HEADER_LENGTH } from './content-types.js'
import { mayBeRecord } from './detect.js'
import { acquireBuffer, releaseBuffer } from './message-buffers.js'

/**
 * The longest handshake message that is put together: more than the 131,401 bytes that the fields of a ClientHello
 * allow. A longer one is passed over by its length.
 */
export const MAX_MESSAGE_LENGTH = 160 * 1024

/** Takes what a deframer finds in one direction, in order. Numbers are the record's or message's own. */
export interface RecordSink {
  /** A record begins: all of its header is there, and its content from `at` on in the chunk. */
  recordStarts(type: number, length: number, chunk: Chunk, at: number): void
  /** The record's last byte is there. */
  recordEnds(type: number, length: number, chunk: Chunk, end: number): void
  /** A whole message; the body is `bytes[start..end)`, without the header, and empty for a type that is not read. */
  message(type: number, bytes: Uint8Array, start: number, end: number, progress: MessageProgress, frame: number): void
  /** A two-byte alert. */
  alert(level: number, description: number, frame: number): void
  /** A message that is not whole, because bytes are missing or it is longer than `MAX_MESSAGE_LENGTH`. */
  messageLost(type: number, progress: MessageProgress, frame: number): void
  /** What follows is no record: the direction is not read on. */
  framingLost(frame: number): void
}

/** How a handshake message came together, and the time of the packet in which it began. Valid during the call only. */
export interface MessageProgress {
  /** Its beginning, as far as it is there without a hole; header first. */
  buffer: Uint8Array
  /** Bytes at the start of `buffer` that are filled. */
  filled: number
  /** The last frame with bytes of them. */
  frame: number
  /** Length with its header, or 0 where the header is not whole. */
  length: number
  segments: number
  records: number
  seconds: number
  fraction: number
  clock: Clock
}

/**
 * Splits one direction of a TLS connection into records and joins handshake messages, whatever way they were split and
 * joined (RFC 9846 §5.1). A message that is whole within one chunk is not copied.
 *
 * Invariant: `remaining` bytes of the current record are still to come; 0 means that a record header is next.
 */
export class Deframer {
  /** Handshake records are encrypted from here on: their content is not read. */
  encrypted = false
  /** The framing was lost: no more is read. */
  lost = false

  private readonly sink: RecordSink
  /** A record header that came in parts. */
  private header: Uint8Array | null = null
  private headerFilled = 0
  /** Bytes of the chunk behind the message that is being given. */
  behind = 0
  private lastFrame = 0
  private type = 0
  private recordLength = 0
  private remaining = 0
  private alertLevel = -1
  private message: MessageProgress | null = null
  /** Bytes of the current message that have passed, also those that were missing or not wanted. */
  private passed = 0
  private messageType = 0
  /** The last frame with bytes of the current message: behind a gap its end may stand in an earlier one. */
  private messageFrame = 0
  /** The message has a hole, or is not wanted: it is passed over. */
  private passing = false
  /** A hole hid a message header, so that message boundaries are unknown. */
  private boundariesLost = false
  /** The current record, or the current chunk, has been counted for the current message. */
  private recordCounted = false
  private chunkCounted = false

  constructor(sink: RecordSink) {
    this.sink = sink
  }

  /** Bytes held for a message that is not whole. */
  get bufferedBytes(): number {
    return this.message === null ? 0 : this.message.buffer.length
  }

  /** Bytes have been given. */
  get hasBegun(): boolean {
    return this.lastFrame > 0
  }

  /** The message that is under way, where there is one, and the frame that brought the last of it. */
  get unfinished(): { type: number; progress: MessageProgress; frame: number } | null {
    if (this.message === null) return null
    return { type: this.messageType, progress: this.message, frame: this.lastFrame }
  }

  /** A record has begun that may hold a handshake message, or the header of one. */
  get mayBeginMessage(): boolean {
    return this.headerFilled > 0 || (this.remaining > 0 && this.type === HANDSHAKE)
  }

  /** Gives up a message that is under way. Nothing is fed after it. */
  discard(): void {
    if (this.message !== null) releaseBuffer(this.message.buffer)
    this.message = null
  }

  feed(chunk: Chunk): void {
    this.chunkCounted = false
    this.lastFrame = chunk.frame
    let at = chunk.start
    while (at < chunk.end && !this.lost) {
      if (this.remaining === 0) {
        at = this.readHeader(chunk, at)
        continue
      }
      const end = Math.min(chunk.end, at + this.remaining)
      if (this.type === HANDSHAKE && !this.encrypted) this.readHandshake(chunk, at, end)
      else if (this.type === ALERT && !this.encrypted && this.recordLength === 2) this.readAlert(chunk, at, end)
      this.remaining -= end - at
      at = end
      if (this.remaining === 0) this.sink.recordEnds(this.type, this.recordLength, chunk, at)
    }
  }

  /** `length` bytes are not in the capture. Within a record the framing holds; a missing header loses it. */
  missing(length: number, frame: number): void {
    if (this.lost) return
    if (length > this.remaining) {
      this.loseMessage(frame)
      this.lost = true
      return
    }
    if (this.type === HANDSHAKE && !this.encrypted) this.passHole(length, frame)
    this.remaining -= length
  }

  private readHeader(chunk: Chunk, from: number): number {
    const { bytes } = chunk
    if (this.headerFilled > 0 || chunk.end - from < RECORD_HEADER_LENGTH) return this.readHeaderInParts(chunk, from)
    if (!mayBeRecord(bytes, from, chunk.end)) {
      this.breakOff(chunk.frame)
      return chunk.end
    }
    return this.startRecord(bytes[from] as number, readU16Be(bytes, from + 3), chunk, from + RECORD_HEADER_LENGTH)
  }

  private readHeaderInParts(chunk: Chunk, from: number): number {
    this.header ??= new Uint8Array(RECORD_HEADER_LENGTH)
    const { header } = this
    let at = from
    while (this.headerFilled < RECORD_HEADER_LENGTH && at < chunk.end) {
      header[this.headerFilled++] = chunk.bytes[at++] as number
      if (!mayBeRecord(header, 0, this.headerFilled)) {
        this.breakOff(chunk.frame)
        return chunk.end
      }
    }
    if (this.headerFilled < RECORD_HEADER_LENGTH) return at
    this.headerFilled = 0
    return this.startRecord(header[0] as number, readU16Be(header, 3), chunk, at)
  }

  private startRecord(type: number, length: number, chunk: Chunk, at: number): number {
    this.type = type
    this.recordLength = length
    this.remaining = length
    this.recordCounted = false
    this.alertLevel = -1
    this.sink.recordStarts(type, length, chunk, at)
    if (length === 0) this.sink.recordEnds(type, 0, chunk, at)
    return at
  }

  private readAlert(chunk: Chunk, start: number, end: number): void {
    for (let at = start; at < end; at++) {
      const byte = chunk.bytes[at] as number
      if (this.alertLevel < 0) this.alertLevel = byte
      else this.sink.alert(this.alertLevel, byte, chunk.frame)
    }
  }

  /** Handshake bytes of the current record: the end, the whole, or the start of messages. */
  private readHandshake(chunk: Chunk, start: number, end: number): void {
    let at = start
    while (at < end && !this.boundariesLost && !this.encrypted) {
      if (this.message === null && end - at >= HANDSHAKE_HEADER_LENGTH) {
        const length = HANDSHAKE_HEADER_LENGTH + readU24Be(chunk.bytes, at + 1)
        if (length <= end - at) {
          this.takeWhole(chunk, at, length)
          at += length
          continue
        }
      }
      at = this.addToMessage(chunk, at, end)
    }
  }

  /** A message that lies in one piece in the chunk. */
  private takeWhole(chunk: Chunk, at: number, length: number): void {
    whole.length = length
    whole.seconds = chunk.seconds
    whole.fraction = chunk.fraction
    whole.clock = chunk.clock
    this.behind = chunk.end - at - length
    const type = chunk.bytes[at] as number
    if (isReadMessage(type))
      this.sink.message(type, chunk.bytes, at + HANDSHAKE_HEADER_LENGTH, at + length, whole, chunk.frame)
    else this.sink.message(type, NO_BYTES, 0, 0, whole, chunk.frame)
  }

  private addToMessage(chunk: Chunk, from: number, end: number): number {
    let at = from
    this.message ??= this.startMessage(chunk)
    const { message } = this
    this.messageFrame = Math.max(this.messageFrame, chunk.frame)
    if (!this.passing) message.frame = this.messageFrame
    if (!this.recordCounted) message.records++
    if (!this.chunkCounted && !(chunk.continues && message.segments > 0)) message.segments++
    this.recordCounted = true
    this.chunkCounted = true
    while (this.passed < HANDSHAKE_HEADER_LENGTH && at < end) {
      message.buffer[this.passed++] = chunk.bytes[at++] as number
      message.filled = this.passed
      this.messageType = message.buffer[0] as number
      if (this.passed === HANDSHAKE_HEADER_LENGTH) this.readMessageHeader(message)
    }
    if (this.passed < HANDSHAKE_HEADER_LENGTH) return at
    const take = Math.min(end - at, message.length - this.passed)
    if (!this.passing && take > 0) {
      reserve(message, message.filled + take)
      message.buffer.set(chunk.bytes.subarray(at, at + take), message.filled)
      message.filled += take
    }
    this.passed += take
    this.behind = chunk.end - at - take
    if (this.passed === message.length) this.endMessage(this.messageFrame)
    return at + take
  }

  private startMessage(chunk: Chunk): MessageProgress {
    this.passed = 0
    this.passing = false
    this.messageType = 0
    this.messageFrame = 0
    this.recordCounted = false
    this.chunkCounted = false
    const { seconds, fraction, clock } = chunk
    const buffer = acquireBuffer(HANDSHAKE_HEADER_LENGTH)
    return { buffer, filled: 0, frame: 0, length: 0, segments: 0, records: 0, seconds, fraction, clock }
  }

  private readMessageHeader(message: MessageProgress): void {
    message.length = HANDSHAKE_HEADER_LENGTH + readU24Be(message.buffer, 1)
    this.passing = message.length > MAX_MESSAGE_LENGTH || !isReadMessage(this.messageType)
  }

  private endMessage(frame: number): void {
    const message = this.message as MessageProgress
    const type = this.messageType
    this.message = null
    this.chunkCounted = false
    this.recordCounted = false
    const { buffer, filled, length } = message
    if (!isReadMessage(type)) this.sink.message(type, NO_BYTES, 0, 0, message, frame)
    else if (filled === length) this.sink.message(type, buffer, HANDSHAKE_HEADER_LENGTH, length, message, frame)
    else this.sink.messageLost(type, message, frame)
    releaseBuffer(buffer)
  }

  /** A hole in handshake bytes: what is behind it can be told apart only where the length of the message is known. */
  private passHole(length: number, frame: number): void {
    let left = length
    if (this.boundariesLost) return
    const { message } = this
    if (message !== null && this.passed >= HANDSHAKE_HEADER_LENGTH) {
      const take = Math.min(left, message.length - this.passed)
      this.passing = true
      this.passed += take
      left -= take
      if (this.passed === message.length) this.endMessage(Math.max(this.messageFrame, frame))
    }
    if (left > 0) {
      this.loseMessage(frame)
      this.boundariesLost = true
    }
  }

  private loseMessage(frame: number): void {
    const { message } = this
    this.message = null
    if (message === null) return
    if (message.filled > 0) this.sink.messageLost(this.messageType, message, frame)
    releaseBuffer(message.buffer)
  }

  /** The framing is lost: nothing that follows can be told apart. */
  private breakOff(frame: number): void {
    this.loseMessage(frame)
    this.lost = true
    this.sink.framingLost(frame)
  }
}

const NO_BYTES = new Uint8Array(0)

/** Reused for each message that is whole in its chunk. */
const whole: MessageProgress = {
  buffer: NO_BYTES,
  filled: 0,
  frame: 0,
  length: 0,
  segments: 1,
  records: 1,
  seconds: 0,
  fraction: 0,
  clock: MICROSECONDS,
}

/** Grows with what has arrived, never with what a length claims. */
function reserve(message: MessageProgress, capacity: number): void {
  if (message.buffer.length >= capacity) return
  const grown = acquireBuffer(Math.max(capacity, Math.min(message.length, message.buffer.length * 2)))
  grown.set(message.buffer.subarray(0, message.filled))
  releaseBuffer(message.buffer)
  message.buffer = grown
}
