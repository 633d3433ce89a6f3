import { describe, expect, it } from 'vitest'
import { big, counting, join } from '../support/bytes.js'
import { decodePacket, RAW } from '../support/decoding.js'
import { ethernet, gre, ipv4, ppp, tcp } from '../support/packets.js'

const packet = ipv4(tcp({}, counting(40)))
const reasonOf = (inGre: Uint8Array) => decodePacket(ipv4(inGre, { protocol: 47 }), { linkType: RAW }).reason

describe('readGre', () => {
  it('passes over the source routes of RFC 1701', () => {
    const routes = join([0x08, 0, 0, 4], counting(4), [0, 0, 0, 0])
    expect(reasonOf(join(big(0x4000, 2), big(0x0800, 2), big(0, 4), routes, packet))).toBe('decoded')
    expect(reasonOf(join(big(0x4000, 2), big(0x0800, 2), big(0, 4), [0x08, 0, 0, 4]))).toBe('gre')
  })

  it('refuses versions and kinds of frame that nobody defined', () => {
    expect(reasonOf(gre(packet, { version: 2 }))).toBe('gre')
    expect(reasonOf(gre(packet, { version: 1, key: 1 }))).toBe('gre')
    const kind = join([0x20, 1], new Uint8Array(8), big(5 << 10, 2), ethernet(packet))
    expect(reasonOf(gre(kind, { protocol: 0x22eb, sequence: 1 }))).toBe('gre')
  })

  it('reads an IP packet in ERSPAN type III', () => {
    const header = join([0x20, 1], new Uint8Array(8), big(2 << 10, 2))
    expect(reasonOf(gre(join(header, packet), { protocol: 0x22eb, sequence: 1 }))).toBe('decoded')
  })

  it('names what it carries where that is not followed', () => {
    expect(reasonOf(gre(packet, { protocol: 0x2001 }))).toBe('ethertype 0x2001')
    expect(reasonOf(gre(packet, { protocol: 5 }))).toBe('ethertype 0x0005')
    expect(reasonOf(gre(ppp(packet, { protocol: 0x00fd }), { version: 1, key: 1 }))).toBe('ppp-protocol 0x00fd')
  })

  it('refuses a header that is longer than the packet', () => {
    expect(reasonOf(Uint8Array.of(0xb0, 0, 8, 0, 0, 0))).toBe('gre')
  })
})
