import { readNflog, readPktap, readPpi } from './capture-headers.js'
import { readEnc, readIpnet, readLinuxCooked, readLinuxCooked2, readLoopback, readPflog } from './cooked.js'
import { readTyped } from './ethernet.js'
import { readFrameRelay } from './frame-relay.js'
import { readCiscoHdlc, readPppHdlc } from './ppp.js'
import * as reason from './reason.js'
import { ETHERNET, IP, IPV4, IPV6, LINK, LLC, MPLS, PPP, PPPOE } from './step.js'
import type { Walk } from './walk.js'
import { readAvs, readRadiotap, readWlan } from './wlan.js'

/** LINKTYPE_ETHERNET, by far the most frequent. */
export const LINKTYPE_ETHERNET = 1

/** Reads the header that the link type says, as far as it is not that of a layer of its own (tcpdump.org, "Link types"). */
export function readLink(walk: Walk): number {
  switch (walk.linkType) {
    case LINKTYPE_ETHERNET:
      return ETHERNET
    case 0: // NULL
    case 108: // LOOP
      return readLoopback(walk)
    case 9: // PPP
      return PPP
    case 12: // DLT_RAW, and DLT_LOOP on OpenBSD: an address family begins with a byte of 0, an IP header never
      return walk.has(1) && walk.bytes[walk.at] === 0 ? readLoopback(walk) : IP
    case 14: // DLT_RAW on OpenBSD
    case 101: // RAW
      return IP
    case 50: // PPP_HDLC
      return readPppHdlc(walk)
    case 51: // PPP_ETHER
      return PPPOE
    case 99: // SYMANTEC_FIREWALL
      return readTyped(walk, 6, 44)
    case 100: // ATM_RFC1483
      return LLC
    case 104: // C_HDLC
      return readCiscoHdlc(walk)
    case 105: // IEEE802_11
      return readWlan(walk)
    case 107: // FRELAY
      return readFrameRelay(walk)
    case 109: // ENC
      return readEnc(walk)
    case 113: // LINUX_SLL
      return readLinuxCooked(walk)
    case 117: // PFLOG
      return readPflog(walk)
    case 127: // IEEE802_11_RADIOTAP
      return readRadiotap(walk)
    case 138: // APPLE_IP_OVER_IEEE1394
      return readTyped(walk, 16, 18)
    case 163: // IEEE802_11_AVS
      return readAvs(walk)
    case 166: // PPP_PPPD: a direction in place of the address byte, then the control byte
      return pass(walk, 2, PPP)
    case 192: // PPI
      return readPpi(walk)
    case 204: // PPP_WITH_DIR
      return pass(walk, 1, PPP)
    case 205: // C_HDLC_WITH_DIR
      walk.linkType = 104
      return pass(walk, 1, LINK)
    case 206: // FRELAY_WITH_DIR
      walk.linkType = 107
      return pass(walk, 1, LINK)
    case 219: // MPLS
      return MPLS
    case 226: // IPNET
      return readIpnet(walk)
    case 228: // IPV4
      return IPV4
    case 229: // IPV6
      return IPV6
    case 239: // NFLOG
      return readNflog(walk)
    case 240: // NETANALYZER
      return pass(walk, 4, ETHERNET)
    case 258: // PKTAP
      return readPktap(walk)
    case 274: // ETHERNET_MPACKET
      return pass(walk, 8, ETHERNET)
    case 276: // LINUX_SLL2
      return readLinuxCooked2(walk)
    case 281: // DSA_TAG_BRCM
    case 284: // DSA_TAG_DSA
      return readTyped(walk, 16, 18)
    case 282: // DSA_TAG_BRCM_PREPEND
      return pass(walk, 4, ETHERNET)
    case 285: // DSA_TAG_EDSA
      return readTyped(walk, 20, 22)
    default:
      return reason.unknownLinkType(walk.linkType)
  }
}

function pass(walk: Walk, length: number, step: number): number {
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  walk.at += length
  return step
}
