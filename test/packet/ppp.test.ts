import { describe, expect, it } from 'vitest'
import { counting } from '../support/bytes.js'
import { decodePacket } from '../support/decoding.js'
import { ethernet, ipv4, ppp, pppoe, tcp } from '../support/packets.js'

const payload = counting(40)
const packet = ipv4(tcp({}, payload))

describe('readPpp', () => {
  it('names protocols that are not followed', () => {
    const bytes = ppp(packet, { protocol: 0xc021 })
    expect(decodePacket(bytes, { linkType: 9 }).reason).toBe('ppp-protocol 0xc021')
  })
})

describe('readPppoe', () => {
  it('ends the frame at its length', () => {
    const offloaded = pppoe(ipv4(tcp({}, payload), { totalLength: 0 }))
    expect(decodePacket(ethernet(offloaded, { trailer: counting(5) }))).toMatchObject({ payloadLength: 40, payload })
  })

  it('reads session frames of version 1 alone', () => {
    for (const [at, value] of [
      [0, 0x21],
      [1, 0x09],
    ] as const) {
      const session = pppoe(packet)
      session[at] = value
      expect(decodePacket(session, { linkType: 51 }).reason).toBe('pppoe')
    }
  })
})
