import { describe, expect, it } from 'vitest'
import * as reason from '../../src/packet/reason.js'

describe('skipReasonText', () => {
  it('has a word of its own for every reason', () => {
    const codes = Object.values(reason).filter((value) => typeof value === 'number')
    const words = codes.map(reason.skipReasonText)
    expect(new Set(words).size).toBe(codes.length)
    expect(words.filter((word) => word.startsWith('reason'))).toEqual([])
  })

  it('names numbers as the registries write them', () => {
    expect(reason.skipReasonText(reason.unknownEtherType(0x88cc))).toBe('ethertype 0x88cc')
    expect(reason.skipReasonText(reason.unknownIpProtocol(89))).toBe('ip-protocol 89')
    expect(reason.skipReasonText(reason.unknownLinkType(147))).toBe('link-type 147')
    expect(reason.skipReasonText(reason.unknownLinkType(0x10001))).toBe('link-type 65537')
    expect(reason.skipReasonText(reason.unknownPppProtocol(0xc021))).toBe('ppp-protocol 0xc021')
    expect(reason.skipReasonText(reason.unknownAddressFamily(7))).toBe('address-family 7')
  })

  it('keeps the numbers of reasons within small integers and apart from steps', () => {
    expect(reason.unknownAddressFamily(0xffffffff)).toBe(reason.unknownAddressFamily(0xffff))
    expect(reason.unknownEtherType(0)).toBeGreaterThan(0)
    expect(reason.DECODED).toBe(0)
  })
})
