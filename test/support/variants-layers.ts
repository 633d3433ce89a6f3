import { join } from './bytes.js'
import { type CapturedPacket, pcap } from './captures.js'
import {
  authenticationHeader,
  ciscoHdlc,
  erspan,
  ethernet,
  extensionHeader,
  geneve,
  gre,
  gtpU,
  ipv4,
  ipv6,
  l2tp,
  linuxCooked,
  linuxCooked2,
  llcSnap,
  loopback,
  mpls,
  ppp,
  pppoe,
  tcp,
  teredo,
  vlan,
  vxlan,
  vxlanGpe,
} from './packets.js'
import type { Variant } from './variants.js'
import { type Frame, internetPacket, isIpv6, type Original, overIpv6 } from './variants-original.js'

/** Puts a link-layer header before an IP packet. */
type Wrap = (packet: Uint8Array) => Uint8Array

/** Every link type and tunnel, and IPv6 with what may stand between it and TCP. */
export function layers(original: Original): Variant[] {
  return [...linkTypes(original), ...tunnels(original), ...extensionHeaders(original)]
}

const isVersion6 = (packet: Uint8Array): boolean => (packet[0] as number) >> 4 === 6
const zeros = (length: number): Uint8Array => new Uint8Array(length)
const family = (packet: Uint8Array, version6: number): number => (isVersion6(packet) ? version6 : 2)

const LINKS: readonly (readonly [name: string, linkType: number, wrap: Wrap])[] = [
  ['Ethernet', 1, (packet) => ethernet(packet)],
  ['Ethernet with padding behind it', 1, (packet) => ethernet(packet, { trailer: zeros(18) })],
  ['Ethernet with LLC and SNAP', 1, (packet) => ethernet(llcSnap(packet))],
  ['NULL, little endian', 0, (packet) => loopback(packet, family(packet, 30))],
  ['NULL, big endian', 0, (packet) => loopback(packet, family(packet, 28), 'big')],
  ['LOOP', 108, (packet) => loopback(packet, family(packet, 24), 'big')],
  ['RAW', 101, (packet) => packet],
  ['RAW by its number 12', 12, (packet) => packet],
  ['RAW by its number 14', 14, (packet) => packet],
  ['PPP', 9, (packet) => ppp(packet)],
  ['PPP without address and control', 9, (packet) => ppp(packet, { framing: [] })],
  ['PPP, protocol in one byte', 9, (packet) => ppp(packet, { compressed: true })],
  ['PPP_HDLC', 50, (packet) => ppp(packet)],
  ['PPP_ETHER', 51, (packet) => pppoe(packet)],
  ['PPP_WITH_DIR', 204, (packet) => join([1], ppp(packet))],
  ['C_HDLC', 104, (packet) => ciscoHdlc(packet)],
  ['C_HDLC_WITH_DIR', 205, (packet) => join([0], ciscoHdlc(packet))],
  ['FRELAY', 107, (packet) => join([0x18, 0x41, 3, isVersion6(packet) ? 0x8e : 0xcc], packet)],
  ['LINUX_SLL', 113, (packet) => linuxCooked(packet)],
  ['LINUX_SLL2', 276, (packet) => linuxCooked2(packet)],
  ['ENC', 109, (packet) => join(loopback(zeros(8), family(packet, 24)), packet)],
  ['PFLOG', 117, (packet) => join([61, family(packet, 24)], zeros(62), packet)],
  ['MPLS', 219, (packet) => mpls(packet)],
  ['IPNET', 226, (packet) => join(zeros(24), packet)],
  ['NETANALYZER', 240, (packet) => join(zeros(4), ethernet(packet))],
  ['ETHERNET_MPACKET', 274, (packet) => join(zeros(8), ethernet(packet))],
]

function linkTypes({ frames }: Original): Variant[] {
  const plain = frames.map((frame) => ({ packet: internetPacket(frame), time: frame.time }))
  const version = plain.every(({ packet }) => isVersion6(packet)) ? 6 : 4
  const exact: readonly (readonly [string, number, Wrap])[] = [
    [version === 6 ? 'IPV6' : 'IPV4', version === 6 ? 229 : 228, (packet) => packet],
  ]
  return [...LINKS, ...exact].map(([name, linkType, wrap]) => ({
    row: 'link types rewritten',
    name: `link type ${name}`,
    promised: 'identical',
    make: () =>
      pcap(
        plain.map(({ packet, time }) => ({ bytes: wrap(packet), time })),
        { linkType },
      ),
  }))
}

const around4: Wrap = (payload) => ethernet(ipv4(payload, { source: '203.0.113.1', destination: '203.0.113.2' }))
const around6: Wrap = (payload) => ethernet(ipv6(payload, { source: '2001:db8:1::1', destination: '2001:db8:1::2' }))

/** Tunnels that lie on Ethernet itself. */
const TAGS: Readonly<Record<string, Wrap>> = {
  VLAN: (packet) => ethernet(vlan(packet, 100)),
  'VLAN with padding behind it': (packet) => ethernet(vlan(packet, 100), { trailer: zeros(18) }),
  QinQ: (packet) => ethernet(vlan(vlan(packet, 100), 200, 0x88a8)),
  'three VLAN tags': (packet) => ethernet(vlan(vlan(vlan(packet, 3), 2, 0x9100), 1)),
  'VLAN and LLC': (packet) => ethernet(vlan(llcSnap(packet))),
  MPLS: (packet) => ethernet(mpls(packet)),
  'three MPLS labels': (packet) => ethernet(mpls(packet, [16, 17, 18])),
  'an MPLS pseudowire': (packet) => ethernet(mpls(ethernet(packet))),
  'an MPLS pseudowire with a control word': (packet) => ethernet(mpls(ethernet(packet), [16], [0, 0, 0, 1])),
  PPPoE: (packet) => ethernet(pppoe(packet)),
  'PPPoE in a VLAN': (packet) => ethernet(vlan(pppoe(packet), 7)),
}

/** Tunnels that lie on IP, whichever version. */
const TUNNELS: Readonly<Record<string, Wrap>> = {
  GRE: (packet) => gre(packet),
  'GRE with checksum, key and number': (packet) => gre(packet, { checksum: true, key: 7, sequence: 1 }),
  'GRE with Ethernet': (packet) => gre(ethernet(packet)),
  'GRE of PPTP': (packet) => gre(ppp(packet), { version: 1, key: 7, sequence: 1, acknowledgment: 1 }),
  'GRE with MPLS': (packet) => gre(mpls(packet)),
  'IP in IP': (packet) => packet,
  'MPLS in IP': (packet) => mpls(packet),
  'an authentication header': (packet) => authenticationHeader(packet),
  VXLAN: (packet) => vxlan(ethernet(packet)),
  'VXLAN with a VLAN in it': (packet) => vxlan(ethernet(vlan(packet, 5))),
  'VXLAN-GPE': (packet) => vxlanGpe(packet, isVersion6(packet) ? 2 : 1),
  Geneve: (packet) => geneve(ethernet(packet)),
  'Geneve with options': (packet) => geneve(ethernet(packet), 12),
  'Geneve without Ethernet': (packet) => geneve(packet),
  'ERSPAN I': (packet) => erspan(ethernet(packet), 1),
  'ERSPAN II': (packet) => erspan(ethernet(packet), 2),
  'ERSPAN III': (packet) => erspan(ethernet(packet), 3),
  'ERSPAN III with a subheader': (packet) => erspan(ethernet(packet), 3, true),
  'GTP-U': (packet) => gtpU(packet),
  'GTP-U with a number': (packet) => gtpU(packet, true),
  'GTP-U with an extension': (packet) => gtpU(packet, true, [[1, 0, 9, 0]]),
  L2TP: (packet) => l2tp(ppp(packet)),
  'L2TP with all fields': (packet) => l2tp(ppp(packet), true),
  'VXLAN in GRE': (packet) => gre(ipv4(vxlan(ethernet(packet)))),
}

function tunnels(original: Original): Variant[] {
  const outer: readonly (readonly [name: string, wrap: Wrap])[] = [
    ...Object.entries(TAGS),
    ...Object.entries(TUNNELS).flatMap(([name, tunnel]): [string, Wrap][] => [
      [`${name} over IPv4`, (packet) => around4(tunnel(packet))],
      [`${name} over IPv6`, (packet) => around6(tunnel(packet))],
    ]),
  ]
  const wrapped = outer.map(([name, wrap]): Variant => {
    return { row: 'tunnels wrapped', name, promised: 'identical', make: () => wrappedIn(original.frames, wrap) }
  })
  const inTeredo = [
    ['Teredo', false, false],
    ['Teredo with an authentication header', true, false],
    ['Teredo with an origin indication', false, true],
    ['Teredo with both', true, true],
  ] as const
  const teredos = inTeredo.map(([name, authentication, origin]): Variant => {
    const wrap: Wrap = (packet) => around4(teredo(packet, authentication, origin))
    const make = (): Uint8Array => wrappedIn(original.frames.map(overIpv6), wrap)
    return { row: 'tunnels wrapped', name, promised: 'unchanged', make }
  })
  return [...wrapped, ...teredos]
}

function wrappedIn(frames: readonly Frame[], wrap: Wrap): Uint8Array {
  return pcap(frames.map((frame) => ({ bytes: wrap(internetPacket(frame)), time: frame.time })))
}

const HEADERS: Readonly<Record<string, Wrap>> = {
  'no extension header': (segment) => segment,
  'hop-by-hop options': (segment) => extensionHeader(0, segment),
  'long hop-by-hop options': (segment) => extensionHeader(0, segment, 20),
  'a routing header': (segment) => extensionHeader(43, segment, 2),
  'destination options': (segment) => extensionHeader(60, segment),
  'an authentication header': (segment) => authenticationHeader(segment),
  'mobility, HIP and shim6': (segment) => extensionHeader(135, extensionHeader(139, extensionHeader(140, segment))),
  'all that RFC 8200 recommends, in its order': (segment) =>
    extensionHeader(0, extensionHeader(60, extensionHeader(43, authenticationHeader(extensionHeader(60, segment))))),
  'eight of destination options': (segment) => {
    let layer = segment
    for (let i = 0; i < 8; i++) layer = extensionHeader(60, layer)
    return layer
  },
}

function extensionHeaders(original: Original): Variant[] {
  return Object.entries(HEADERS).map(([name, headers]) => ({
    row: 'IPv6, with and without extension headers',
    name: `IPv6 with ${name}`,
    promised: original.ipv6 ? 'identical' : 'unchanged',
    make: () => pcap(original.frames.map(overIpv6).map((frame) => behindHeaders(frame, headers))),
  }))
}

function behindHeaders(frame: Frame, headers: Wrap): CapturedPacket {
  const { segment, time } = frame
  if (segment === null || !isIpv6(segment.source)) return { bytes: ethernet(internetPacket(frame)), time }
  const { source, destination, payload, ...fields } = segment
  return { bytes: ethernet(ipv6(headers(tcp(fields, payload)), { source, destination })), time }
}
