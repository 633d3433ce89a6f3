import { MICROSECONDS, type Moment } from '../bytes/time.js'
import { viewOf } from '../bytes/view.js'
import { readCiscoMetadata, readETag, readEthernet, readITag, readLlc, readVlan, readVnTag } from './ethernet.js'
import { readEtherIp, readGre } from './gre.js'
import { readIpVersion } from './ip.js'
import { readIpv4, readIpv4Addresses } from './ipv4.js'
import { readExtensionHeaders, readIpv6 } from './ipv6.js'
import { LINKTYPE_ETHERNET, readLink } from './link.js'
import { readMpls } from './mpls.js'
import { readPpp, readPppoe } from './ppp.js'
import { TUNNEL_DEPTH } from './reason.js'
import type { Segment } from './segment.js'
import * as step from './step.js'
import { readTcp } from './tcp.js'
import { readUdp } from './udp.js'
import { readNetworkServiceHeader } from './udp-tunnels.js'
import type { UnreadDatagrams } from './unread-datagram.js'
import { Walk } from './walk.js'

export { DECODED, IP_FRAGMENT, skipReasonText } from './reason.js'

/** IP headers in one packet. Real tunnels have two or three. */
export const MAX_IP_HEADERS = 8

/** Headers of any kind in one packet: each IP header with a tunnel's, an Ethernet header and stacked tags around it. */
export const MAX_LAYERS = 64

/** Lengths on the wire that a capture claims are cut here, so that sums of positions stay small integers. */
const MAX_ORIGINAL_LENGTH = 0x1000_0000

const ETHERNET_HEADER = 14
const LEAST_IPV4_AND_TCP = 40
/** EtherType 0x0800, then IP version 4 and a header of five words. */
const ETHER_TYPE_AND_IPV4 = 0x080045
const MORE_FRAGMENTS_AND_OFFSET = 0x3fff
const IP_PROTOCOL_TCP = 6

const WITHOUT_TIME: Moment = { seconds: 0, fraction: 0, clock: MICROSECONDS }

/** Finds the innermost TCP segment of packets. Fragments are kept from one packet to the next; all else is not. */
export class PacketDecoder {
  private readonly walk: Walk
  /** Refilled by each decode that returns `DECODED`, and meaningless after any other. */
  readonly segment: Segment

  /** `time` is asked where a packet is a fragment: those that are far apart in time are of different datagrams. */
  constructor(time: Moment = WITHOUT_TIME) {
    this.walk = new Walk(time)
    this.segment = this.walk.segment
  }

  /** Datagrams of protocols that are not read, of all packets so far. */
  get unreadDatagrams(): Readonly<UnreadDatagrams> {
    return this.walk.unread
  }

  /** Datagrams given up because a fragment never came, was cut by the snap length or contradicted another. */
  get datagramsGivenUp(): number {
    return this.walk.fragments?.givenUp ?? 0
  }

  /** Packets that were counted as `ip-fragment` and whose datagram was completed after all. */
  get fragmentsJoined(): number {
    return this.walk.fragments?.joined ?? 0
  }

  /** Datagrams of which fragments are held, waiting for the rest. */
  get datagramsWaiting(): number {
    return this.walk.fragments?.waiting ?? 0
  }

  /**
   * Decodes the packet `bytes[start, end)`, which was `originalLength` bytes long on the wire. Returns `DECODED` where
   * `segment` holds its TCP segment now, and else why not, a number above 0 for `skipReasonText`.
   */
  decode(bytes: Uint8Array, start: number, end: number, originalLength: number, linkType: number): number {
    const ip = start + ETHERNET_HEADER
    // What nearly all packets are, in one go.
    if (linkType === LINKTYPE_ETHERNET && ip + LEAST_IPV4_AND_TCP <= end) {
      const view = viewOf(bytes)
      if (
        view.getUint32(start + 12) >>> 8 === ETHER_TYPE_AND_IPV4 &&
        view.getUint8(ip + 9) === IP_PROTOCOL_TCP &&
        (view.getUint16(ip + 6) & MORE_FRAGMENTS_AND_OFFSET) === 0
      ) {
        const wireEnd = ip + view.getUint16(ip + 2)
        if (wireEnd >= ip + LEAST_IPV4_AND_TCP) {
          readIpv4Addresses(this.segment, bytes, ip)
          return readTcp(this.segment, bytes, ip + 20, Math.min(wireEnd, end), wireEnd)
        }
      }
    }
    return this.readLayers(bytes, start, end, originalLength, linkType)
  }

  private readLayers(bytes: Uint8Array, start: number, end: number, originalLength: number, linkType: number): number {
    const { walk } = this
    walk.bytes = bytes
    walk.at = start
    walk.end = end
    walk.wireEnd = Math.max(end, start + Math.min(originalLength, MAX_ORIGINAL_LENGTH))
    walk.linkType = linkType
    let ipHeaders = 0
    let next = readLink(walk)
    for (let layers = 0; next < 0; layers++) {
      if (next === step.IPV4 || next === step.IPV6) ipHeaders++
      if (ipHeaders > MAX_IP_HEADERS || layers === MAX_LAYERS) return TUNNEL_DEPTH
      next = readLayer(walk, next)
    }
    return next
  }
}

function readLayer(walk: Walk, layer: number): number {
  switch (layer) {
    case step.LINK:
      return readLink(walk)
    case step.ETHERNET:
      return readEthernet(walk)
    case step.VLAN:
      return readVlan(walk)
    case step.E_TAG:
      return readETag(walk)
    case step.I_TAG:
      return readITag(walk)
    case step.VN_TAG:
      return readVnTag(walk)
    case step.CISCO_METADATA:
      return readCiscoMetadata(walk)
    case step.LLC:
      return readLlc(walk)
    case step.IP:
      return readIpVersion(walk)
    case step.IPV4:
      return readIpv4(walk)
    case step.IPV6:
      return readIpv6(walk)
    case step.AUTHENTICATION_HEADER:
      return readExtensionHeaders(walk, 51)
    case step.UDP:
      return readUdp(walk)
    case step.GRE:
      return readGre(walk)
    case step.ETHER_IP:
      return readEtherIp(walk)
    case step.MPLS:
      return readMpls(walk)
    case step.PPP:
      return readPpp(walk)
    case step.PPPOE:
      return readPppoe(walk)
    case step.NETWORK_SERVICE_HEADER:
      return readNetworkServiceHeader(walk)
    default:
      return readTcp(walk.segment, walk.bytes, walk.at, walk.end, walk.wireEnd)
  }
}
