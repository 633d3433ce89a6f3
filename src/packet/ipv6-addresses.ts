import { readI32Be } from '../bytes/cursor.js'
import { viewOf } from '../bytes/view.js'
import type { Segment } from './segment.js'

const ADDRESS = 16
/** Where the addresses of a routing header begin. */
const FIRST_ADDRESS = 8

/** Types of routing headers (IANA "Internet Protocol Version 6 Parameters"). */
const SOURCE_ROUTE = 0
const MOBILE = 2
const RPL_SOURCE_ROUTE = 3
const SEGMENT_ROUTING = 4

/** The one option that is a single byte; all others have a length. */
const PAD1 = 0
const HOME_ADDRESS = 0xc9

/** Fills the addresses of `segment` from the IPv6 header at `at`. */
export function readIpv6Addresses(segment: Segment, bytes: Uint8Array, at: number): void {
  segment.ipVersion = 6
  setSource(segment, bytes, at + 8)
  setDestination(segment, bytes, at + 24)
}

/**
 * Puts the final destination in the place of the next one, where the routing header `bytes[at, end)` names it: it is
 * the one that TCP knows (RFC 8200 §8.1), and the one that answers.
 */
export function readFinalDestination(segment: Segment, bytes: Uint8Array, at: number, end: number): void {
  const segmentsLeft = bytes[at + 3] as number
  if (segmentsLeft === 0) return
  const first = at + FIRST_ADDRESS
  switch (bytes[at + 2]) {
    case SOURCE_ROUTE: // RFC 2460 §4.4: in the order of travel
      if (first + ADDRESS <= end) setDestination(segment, bytes, end - ADDRESS)
      return
    case MOBILE: // RFC 6275 §6.4.1: one, the home address
    case SEGMENT_ROUTING: // RFC 8754 §2: in reverse
      if (first + ADDRESS <= end) setDestination(segment, bytes, first)
      return
    case RPL_SOURCE_ROUTE:
      readCompressed(segment, bytes, at, end)
  }
}

/** RFC 6554 §3: the last address lacks the bytes in front that it shares with the destination; padding is behind it. */
function readCompressed(segment: Segment, bytes: Uint8Array, at: number, end: number): void {
  const shared = (bytes[at + 4] as number) & 15
  const padding = (bytes[at + 5] as number) >> 4
  const from = end - padding - (ADDRESS - shared)
  if (from < at + FIRST_ADDRESS) return
  const address = new Uint8Array(ADDRESS)
  const view = viewOf(address)
  view.setInt32(0, segment.destinationA)
  view.setInt32(4, segment.destinationB)
  view.setInt32(8, segment.destinationC)
  view.setInt32(12, segment.destinationD)
  address.set(bytes.subarray(from, end - padding), shared)
  setDestination(segment, address, 0)
}

/**
 * Puts the home address of a mobile host in the place of the one that it sends from, where the destination options
 * `bytes[at, end)` hold it: to TCP it is the sender's (RFC 6275 §6.3).
 */
export function readHomeAddress(segment: Segment, bytes: Uint8Array, at: number, end: number): void {
  let option = at + 2
  while (option + 2 <= end) {
    if (bytes[option] === PAD1) {
      option++
      continue
    }
    const length = bytes[option + 1] as number
    if (bytes[option] === HOME_ADDRESS && length === ADDRESS && option + 2 + ADDRESS <= end)
      setSource(segment, bytes, option + 2)
    option += 2 + length
  }
}

function setSource(segment: Segment, bytes: Uint8Array, at: number): void {
  segment.sourceA = readI32Be(bytes, at)
  segment.sourceB = readI32Be(bytes, at + 4)
  segment.sourceC = readI32Be(bytes, at + 8)
  segment.sourceD = readI32Be(bytes, at + 12)
}

function setDestination(segment: Segment, bytes: Uint8Array, at: number): void {
  segment.destinationA = readI32Be(bytes, at)
  segment.destinationB = readI32Be(bytes, at + 4)
  segment.destinationC = readI32Be(bytes, at + 8)
  segment.destinationD = readI32Be(bytes, at + 12)
}
