import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAYBE, NO, YES } from '../../src/registry/detection.js'
import {
  detectSslv2Hello,
  detectTls,
  isApplicationDataRecord,
  isClearAlert,
  mayBeRecord,
} from '../../src/tls/detect.js'
import { join } from '../support/bytes.js'
import * as tls from '../support/tls.js'

function detect(bytes: Uint8Array) {
  return detectTls(join([22, 3, 3], bytes, [22, 3, 3]), 3, 3 + bytes.length)
}

const hello = tls.record(22, tls.hybridClientHello(), 0x0301)

describe('detectTls', () => {
  it.each([
    ['a ClientHello', hello],
    ['a ClientHello of SSLv3', tls.record(22, tls.clientHello({ legacyVersion: 0x0300, bare: true }), 0x0300)],
    ['a ServerHello', tls.record(22, tls.serverHello13(tls.X25519, 32))],
    ['a ServerHello of draft 18', tls.record(22, tls.oldDraftServerHello(18, tls.X25519, 32))],
    ['a ClientHello of TLCP', tls.record(22, tls.clientHello({ legacyVersion: 0x0101 }), 0x0101)],
    ['a ClientHello in records of one byte', tls.handshakeRecords(tls.clientHello(), 1)],
    ['a ClientHello in a record longer than allowed', tls.record(22, join(tls.clientHello(), new Uint8Array(17_000)))],
    ['an SSLv2-compatible hello', tls.sslv2ClientHello(0x0301, [0x35])],
  ])('says yes to %s', (_, bytes) => {
    expect(detect(bytes)).toBe(YES)
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('EHLO example.test\r\n')],
    ['application data', tls.applicationData()],
    ['an alert', tls.alert(2, 40)],
    ['a Certificate', tls.record(22, tls.certificate)],
    ['an encrypted handshake record', tls.encryptedFinished],
    ['a ClientHello of another major version', tls.record(22, tls.clientHello({ legacyVersion: 0x0503 }))],
    ['a record of no length', Uint8Array.of(22, 3, 1, 0, 0)],
    ['a record of SSLv2', Uint8Array.of(22, 2, 0, 0, 5)],
    ['a hello in a record longer than any', tls.record(22, join(tls.clientHello(), new Uint8Array(20_000)))],
    ['a hello longer than any', tls.record(22, [1, 3, 0, 0, 3, 3])],
    ['a hello behind a ChangeCipherSpec of two bytes', join(tls.record(20, [1, 1]).slice(0, 6), hello)],
    ['a hello behind a ChangeCipherSpec of no version', join(tls.record(20, [1], 0x0909), hello)],
    ['a hello behind a ChangeCipherSpec that is none', join(tls.record(20, [2]), hello)],
  ])('says no to %s', (_, bytes) => {
    expect(detect(bytes)).toBe(NO)
  })

  it('says maybe, never no, to the first bytes of a hello', () => {
    for (let length = 1; length < 10; length++) expect([MAYBE, YES]).toContain(detect(hello.slice(0, length)))
    expect(detect(hello.slice(0, 9))).toBe(MAYBE)
    expect(detect(hello.slice(0, 10))).toBe(YES)
  })

  it('reads nothing past the end', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 12 }),
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        (bytes, behind) => {
          const found = detectTls(join(bytes, behind), 0, bytes.length)
          expect(found).toBe(detectTls(bytes, 0, bytes.length))
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('detectSslv2Hello', () => {
  const v2 = tls.sslv2ClientHello(0x0301, [0x35, 0x0a])

  it('takes the hello only where all its lengths add up', () => {
    expect(detectSslv2Hello(v2, 0, v2.length)).toBe(YES)
    for (const [at, byte] of [
      [1, 1],
      [2, 4],
      [4, 9],
      [6, 7],
      [8, 1],
      [10, 15],
    ] as const) {
      const other = v2.slice()
      other[at] = byte
      expect(detectSslv2Hello(other, 0, other.length)).toBe(NO)
    }
  })

  it('wants its fixed fields in one piece', () => {
    expect(detectSslv2Hello(v2, 0, 11)).toBe(YES)
    expect(detectSslv2Hello(v2, 0, 10)).toBe(NO)
  })
})

describe('mayBeRecord', () => {
  it('takes the beginning of any record, at any length', () => {
    for (const record of [hello, tls.changeCipherSpec, tls.alert(1, 0), tls.applicationData(), tls.record(24, [1])])
      for (let length = 1; length <= record.length; length++) expect(mayBeRecord(record, 0, length)).toBe(true)
  })

  it('refuses other types, versions and lengths', () => {
    for (const bytes of [[19], [25], [22, 2], [22, 3, 5], [22, 3, 3, 0x48, 0x01]])
      expect(mayBeRecord(Uint8Array.from(bytes), 0, bytes.length)).toBe(false)
    expect(mayBeRecord(Uint8Array.of(22, 3, 3, 0x48, 0x00), 0, 5)).toBe(true)
  })
})

describe('isClearAlert', () => {
  it('wants two bytes, the first of them a level', () => {
    const isAlert = (bytes: Uint8Array) => isClearAlert(bytes, 0, bytes.length)
    expect([tls.alert(1, 0), tls.alert(2, 40)].map(isAlert)).toEqual([true, true])
    // What is encrypted is longer, and begins with anything.
    const others = [tls.alert(0, 40), tls.alert(3, 40), tls.record(21, [2, 40, 0]), tls.alert(2, 40).slice(0, 6)]
    expect([...others, tls.record(22, [2, 40])].map(isAlert)).toEqual([false, false, false, false, false])
  })
})

describe('isApplicationDataRecord', () => {
  it('wants a whole header of type 23 with some length', () => {
    const bytes = tls.applicationData(3)
    expect(isApplicationDataRecord(bytes, 0, 5)).toBe(true)
    expect(isApplicationDataRecord(bytes, 0, 4)).toBe(false)
    expect(isApplicationDataRecord(Uint8Array.of(23, 3, 3, 0, 0), 0, 5)).toBe(false)
    expect(isApplicationDataRecord(hello, 0, hello.length)).toBe(false)
  })
})
