import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { YES } from '../../src/registry/detection.js'
import { detectSslv2Hello } from '../../src/tls/detect.js'
import { readSslv2ClientHello, Sslv2Reader } from '../../src/tls/sslv2-hello.js'
import { big, join } from '../support/bytes.js'
import { chunkOf, cutAt } from '../support/chunks.js'
import { sslv2ClientHello } from '../support/tls.js'

const PLACE = { frame: 7, bytes: 100, segments: 2, records: 1 }
const hello = sslv2ClientHello(0x0301, [0x000035, 0x00000a, 0x010080])

describe('readSslv2ClientHello', () => {
  it('reads the version and the cipher specs, those of SSLv2 with all three bytes', () => {
    expect(readSslv2ClientHello(hello, 2, hello.length, PLACE)).toMatchObject({
      ...PLACE,
      legacyVersion: 0x0301,
      cipherSuites: [0x35, 0x0a, 0x010080],
      extensions: [],
      keyShares: [],
      problem: null,
    })
  })

  it('passes over a session id and the challenge', () => {
    const [specs, id, challenge] = [[0, 0, 0x35], new Uint8Array(16).fill(1), new Uint8Array(20).fill(2)]
    const bytes = join([0x80, 48, 1, 3, 1], big(3, 2), big(16, 2), big(20, 2), specs, id, challenge)
    expect(readSslv2ClientHello(bytes, 2, bytes.length, PLACE)).toMatchObject({ cipherSuites: [0x35], problem: null })
    expect(detectSslv2Hello(bytes, 0, bytes.length)).toBe(YES)
  })

  it('says that it is cut, at any length', () => {
    for (let length = 3; length < hello.length; length++) {
      const found = readSslv2ClientHello(hello, 2, length, PLACE)
      expect(found.problem).toBe('length-overrun')
      expect([0x35, 0x0a, 0x010080].slice(0, found.cipherSuites.length)).toEqual(found.cipherSuites)
    }
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const { cipherSuites } = readSslv2ClientHello(bytes, 0, bytes.length, PLACE)
        expect(cipherSuites.length * 3).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })
})

describe('Sslv2Reader', () => {
  it('gives the hello once it is whole, however it is split, and says where it ends', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (places) => {
        const reader = new Sslv2Reader()
        const pieces = cutAt(hello, places)
        const last = join(pieces.pop() as Uint8Array, [22, 3, 1])
        for (const piece of pieces) expect(reader.feed(chunkOf(piece))).toBeNull()
        const chunk = chunkOf(last, { frame: 9 })
        const found = reader.feed(chunk)
        expect(found).toMatchObject({ frame: 9, bytes: hello.length - 2, segments: pieces.length + 1, records: 1 })
        expect(chunk.end - reader.consumedTo).toBe(3)
      }),
    )
  })
})
