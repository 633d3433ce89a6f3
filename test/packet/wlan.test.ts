import { describe, expect, it } from 'vitest'
import { counting, join, little } from '../support/bytes.js'
import { decodePacket } from '../support/decoding.js'
import { ipv4, llcSnap, tcp } from '../support/packets.js'

function frame(control: number, sequenceControl = 0, qos: readonly number[] = []): Uint8Array {
  const header = join(little(control, 2), new Uint8Array(20), little(sequenceControl, 2), qos)
  return join(header, llcSnap(ipv4(tcp({}, counting(40)))))
}

describe('readWlan', () => {
  it.each([
    ['wlan', 'a beacon', frame(0x0080)],
    ['wlan', 'a null data frame', frame(0x0048)],
    ['wlan', 'a fragment', frame(0x0008, 1)],
    ['wlan', 'a frame with more fragments', frame(0x0408)],
    ['wlan', 'an aggregate', frame(0x0088, 0, [0x80, 0])],
    ['wlan-protected', 'an encrypted frame', frame(0x4108)],
  ])('answers %s for %s', (reason, _, bytes) => {
    expect(decodePacket(bytes, { linkType: 105 }).reason).toBe(reason)
  })
})

describe('readRadiotap', () => {
  it('refuses another version and a length below its own header', () => {
    const radiotap = (version: number, length: number) => join([version, 0], little(length, 2), little(0, 4), frame(8))
    expect(decodePacket(radiotap(0, 8), { linkType: 127 }).reason).toBe('decoded')
    expect(decodePacket(radiotap(1, 8), { linkType: 127 }).reason).toBe('link-header')
    expect(decodePacket(radiotap(0, 7), { linkType: 127 }).reason).toBe('link-header')
  })
})
