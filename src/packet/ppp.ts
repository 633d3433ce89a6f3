import { readU16Be } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { etherTypeStep, PPP, pppProtocolStep } from './step.js'
import type { Walk } from './walk.js'

const ADDRESS_AND_CONTROL = 0xff03

/** RFC 1661 §2, with the address and control bytes of RFC 1662 §3.1 or without, and compressed protocol numbers. */
export function readPpp(walk: Walk): number {
  if (!walk.has(2)) return reason.TRUNCATED_HEADER
  if (readU16Be(walk.bytes, walk.at) === ADDRESS_AND_CONTROL) walk.at += 2
  if (!walk.has(2)) return reason.TRUNCATED_HEADER
  const first = walk.bytes[walk.at] as number
  // The last byte of a protocol number is odd and the others are even, so that an odd first byte is the whole number.
  if ((first & 1) === 1) {
    walk.at += 1
    return pppProtocolStep(first)
  }
  walk.at += 2
  return pppProtocolStep(readU16Be(walk.bytes, walk.at - 2))
}

/** LINKTYPE_PPP_HDLC: PPP in HDLC-like framing, or Cisco's framing (RFC 1547 §4.3.1) by its address byte. */
export function readPppHdlc(walk: Walk): number {
  if (!walk.has(2)) return reason.TRUNCATED_HEADER
  const address = walk.bytes[walk.at] as number
  return address === 0x0f || address === 0x8f ? readCiscoHdlc(walk) : PPP
}

/** LINKTYPE_C_HDLC: address, control, EtherType. */
export function readCiscoHdlc(walk: Walk): number {
  if (!walk.has(4)) return reason.TRUNCATED_HEADER
  const type = readU16Be(walk.bytes, walk.at + 2)
  walk.at += 4
  return type <= 1500 ? reason.unknownEtherType(type) : etherTypeStep(type)
}

/** RFC 2516 §4: version and type 1, code 0 for a session, session id, and the length of the PPP frame. */
export function readPppoe(walk: Walk): number {
  if (!walk.has(6)) return reason.TRUNCATED_HEADER
  const { bytes, at } = walk
  if (readU16Be(bytes, at) !== 0x1100) return reason.PPPOE
  walk.at = at + 6
  walk.narrow(walk.at + readU16Be(bytes, at + 4))
  return PPP
}
