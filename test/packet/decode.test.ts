import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_IP_HEADERS, PacketDecoder, skipReasonText } from '../../src/packet/decode.js'
import { counting, join } from '../support/bytes.js'
import { decodePacket, RAW } from '../support/decoding.js'
import { ethernet, gre, icmpError, ipv4, ipv4Fragments, ipv6, tcp, udp, vlan } from '../support/packets.js'
import { payload, segmentFields, tcpPackets } from '../support/tcp-packets.js'

describe('PacketDecoder', () => {
  it.each(tcpPackets)('finds the segment in $name', ({ bytes, linkType }) => {
    expect(decodePacket(bytes, { linkType })).toMatchObject({ reason: 'decoded', ...segmentFields, payload })
  })

  it.each(tcpPackets)('finds the same segment or none in $name cut at any length', ({ bytes, linkType }) => {
    const whole = decodePacket(bytes, { linkType })
    let lastFound = 0
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length)
      const found = decodePacket(cut, { linkType, originalLength: bytes.length })
      if (found.reason !== 'decoded') {
        expect([length, found.reason]).toEqual([length, 'truncated-header'])
        expect(lastFound).toBe(0)
        continue
      }
      lastFound = length
      const { payloadStart, payloadEnd, payload: captured, ...fields } = found
      expect({ ...whole, ...fields }).toEqual(whole)
      expect(payloadEnd).toBeLessThanOrEqual(64 + length)
      expect(captured).toEqual(payload.subarray(0, payloadEnd - payloadStart))
    }
    expect(lastFound).toBe(bytes.length - 1)
  })

  it.each(tcpPackets)(
    'says the same of $name that ends at any length, whatever stands behind it',
    ({ bytes, linkType }) => {
      for (let length = 0; length < bytes.length; length++) {
        const [usual, ...others] = [0x45, 0x00, 0xff].map((behind) => {
          const { reason, payload: captured } = decodePacket(bytes.subarray(0, length), { linkType, behind })
          return `${length} bytes: ${reason}, ${captured.length}`
        })
        for (const other of others) expect(other).toBe(usual)
      }
    },
  )

  it.each(tcpPackets)('stays within $name however short it claims to be on the wire', ({ bytes, linkType }) => {
    for (let length = 0; length < bytes.length; length++) {
      const found = decodePacket(bytes.subarray(0, length), { linkType, originalLength: 0 })
      if (found.reason === 'decoded') expect(found.payloadEnd).toBeLessThanOrEqual(64 + length)
    }
  })

  it('never fails or leaves the packet for random bytes of any link type', () => {
    const decoder = new PacketDecoder()
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(300),
        (linkType, bytes, more) => {
          expectWithin(decoder, bytes, linkType, bytes.length + more)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('never fails or leaves the packet where bytes of a good one are changed', () => {
    const decoder = new PacketDecoder()
    const changes = fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.constantFrom(...tcpPackets), changes, ({ bytes, linkType }, list) => {
        const changed = bytes.slice()
        for (const [at, value] of list) changed[at % changed.length] = value
        expectWithin(decoder, changed, linkType, changed.length)
      }),
      { numRuns: 3000 },
    )
  })

  it('takes no fragment in Ethernet for a whole packet', () => {
    const [first, ...rest] = ipv4Fragments(tcp({}, counting(600)), 200)
    const decoder = new PacketDecoder()
    const reasons = [first as Uint8Array, ...rest].map((packet) => decodePacket(ethernet(packet), { decoder }).reason)
    expect(reasons).toEqual([...rest.map(() => 'ip-fragment'), 'decoded'])
    expect(decoder.segment.payloadLength).toBe(600)
  })

  it('reads the same from the short way for Ethernet with IPv4 as from the long way', () => {
    const packet = ipv4(tcp({ options: [2, 4, 5, 0xb4] }, payload))
    const { payloadStart, payloadEnd, ...short } = decodePacket(ethernet(packet))
    const { payloadStart: start, payloadEnd: end, ...long } = decodePacket(packet, { linkType: RAW })
    expect(short).toEqual(long)
    expect(payloadEnd - payloadStart).toBe(end - start)
  })

  it('reports the endpoints of the innermost packet', () => {
    const inner = ipv6(tcp(), { source: '2001:db8::a', destination: '2001:db8:1:2:3:4:5:6' })
    const found = decodePacket(ethernet(ipv4(gre(inner), { source: '203.0.113.9' })))
    expect(found).toMatchObject({ ipVersion: 6, sourceA: 0x20010db8, sourceD: 0xa })
    expect(found).toMatchObject({ destinationB: 0x10002, destinationC: 0x30004, destinationD: 0x50006 })
    const outer = decodePacket(ethernet(ipv6(ipv4(tcp(), { source: '203.0.113.9' }))))
    expect(outer).toMatchObject({ ipVersion: 4, sourceA: 0, sourceC: 0, sourceD: 0xcb007109 | 0, destinationA: 0 })
  })

  it('follows tunnels to the bound and no further', () => {
    const nested = (headers: number): Uint8Array => {
      let packet = tcp({}, payload)
      for (let i = 0; i < headers; i++) packet = i % 2 === 0 ? ipv4(packet) : ipv6(packet)
      return packet
    }
    expect(decodePacket(nested(MAX_IP_HEADERS), { linkType: RAW }).reason).toBe('decoded')
    expect(decodePacket(nested(MAX_IP_HEADERS + 1), { linkType: RAW }).reason).toBe('tunnel-depth')
  })

  it('gives up on endless tags', () => {
    let frame = vlan(ipv4(tcp()))
    for (let i = 0; i < 100; i++) frame = vlan(frame)
    expect(decodePacket(ethernet(frame)).reason).toBe('tunnel-depth')
  })

  it.each([
    ['arp', ethernet(new Uint8Array(28), { etherType: 0x0806 })],
    ['ethertype 0x88cc', ethernet(new Uint8Array(28), { etherType: 0x88cc })],
    ['llc', ethernet(join([0x42, 0x42, 3], counting(35)), { etherType: 38 })],
    ['udp', ethernet(ipv4(udp({ destinationPort: 443 }, payload)))],
    ['icmp', ethernet(ipv4(icmpError(ipv4(tcp()))))],
    ['icmpv6', ethernet(ipv6(counting(8), { nextHeader: 58 }))],
    ['ip-protocol 89', ethernet(ipv4(counting(44), { protocol: 89 }))],
    ['ip-protocol 59', ethernet(ipv6(counting(8), { nextHeader: 59 }))],
    ['esp', ethernet(ipv4(counting(44), { protocol: 50 }))],
    ['sctp', ethernet(ipv6(counting(44), { nextHeader: 132 }))],
    ['truncated-header', counting(13)],
  ])('answers %s where there is no TCP', (reason, packet) => {
    expect(decodePacket(packet).reason).toBe(reason)
  })

  it('answers with the number of a link type that it does not read', () => {
    expect(decodePacket(counting(60), { linkType: 147 }).reason).toBe('link-type 147')
  })
})

function expectWithin(decoder: PacketDecoder, bytes: Uint8Array, linkType: number, originalLength: number): void {
  const code = decoder.decode(bytes, 0, bytes.length, originalLength, linkType)
  expect(skipReasonText(code)).toMatch(/^[a-z][a-z0-9 -]+$/)
  if (code !== 0) return
  const { payloadStart, payloadEnd, payloadLength } = decoder.segment
  expect(payloadStart).toBeGreaterThanOrEqual(0)
  expect(payloadEnd).toBeGreaterThanOrEqual(payloadStart)
  expect(payloadEnd).toBeLessThanOrEqual(decoder.segment.bytes.length)
  expect(payloadLength).toBeGreaterThanOrEqual(payloadEnd - payloadStart)
}
