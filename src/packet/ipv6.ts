import { readI32Be, readU16Be } from '../bytes/cursor.js'
import { readFinalDestination, readHomeAddress, readIpv6Addresses } from './ipv6-addresses.js'
import { IP_FRAGMENT, MALFORMED_IP, TRUNCATED_HEADER } from './reason.js'
import { ipProtocolStep } from './step.js'
import type { Walk } from './walk.js'

const HEADER = 40
const FRAGMENT_HEADER = 8

/** RFC 8200 §4.1 knows seven of them, at most eight in a packet; twice that is generous. */
const MAX_EXTENSION_HEADERS = 16

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION = 60
const MOBILITY = 135
const HIP = 139
const SHIM6 = 140

/**
 * RFC 8200 §3. A payload length of 0 stands for a jumbogram (RFC 2675) or for segmentation left to the network card: the
 * packet then ends where the layer around it ends.
 */
export function readIpv6(walk: Walk): number {
  if (!walk.has(HEADER)) return TRUNCATED_HEADER
  const { bytes, at, segment } = walk
  if ((bytes[at] as number) >> 4 !== 6) return MALFORMED_IP
  const payloadLength = readU16Be(bytes, at + 4)
  const nextHeader = bytes[at + 6] as number
  readIpv6Addresses(segment, bytes, at)
  walk.at = at + HEADER
  if (payloadLength !== 0) walk.endAt(walk.at + payloadLength)
  return readExtensionHeaders(walk, nextHeader)
}

/** RFC 8200 §4: passes over the extension headers, the first being of type `nextHeader`, to the step behind them. */
export function readExtensionHeaders(walk: Walk, nextHeader: number): number {
  let type = nextHeader
  for (let headers = 0; headers <= MAX_EXTENSION_HEADERS; headers++) {
    if (!isExtensionHeader(type)) return ipProtocolStep(type)
    if (!walk.has(FRAGMENT_HEADER)) return walk.missing(FRAGMENT_HEADER, MALFORMED_IP)
    if (type === FRAGMENT) {
      const fragmented = walk.bytes[walk.at] as number
      if (!isExtensionHeader(fragmented) && ipProtocolStep(fragmented) > 0) return ipProtocolStep(fragmented)
      type = readFragmentHeader(walk)
      if (type < 0) return IP_FRAGMENT
      continue
    }
    const lengthField = walk.bytes[walk.at + 1] as number
    // RFC 4302 §2.2: the authentication header alone counts words of 4 bytes.
    const length = type === AUTHENTICATION ? (lengthField + 2) * 4 : (lengthField + 1) * 8
    if (!walk.has(length)) return walk.missing(length, MALFORMED_IP)
    const { at, bytes, segment } = walk
    if (type === ROUTING && segment.ipVersion === 6) readFinalDestination(segment, bytes, at, at + length)
    if (type === DESTINATION && segment.ipVersion === 6) readHomeAddress(segment, bytes, at, at + length)
    type = bytes[at] as number
    walk.at = at + length
  }
  return MALFORMED_IP
}

/** RFC 8200 §4.5. Returns the type of what follows, or -1 while fragments are missing. */
function readFragmentHeader(walk: Walk): number {
  const { bytes, at } = walk
  const nextHeader = bytes[at] as number
  const offsetAndFlags = readU16Be(bytes, at + 2)
  const identification = readI32Be(bytes, at + 4)
  walk.at = at + FRAGMENT_HEADER
  const offset = offsetAndFlags & 0xfff8
  const more = (offsetAndFlags & 1) !== 0
  // RFC 6946: an atomic fragment is a packet of its own, whatever else has its identification.
  if (offset === 0 && !more) return nextHeader
  return walk.reassemble(identification, FRAGMENT, nextHeader, offset, more)
}

function isExtensionHeader(type: number): boolean {
  return (
    type === HOP_BY_HOP ||
    type === ROUTING ||
    type === FRAGMENT ||
    type === AUTHENTICATION ||
    type === DESTINATION ||
    type === MOBILITY ||
    type === HIP ||
    type === SHIM6
  )
}
