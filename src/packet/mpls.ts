import { readU16Be } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { ETHERNET, etherTypeStep, IPV4, IPV6 } from './step.js'
import type { Walk } from './walk.js'

const BOTTOM_OF_STACK = 1
const LENGTH_OF_MACS = 12

/**
 * RFC 3032 §2.1: label stack entries down to the bottom. Nothing says what the payload is; it is IP where a plausible IP
 * header stands there, and else an Ethernet pseudowire (RFC 4448) with or without its control word where a known
 * EtherType stands at the right place.
 */
export function readMpls(walk: Walk): number {
  const { bytes } = walk
  let bottom = false
  while (!bottom) {
    if (!walk.has(4)) return reason.TRUNCATED_HEADER
    bottom = ((bytes[walk.at + 2] as number) & BOTTOM_OF_STACK) === 1
    walk.at += 4
  }
  if (!walk.has(6)) return walk.missing(6, reason.MPLS_PAYLOAD)
  const { at } = walk
  const version = (bytes[at] as number) >> 4
  if (version === 4 && ((bytes[at] as number) & 15) >= 5 && walk.hasOnWire(readU16Be(bytes, at + 2))) return IPV4
  if (version === 6 && walk.hasOnWire(readU16Be(bytes, at + 4) + 40)) return IPV6
  if (version === 0 && walk.hasOnWire(4 + LENGTH_OF_MACS + 2)) {
    if (!walk.has(4 + LENGTH_OF_MACS + 2)) return reason.TRUNCATED_HEADER
    if (isFrame(walk, at + 4)) {
      walk.at = at + 4
      return ETHERNET
    }
  }
  if (!walk.has(LENGTH_OF_MACS + 2)) return walk.missing(LENGTH_OF_MACS + 2, reason.MPLS_PAYLOAD)
  return isFrame(walk, at) ? ETHERNET : reason.MPLS_PAYLOAD
}

/** An EtherType that leads to a further layer stands behind two MAC addresses. */
function isFrame(walk: Walk, at: number): boolean {
  const type = readU16Be(walk.bytes, at + LENGTH_OF_MACS)
  return type > 1500 && (etherTypeStep(type) < 0 || etherTypeStep(type) === reason.ARP)
}
