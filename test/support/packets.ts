import { big, join, little } from './bytes.js'

// Each builder returns the bytes of its layer with the payload in it, and notes how the layer around it should name it,
// so that they nest: ethernet(ipv4(tcp({ destinationPort: 443 }, payload))).

interface Facts {
  /** The EtherType that names this layer. */
  readonly etherType?: number
  /** The IP protocol number that names this layer. */
  readonly ipProtocol?: number
  /** The PPP protocol number that names this layer. */
  readonly pppProtocol?: number
  /** Where the checksum over the pseudo-header goes. */
  readonly checksumAt?: number
}

const facts = new WeakMap<Uint8Array, Facts>()

function named(layer: Uint8Array, names: Facts): Uint8Array {
  facts.set(layer, names)
  return layer
}

function need(layer: Uint8Array, name: 'etherType' | 'ipProtocol' | 'pppProtocol', given: number | undefined): number {
  const number = given ?? facts.get(layer)?.[name]
  if (number === undefined) throw new Error(`the layer around these bytes has to be told their ${name}`)
  return number
}

const nothing = new Uint8Array(0)

export interface TcpFields {
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly sequence?: number
  readonly acknowledgment?: number
  readonly flags?: number
  readonly window?: number
  /** Padded to 32 bits. */
  readonly options?: readonly number[]
}

/** A TCP segment; ACK and PSH from port 50000 to 443 where nothing else is said. */
export function tcp(fields: TcpFields = {}, payload: Uint8Array = nothing): Uint8Array {
  const options = join(fields.options ?? [], new Uint8Array(-(fields.options?.length ?? 0) & 3))
  const segment = join(
    big(fields.sourcePort ?? 50000, 2),
    big(fields.destinationPort ?? 443, 2),
    big(fields.sequence ?? 1, 4),
    big(fields.acknowledgment ?? 1, 4),
    [((20 + options.length) / 4) << 4, fields.flags ?? 0x18],
    big(fields.window ?? 65535, 2),
    big(0, 4),
    options,
    payload,
  )
  return named(segment, { ipProtocol: 6, checksumAt: 16 })
}

export function udp(
  fields: { readonly sourcePort?: number; readonly destinationPort?: number; readonly length?: number },
  payload: Uint8Array = nothing,
): Uint8Array {
  const datagram = join(
    big(fields.sourcePort ?? 50000, 2),
    big(fields.destinationPort ?? 53, 2),
    big(fields.length ?? payload.length + 8, 2),
    [0, 0],
    payload,
  )
  return named(datagram, { ipProtocol: 17, checksumAt: 6 })
}

/** ICMP "destination unreachable" with the packet that it is about. */
export function icmpError(quoted: Uint8Array): Uint8Array {
  return named(join([3, 3, 0, 0, 0, 0, 0, 0], quoted), { ipProtocol: 1 })
}

export interface Ipv4Fields {
  readonly source?: string
  readonly destination?: string
  readonly protocol?: number
  readonly identification?: number
  readonly moreFragments?: boolean
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number
  readonly totalLength?: number
  /** Padded to 32 bits. */
  readonly options?: readonly number[]
}

export function ipv4(payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const protocol = need(payload, 'ipProtocol', fields.protocol)
  const addresses = join(ipv4Address(fields.source ?? '192.0.2.1'), ipv4Address(fields.destination ?? '198.51.100.2'))
  const options = join(fields.options ?? [], new Uint8Array(-(fields.options?.length ?? 0) & 3))
  const headerLength = 20 + options.length
  const header = join(
    [0x40 | (headerLength / 4), 0],
    big(fields.totalLength ?? headerLength + payload.length, 2),
    big(fields.identification ?? 1, 2),
    big((fields.moreFragments ? 0x2000 : 0) | ((fields.fragmentOffset ?? 0) / 8), 2),
    [64, protocol, 0, 0],
    addresses,
    options,
  )
  header.set(big(internetChecksum(header), 2), 10)
  const pseudoHeader = join(addresses, [0, protocol], big(payload.length, 2))
  return named(join(header, checksummed(payload, pseudoHeader)), {
    etherType: 0x0800,
    ipProtocol: 4,
    pppProtocol: 0x21,
  })
}

export interface Ipv6Fields {
  readonly source?: string
  readonly destination?: string
  readonly nextHeader?: number
  readonly payloadLength?: number
}

/** The checksum is right where the payload is TCP or UDP itself; behind extension headers it stays 0. */
export function ipv6(payload: Uint8Array, fields: Ipv6Fields = {}): Uint8Array {
  const nextHeader = need(payload, 'ipProtocol', fields.nextHeader)
  const addresses = join(ipv6Address(fields.source ?? '2001:db8::1'), ipv6Address(fields.destination ?? '2001:db8::2'))
  const header = join([0x60, 0, 0, 0], big(fields.payloadLength ?? payload.length, 2), [nextHeader, 64], addresses)
  const pseudoHeader = join(addresses, big(payload.length, 4), [0, 0, 0, nextHeader])
  return named(join(header, checksummed(payload, pseudoHeader)), {
    etherType: 0x86dd,
    ipProtocol: 41,
    pppProtocol: 0x57,
  })
}

/** An IPv6 extension header of this type (0, 43, 60, 135, 139 or 140) with n words of 8 bytes after its first. */
export function extensionHeader(type: number, payload: Uint8Array, words = 0): Uint8Array {
  const header = join([need(payload, 'ipProtocol', undefined), words], new Uint8Array(6 + words * 8))
  return named(join(header, payload), { ipProtocol: type })
}

/** An IP authentication header with a value of 12 bytes (RFC 4302 §2). */
export function authenticationHeader(payload: Uint8Array): Uint8Array {
  return named(join([need(payload, 'ipProtocol', undefined), 4], new Uint8Array(22), payload), { ipProtocol: 51 })
}

export interface FragmentFields {
  readonly identification?: number
  /** In bytes, a multiple of 8. */
  readonly offset?: number
  readonly more?: boolean
  /** The type of the payload. */
  readonly nextHeader?: number
}

/** An IPv6 fragment header before a part of a payload (RFC 8200 §4.5). */
export function fragmentHeader(payload: Uint8Array, fields: FragmentFields = {}): Uint8Array {
  const nextHeader = need(payload, 'ipProtocol', fields.nextHeader)
  const offsetAndFlags = (fields.offset ?? 0) | (fields.more ? 1 : 0)
  const header = join([nextHeader, 0], big(offsetAndFlags, 2), big(fields.identification ?? 1, 4))
  return named(join(header, payload), { ipProtocol: 44 })
}

/** `payload` in IPv4 packets of at most `size` payload bytes, a multiple of 8, in order. */
export function ipv4Fragments(payload: Uint8Array, size: number, fields: Ipv4Fields = {}): Uint8Array[] {
  const protocol = need(payload, 'ipProtocol', fields.protocol)
  return pieces(payload, size).map(({ offset, piece, more }) =>
    ipv4(piece, { ...fields, protocol, fragmentOffset: offset, moreFragments: more }),
  )
}

/** `payload` in IPv6 packets with fragment headers, of at most `size` payload bytes, a multiple of 8, in order. */
export function ipv6Fragments(payload: Uint8Array, size: number, identification = 1, fields: Ipv6Fields = {}) {
  const nextHeader = need(payload, 'ipProtocol', undefined)
  return pieces(payload, size).map(({ offset, piece, more }) =>
    ipv6(fragmentHeader(piece, { identification, offset, more, nextHeader }), fields),
  )
}

export interface EthernetFields {
  readonly etherType?: number
  readonly destination?: readonly number[]
  readonly source?: readonly number[]
  /** Bytes behind the payload: padding or a frame check sequence. */
  readonly trailer?: Uint8Array
}

export function ethernet(payload: Uint8Array, fields: EthernetFields = {}): Uint8Array {
  const frame = join(
    fields.destination ?? [2, 0, 0, 0, 0, 2],
    fields.source ?? [2, 0, 0, 0, 0, 1],
    big(need(payload, 'etherType', fields.etherType), 2),
    payload,
    fields.trailer ?? nothing,
  )
  return named(frame, { etherType: 0x6558, ipProtocol: 143 })
}

/** An 802.1Q tag, or another by the EtherType that announces it. */
export function vlan(payload: Uint8Array, identifier = 1, etherType = 0x8100): Uint8Array {
  return named(join(big(identifier, 2), big(need(payload, 'etherType', undefined), 2), payload), { etherType })
}

/** LLC and SNAP. In an Ethernet frame its length stands where the EtherType would. */
export function llcSnap(payload: Uint8Array): Uint8Array {
  const frame = join([0xaa, 0xaa, 3, 0, 0, 0], big(need(payload, 'etherType', undefined), 2), payload)
  return named(frame, { etherType: frame.length })
}

/** LINKTYPE_LINUX_SLL. */
export function linuxCooked(payload: Uint8Array, hardware = 1): Uint8Array {
  const protocol = big(need(payload, 'etherType', undefined), 2)
  return join([0, 0], big(hardware, 2), big(6, 2), new Uint8Array(8), protocol, payload)
}

/** LINKTYPE_LINUX_SLL2. */
export function linuxCooked2(payload: Uint8Array, hardware = 1): Uint8Array {
  const protocol = big(need(payload, 'etherType', undefined), 2)
  return join(protocol, [0, 0], big(1, 4), big(hardware, 2), [0, 6], new Uint8Array(8), payload)
}

/** LINKTYPE_NULL with the family in either byte order, LINKTYPE_LOOP in network byte order. */
export function loopback(payload: Uint8Array, family: number, byteOrder: 'big' | 'little' = 'little'): Uint8Array {
  return join(byteOrder === 'big' ? big(family, 4) : little(family, 4), payload)
}

export interface PppFields {
  /** Address and control, FF 03 where left out; `[]` for none. */
  readonly framing?: readonly number[]
  /** Write the protocol in one byte. */
  readonly compressed?: boolean
  readonly protocol?: number
}

export function ppp(payload: Uint8Array, fields: PppFields = {}): Uint8Array {
  const protocol = need(payload, 'pppProtocol', fields.protocol)
  const frame = join(fields.framing ?? [0xff, 3], big(protocol, fields.compressed ? 1 : 2), payload)
  return named(frame, { etherType: 0x880b })
}

/** A PPPoE session header with the PPP protocol number behind it. */
export function pppoe(payload: Uint8Array): Uint8Array {
  const frame = ppp(payload, { framing: [] })
  return named(join([0x11, 0], big(7, 2), big(frame.length, 2), frame), { etherType: 0x8864 })
}

/** Cisco HDLC, unicast. */
export function ciscoHdlc(payload: Uint8Array): Uint8Array {
  return join([0x0f, 0], big(need(payload, 'etherType', undefined), 2), payload)
}

/** A label stack; `control` is the control word of a pseudowire, where there is one. */
export function mpls(payload: Uint8Array, labels: readonly number[] = [16], control: readonly number[] = []) {
  const stack = labels.map((label, i) => big(label * 4096 + (i === labels.length - 1 ? 256 : 0) + 64, 4))
  return named(join(...stack, control, payload), { etherType: 0x8847, ipProtocol: 137, pppProtocol: 0x0281 })
}

export interface GreFields {
  readonly protocol?: number
  readonly checksum?: boolean
  readonly key?: number
  readonly sequence?: number
  /** The acknowledgment of PPTP, version 1. */
  readonly acknowledgment?: number
  readonly version?: number
}

export function gre(payload: Uint8Array, fields: GreFields = {}): Uint8Array {
  const flags =
    (fields.checksum ? 0x8000 : 0) |
    (fields.key === undefined ? 0 : 0x2000) |
    (fields.sequence === undefined ? 0 : 0x1000) |
    (fields.acknowledgment === undefined ? 0 : 0x0080) |
    (fields.version ?? 0)
  const header = join(
    big(flags, 2),
    big(need(payload, 'etherType', fields.protocol), 2),
    fields.checksum ? big(0, 4) : [],
    fields.key === undefined ? [] : big(fields.key, 4),
    fields.sequence === undefined ? [] : big(fields.sequence, 4),
    fields.acknowledgment === undefined ? [] : big(fields.acknowledgment, 4),
  )
  return named(join(header, payload), { ipProtocol: 47 })
}

/** GRE with an Ethernet frame in ERSPAN: type 1 without a header, 2 with 8 bytes, 3 with 12 or 20. */
export function erspan(frame: Uint8Array, type: 1 | 2 | 3, subheader = false): Uint8Array {
  if (type === 1) return gre(frame, { protocol: 0x88be })
  if (type === 2) return gre(join([0x10, 1], new Uint8Array(6), frame), { protocol: 0x88be, sequence: 1 })
  const header = join([0x20, 1], new Uint8Array(8), big(subheader ? 1 : 0, 2), new Uint8Array(subheader ? 8 : 0))
  return gre(join(header, frame), { protocol: 0x22eb, sequence: 1 })
}

/** VXLAN in UDP. */
export function vxlan(frame: Uint8Array, destinationPort = 4789, flags = 0x08): Uint8Array {
  return udp({ destinationPort }, join([flags, 0, 0, 0, 0, 0, 7, 0], frame))
}

/** VXLAN with the generic protocol extension in UDP: 1 is IPv4, 2 IPv6, 3 Ethernet, 4 NSH, 5 MPLS. */
export function vxlanGpe(payload: Uint8Array, nextProtocol: number): Uint8Array {
  return udp({ destinationPort: 4790 }, join([0x0c, 0, 0, nextProtocol, 0, 0, 7, 0], payload))
}

/** Geneve in UDP, with options of a number of bytes that is a multiple of 4. */
export function geneve(payload: Uint8Array, optionBytes = 0): Uint8Array {
  const type = big(need(payload, 'etherType', undefined), 2)
  const header = join([optionBytes / 4, 0], type, [0, 0, 7, 0], new Uint8Array(optionBytes))
  return udp({ destinationPort: 6081 }, join(header, payload))
}

/** A G-PDU of GTP-U in UDP; `extensions` are whole extension headers but for the type of the first, which is 0x85. */
export function gtpU(packet: Uint8Array, sequence = false, extensions: readonly (readonly number[])[] = []) {
  const flags = 0x30 | (extensions.length > 0 ? 4 : 0) | (sequence ? 2 : 0)
  const optional = (flags & 7) === 0 ? nothing : join([0, 1, 0, extensions.length > 0 ? 0x85 : 0], ...extensions)
  const length = big(optional.length + packet.length, 2)
  return udp({ destinationPort: 2152 }, join([flags, 255], length, big(7, 4), optional, packet))
}

/** Teredo in UDP, with an authentication header and an origin indication or without. */
export function teredo(packet: Uint8Array, authentication = false, origin = false): Uint8Array {
  const authenticated = authentication ? join([0, 1, 4, 2], new Uint8Array(4 + 2 + 9)) : nothing
  const indication = origin ? join([0, 0], new Uint8Array(6)) : nothing
  return udp({ destinationPort: 3544 }, join(authenticated, indication, packet))
}

/** An L2TP data message in UDP, with all optional fields or none. */
export function l2tp(frame: Uint8Array, optional = false): Uint8Array {
  const header = optional
    ? join(big(0x4a02, 2), big(16 + frame.length, 2), big(1, 2), big(2, 2), big(0, 4), big(2, 2), [0, 0])
    : join(big(0x0002, 2), big(1, 2), big(2, 2))
  return udp({ destinationPort: 1701 }, join(header, frame))
}

/** The one's complement checksum of RFC 1071. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i] as number) * 256 + (bytes[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

/** The bytes of a dotted IPv4 address. */
export function ipv4Address(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number)
}

/** The bytes of an IPv6 address, with one `::` or all eight fields. */
export function ipv6Address(text: string): Uint8Array {
  const [front = '', back = ''] = text.split('::')
  const fields = (part: string) => (part === '' ? [] : part.split(':').map((field) => Number.parseInt(field, 16)))
  const zeros = Array<number>(8 - fields(front).length - fields(back).length).fill(0)
  return join(...[...fields(front), ...zeros, ...fields(back)].map((field) => big(field, 2)))
}

function checksummed(payload: Uint8Array, pseudoHeader: Uint8Array): Uint8Array {
  const at = facts.get(payload)?.checksumAt
  if (at === undefined) return payload
  const copy = payload.slice()
  copy.set(big(internetChecksum(join(pseudoHeader, copy)), 2), at)
  return copy
}

function pieces(payload: Uint8Array, size: number) {
  const list: { offset: number; piece: Uint8Array; more: boolean }[] = []
  for (let offset = 0; offset < payload.length; offset += size) {
    const piece = payload.slice(offset, offset + size)
    list.push({ offset, piece, more: offset + size < payload.length })
  }
  return list
}
