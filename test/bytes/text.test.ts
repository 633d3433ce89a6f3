import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, hex, hexBytes, ipv4Text, ipv6Text, printable } from '../../src/bytes/text.js'

describe('hex', () => {
  it('writes at least as many digits as asked', () => {
    expect([hex(4588), hex(1), hex(0x12345), hex(5, 2)]).toEqual(['0x11ec', '0x0001', '0x12345', '0x05'])
  })

  it('writes bytes without separators, all or a part of them', () => {
    const bytes = Uint8Array.of(0, 0x0f, 0xa0, 0xff)
    expect([hexBytes(bytes), hexBytes(bytes, 1, 3), hexBytes(bytes, 2, 2)]).toEqual(['000fa0ff', '0fa0', ''])
  })
})

describe('addresses', () => {
  it('writes IPv4 in dotted decimal', () => {
    expect([ipv4Text(0xc0000201), ipv4Text(0), ipv4Text(0xffffffff | 0)]).toEqual([
      '192.0.2.1',
      '0.0.0.0',
      '255.255.255.255',
    ])
  })

  const ADDRESSES: readonly (readonly [readonly [number, number, number, number], string])[] = [
    [[0, 0, 0, 0], '::'],
    [[0, 0, 0, 1], '::1'],
    [[0x20010db8, 0, 0, 1], '2001:db8::1'],
    [[0x20010db8, 0x00010000, 0, 0], '2001:db8:1::'],
    [[0x20010db8, 0, 0x00010000, 0x00000001], '2001:db8::1:0:0:1'],
    [[0x20010db8, 0x00000001, 0x00010001, 0x00010001], '2001:db8:0:1:1:1:1:1'],
    [[0x20010db8, 0xaaaabbbb, 0xccccdddd, 0xeeee0001], '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
    [[0, 0, 0xffff, 0xc0000201], '::ffff:192.0.2.1'],
    [[0xfe800000, 0, 0x00000001, 0], 'fe80::1:0:0'],
  ]
  it.each(ADDRESSES)('writes IPv6 %j as RFC 5952 says: %s', (words, text) => {
    expect(ipv6Text(...words)).toBe(text)
  })

  it('writes any IPv6 address in the form that URLs have it', () => {
    const word = fc.oneof(fc.constantFrom(0, 1, 0x10000, 0xffff), fc.nat(0xffffffff))
    const property = fc.property(word, word, word, word, (a, b, c, d) => {
      const text = ipv6Text(a, b, c, d)
      expect(isIPv6(text)).toBe(true)
      // URLs have no dotted form.
      if (!text.includes('.')) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`)
    })
    fc.assert(property)
  })
})

describe('printable', () => {
  it('leaves letters of all scripts, spaces and emoji as they are', () => {
    for (const text of ['example.org', 'größer 日本 مثال', '🔒 ok']) expect(printable(text)).toBe(text)
  })

  it('escapes what could steer a terminal', () => {
    expect(printable('\x1b[2J\x07\r\n\x7f')).toBe('\\x1b[2J\\x07\\x0d\\x0a\\x7f')
    expect(printable('\x9b31m')).toBe('\\x9b31m')
    expect(printable('a\u202eb\u2066\u200b\u2028\ufeff')).toBe('a\\u{202e}b\\u{2066}\\u{200b}\\u{2028}\\u{feff}')
    expect(printable('\ud800x\u{e0001}')).toBe('\\u{d800}x\\u{e0001}')
  })
})

describe('decodeText', () => {
  it('reads ASCII and UTF-8, and U+FFFD for what is neither', () => {
    const bytes = new TextEncoder().encode('<example> größer')
    expect(decodeText(bytes, 1, 8)).toBe('example')
    expect(decodeText(bytes, 0, bytes.length)).toBe('<example> größer')
    expect(decodeText(Uint8Array.of(0x61, 0xff, 0x62), 0, 3)).toBe('a\ufffdb')
    expect(decodeText(bytes, 4, 4)).toBe('')
  })
})
