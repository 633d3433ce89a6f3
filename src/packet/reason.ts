import { hex } from '../bytes/text.js'

/** What a decode returns where `segment` holds a TCP segment. Every other outcome is a skip reason, a number above 0. */
export const DECODED = 0

export const TRUNCATED_HEADER = 1
export const MALFORMED_IP = 2
export const MALFORMED_TCP = 3
/** A fragment, kept (or of no use alone) until the rest of its datagram is there. */
export const IP_FRAGMENT = 4
export const TUNNEL_DEPTH = 5
export const ARP = 6
export const UDP = 7
export const ICMP = 8
export const ICMPV6 = 9
export const IGMP = 10
export const ESP = 11
export const SCTP = 12
export const LLC = 13
export const GRE = 14
export const MPLS_PAYLOAD = 15
export const PPPOE = 16
export const WLAN = 17
export const WLAN_PROTECTED = 18
export const LINK_HEADER = 19

const WORDS: readonly string[] = [
  'decoded',
  'truncated-header',
  'malformed-ip',
  'malformed-tcp',
  'ip-fragment',
  'tunnel-depth',
  'arp',
  'udp',
  'icmp',
  'icmpv6',
  'igmp',
  'esp',
  'sctp',
  'llc',
  'gre',
  'mpls-payload',
  'pppoe',
  'wlan',
  'wlan-protected',
  'link-header',
]

// Reasons that name a number: the number in the low 26 bits, as long as a link type of a pcap, and what it is above them.
const NUMBER = 0x03ff_ffff
const ETHERTYPE = 0x0400_0000
const IP_PROTOCOL = 0x0800_0000
const LINK_TYPE = 0x0c00_0000
const PPP_PROTOCOL = 0x1000_0000
const ADDRESS_FAMILY = 0x1400_0000

export function unknownEtherType(type: number): number {
  return ETHERTYPE | (type & 0xffff)
}

export function unknownIpProtocol(protocol: number): number {
  return IP_PROTOCOL | (protocol & 0xff)
}

export function unknownLinkType(linkType: number): number {
  return LINK_TYPE | (linkType & NUMBER)
}

export function unknownPppProtocol(protocol: number): number {
  return PPP_PROTOCOL | (protocol & 0xffff)
}

export function unknownAddressFamily(family: number): number {
  return ADDRESS_FAMILY | (family & 0xffff)
}

/** The stable word of a skip reason, as `udp`, `ethertype 0x88cc` or `ip-protocol 89`. */
export function skipReasonText(code: number): string {
  const number = code & NUMBER
  switch (code - number) {
    case ETHERTYPE:
      return `ethertype ${hex(number)}`
    case IP_PROTOCOL:
      return `ip-protocol ${number}`
    case LINK_TYPE:
      return `link-type ${number}`
    case PPP_PROTOCOL:
      return `ppp-protocol ${hex(number)}`
    case ADDRESS_FAMILY:
      return `address-family ${number}`
    default:
      return WORDS[code] ?? `reason ${code}`
  }
}
