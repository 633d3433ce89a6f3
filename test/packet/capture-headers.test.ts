import { describe, expect, it } from 'vitest'
import { counting, join, little } from '../support/bytes.js'
import { decodePacket } from '../support/decoding.js'
import { ipv4, tcp } from '../support/packets.js'

const packet = ipv4(tcp({}, counting(40)))

describe('readPktap and readPpi', () => {
  const ppi = (length: number, linkType: number) => join([0, 0], little(length, 2), little(linkType, 4), packet)

  it('go on with the link type that the header names', () => {
    expect(decodePacket(ppi(8, 101), { linkType: 192 }).reason).toBe('decoded')
    expect(decodePacket(ppi(8, 147), { linkType: 192 }).reason).toBe('link-type 147')
  })

  it('refuse a header length that is too short or past the packet', () => {
    expect(decodePacket(ppi(7, 101), { linkType: 192 }).reason).toBe('link-header')
    expect(decodePacket(ppi(500, 101), { linkType: 192 }).reason).toBe('link-header')
  })

  it('are followed to the bound where they name themselves', () => {
    let nested = packet
    for (let i = 0; i < 100; i++) nested = join([0, 0], little(8, 2), little(192, 4), nested)
    expect(decodePacket(nested, { linkType: 192 }).reason).toBe('tunnel-depth')
  })
})

describe('readNflog', () => {
  it('refuses attributes without a payload among them, or of no length', () => {
    const attribute = (length: number) => join([2, 0, 0, 0], little(length, 2), little(1, 2), new Uint8Array(4))
    expect(decodePacket(attribute(8), { linkType: 239 }).reason).toBe('link-header')
    expect(decodePacket(attribute(0), { linkType: 239 }).reason).toBe('link-header')
  })
})
