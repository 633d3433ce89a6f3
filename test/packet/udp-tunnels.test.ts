import { describe, expect, it } from 'vitest'
import { counting, join } from '../support/bytes.js'
import { decodePacket, RAW } from '../support/decoding.js'
import { ethernet, geneve, gtpU, ipv4, ipv6, l2tp, ppp, tcp, teredo, udp, vxlan, vxlanGpe } from '../support/packets.js'

const payload = counting(40)
const packet = ipv4(tcp({}, payload))
const frame = ethernet(packet)
const find = (datagram: Uint8Array) => decodePacket(ipv4(datagram), { linkType: RAW })

/** The tunnel's datagram with a byte of its own header changed. */
function changed(datagram: Uint8Array, at: number, value: number): Uint8Array {
  const bytes = datagram.slice()
  bytes[8 + at] = value
  return bytes
}

describe('readUdp', () => {
  it.each([
    ['VXLAN without the I flag', vxlan(frame, 4789, 0), 0, 0],
    ['VXLAN with reserved flags', vxlan(frame), 0, 0x0b],
    ['VXLAN-GPE of another version', vxlanGpe(packet, 1), 0, 0x1c],
    ['VXLAN-GPE with an unknown protocol', vxlanGpe(packet, 1), 3, 99],
    ['Geneve of another version', geneve(frame), 0, 0x40],
    ['Geneve with reserved flags', geneve(frame), 1, 1],
    ['Geneve with options past the end', geneve(ethernet(new Uint8Array(20), { etherType: 9 })), 0, 0x3f],
    ['GTP of version 2', gtpU(packet), 0, 0x50],
    ['a GTP-U echo request', gtpU(packet), 1, 1],
    ['GTP-U with an extension header of length 0', gtpU(packet, false, [[1, 0, 9, 0]]), 12, 0],
    ['Teredo with another IP version', teredo(ipv6(tcp())), 0, 0x40],
    ['Teredo with a packet that does not fit', teredo(ipv6(tcp())), 5, 21],
    ['an L2TP control message', l2tp(ppp(packet)), 0, 0x80],
    ['L2TP of version 3', l2tp(ppp(packet)), 1, 3],
  ])('does not follow %s', (_, datagram, at, value) => {
    const bytes = ipv4(
      udp(
        { destinationPort: (datagram[2] as number) * 256 + (datagram[3] as number) },
        changed(datagram, at, value).slice(8),
      ),
    )
    expect(decodePacket(bytes, { linkType: RAW }).reason).toBe('udp')
  })

  it.each([4789, 4790, 6081, 2152, 3544, 1701])(
    'takes a datagram without room for a tunnel on port %i for UDP',
    (port) => {
      expect(find(udp({ destinationPort: port }, new Uint8Array(1))).reason).toBe('udp')
      expect(find(udp({ destinationPort: port })).reason).toBe('udp')
    },
  )

  it('reads VXLAN-GPE on the port of VXLAN', () => {
    expect(find(udp({ destinationPort: 4789 }, vxlanGpe(packet, 1).slice(8)))).toMatchObject({
      reason: 'decoded',
      payload,
    })
  })

  it('reads the answers of tunnels whose far side chooses its port', () => {
    for (const [port, datagram] of [
      [2152, gtpU(packet)],
      [3544, teredo(ipv6(tcp({}, payload)))],
      [1701, l2tp(ppp(packet))],
    ] as const) {
      const answer = udp({ sourcePort: port, destinationPort: 40000 }, datagram.slice(8))
      expect(find(answer)).toMatchObject({ reason: 'decoded', payload })
    }
  })

  it('reads a tunnel whose UDP length was left to the network card', () => {
    expect(find(udp({ destinationPort: 4789, length: 0 }, vxlan(frame).slice(8)))).toMatchObject({ payload })
  })

  it('ends the tunnel at the UDP length', () => {
    const offloaded = vxlan(ethernet(ipv4(tcp({}, payload), { totalLength: 0 })))
    const longer = join(offloaded, counting(5))
    expect(decodePacket(ipv4(longer, { protocol: 17 }), { linkType: RAW })).toMatchObject({
      payloadLength: 40,
      payload,
    })
  })
})

describe('readNetworkServiceHeader', () => {
  it('refuses a length below its own header', () => {
    expect(find(vxlanGpe(join([0, 1, 1, 2, 0, 0, 1, 255], packet), 4)).reason).toBe('ethertype 0x894f')
  })
})
