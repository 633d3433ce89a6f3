import { readU16Be } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { ETHERNET, etherTypeStep, IP, IPV4, PPP } from './step.js'
import type { Walk } from './walk.js'

const CHECKSUM = 0x8000
const ROUTING = 0x4000
const KEY = 0x2000
const SEQUENCE = 0x1000
const ACKNOWLEDGMENT = 0x0080
const VERSION = 0x0007

const PROTOCOL_PPP = 0x880b
const PROTOCOL_WCCP = 0x883e
const PROTOCOL_ERSPAN = 0x88be
const PROTOCOL_ERSPAN_3 = 0x22eb

/** RFC 2784 §2, RFC 2890 §2 and the routing field of RFC 1701; version 1 is that of PPTP (RFC 2637 §4.1). */
export function readGre(walk: Walk): number {
  if (!walk.has(4)) return walk.missing(4, reason.GRE)
  const flags = readU16Be(walk.bytes, walk.at)
  const protocol = readU16Be(walk.bytes, walk.at + 2)
  const version = flags & VERSION
  if (version > 1 || (version === 1 && protocol !== PROTOCOL_PPP)) return reason.GRE
  let length = 4
  if ((flags & (CHECKSUM | ROUTING)) !== 0) length += 4
  if ((flags & KEY) !== 0) length += 4
  if ((flags & SEQUENCE) !== 0) length += 4
  if (version === 1 && (flags & ACKNOWLEDGMENT) !== 0) length += 4
  if (!walk.has(length)) return walk.missing(length, reason.GRE)
  walk.at += length
  if (version === 0 && (flags & ROUTING) !== 0 && !passSourceRoutes(walk)) {
    return walk.missing(4, reason.GRE)
  }
  switch (protocol) {
    case PROTOCOL_PPP:
      return PPP
    case PROTOCOL_WCCP:
      return readWccp(walk)
    case PROTOCOL_ERSPAN:
      return readErspan(walk, (flags & SEQUENCE) !== 0)
    case PROTOCOL_ERSPAN_3:
      return readErspan3(walk)
    default:
      return protocol <= 1500 ? reason.unknownEtherType(protocol) : etherTypeStep(protocol)
  }
}

/** RFC 1701: source route entries (family, offset, length) up to one of family and length 0. */
function passSourceRoutes(walk: Walk): boolean {
  while (walk.has(4)) {
    const family = readU16Be(walk.bytes, walk.at)
    const length = walk.bytes[walk.at + 3] as number
    walk.at += 4
    if (family === 0 && length === 0) return true
    if (!walk.has(length)) return false
    walk.at += length
  }
  return false
}

/** WCCP version 2 puts a redirect header of 4 bytes before the IPv4 header, version 1 none. */
function readWccp(walk: Walk): number {
  if (!walk.has(5)) return reason.TRUNCATED_HEADER
  if ((walk.bytes[walk.at] as number) >> 4 !== 4) walk.at += 4
  return IPV4
}

/** ERSPAN type I has no header and its GRE no sequence number; type II has 8 bytes (draft-foschiano-erspan §4.2). */
function readErspan(walk: Walk, numbered: boolean): number {
  if (!numbered) return ETHERNET
  if (!walk.has(8)) return reason.TRUNCATED_HEADER
  walk.at += 8
  return ETHERNET
}

/** ERSPAN type III: 12 bytes, and a platform subheader of 8 where the O bit says so (draft-foschiano-erspan §4.3). */
function readErspan3(walk: Walk): number {
  if (!walk.has(12)) return reason.TRUNCATED_HEADER
  const frameTypeAndFlags = readU16Be(walk.bytes, walk.at + 10)
  const length = (frameTypeAndFlags & 1) === 1 ? 20 : 12
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  walk.at += length
  const frameType = (frameTypeAndFlags >> 10) & 31
  return frameType === 0 ? ETHERNET : frameType === 2 ? IP : reason.GRE
}

/** RFC 3378 §3: version 3 and 12 reserved bits before an Ethernet frame. */
export function readEtherIp(walk: Walk): number {
  if (!walk.has(2)) return reason.TRUNCATED_HEADER
  walk.at += 2
  return ETHERNET
}
