import { describe, expect, it } from 'vitest'
import { CIPHER_SUITE_ROWS } from '../../src/registry/cipher-suite-rows.js'
import { cipherSuite, cipherSuiteKeyExchange, encrypts, isHybridKeyExchange } from '../../src/registry/cipher-suites.js'

describe('cipherSuite', () => {
  it.each([
    [0x1301, 'TLS_AES_128_GCM_SHA256'],
    [0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    [0x00ff, 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV'],
    [0x2a2a, 'GREASE (0x2a2a)'],
    [0x1234, 'unknown (0x1234)'],
    [0x010080, 'SSL_CK_RC4_128_WITH_MD5'],
    [0x0700c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
    [0x0a0a0a, 'unknown (0x0a0a0a)'],
  ])('names %i %s', (id, name) => {
    expect(cipherSuite(id)).toEqual({ id, name })
  })

  it('gives the same frozen object each time for a 16-bit code point and a known cipher kind', () => {
    for (const id of [0x1301, 0x1234, 0x2a2a, 0x010080]) {
      expect(cipherSuite(id)).toBe(cipherSuite(id))
      expect(Object.isFrozen(cipherSuite(id))).toBe(true)
    }
  })

  it('keeps no unknown 24-bit cipher kind, of which there are 16 million', () => {
    expect(cipherSuite(0xabcdef)).not.toBe(cipherSuite(0xabcdef))
  })

  it('gives every 16-bit code point a name', () => {
    for (let id = 0; id <= 0xffff; id++) if (!cipherSuite(id).name) throw new Error(`no name for ${id}`)
  })
})

describe('cipherSuiteKeyExchange', () => {
  it.each([
    [0x0003, 'RSA'],
    [0x002f, 'RSA'],
    [0x0011, 'DHE'],
    [0x0033, 'DHE'],
    [0xc02f, 'ECDHE'],
    [0x0031, 'DH'],
    [0xc004, 'ECDH'],
    [0x0034, 'DH_anon'],
    [0xc018, 'ECDH_anon'],
    [0x008c, 'PSK'],
    [0x0090, 'DHE_PSK'],
    [0x0094, 'RSA_PSK'],
    [0xc035, 'ECDHE_PSK'],
    [0xc01d, 'SRP'],
    [0x001e, 'KRB5'],
    [0xc100, 'GOST'],
    [0xe011, 'SM2'],
    [0xe015, 'SM9'],
    [0xc0b0, 'ECCPWD'],
    [0xc0ff, 'ECJPAKE'],
    [0x001c, 'FORTEZZA'],
    [0x0000, 'NULL'],
    [0x16b7, 'CECPQ1'],
    [0xff04, 'ECDHE_BIKE'],
    [0xff08, 'ECDHE_SIKE'],
    [0xff0c, 'ECDHE_KYBER'],
    [0x010080, 'RSA'],
    [0x1301, null],
    [0x00ff, null],
    [0x2a2a, null],
    [0x1234, null],
  ])('of %i is %s', (id, word) => {
    expect(cipherSuiteKeyExchange(id)).toBe(word)
  })

  it('is known for every suite of TLS 1.2 and older, and for none of TLS 1.3', () => {
    for (const [id, name, protocol, keyExchange] of CIPHER_SUITE_ROWS) {
      const silent = protocol === 'tls13' || protocol === 'scsv'
      expect([name, cipherSuiteKeyExchange(id) === null]).toEqual([name, silent])
      expect(cipherSuiteKeyExchange(id)).toBe(keyExchange)
    }
  })

  it('agrees with the name of each suite', () => {
    for (const [, name, protocol, word] of CIPHER_SUITE_ROWS) {
      const named = name.match(/^TLS_(RSA|DHE?|ECDHE?|PSK|SRP|KRB5)(?:_(?:RSA|DSS|ECDSA|SHA|EXPORT)\w*?)?_WITH_/)?.[1]
      if (protocol === 'tls12' && named !== undefined && !name.includes('PSK')) {
        expect([name, word?.replace('_anon', '')]).toEqual([name, named])
      }
    }
  })
})

it('counts the experimental suites of TLS 1.2 with a post-quantum part as hybrid, and no other', () => {
  const hybrid = CIPHER_SUITE_ROWS.filter((row) => row[3] !== null && isHybridKeyExchange(row[3])).map((row) => row[0])
  expect(hybrid).toEqual([0x16b7, 0x16b8, 0x16b9, 0x16ba, 0xff04, 0xff08, 0xff0c])
})

describe('encrypts', () => {
  it.each([
    [0x1301, true],
    [0xc02f, true],
    [0x0005, true],
    [0xbeef, true],
    [0x0000, false],
    [0x0002, false],
    [0xc03b, false],
    [0xc0b4, false],
    [0xc0b5, false],
  ])('of %i is %s', (id, expected) => {
    expect(encrypts(id)).toBe(expected)
  })
})
