import { readU16Be, readU32Be, readU32Le } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { etherTypeStep, IP, IPV4, IPV6, LLC } from './step.js'
import type { Walk } from './walk.js'

const LINKTYPE_NETLINK = 253
/** ARPHRD_NETLINK: what an nlmon interface gives; the protocol field is then a netlink family. */
const HARDWARE_NETLINK = 824

/** LINKTYPE_LINUX_SLL: packet type, hardware type, address length, 8 bytes of address, protocol. */
export function readLinuxCooked(walk: Walk): number {
  if (!walk.has(16)) return reason.TRUNCATED_HEADER
  const hardware = readU16Be(walk.bytes, walk.at + 2)
  const protocol = readU16Be(walk.bytes, walk.at + 14)
  walk.at += 16
  return cookedProtocolStep(hardware, protocol)
}

/** LINKTYPE_LINUX_SLL2: protocol, 2 reserved, interface 4, hardware type, packet type 1, address length 1, address 8. */
export function readLinuxCooked2(walk: Walk): number {
  if (!walk.has(20)) return reason.TRUNCATED_HEADER
  const protocol = readU16Be(walk.bytes, walk.at)
  const hardware = readU16Be(walk.bytes, walk.at + 8)
  walk.at += 20
  return cookedProtocolStep(hardware, protocol)
}

/** The protocol field is an EtherType, or one of Linux' numbers below 1536: 1 for IPX in 802.3, 4 for 802.2 LLC. */
function cookedProtocolStep(hardware: number, protocol: number): number {
  if (hardware === HARDWARE_NETLINK) return reason.unknownLinkType(LINKTYPE_NETLINK)
  if (protocol === 1) return reason.LLC
  if (protocol === 4) return LLC
  return protocol <= 1500 ? reason.unknownEtherType(protocol) : etherTypeStep(protocol)
}

/**
 * LINKTYPE_NULL and LINKTYPE_LOOP: an address family of 4 bytes, in the byte order of the capturing host and in network
 * byte order. Families are small, so the value tells the order, also in files that another host rewrote.
 */
export function readLoopback(walk: Walk): number {
  if (!walk.has(4)) return reason.TRUNCATED_HEADER
  const family = readFamily(walk)
  walk.at += 4
  return familyStep(family)
}

/** LINKTYPE_ENC: address family, security parameter index, flags. */
export function readEnc(walk: Walk): number {
  if (!walk.has(12)) return reason.TRUNCATED_HEADER
  const family = readFamily(walk)
  walk.at += 12
  return familyStep(family)
}

/** LINKTYPE_PFLOG: length of the header without its padding to 4 bytes, address family. */
export function readPflog(walk: Walk): number {
  if (!walk.has(2)) return reason.TRUNCATED_HEADER
  const length = ((walk.bytes[walk.at] as number) + 3) & ~3
  const family = walk.bytes[walk.at + 1] as number
  if (length < 4) return reason.LINK_HEADER
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  walk.at += length
  return familyStep(family)
}

/** LINKTYPE_IPNET: 24 bytes before an IP packet. */
export function readIpnet(walk: Walk): number {
  if (!walk.has(24)) return reason.TRUNCATED_HEADER
  walk.at += 24
  return IP
}

function readFamily(walk: Walk): number {
  const family = readU32Le(walk.bytes, walk.at)
  return family > 0xffff ? readU32Be(walk.bytes, walk.at) : family
}

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 23 on Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
function familyStep(family: number): number {
  switch (family) {
    case 2:
      return IPV4
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return IPV6
    default:
      return reason.unknownAddressFamily(family)
  }
}
