import { describe, expect, it } from 'vitest'
import { PacketDecoder } from '../../src/packet/decode.js'
import { counting, join } from '../support/bytes.js'
import { decodePacket, RAW } from '../support/decoding.js'
import { ethernet, ipv4, ipv6, tcp, vlan } from '../support/packets.js'

const payload = counting(40)
const packet = ipv4(tcp({}, payload))

describe('readIpv4', () => {
  it('does not take the padding of a short frame for payload', () => {
    const found = decodePacket(ethernet(ipv4(tcp()), { trailer: new Uint8Array(6) }))
    expect(found).toMatchObject({ reason: 'decoded', payloadLength: 0, payload: new Uint8Array(0) })
  })

  it('does not take a frame check sequence for payload', () => {
    expect(decodePacket(ethernet(packet, { trailer: counting(4) }))).toMatchObject({ payloadLength: 40, payload })
  })

  it('leaves nothing of an address over IPv6 that was read before', () => {
    const decoder = new PacketDecoder()
    const addresses = { source: '2001:db8:1:2:3:4:5:6', destination: '2001:db8:a:b:c:d:e:f' }
    expect(decodePacket(ethernet(ipv6(tcp(), addresses)), { decoder }).sourceA).toBe(0x20010db8)
    // By the short way, and by the long one.
    for (const packet of [ethernet(ipv4(tcp())), ethernet(vlan(ipv4(tcp())))]) {
      const { sourceA, sourceB, sourceC, destinationA, destinationB, destinationC } = decodePacket(packet, { decoder })
      expect([sourceA, sourceB, sourceC, destinationA, destinationB, destinationC]).toEqual([0, 0, 0, 0, 0, 0])
    }
  })

  it('takes the length of the packet where the total length is 0', () => {
    const offloaded = ipv4(tcp({}, payload), { totalLength: 0 })
    expect(decodePacket(ethernet(offloaded))).toMatchObject({ reason: 'decoded', payloadLength: 40, payload })
    const cut = decodePacket(offloaded.subarray(0, 60), { linkType: RAW, originalLength: offloaded.length })
    expect(cut).toMatchObject({ payloadLength: 40, payload: payload.subarray(0, 20) })
  })

  it('takes the length on the wire from the total length, whatever the capture says', () => {
    const cut = decodePacket(packet.subarray(0, 50), { linkType: RAW, originalLength: 50 })
    expect(cut).toMatchObject({ reason: 'decoded', payloadLength: 40, payload: payload.subarray(0, 10) })
  })

  it.each([
    ['a header length below 5', 0, 0x44],
    ['another version', 0, 0x55],
    ['a total length below the header', 3, 19],
  ])('refuses %s', (_, at, value) => {
    const bytes = packet.slice()
    bytes[at] = value
    expect(decodePacket(bytes, { linkType: 228 }).reason).toBe('malformed-ip')
  })

  it('refuses a fragment without a length', () => {
    const fragment = ipv4(tcp({}, payload), { totalLength: 0, moreFragments: true })
    expect(decodePacket(fragment, { linkType: RAW }).reason).toBe('malformed-ip')
  })

  it('refuses what is neither version 4 nor 6 where the version decides', () => {
    expect(decodePacket(join([0x75], packet.subarray(1)), { linkType: RAW }).reason).toBe('malformed-ip')
  })
})
