import { big, counting, join, little } from './bytes.js'
import * as build from './packets.js'

/** A packet that carries the one segment all of them carry, in its own way. */
export interface TcpPacket {
  readonly name: string
  readonly linkType: number
  readonly bytes: Uint8Array
}

export const payload = counting(61)

/** The fields of that segment. */
export const segmentFields = {
  sourcePort: 50123,
  destinationPort: 443,
  sequence: 0x9abcdef0 | 0,
  acknowledgment: 0x12345678,
  flags: 0x18,
  payloadLength: payload.length,
}

const { ethernet, ipv4, ipv6, vlan } = build
const segment = build.tcp({ sourcePort: 50123, sequence: 0x9abcdef0, acknowledgment: 0x12345678 }, payload)
const packet4 = ipv4(segment)
const packet6 = ipv6(segment)
const frame = ethernet(packet4)

const inEthernet: readonly (readonly [name: string, layer: Uint8Array])[] = [
  ['IPv4', packet4],
  ['IPv6', packet6],
  ['IPv4 with options', ipv4(segment, { options: [7, 7, 4, 0, 0, 0, 0, 1] })],
  ['IPv4 with an authentication header', ipv4(build.authenticationHeader(segment))],
  ['IPv6 with hop-by-hop options', ipv6(build.extensionHeader(0, segment))],
  [
    'IPv6 with six extension headers',
    ipv6(
      build.extensionHeader(
        0,
        build.extensionHeader(
          60,
          build.extensionHeader(
            43,
            build.extensionHeader(135, build.extensionHeader(139, build.extensionHeader(140, segment)), 2),
            3,
          ),
        ),
      ),
    ),
  ],
  ['IPv6 with an authentication header', ipv6(build.authenticationHeader(segment))],
  ['IPv6 with an atomic fragment header', ipv6(build.fragmentHeader(segment))],
  ['802.1Q', vlan(packet4)],
  ['802.1ad with 802.1Q', vlan(vlan(packet6), 5, 0x88a8)],
  ['QinQ of type 9100', vlan(vlan(packet4), 5, 0x9100)],
  ['QinQ of type 9200', vlan(vlan(packet4), 5, 0x9200)],
  ['LLC and SNAP', build.llcSnap(packet4)],
  ['802.1Q with LLC and SNAP', vlan(build.llcSnap(packet4))],
  ['PPPoE', build.pppoe(packet4)],
  ['PPPoE in 802.1Q with IPv6', vlan(build.pppoe(packet6))],
  ['MPLS with IPv4', build.mpls(packet4, [16, 17, 18])],
  ['MPLS with IPv6', build.mpls(packet6)],
  ['MPLS with an Ethernet pseudowire', build.mpls(frame)],
  ['MPLS with an Ethernet pseudowire and a control word', build.mpls(frame, [16], [0, 0, 0, 1])],
  ['MPLS in IPv4', ipv4(build.mpls(packet4))],
  ['IPv4 in IPv4', ipv4(packet4)],
  ['IPv6 in IPv4', ipv4(packet6)],
  ['IPv4 in IPv6', ipv6(packet4)],
  ['IPv6 in IPv6', ipv6(packet6)],
  ['GRE', ipv4(build.gre(packet4))],
  ['GRE with checksum, key and sequence', ipv4(build.gre(packet6, { checksum: true, key: 1, sequence: 2 }))],
  ['GRE with an Ethernet frame', ipv6(build.gre(frame))],
  ['GRE with MPLS', ipv4(build.gre(build.mpls(packet4)))],
  ['PPTP', ipv4(build.gre(build.ppp(packet4), { version: 1, key: 1, sequence: 1, acknowledgment: 1 }))],
  ['WCCP', ipv4(build.gre(packet4, { protocol: 0x883e }))],
  ['WCCP 2', ipv4(build.gre(join([0, 1, 2, 3], packet4), { protocol: 0x883e }))],
  ['ERSPAN type I', ipv4(build.erspan(frame, 1))],
  ['ERSPAN type II', ipv4(build.erspan(frame, 2))],
  ['ERSPAN type III', ipv4(build.erspan(frame, 3))],
  ['ERSPAN type III with a platform subheader', ipv4(build.erspan(frame, 3, true))],
  ['EtherIP', ipv4(join([0x30, 0], frame), { protocol: 97 })],
  ['Ethernet in IPv6', ipv6(frame)],
  ['VXLAN', ipv4(build.vxlan(frame))],
  ['VXLAN on the port of Linux', ipv4(build.vxlan(frame, 8472))],
  ['VXLAN with a group policy', ipv4(build.vxlan(frame, 4789, 0x88))],
  ['VXLAN-GPE with IPv4', ipv4(build.vxlanGpe(packet4, 1))],
  ['VXLAN-GPE with Ethernet', ipv6(build.vxlanGpe(frame, 3))],
  ['VXLAN-GPE with a network service header', ipv4(build.vxlanGpe(join([0, 2, 1, 2, 0, 0, 1, 255], packet6), 4))],
  ['Geneve', ipv4(build.geneve(frame))],
  ['Geneve with options and IPv6', ipv6(build.geneve(packet6, 12))],
  ['GTP-U', ipv4(build.gtpU(packet4))],
  ['GTP-U with a sequence number', ipv4(build.gtpU(packet6, true))],
  [
    'GTP-U with extension headers',
    ipv4(
      build.gtpU(packet4, false, [
        [1, 0, 9, 0x85],
        [2, 0, 0, 0, 0, 0, 0, 0],
      ]),
    ),
  ],
  ['Teredo', ipv4(build.teredo(packet6))],
  ['Teredo with authentication and origin', ipv4(build.teredo(packet6, true, true))],
  ['L2TP', ipv4(build.l2tp(build.ppp(packet4)))],
  ['L2TP with all optional fields', ipv4(build.l2tp(build.ppp(packet4, { framing: [], compressed: true }), true))],
  ['VXLAN in GRE in IPv6', ipv6(build.gre(ipv4(build.vxlan(ethernet(vlan(packet6))))))],
]

const tagged = (tag: readonly number[]): Uint8Array => join(frame.slice(0, 12), tag, frame.slice(12))
const wlan = (control: number, headerBytes: number, padding = 0): Uint8Array =>
  join(little(control, 2), new Uint8Array(headerBytes - 2 + padding), build.llcSnap(packet4))

/** Every link type and tunnel that is read, once. */
export const tcpPackets: readonly TcpPacket[] = [
  ...inEthernet.map(([name, layer]) => ({ name: `Ethernet, ${name}`, linkType: 1, bytes: ethernet(layer) })),
  { name: 'Ethernet, 802.1BR', linkType: 1, bytes: tagged([0x89, 0x3f, 0, 0, 0, 1, 0, 0]) },
  { name: 'Ethernet, VN-Tag', linkType: 1, bytes: tagged([0x89, 0x26, 0, 0, 0, 1]) },
  { name: 'Ethernet, Cisco MetaData', linkType: 1, bytes: tagged([0x89, 0x09, 1, 1, 0, 1, 0, 9]) },
  { name: 'Ethernet, 802.1ah', linkType: 1, bytes: join(new Uint8Array(12), [0x88, 0xe7, 0, 0, 0, 1], frame) },
  { name: 'LINUX_SLL', linkType: 113, bytes: build.linuxCooked(packet4) },
  { name: 'LINUX_SLL, 802.1Q', linkType: 113, bytes: build.linuxCooked(vlan(packet6)) },
  { name: 'LINUX_SLL2', linkType: 276, bytes: build.linuxCooked2(packet6) },
  { name: 'LINUX_SLL2, 802.1Q', linkType: 276, bytes: build.linuxCooked2(vlan(packet4)) },
  ...(['big', 'little'] as const).flatMap((byteOrder) =>
    [0, 108].flatMap((linkType) => [
      { name: `${linkType} of IPv4, ${byteOrder}`, linkType, bytes: build.loopback(packet4, 2, byteOrder) },
      ...[10, 23, 24, 28, 30].map((family) => ({
        name: `${linkType} of family ${family}, ${byteOrder}`,
        linkType,
        bytes: build.loopback(packet6, family, byteOrder),
      })),
    ]),
  ),
  ...[101, 12, 14].flatMap((linkType) => [
    { name: `RAW ${linkType} of IPv4`, linkType, bytes: packet4 },
    { name: `RAW ${linkType} of IPv6`, linkType, bytes: packet6 },
  ]),
  { name: 'LOOP by its number on OpenBSD', linkType: 12, bytes: build.loopback(packet6, 24, 'big') },
  { name: 'IPV4', linkType: 228, bytes: packet4 },
  { name: 'IPV6', linkType: 229, bytes: packet6 },
  { name: 'PPP', linkType: 9, bytes: build.ppp(packet4) },
  { name: 'PPP without framing', linkType: 9, bytes: build.ppp(packet6, { framing: [] }) },
  { name: 'PPP with a protocol of one byte', linkType: 9, bytes: build.ppp(packet4, { compressed: true }) },
  { name: 'PPP with MPLS', linkType: 9, bytes: build.ppp(build.mpls(packet4)) },
  { name: 'PPP_HDLC', linkType: 50, bytes: build.ppp(packet4) },
  { name: 'PPP_HDLC of Cisco', linkType: 50, bytes: build.ciscoHdlc(packet6) },
  { name: 'PPP_PPPD', linkType: 166, bytes: build.ppp(packet4, { framing: [1, 3] }) },
  { name: 'PPP_ETHER', linkType: 51, bytes: build.pppoe(packet4) },
  { name: 'PPP_WITH_DIR', linkType: 204, bytes: join([1], build.ppp(packet4)) },
  { name: 'C_HDLC', linkType: 104, bytes: build.ciscoHdlc(packet4) },
  { name: 'C_HDLC_WITH_DIR', linkType: 205, bytes: join([0], build.ciscoHdlc(packet4)) },
  { name: 'FRELAY', linkType: 107, bytes: join([0x18, 0x41, 3, 0xcc], packet4) },
  { name: 'FRELAY with SNAP', linkType: 107, bytes: join([0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0], packet4) },
  { name: 'FRELAY of Cisco', linkType: 107, bytes: join([0x18, 0x41, 0x86, 0xdd], packet6) },
  { name: 'FRELAY with an address of 4 bytes', linkType: 107, bytes: join([0x18, 0x40, 0, 1, 3, 0x8e], packet6) },
  { name: 'FRELAY_WITH_DIR', linkType: 206, bytes: join([1, 0x18, 0x41, 3, 0xcc], packet4) },
  { name: 'MPLS', linkType: 219, bytes: build.mpls(packet4) },
  { name: 'ATM_RFC1483', linkType: 100, bytes: build.llcSnap(packet4) },
  { name: 'LLC with the SAP of IP', linkType: 100, bytes: join([6, 6, 3], packet4) },
  { name: 'SYMANTEC_FIREWALL', linkType: 99, bytes: join(new Uint8Array(6), [8, 0], new Uint8Array(36), packet4) },
  { name: 'APPLE_IP_OVER_IEEE1394', linkType: 138, bytes: join(new Uint8Array(16), [8, 0], packet4) },
  { name: 'ENC', linkType: 109, bytes: join(little(2, 4), new Uint8Array(8), packet4) },
  { name: 'PFLOG', linkType: 117, bytes: join([61, 2], new Uint8Array(62), packet4) },
  { name: 'IPNET', linkType: 226, bytes: join([1, 2], new Uint8Array(22), packet4) },
  {
    name: 'NFLOG, little',
    linkType: 239,
    bytes: join(
      [2, 0, 0, 1],
      little(6, 2),
      little(10, 2),
      [104, 105, 0, 0],
      little(packet4.length + 4, 2),
      little(9, 2),
      packet4,
    ),
  },
  { name: 'NFLOG, big', linkType: 239, bytes: join([10, 0, 0, 1], big(packet6.length + 4, 2), big(9, 2), packet6) },
  { name: 'PKTAP', linkType: 258, bytes: join(little(108, 4), little(1, 4), little(1, 4), new Uint8Array(96), frame) },
  { name: 'PPI', linkType: 192, bytes: join([0, 0], little(12, 2), little(12, 4), new Uint8Array(4), packet4) },
  { name: 'NETANALYZER', linkType: 240, bytes: join(new Uint8Array(4), frame) },
  { name: 'ETHERNET_MPACKET', linkType: 274, bytes: join(new Uint8Array(8), frame) },
  { name: 'DSA_TAG_BRCM', linkType: 281, bytes: tagged([0, 0, 0, 1]) },
  { name: 'DSA_TAG_BRCM_PREPEND', linkType: 282, bytes: join([0, 0, 0, 1], frame) },
  { name: 'DSA_TAG_DSA', linkType: 284, bytes: tagged([0xc0, 0, 0, 1]) },
  { name: 'DSA_TAG_EDSA', linkType: 285, bytes: tagged([0xda, 0xda, 0, 0, 0xc0, 0, 0, 1]) },
  { name: 'IEEE802_11', linkType: 105, bytes: wlan(0x0108, 24) },
  { name: 'IEEE802_11 with QoS', linkType: 105, bytes: wlan(0x0188, 26) },
  { name: 'IEEE802_11 with four addresses and HT control', linkType: 105, bytes: wlan(0x8388, 36) },
  { name: 'IEEE802_11_AVS', linkType: 163, bytes: join([0, 0, 0, 1], big(64, 4), new Uint8Array(56), wlan(8, 24)) },
  {
    name: 'IEEE802_11_RADIOTAP with padding',
    linkType: 127,
    bytes: join(
      [0, 0],
      little(25, 2),
      little(0x80000003, 4),
      little(0, 4),
      new Uint8Array(12),
      [0x20],
      wlan(0x88, 26, 2),
    ),
  },
]
