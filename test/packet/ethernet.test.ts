import { describe, expect, it } from 'vitest'
import { counting, join } from '../support/bytes.js'
import { decodePacket } from '../support/decoding.js'
import { ethernet, ipv4, llcSnap, tcp } from '../support/packets.js'

const payload = counting(40)

describe('readEthernet', () => {
  it('ends an 802.3 frame at its length', () => {
    const offloaded = llcSnap(ipv4(tcp({}, payload), { totalLength: 0 }))
    expect(decodePacket(ethernet(offloaded, { trailer: counting(9) }))).toMatchObject({ payloadLength: 40, payload })
  })

  it('names a type between the lengths and the EtherTypes as such', () => {
    expect(decodePacket(ethernet(payload, { etherType: 1501 })).reason).toBe('ethertype 0x05dd')
  })
})

describe('readLlc', () => {
  const inLlc = (header: readonly number[]) => {
    const frame = join(header, ipv4(tcp({}, payload)))
    return decodePacket(ethernet(frame, { etherType: frame.length })).reason
  }

  it('reads SNAP of Ethernet and of bridge tunnels, and no other organization', () => {
    expect(inLlc([0xaa, 0xaa, 3, 0, 0, 0, 8, 0])).toBe('decoded')
    expect(inLlc([0xaa, 0xaa, 3, 0, 0, 0xf8, 8, 0])).toBe('decoded')
    expect(inLlc([0xaa, 0xaa, 3, 0, 0, 0x0c, 8, 0])).toBe('llc')
  })

  it('reads unnumbered information alone', () => {
    expect(inLlc([0xaa, 0xaa, 7, 0, 0, 0, 8, 0])).toBe('llc')
    expect(inLlc([0xff, 0xff, 3])).toBe('llc')
  })

  it('tells a frame that is too short for LLC from one that was cut', () => {
    expect(decodePacket(ethernet(payload.subarray(0, 2), { etherType: 2 })).reason).toBe('llc')
    const cut = ethernet(payload.subarray(0, 2), { etherType: 40 })
    expect(decodePacket(cut, { originalLength: 54 }).reason).toBe('truncated-header')
  })
})
