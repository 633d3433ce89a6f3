import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MICROSECONDS } from '../../src/bytes/time.js'
import { PacketDecoder } from '../../src/packet/decode.js'
import { MAX_DATAGRAMS, MAX_WAITING_SECONDS } from '../../src/packet/fragment.js'
import { counting } from '../support/bytes.js'
import { decodePacket, ETHERNET, RAW } from '../support/decoding.js'
import {
  ethernet,
  fragmentHeader,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
  tcp,
  udp,
  vxlan,
} from '../support/packets.js'

const payload = counting(1003)
const segment = tcp({ sequence: 77 }, payload)
const versions = [
  { version: 'IPv4', fragments: ipv4Fragments(segment, 96, { identification: 9 }) },
  { version: 'IPv6', fragments: ipv6Fragments(segment, 96, 9) },
]

/** Decodes packets one after the other and returns what was found in each. */
function decodeAll(packets: readonly Uint8Array[], decoder = new PacketDecoder()) {
  return packets.map((packet) => decodePacket(packet, { linkType: RAW, decoder }))
}

describe('FragmentTable', () => {
  it.each(versions)('completes $version datagrams with the last fragment to arrive, in any order', ({ fragments }) => {
    fc.assert(
      fc.property(fc.shuffledSubarray(fragments, { minLength: fragments.length }), (shuffled) => {
        const decoder = new PacketDecoder()
        const found = decodeAll(shuffled, decoder)
        const last = found.pop()
        expect(found.map(({ reason }) => reason)).toEqual(found.map(() => 'ip-fragment'))
        expect(last).toMatchObject({ reason: 'decoded', sequence: 77, payloadLength: 1003, payload })
        expect([decoder.datagramsWaiting, decoder.datagramsGivenUp]).toEqual([0, 0])
      }),
    )
  })

  it.each(versions)(
    'keeps waiting where a $version fragment is missing, whatever else is repeated',
    ({ fragments }) => {
      for (const missing of fragments) {
        const others = fragments.filter((fragment) => fragment !== missing)
        const decoder = new PacketDecoder()
        const found = decodeAll([...others, ...others.toReversed()], decoder)
        expect(found.every(({ reason }) => reason === 'ip-fragment')).toBe(true)
        expect(decoder.datagramsWaiting).toBe(1)
        expect(decodeAll([missing], decoder)[0]).toMatchObject({ reason: 'decoded', payload })
      }
    },
  )

  it('lets the first copy of a byte win where fragments overlap', () => {
    const whole = tcp({}, new Uint8Array(44).fill(1))
    const other = new Uint8Array(64).fill(2)
    const piece = (bytes: Uint8Array, fragmentOffset: number, moreFragments: boolean) =>
      ipv4(bytes, { protocol: 6, fragmentOffset, moreFragments })
    const found = decodeAll([
      piece(whole.subarray(0, 32), 0, true),
      piece(other.subarray(0, 32), 16, true),
      piece(whole.subarray(40), 40, false),
    ])
    const expected = new Uint8Array(44).fill(1)
    expected.fill(2, 12, 28)
    expect(found[2]).toMatchObject({ reason: 'decoded', payload: expected })
  })

  it('drops what is left of a unit of 8 bytes in a fragment that is not the last', () => {
    const piece = segment.subarray(0, 101)
    const rest = ipv4(segment.subarray(96), { protocol: 6, fragmentOffset: 96 })
    const found = decodeAll([ipv4(piece, { protocol: 6, moreFragments: true }), rest])
    expect(found[1]).toMatchObject({ reason: 'decoded', payload })
  })

  it('gives up a datagram whose fragments say two different ends', () => {
    const [first, second] = ipv4Fragments(segment, 512)
    const shorter = ipv4(segment.subarray(512, 520), { protocol: 6, fragmentOffset: 512 })
    const beyond = ipv4(segment.subarray(0, 64), { protocol: 6, fragmentOffset: 2048, moreFragments: true })
    for (const pair of [
      [second, shorter],
      [second, beyond],
      [beyond, second],
    ]) {
      const decoder = new PacketDecoder()
      decodeAll(pair as Uint8Array[], decoder)
      expect([decoder.datagramsGivenUp, decoder.datagramsWaiting]).toEqual([1, 0])
      expect(decodeAll([first as Uint8Array], decoder)[0]?.reason).toBe('ip-fragment')
    }
  })

  it('gives up a datagram of which the snap length cut a fragment', () => {
    const [first = payload, second = payload] = ipv4Fragments(segment, 512)
    const decoder = new PacketDecoder()
    decodeAll([first], decoder)
    const cut = { linkType: RAW, originalLength: second.length, decoder }
    expect(decodePacket(second.subarray(0, 96), cut).reason).toBe('ip-fragment')
    expect([decoder.datagramsGivenUp, decoder.datagramsWaiting]).toEqual([1, 0])
  })

  it('refuses a fragment that ends past the largest datagram', () => {
    const decoder = new PacketDecoder()
    decodeAll([ipv4(counting(16), { protocol: 6, fragmentOffset: 65528 })], decoder)
    expect([decoder.datagramsGivenUp, decoder.datagramsWaiting]).toEqual([1, 0])
  })

  it('puts the largest datagram together', () => {
    const large = counting(65515)
    const found = decodeAll(ipv6Fragments(tcp({}, large), 1440))
    expect(found.at(-1)).toMatchObject({ reason: 'decoded', payloadLength: 65515, payload: large })
  })

  it('keeps datagrams apart by addresses, identification and protocol', () => {
    const variants = [
      { identification: 1 },
      { identification: 2 },
      { identification: 1, source: '192.0.2.77' },
      { identification: 1, destination: '192.0.2.77' },
    ].map((fields, i) => ipv4Fragments(tcp({ sequence: i }, payload), 512, fields))
    const foreign = ipv4Fragments(udp({}, payload), 512, { identification: 1 })
    const firsts = [...variants, foreign].map((fragments) => fragments[0] as Uint8Array)
    const rests = variants.flatMap((fragments) => fragments.slice(1))
    const found = decodeAll([...firsts, ...rests]).filter(({ reason }) => reason === 'decoded')
    expect(found.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3])
  })

  it('keeps datagrams over IPv6 apart of which an address differs in one word alone', () => {
    const [source, destination] = ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:7'] as const
    const changed = (address: string, at: number) => address.split(':').with(at, '99').join(':')
    const variants = [0, 2, 4, 6].flatMap((at) => [
      { source: changed(source, at), destination },
      { source, destination: changed(destination, at) },
    ])
    const all = [{ source, destination }, ...variants].map((fields, i) =>
      ipv6Fragments(tcp({ sequence: i }, payload), 512, 1, fields),
    )
    const firsts = all.map((fragments) => fragments[0] as Uint8Array)
    const found = decodeAll([...firsts, ...all.flatMap((fragments) => fragments.slice(1))])
    const decoded = found.filter(({ reason }) => reason === 'decoded')
    expect(decoded.map(({ sequence }) => sequence)).toEqual(all.map((_, i) => i))
  })

  it('gives the oldest datagram up where a new one needs its place', () => {
    const decoder = new PacketDecoder()
    const datagrams = Array.from({ length: MAX_DATAGRAMS + 1 }, (_, identification) =>
      ipv4Fragments(segment, 512, { identification }),
    )
    decodeAll(
      datagrams.map((fragments) => fragments[0] as Uint8Array),
      decoder,
    )
    expect([decoder.datagramsGivenUp, decoder.datagramsWaiting]).toEqual([1, MAX_DATAGRAMS])
    const second = decodeAll((datagrams[1] as Uint8Array[]).slice(1), decoder)
    expect(second.at(-1)?.reason).toBe('decoded')
  })

  it('starts anew in the place of a datagram that was completed', () => {
    const decoder = new PacketDecoder()
    for (let identification = 0; identification < 2 * MAX_DATAGRAMS; identification++) {
      const [first = payload, second = payload] = ipv4Fragments(segment, 512, { identification })
      const reasons = decodeAll([second, second, first], decoder).map(({ reason }) => reason)
      expect(reasons).toEqual(['ip-fragment', 'ip-fragment', 'decoded'])
    }
    expect(decoder.datagramsGivenUp).toBe(0)
  })

  it.each(versions)('passes over $version fragments that come again when their datagram is whole', ({ fragments }) => {
    const decoder = new PacketDecoder()
    const found = decodeAll([...fragments, ...fragments], decoder)
    expect(found.filter(({ reason }) => reason === 'decoded')).toHaveLength(1)
    expect([decoder.datagramsWaiting, decoder.datagramsGivenUp]).toEqual([0, 0])
    expect(decoder.fragmentsJoined).toBe(2 * fragments.length - 1)
  })

  it('takes a fragment with other bytes for that of another datagram, whatever was whole before', () => {
    const others = ipv4Fragments(tcp({ sequence: 78 }, payload), 96, { identification: 9 })
    const fragments = versions[0]?.fragments ?? []
    const found = decodeAll([...fragments, ...others, ...fragments])
    const whole = found.filter(({ reason }) => reason === 'decoded')
    expect(whole.map(({ sequence }) => sequence)).toEqual([77, 78, 77])
  })

  it.each(versions)('gives a $version datagram up that waited too long, and starts another', ({ fragments }) => {
    const time = { seconds: 1000, fraction: 0, clock: MICROSECONDS }
    const decoder = new PacketDecoder(time)
    const [first, ...rest] = fragments as [Uint8Array, ...Uint8Array[]]
    decodeAll(rest, decoder)
    // A damaged record may hold more than a second in its fraction.
    time.fraction += (MAX_WAITING_SECONDS + 1) * 1e6
    expect(decodeAll([first], decoder)[0]?.reason).toBe('ip-fragment')
    expect([decoder.datagramsWaiting, decoder.datagramsGivenUp]).toEqual([1, 1])
    time.seconds += MAX_WAITING_SECONDS
    expect(decodeAll(rest, decoder).at(-1)).toMatchObject({ reason: 'decoded', payload })
  })

  it('takes the protocol from the first IPv6 fragment', () => {
    const first = ipv6(fragmentHeader(segment.subarray(0, 96), { nextHeader: 6, more: true }))
    const last = ipv6(fragmentHeader(segment.subarray(96), { nextHeader: 17, offset: 96 }))
    expect(decodeAll([first, last])[1]).toMatchObject({ reason: 'decoded', payload })
    expect(decodeAll([last, first])[1]).toMatchObject({ reason: 'decoded', payload })
  })

  it('takes an atomic IPv6 fragment as it is, with others of its identification waiting', () => {
    const [first = payload] = ipv6Fragments(segment, 512)
    expect(decodeAll([first, ipv6(fragmentHeader(segment))])[1]).toMatchObject({ reason: 'decoded', payload })
  })

  it('puts fragments together that travel in fragments of a tunnel', () => {
    const inner = ipv4Fragments(segment, 512, { identification: 5 })
    const outer = inner.flatMap((packet, i) => ipv4Fragments(vxlan(ethernet(packet)), 200, { identification: i }))
    const found = decodeAll(outer)
    expect(found.at(-1)).toMatchObject({ reason: 'decoded', payload })
    expect(found.filter(({ reason }) => reason === 'decoded')).toHaveLength(1)
  })

  it('names fragments of what is not followed by their protocol', () => {
    const fragments = ipv4Fragments(payload, 512, { protocol: 1 })
    expect(decodeAll(fragments).map(({ reason }) => reason)).toEqual(['icmp', 'icmp'])
    expect(
      decodePacket(ethernet(ipv6(fragmentHeader(payload, { nextHeader: 58, more: true }))), { linkType: ETHERNET }),
    ).toMatchObject({ reason: 'icmpv6' })
  })
})
