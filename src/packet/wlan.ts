import { readU16Be, readU16Le } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { LLC } from './step.js'
import type { Walk } from './walk.js'

// IEEE 802.11 §9.2.4.1: the frame control field, read as a little-endian number.
const TYPE = 0x000c
const TYPE_DATA = 0x0008
const SUBTYPE_NO_DATA = 0x0040
const SUBTYPE_QOS = 0x0080
const TO_AND_FROM_DISTRIBUTION_SYSTEM = 0x0300
const MORE_FRAGMENTS = 0x0400
const PROTECTED = 0x4000
const HIGH_THROUGHPUT_CONTROL = 0x8000

const AGGREGATE_PRESENT = 0x80

/**
 * LINKTYPE_IEEE802_11, the data frames in the clear. `padded`: the driver filled the MAC header up to 4 bytes. Fragments
 * and aggregates of frames are not put together or taken apart.
 */
export function readWlan(walk: Walk, padded = false): number {
  if (!walk.has(2)) return reason.TRUNCATED_HEADER
  const { bytes, at } = walk
  const control = readU16Le(bytes, at)
  if ((control & TYPE) !== TYPE_DATA || (control & SUBTYPE_NO_DATA) !== 0) return reason.WLAN
  if ((control & PROTECTED) !== 0) return reason.WLAN_PROTECTED
  const hasQos = (control & SUBTYPE_QOS) !== 0
  let length = 24
  if ((control & TO_AND_FROM_DISTRIBUTION_SYSTEM) === TO_AND_FROM_DISTRIBUTION_SYSTEM) length += 6
  const qosAt = at + length
  if (hasQos) length += (control & HIGH_THROUGHPUT_CONTROL) === 0 ? 2 : 6
  if (padded) length = (length + 3) & ~3
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  const fragmentNumber = (bytes[at + 22] as number) & 15
  if ((control & MORE_FRAGMENTS) !== 0 || fragmentNumber !== 0) return reason.WLAN
  if (hasQos && ((bytes[qosAt] as number) & AGGREGATE_PRESENT) !== 0) return reason.WLAN
  walk.at = at + length
  return LLC
}

const EXTENDED = 0x80
const TIMER_PRESENT = 0x01
const FLAGS_PRESENT = 0x02
const FLAG_PADDED = 0x20

/** LINKTYPE_IEEE802_11_RADIOTAP: version, padding, little-endian length, words of presence bits, the fields; then 802.11. */
export function readRadiotap(walk: Walk): number {
  if (!walk.has(8)) return reason.TRUNCATED_HEADER
  const { bytes, at } = walk
  const length = readU16Le(bytes, at + 2)
  if (bytes[at] !== 0 || length < 8) return reason.LINK_HEADER
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  const present = bytes[at + 4] as number
  let field = 8
  while (field + 4 <= length && ((bytes[at + field - 1] as number) & EXTENDED) !== 0) field += 4
  if ((present & TIMER_PRESENT) !== 0) field = ((field + 7) & ~7) + 8
  const flags = (present & FLAGS_PRESENT) !== 0 && field < length ? (bytes[at + field] as number) : 0
  walk.at = at + length
  return readWlan(walk, (flags & FLAG_PADDED) !== 0)
}

/** LINKTYPE_IEEE802_11_AVS: a big-endian length in the second word; then 802.11. */
export function readAvs(walk: Walk): number {
  if (!walk.has(8)) return reason.TRUNCATED_HEADER
  const length = readU16Be(walk.bytes, walk.at + 6)
  if (length < 8) return reason.LINK_HEADER
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  walk.at += length
  return readWlan(walk)
}
