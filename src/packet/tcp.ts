import { readI32Be, readU16Be } from '../bytes/cursor.js'
import { DECODED, MALFORMED_TCP, TRUNCATED_HEADER } from './reason.js'
import type { Segment } from './segment.js'

const HEADER = 20

/**
 * Fills the TCP fields of `segment` from the header at `at` (RFC 9293 §3.1). The segment ends at `wireEnd`; what the
 * capture holds of it ends at `end`. Options that the snap length cut leave a segment of which no payload was captured.
 * Checksums are not looked at: with offload they are wrong in captures of the sending host.
 */
export function readTcp(segment: Segment, bytes: Uint8Array, at: number, end: number, wireEnd: number): number {
  if (end - at < HEADER) return wireEnd - at < HEADER ? MALFORMED_TCP : TRUNCATED_HEADER
  const headerLength = ((bytes[at + 12] as number) >> 4) * 4
  const payload = at + headerLength
  if (headerLength < HEADER || payload > wireEnd) return MALFORMED_TCP
  segment.bytes = bytes
  segment.sourcePort = readU16Be(bytes, at)
  segment.destinationPort = readU16Be(bytes, at + 2)
  segment.sequence = readI32Be(bytes, at + 4)
  segment.acknowledgment = readI32Be(bytes, at + 8)
  segment.flags = bytes[at + 13] as number
  segment.payloadStart = Math.min(payload, end)
  segment.payloadEnd = end
  segment.payloadLength = wireEnd - payload
  return DECODED
}
