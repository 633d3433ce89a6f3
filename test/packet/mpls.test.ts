import { describe, expect, it } from 'vitest'
import { counting } from '../support/bytes.js'
import { decodePacket } from '../support/decoding.js'
import { ethernet, ipv4, mpls, tcp } from '../support/packets.js'

const packet = ipv4(tcp({}, counting(40)))
const reasonOf = (bytes: Uint8Array) => decodePacket(bytes, { linkType: 219 }).reason

describe('readMpls', () => {
  it('reads an Ethernet pseudowire whose destination begins like an IP header', () => {
    expect(reasonOf(mpls(ethernet(packet, { destination: [0x44, 1, 2, 3, 4, 5] })))).toBe('decoded')
    expect(reasonOf(mpls(ethernet(packet, { destination: [0x45, 1, 0xff, 3, 4, 5] })))).toBe('decoded')
    expect(reasonOf(mpls(ethernet(packet, { destination: [0x60, 1, 2, 3, 0xff, 5] })))).toBe('decoded')
  })

  it('reads a pseudowire without a control word whose destination begins with 0', () => {
    expect(reasonOf(mpls(ethernet(packet, { destination: [0, 1, 2, 3, 4, 5] })))).toBe('decoded')
  })

  it('does not guess at any other payload', () => {
    expect(reasonOf(mpls(counting(40), [16], [0x10, 0, 0, 7]))).toBe('mpls-payload')
    expect(reasonOf(mpls(counting(3)))).toBe('mpls-payload')
  })

  it('wants the bottom of the stack', () => {
    expect(reasonOf(new Uint8Array(16))).toBe('truncated-header')
  })
})
