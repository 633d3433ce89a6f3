import { describe, expect, it } from 'vitest'
import { FIN, SYN } from '../../src/registry/tcp-flags.js'
import { counting } from '../support/bytes.js'
import { decodePacket, RAW } from '../support/decoding.js'
import { ipv4, tcp } from '../support/packets.js'

const payload = counting(40)
const options = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]

describe('readTcp', () => {
  it('reads the fields as signed numbers where they have 32 bits', () => {
    const packet = ipv4(tcp({ sourcePort: 65535, sequence: 0xffffffff, acknowledgment: 0x80000000, flags: SYN | FIN }))
    expect(decodePacket(packet, { linkType: RAW })).toMatchObject({
      sourcePort: 65535,
      sequence: -1,
      acknowledgment: -0x80000000,
      flags: 3,
    })
  })

  it('finds no captured payload, and its length, where the snap length cuts the options', () => {
    const packet = ipv4(tcp({ options }, payload))
    const found = decodePacket(packet.subarray(0, 45), { linkType: RAW, originalLength: packet.length })
    expect(found).toMatchObject({ reason: 'decoded', payloadLength: 40, payload: new Uint8Array(0) })
    expect(found.payloadStart).toBe(found.payloadEnd)
  })

  it('wants the 20 bytes of the fixed header', () => {
    const packet = ipv4(tcp({ options }, payload))
    const cut = { linkType: RAW, originalLength: packet.length }
    expect(decodePacket(packet.subarray(0, 39), cut).reason).toBe('truncated-header')
    expect(decodePacket(packet.subarray(0, 40), cut).reason).toBe('decoded')
    expect(decodePacket(ipv4(tcp().subarray(0, 19), { protocol: 6 }), { linkType: RAW }).reason).toBe('malformed-tcp')
  })

  it('refuses a data offset below 5 or past the segment', () => {
    for (const dataOffset of [0x40, 0x60]) {
      const packet = ipv4(tcp())
      packet[32] = dataOffset
      expect(decodePacket(packet, { linkType: RAW }).reason).toBe('malformed-tcp')
    }
  })

  it('reads a segment with a wrong checksum', () => {
    const packet = ipv4(tcp({}, payload))
    packet[36] = (packet[36] as number) ^ 0xff
    expect(decodePacket(packet, { linkType: RAW })).toMatchObject({ reason: 'decoded', payload })
  })
})
