import { describe, expect, it } from 'vitest'
import { counting } from '../support/bytes.js'
import { decodePacket, RAW } from '../support/decoding.js'
import { extensionHeader, ipv6, ipv6Address, tcp } from '../support/packets.js'

const ROUTING = 43
const DESTINATION_OPTIONS = 60
const HEADER = 40
const other = ipv6Address('2001:db8::77')

/** A TCP segment to 2001:db8::2 behind an extension header with these bytes from its third on. */
function behind(type: number, content: readonly number[], addresses: readonly Uint8Array[] = []): Uint8Array {
  const length = 2 + content.length + addresses.reduce((sum, address) => sum + address.length, 0)
  const packet = ipv6(extensionHeader(type, tcp({}, counting(40)), length / 8 - 1))
  packet.set(content, HEADER + 2)
  let at = HEADER + 2 + content.length
  for (const address of addresses) {
    packet.set(address, at)
    at += address.length
  }
  return packet
}

const decoded = (packet: Uint8Array) => decodePacket(packet, { linkType: RAW })
const last = (address: Uint8Array) => (address.at(-1) as number) & 0xff

describe('readFinalDestination', () => {
  const via = ipv6Address('2001:db8::9')
  const routes: readonly (readonly [name: string, packet: (left: number) => Uint8Array])[] = [
    ['the last address of a source route', (left) => behind(ROUTING, [0, left, 0, 0, 0, 0], [via, other])],
    ['the home address', (left) => behind(ROUTING, [2, left, 0, 0, 0, 0], [other])],
    [
      'the first segment of a list, which is in reverse',
      (left) => behind(ROUTING, [4, left, 1, 0, 0, 0], [other, via]),
    ],
    [
      'the last address of a compressed route',
      (left) => behind(ROUTING, [3, left, 0xfe, 0x50, 0, 0], [other.slice(15), other.slice(14), new Uint8Array(5)]),
    ],
  ]

  it.each(routes)('is %s while segments are left', (_, packet) => {
    expect(decoded(packet(1))).toMatchObject({ reason: 'decoded', payloadLength: 40, destinationD: last(other) })
    expect(decoded(packet(0))).toMatchObject({ reason: 'decoded', payloadLength: 40, destinationD: 2 })
  })

  it('is the next one where the header holds no address, or is of another type', () => {
    for (const type of [0, 2, 3, 4]) expect(decoded(behind(ROUTING, [type, 1, 0, 0, 0, 0])).destinationD).toBe(2)
    expect(decoded(behind(ROUTING, [253, 1, 0, 0, 0, 0], [other])).destinationD).toBe(2)
  })
})

describe('readHomeAddress', () => {
  it('finds the option behind others', () => {
    const packet = behind(DESTINATION_OPTIONS, [0, 1, 1, 0, 0xc9, 16], [other])
    expect(decoded(packet)).toMatchObject({ reason: 'decoded', sourceD: last(other), destinationD: 2 })
  })

  it('leaves the address of the header where the option is not whole, or of another length', () => {
    for (const content of [
      [0, 0, 0, 0, 0, 0xc9],
      [0xc9, 16, 0, 0, 0, 0],
      [0xc9, 4, 0, 0, 0, 0],
      [1, 200, 0xc9, 16, 0, 0],
    ])
      expect(decoded(behind(DESTINATION_OPTIONS, content)).sourceD).toBe(1)
  })
})
