import { readU16Be } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { ETHERNET, etherTypeStep, IP } from './step.js'
import type { Walk } from './walk.js'

/** IEEE 802.3 §3.2: destination, source, EtherType or length. */
export function readEthernet(walk: Walk): number {
  return readTyped(walk, 12, 14)
}

/** IEEE 802.1Q §9.6: the tag control information, and the EtherType of what was tagged. */
export function readVlan(walk: Walk): number {
  return readTyped(walk, 2, 4)
}

/** IEEE 802.1BR §7.5: 6 bytes of E-tag after its own EtherType. */
export function readETag(walk: Walk): number {
  return readTyped(walk, 6, 8)
}

/** Cisco VN-Tag: 4 bytes of direction and interfaces. */
export function readVnTag(walk: Walk): number {
  return readTyped(walk, 4, 6)
}

/** Cisco MetaData with a security group tag: version, length, option, tag. */
export function readCiscoMetadata(walk: Walk): number {
  return readTyped(walk, 6, 8)
}

/** IEEE 802.1Q §9.7 (802.1ah): 4 bytes of service instance, and the customer's whole frame. */
export function readITag(walk: Walk): number {
  if (!walk.has(4)) return reason.TRUNCATED_HEADER
  walk.at += 4
  return ETHERNET
}

/** IEEE 802.2 LLC: SNAP (RFC 1042) with an EtherType, or the SAP of IP. */
export function readLlc(walk: Walk): number {
  if (!walk.has(3)) return walk.missing(3, reason.LLC)
  const { bytes, at } = walk
  const saps = readU16Be(bytes, at)
  if (bytes[at + 2] !== 3) return reason.LLC
  if (saps === 0x0606) {
    walk.at = at + 3
    return IP
  }
  if (saps !== 0xaaaa) return reason.LLC
  if (!walk.has(8)) return walk.missing(8, reason.LLC)
  const organization = readU16Be(bytes, at + 3) * 256 + (bytes[at + 5] as number)
  walk.at = at + 8
  // 00-00-F8 is that of IEEE 802.1H bridge tunnels; other organizations have numbers of their own.
  if (organization !== 0 && organization !== 0xf8) return reason.LLC
  const type = readU16Be(bytes, at + 6)
  return type <= 1500 ? reason.LLC : etherTypeStep(type)
}

/** A header of `length` bytes with an EtherType at `typeAt`, or the length of the LLC frame that follows. */
export function readTyped(walk: Walk, typeAt: number, length: number): number {
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  const type = readU16Be(walk.bytes, walk.at + typeAt)
  walk.at += length
  if (type <= 1500) walk.narrow(walk.at + type)
  return etherTypeStep(type)
}
