import { readU16Be } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { ETHERNET, etherTypeStep, IP, IPV4, IPV6, MPLS, NETWORK_SERVICE_HEADER, PPP } from './step.js'
import type { Walk } from './walk.js'

/** RFC 7348 §5: the I flag set, and no other than the G flag of draft-smith-vxlan-group-policy; 3 reserved bytes; VNI. */
export function readVxlan(walk: Walk): number {
  if (!walk.has(8)) return walk.missing(8, reason.UDP)
  const flags = walk.bytes[walk.at] as number
  // Tunnels set up for the generic protocol extension often keep the port of VXLAN.
  if ((flags & ~0x08) === 0x04) return readVxlanGpe(walk)
  if ((flags & ~0x80) !== 0x08) return reason.UDP
  walk.at += 8
  return ETHERNET
}

/** draft-ietf-nvo3-vxlan-gpe §3: version 0; with the P flag the last byte of the first word says what follows. */
export function readVxlanGpe(walk: Walk): number {
  if (!walk.has(8)) return walk.missing(8, reason.UDP)
  const flags = walk.bytes[walk.at] as number
  const nextProtocol = walk.bytes[walk.at + 3] as number
  if ((flags & 0xf0) !== 0) return reason.UDP
  walk.at += 8
  return (flags & 0x04) === 0 ? ETHERNET : nextProtocolStep(nextProtocol)
}

/** RFC 8300 §2.2: the length in words of 4 bytes in the low bits of the first 2 bytes, the next protocol in the fourth. */
export function readNetworkServiceHeader(walk: Walk): number {
  if (!walk.has(8)) return reason.TRUNCATED_HEADER
  const length = (readU16Be(walk.bytes, walk.at) & 0x3f) * 4
  const nextProtocol = walk.bytes[walk.at + 3] as number
  if (length < 8) return reason.unknownEtherType(0x894f)
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  walk.at += length
  return nextProtocolStep(nextProtocol)
}

/** The numbers that VXLAN-GPE and the network service header share (RFC 8300 §9.1.5). */
function nextProtocolStep(protocol: number): number {
  switch (protocol) {
    case 1:
      return IPV4
    case 2:
      return IPV6
    case 3:
      return ETHERNET
    case 4:
      return NETWORK_SERVICE_HEADER
    case 5:
      return MPLS
    default:
      return reason.UDP
  }
}

/** RFC 8926 §3.4: version 0, the length of the options in words of 4 bytes, the O and C flags, an EtherType, the VNI. */
export function readGeneve(walk: Walk): number {
  if (!walk.has(8)) return walk.missing(8, reason.UDP)
  const versionAndLength = walk.bytes[walk.at] as number
  const flags = walk.bytes[walk.at + 1] as number
  const type = readU16Be(walk.bytes, walk.at + 2)
  const length = 8 + (versionAndLength & 0x3f) * 4
  if (versionAndLength >> 6 !== 0 || (flags & 0x3f) !== 0 || type <= 1500) return reason.UDP
  if (!walk.has(length)) return walk.missing(length, reason.UDP)
  walk.at += length
  return etherTypeStep(type)
}

/**
 * 3GPP TS 29.281 §5.1: version 1, protocol type 1, and message 255 (G-PDU) with a user's IP packet. With any of the E, S
 * and PN flags 4 bytes follow the first 8, and with E a chain of extension headers, each of which counts its length in
 * words of 4 bytes and ends with the type of the next.
 */
export function readGtpU(walk: Walk): number {
  if (!walk.has(8)) return walk.missing(8, reason.UDP)
  const { bytes, at } = walk
  const flags = bytes[at] as number
  if ((flags & 0xf0) !== 0x30 || bytes[at + 1] !== 255) return reason.UDP
  const length = readU16Be(bytes, at + 2)
  walk.at = at + 8
  if (length !== 0) walk.narrow(walk.at + length)
  if ((flags & 0x07) === 0) return IP
  if (!walk.has(4)) return walk.missing(4, reason.UDP)
  let extension = (flags & 0x04) === 0 ? 0 : (bytes[at + 11] as number)
  walk.at += 4
  while (extension !== 0) {
    if (!walk.has(1)) return walk.missing(1, reason.UDP)
    const extensionLength = (bytes[walk.at] as number) * 4
    if (extensionLength === 0) return reason.UDP
    if (!walk.has(extensionLength)) return walk.missing(extensionLength, reason.UDP)
    walk.at += extensionLength
    extension = bytes[walk.at - 1] as number
  }
  return IP
}

/** RFC 2661 §3.1: a data message (T flag 0) of version 2, its length, sequence and offset fields by flag; then PPP. */
export function readL2tp(walk: Walk): number {
  if (!walk.has(2)) return walk.missing(2, reason.UDP)
  const { bytes, at } = walk
  const flags = readU16Be(bytes, at)
  if ((flags & 0xb4ff) !== 0x0002) return reason.UDP
  const hasLength = (flags & 0x4000) !== 0
  const hasOffset = (flags & 0x0200) !== 0
  const length = 6 + (hasLength ? 2 : 0) + ((flags & 0x0800) === 0 ? 0 : 4) + (hasOffset ? 2 : 0)
  if (!walk.has(length)) return walk.missing(length, reason.UDP)
  const offset = hasOffset ? readU16Be(bytes, at + length - 2) : 0
  if (hasLength && readU16Be(bytes, at + 2) >= length) walk.narrow(at + readU16Be(bytes, at + 2))
  if (!walk.has(length + offset)) return walk.missing(length + offset, reason.UDP)
  walk.at = at + length + offset
  return PPP
}
