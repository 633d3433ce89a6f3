import { readU16Be } from '../bytes/cursor.js'
import { viewOf } from '../bytes/view.js'
import { IP_FRAGMENT, MALFORMED_IP, TRUNCATED_HEADER } from './reason.js'
import type { Segment } from './segment.js'
import { ipProtocolStep } from './step.js'
import type { Walk } from './walk.js'

const HEADER = 20
const MORE_FRAGMENTS = 0x2000
const FRAGMENT_OFFSET = 0x1fff

/**
 * RFC 791 §3.1. Bytes past the total length are the link's padding or trailer. A total length of 0 is written by hosts
 * that leave segmentation to the network card: the packet then ends where the layer around it ends.
 */
export function readIpv4(walk: Walk): number {
  if (!walk.has(HEADER)) return TRUNCATED_HEADER
  const { bytes, at } = walk
  const versionAndLength = bytes[at] as number
  const headerLength = (versionAndLength & 15) * 4
  const totalLength = readU16Be(bytes, at + 2)
  if (versionAndLength >> 4 !== 4 || headerLength < HEADER) return MALFORMED_IP
  if (totalLength !== 0 && totalLength < headerLength) return MALFORMED_IP
  if (!walk.has(headerLength)) return TRUNCATED_HEADER
  const flagsAndOffset = readU16Be(bytes, at + 6)
  const protocol = bytes[at + 9] as number
  readIpv4Addresses(walk.segment, bytes, at)
  walk.at = at + headerLength
  if (totalLength !== 0) walk.endAt(at + totalLength)
  const step = ipProtocolStep(protocol)
  if ((flagsAndOffset & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) === 0 || step > 0) return step
  if (totalLength === 0) return MALFORMED_IP
  const offset = (flagsAndOffset & FRAGMENT_OFFSET) * 8
  const more = (flagsAndOffset & MORE_FRAGMENTS) !== 0
  return walk.reassemble(readU16Be(bytes, at + 4), protocol, protocol, offset, more) < 0 ? IP_FRAGMENT : step
}

/** Fills the addresses of `segment` from the IPv4 header at `at`. */
export function readIpv4Addresses(segment: Segment, bytes: Uint8Array, at: number): void {
  const view = viewOf(bytes)
  segment.ipVersion = 4
  segment.sourceA = 0
  segment.sourceB = 0
  segment.sourceC = 0
  segment.sourceD = view.getInt32(at + 12)
  segment.destinationA = 0
  segment.destinationB = 0
  segment.destinationC = 0
  segment.destinationD = view.getInt32(at + 16)
}
