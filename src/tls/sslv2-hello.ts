import { Cursor, readU16Be } from '../bytes/cursor.js'
import { joinBytes, NO_BYTES } from '../bytes/plain.js'
import { type Moment, momentOf } from '../bytes/time.js'
import { YES } from '../registry/detection.js'
import type { Chunk } from '../stream/chunk.js'
import { emptyClientHello } from './client-hello.js'
import { detectSslv2Hello } from './detect.js'
import type { ClientHello, MessagePlace } from './handshake.js'
import { problemOf } from './message-problem.js'

/** Two bytes with the length, the high bit set. */
export const SSLV2_RECORD_HEADER_LENGTH = 2

const cursor = new Cursor()

export function isSslv2Hello(chunk: Chunk): boolean {
  return (
    ((chunk.bytes[chunk.start] as number) & 0x80) !== 0 && detectSslv2Hello(chunk.bytes, chunk.start, chunk.end) === YES
  )
}

/** Collects an SSLv2 record with a ClientHello; its length is at most 32,767 bytes. */
export class Sslv2Reader {
  start: Moment | null = null
  /** Index in the last chunk past the record. */
  consumedTo = 0
  /** Bytes of the last chunk past the record. */
  behind = 0
  private bytes = NO_BYTES
  private segments = 0

  get bufferedBytes(): number {
    return this.bytes.length
  }

  /** The hello, once it is whole. */
  feed(chunk: Chunk): ClientHello | null {
    this.start ??= momentOf(chunk)
    this.segments++
    const held = this.bytes.length
    const joined = joinBytes(this.bytes, chunk.bytes, chunk.start, chunk.end)
    this.bytes = joined
    const length = SSLV2_RECORD_HEADER_LENGTH + (readU16Be(joined, 0) & 0x7fff)
    if (joined.length < length) return null
    this.consumedTo = chunk.start + (length - held)
    this.behind = chunk.end - this.consumedTo
    const place = {
      frame: chunk.frame,
      bytes: length - SSLV2_RECORD_HEADER_LENGTH,
      segments: this.segments,
      records: 1,
    }
    return readSslv2ClientHello(joined, SSLV2_RECORD_HEADER_LENGTH, length, place)
  }
}

/**
 * Reads an SSLv2-compatible ClientHello (RFC 5246 Appendix E.2) from its msg_type on. Cipher specs are three bytes;
 * those of TLS have a zero in front and are given as the cipher suites they stand for.
 */
export function readSslv2ClientHello(bytes: Uint8Array, start: number, end: number, place: MessagePlace): ClientHello {
  const hello = emptyClientHello(place)
  cursor.reset(bytes, start, end)
  cursor.skip(1) // msg_type
  hello.legacyVersion = cursor.u16()
  const cipherSpecLength = cursor.u16()
  const sessionIdLength = cursor.u16()
  const challengeLength = cursor.u16()
  const outer = cursor.enter(cipherSpecLength)
  const cipherSuites: number[] = []
  while (cursor.remaining() >= 3) cipherSuites.push(cursor.u24())
  cursor.leave(outer)
  hello.cipherSuites = cipherSuites
  cursor.skip(sessionIdLength)
  cursor.skip(challengeLength)
  hello.problem = problemOf(cursor)
  return hello
}
