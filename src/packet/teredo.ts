import { readU16Be } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { IPV6 } from './step.js'
import type { Walk } from './walk.js'

const ORIGIN_INDICATION = 0x0000
const AUTHENTICATION = 0x0001
const IPV6_HEADER = 40

/**
 * RFC 4380 §5.1.1: an IPv6 packet in UDP, an authentication header and an origin indication before it or not. Taken for
 * one only where an IPv6 header stands there whose packet fits.
 */
export function readTeredo(walk: Walk): number {
  const { bytes } = walk
  if (!walk.has(4)) return walk.missing(4, reason.UDP)
  let at = walk.at
  if (readU16Be(bytes, at) === AUTHENTICATION) {
    // Lengths of the client identifier and of the authentication value, both; nonce 8, confirmation 1.
    at += 4 + (bytes[at + 2] as number) + (bytes[at + 3] as number) + 9
  }
  if (at + 8 > walk.end) return walk.missing(at + 8 - walk.at, reason.UDP)
  if (readU16Be(bytes, at) === ORIGIN_INDICATION) at += 8
  if (at + IPV6_HEADER > walk.end) return walk.missing(at + IPV6_HEADER - walk.at, reason.UDP)
  const length = readU16Be(bytes, at + 4)
  if ((bytes[at] as number) >> 4 !== 6 || length === 0 || at + IPV6_HEADER + length > walk.wireEnd) return reason.UDP
  walk.at = at
  return IPV6
}
