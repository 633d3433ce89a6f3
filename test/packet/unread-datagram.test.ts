import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { PacketDecoder } from '../../src/packet/decode.js'
import { noUnreadDatagrams, type UnreadDatagrams } from '../../src/packet/unread-datagram.js'
import type { Note } from '../../src/verdict/record.js'
import { pcap } from '../support/captures.js'
import { ETHERNET } from '../support/decoding.js'
import { ethernet, ipv4, udp, vxlan } from '../support/packets.js'

const zeros = (length: number): number[] => new Array(length).fill(0)

/** A long header of QUIC with two connection ids of 8 bytes, and the beginning of an Initial packet. */
function quic(version = [0, 0, 0, 1], first = 0xc3): number[] {
  return [first, ...version, 8, ...zeros(8), 8, ...zeros(8), 0, 0x41, 0x00, ...zeros(40)]
}
const dtls = [22, 0xfe, 0xfd, ...zeros(8), 0, 4, 1, 2, 3, 4]
const ike = [1, ...zeros(15), 33, 0x20, 34, 8, ...zeros(4), 0, 0, 0, 32, ...zeros(4)]

/** What one datagram counts for. */
function counted(payload: readonly number[], ports: { from?: number; to?: number } = {}): Partial<UnreadDatagrams> {
  const datagram = udp({ sourcePort: ports.from ?? 50000, destinationPort: ports.to ?? 7777 }, Uint8Array.from(payload))
  const decoder = new PacketDecoder()
  const packet = ethernet(ipv4(datagram))
  decoder.decode(packet, 0, packet.length, packet.length, ETHERNET)
  const entries = Object.entries(decoder.unreadDatagrams)
  return Object.fromEntries(entries.filter(([, count]) => count > 0))
}

describe('a datagram that is not read', () => {
  test.each([
    ['QUIC version 1', quic()],
    ['QUIC version 2', quic([0x6b, 0x33, 0x43, 0xcf], 0xd3)],
    ['a draft of QUIC', quic([0xff, 0, 0, 29])],
  ])('is known by its long header: %s', (_, payload) => {
    expect(counted(payload)).toEqual({ quic: 1 })
  })

  test('is known from and to every port', () => {
    expect(counted(quic(), { from: 443 })).toEqual({ quic: 1 })
    expect(counted(dtls, { to: 443 })).toEqual({ dtls: 1 })
  })

  test('is known in a tunnel', () => {
    const packet = ethernet(ipv4(vxlan(ethernet(ipv4(udp({}, Uint8Array.from(quic())))))))
    const decoder = new PacketDecoder()
    decoder.decode(packet, 0, packet.length, packet.length, ETHERNET)
    expect(decoder.unreadDatagrams).toEqual({ ...noUnreadDatagrams(), quic: 1 })
  })

  test.each([
    ['a short header', quic([0, 0, 0, 1], 0x43)],
    ['no fixed bit', quic([0, 0, 0, 1], 0x83)],
    ['another version', quic([0, 0, 0, 9])],
    ['a connection id that is too long', [0xc3, 0, 0, 0, 1, 21, ...zeros(40)]],
    ['too few bytes', quic().slice(0, 6)],
  ])('is no QUIC with %s', (_, payload) => {
    expect(counted(payload)).toEqual({})
  })

  test('on port 443 that is nothing else is counted as such', () => {
    expect(counted([0x43, 1, 2], { to: 443 })).toEqual({ port443: 1 })
    expect(counted([0x43, 1, 2], { from: 443 })).toEqual({ port443: 1 })
  })

  test('is DTLS by its record, version and length', () => {
    expect(counted(dtls)).toEqual({ dtls: 1 })
    expect(counted([22, 0xfe, 0xff, ...dtls.slice(3)])).toEqual({ dtls: 1 })
    expect(counted(dtls.slice(0, -1))).toEqual({})
    expect(counted([19, ...dtls.slice(1)])).toEqual({})
    expect(counted([22, 3, 3, ...dtls.slice(3)])).toEqual({})
  })

  test('is a WireGuard handshake by type and length', () => {
    expect(counted([1, 0, 0, 0, ...zeros(144)])).toEqual({ wireguard: 1 })
    expect(counted([2, 0, 0, 0, ...zeros(88)])).toEqual({ wireguard: 1 })
    expect(counted([1, 0, 0, 0, ...zeros(145)])).toEqual({})
    expect(counted([1, 0, 0, 1, ...zeros(144)])).toEqual({})
  })

  test('is IKE on its ports alone, behind a marker on that of ESP', () => {
    expect(counted(ike, { from: 500, to: 500 })).toEqual({ ike: 1 })
    expect(counted([...zeros(4), ...ike], { to: 4500 })).toEqual({ ike: 1 })
    expect(counted([...zeros(4), ...ike], { from: 4500 })).toEqual({ ike: 1 })
    expect(counted(ike, { to: 4500 })).toEqual({})
    expect(counted(ike)).toEqual({})
    expect(counted([...ike, 0], { to: 500 })).toEqual({})
    expect(counted([0, ...ike.slice(1)], { to: 500 })).toEqual({})
  })
})

describe('the record of the capture', () => {
  async function notesOf(...datagrams: readonly (readonly [payload: readonly number[], port: number])[]) {
    const packets = datagrams.map(([payload, destinationPort]) =>
      ethernet(ipv4(udp({ destinationPort }, Uint8Array.from(payload)))),
    )
    let notes: readonly Note[] = []
    for await (const record of analyze(pcap(packets))) notes = record.notes
    return notes.filter(({ code }) => code !== 'no-timestamps').map(({ code, message }) => `${code}: ${message}`)
  }

  test('says what is there that is not read, and how many packets', async () => {
    expect(await notesOf([quic(), 4433], [quic(), 4433], [dtls, 4433], [ike, 500])).toEqual([
      'quic-not-read: 2 packets have a long header of QUIC: the TLS handshakes in QUIC are not read, so what was agreed on there is not known',
      'dtls-not-read: 1 packet holds DTLS, which is not read, so what was agreed on there is not known',
      'ike-not-read: 1 packet holds IKE: neither that nor what is in IPsec is read',
    ])
  })

  test('takes port 443 for QUIC where no QUIC begins, and says that it is likely', async () => {
    expect(await notesOf([[0x43, 1, 2], 443])).toEqual([
      'udp-443-not-read: 1 UDP packet is from or to port 443, most likely of QUIC connections that began before the capture: they are not read',
    ])
    expect(await notesOf([[0x43, 1, 2], 443], [quic(), 443])).toHaveLength(1)
  })

  test('says nothing of other datagrams', async () => {
    expect(await notesOf([[1, 2, 3], 53])).toEqual([])
  })
})
