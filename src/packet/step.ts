import * as reason from './reason.js'

// A layer that has read its header answers with the next layer to read, a number below 0, or with an outcome:
// `DECODED` or a skip reason. So no layer calls another, and the depth of a packet is counted in one place.

/** The layer that `Walk.linkType` names. */
export const LINK = -1
export const ETHERNET = -2
export const VLAN = -3
/** 802.1BR E-tag. */
export const E_TAG = -4
/** IEEE 802.1ah I-tag, with a customer's Ethernet frame in it. */
export const I_TAG = -5
/** 802.2 LLC, after an 802.3 length field or alone. */
export const LLC = -6
/** IPv4 or IPv6, told by the version field. */
export const IP = -7
export const IPV4 = -8
export const IPV6 = -9
export const TCP = -10
export const UDP = -11
export const GRE = -12
export const AUTHENTICATION_HEADER = -13
export const ETHER_IP = -14
export const MPLS = -15
export const PPPOE = -16
export const PPP = -17
export const NETWORK_SERVICE_HEADER = -18
/** Cisco VN-Tag: 4 bytes and an EtherType. */
export const VN_TAG = -19
/** Cisco MetaData (TrustSec): 6 bytes and an EtherType. */
export const CISCO_METADATA = -20

/** The layer behind an EtherType (IANA "IEEE 802 Numbers"), a value up to 1500 being the length of an LLC frame. */
export function etherTypeStep(type: number): number {
  switch (type) {
    case 0x0800:
      return IPV4
    case 0x86dd:
      return IPV6
    case 0x8100:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
      return VLAN
    case 0x8847:
    case 0x8848:
      return MPLS
    case 0x8864:
      return PPPOE
    case 0x880b:
      return PPP
    case 0x6558:
      return ETHERNET
    case 0x88e7:
      return I_TAG
    case 0x893f:
      return E_TAG
    case 0x8926:
      return VN_TAG
    case 0x8909:
      return CISCO_METADATA
    case 0x894f:
      return NETWORK_SERVICE_HEADER
    case 0x0806:
      return reason.ARP
    default:
      return type <= 1500 ? LLC : reason.unknownEtherType(type)
  }
}

/** The layer behind an IP protocol number (IANA "Protocol Numbers"). */
export function ipProtocolStep(protocol: number): number {
  switch (protocol) {
    case 6:
      return TCP
    case 17:
      return UDP
    case 4:
      return IPV4
    case 41:
      return IPV6
    case 47:
      return GRE
    case 51:
      return AUTHENTICATION_HEADER
    case 97:
      return ETHER_IP
    case 137:
      return MPLS
    case 143:
      return ETHERNET
    case 1:
      return reason.ICMP
    case 2:
      return reason.IGMP
    case 50:
      return reason.ESP
    case 58:
      return reason.ICMPV6
    case 132:
      return reason.SCTP
    default:
      return reason.unknownIpProtocol(protocol)
  }
}

/** The layer behind a PPP protocol number (IANA "PPP DLL Protocol Numbers"). */
export function pppProtocolStep(protocol: number): number {
  switch (protocol) {
    case 0x0021:
      return IPV4
    case 0x0057:
      return IPV6
    case 0x0281:
    case 0x0283:
      return MPLS
    default:
      return reason.unknownPppProtocol(protocol)
  }
}
