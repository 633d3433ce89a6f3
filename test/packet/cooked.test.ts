import { describe, expect, it } from 'vitest'
import { big, counting, join } from '../support/bytes.js'
import { decodePacket } from '../support/decoding.js'
import { ipv4, linuxCooked, linuxCooked2, llcSnap, loopback, tcp } from '../support/packets.js'

const packet = ipv4(tcp({}, counting(40)))

describe('readLinuxCooked', () => {
  const cooked = (protocol: number, rest: Uint8Array) =>
    join(big(0, 2), big(1, 2), new Uint8Array(10), big(protocol, 2), rest)

  it('reads LLC under its Linux number, and no other number below the EtherTypes', () => {
    expect(decodePacket(cooked(4, llcSnap(packet)), { linkType: 113 }).reason).toBe('decoded')
    expect(decodePacket(cooked(1, packet), { linkType: 113 }).reason).toBe('llc')
    expect(decodePacket(cooked(12, packet), { linkType: 113 }).reason).toBe('ethertype 0x000c')
  })

  it('does not take netlink messages for packets', () => {
    expect(decodePacket(linuxCooked(packet, 824), { linkType: 113 }).reason).toBe('link-type 253')
    expect(decodePacket(linuxCooked2(packet, 824), { linkType: 276 }).reason).toBe('link-type 253')
  })
})

describe('readLoopback', () => {
  it.each(['big', 'little'] as const)('names an unknown address family, %s-endian', (byteOrder) => {
    expect(decodePacket(loopback(packet, 7, byteOrder), { linkType: 0 }).reason).toBe('address-family 7')
  })
})

describe('readPflog', () => {
  it('refuses a header without a length', () => {
    expect(decodePacket(join([0, 2, 0, 0], packet), { linkType: 117 }).reason).toBe('link-header')
  })
})
