import { viewOf } from '../bytes/view.js'
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
  const view = viewOf(bytes)
  const offsetAndFlags = view.getUint16(at + 12)
  const headerLength = (offsetAndFlags >> 12) * 4
  const payload = at + headerLength
  if (headerLength < HEADER || payload > wireEnd) return MALFORMED_TCP
  segment.bytes = bytes
  segment.sourcePort = view.getUint16(at)
  segment.destinationPort = view.getUint16(at + 2)
  segment.sequence = view.getInt32(at + 4)
  segment.acknowledgment = view.getInt32(at + 8)
  segment.flags = offsetAndFlags & 0xff
  segment.payloadStart = Math.min(payload, end)
  segment.payloadEnd = end
  segment.payloadLength = wireEnd - payload
  return DECODED
}
