import { describe, expect, it } from 'vitest'
import { counting } from '../support/bytes.js'
import { decodePacket, RAW } from '../support/decoding.js'
import { ethernet, extensionHeader, ipv6, tcp } from '../support/packets.js'

const payload = counting(40)

describe('readIpv6', () => {
  it('does not take the trailer of a frame for payload', () => {
    const frame = ethernet(ipv6(tcp({}, payload)), { trailer: counting(7) })
    expect(decodePacket(frame)).toMatchObject({ payloadLength: 40, payload })
  })

  it('takes the length of the packet where the payload length is 0, with a jumbo option or without', () => {
    const jumbo = ipv6(extensionHeader(0, tcp({}, payload)), { payloadLength: 0 })
    expect(decodePacket(jumbo, { linkType: RAW })).toMatchObject({ reason: 'decoded', payloadLength: 40, payload })
    const offloaded = ipv6(tcp({}, payload), { payloadLength: 0 })
    expect(decodePacket(offloaded, { linkType: RAW })).toMatchObject({ payloadLength: 40, payload })
  })

  it('refuses another version', () => {
    const bytes = ipv6(tcp())
    bytes[0] = 0x50
    expect(decodePacket(bytes, { linkType: 229 }).reason).toBe('malformed-ip')
  })

  it('refuses an extension header that ends past the packet', () => {
    const bytes = ipv6(extensionHeader(60, tcp()))
    bytes[41] = 9
    expect(decodePacket(bytes, { linkType: RAW }).reason).toBe('malformed-ip')
  })

  it('refuses an endless chain of extension headers', () => {
    let chain = tcp()
    for (let i = 0; i < 16; i++) chain = extensionHeader(60, chain)
    expect(decodePacket(ipv6(chain), { linkType: RAW }).reason).toBe('decoded')
    expect(decodePacket(ipv6(extensionHeader(60, chain)), { linkType: RAW }).reason).toBe('malformed-ip')
  })
})
