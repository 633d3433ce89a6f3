import { describe, expect, test } from 'vitest'
import { cipherSuiteNames, groupNames, holds, readCipherSuite, readGroup } from '../../src/policy/code-points.js'
import type { CodePoints } from '../../src/policy/policy.js'

function ids(text: string, meaning: 'current' | 'every' = 'current'): unknown {
  const read = readGroup(text, meaning)
  return typeof read === 'string' ? read : [read.text, read.points.map(({ id }) => id)]
}

describe('a group is known by', () => {
  test.each([
    ['X25519MLKEM768', ['X25519MLKEM768', [0x11ec]]],
    ['x25519_mlkem768', ['X25519MLKEM768', [0x11ec]]],
    ['0x11EC', ['0x11ec', [0x11ec]]],
    ['4588', ['0x11ec', [0x11ec]]],
    ['P-256', ['secp256r1', [0x17]]],
    ['prime256v1', ['secp256r1', [0x17]]],
    ['X25519', ['x25519', [0x1d]]],
    ['mlkem768', ['MLKEM768', [0x201]]],
    ['ML-KEM-1024', ['MLKEM1024', [0x202]]],
    ['x25519_kyber768', ['x25519_kyber768', [0x6399]]],
  ])('%s', (text, expected) => {
    expect(ids(text)).toEqual(expected)
  })

  test('every code point that has borne its name, where it is denied', () => {
    const [, points] = ids('mlkem768', 'every') as [string, number[]]
    expect(points).toEqual(expect.arrayContaining([0x0106, 0x0201, 0x0248, 0x0768]))
  })

  test('its name, where its code point has had others', () => {
    const kyber = readGroup('bikel1', 'every')
    if (typeof kyber === 'string') throw new Error(kyber)
    expect(holds([kyber], 0x0241, 'bikel1')).toBe(true)
    expect(holds([kyber], 0x0241, 'ntrulpr1277')).toBe(false)
  })

  test('all of its names', () => {
    expect(groupNames().filter((name) => typeof readGroup(name, 'current') === 'string')).toEqual([])
  })
})

describe('digits alone', () => {
  test('are refused where only their hexadecimal reading is registered, as they would mean nothing', () => {
    expect(readGroup('6399', 'every')).toBe(
      'group 6399 is 0x18ff, which is not registered; X25519Kyber768Draft00 is 0x6399',
    )
    expect(readCipherSuite('1301')).toBe(
      'cipher suite 1301 is 0x0515, which is not registered; TLS_AES_128_GCM_SHA256 is 0x1301',
    )
  })

  test('are decimal where that is registered, or nothing is', () => {
    expect(ids('23')).toEqual(['0x0017', [0x17]])
    expect(ids('65280')).toEqual(['0xff00', [0xff00]])
    expect(readCipherSuite('4865')).toMatchObject({ points: [{ id: 0x1301 }] })
    expect(readCipherSuite('0x0515')).toMatchObject({ points: [{ id: 0x0515 }] })
  })
})

describe('a cipher suite is known by', () => {
  test.each([
    ['TLS_AES_256_GCM_SHA384', [0x1302]],
    ['tls-aes-256-gcm-sha384', [0x1302]],
    ['0x1302', [0x1302]],
    ['TLS_AES_*_GCM_*', [0x1301, 0x1302]],
  ])('%s', (text, expected) => {
    const read = readCipherSuite(text)
    expect(typeof read === 'string' ? read : read.points.map(({ id }) => id)).toEqual(expected)
  })

  test('all of its names', () => {
    expect(cipherSuiteNames().filter((name) => typeof readCipherSuite(name) === 'string')).toEqual([])
  })

  test('no pattern that overlaps itself', () => {
    expect(readCipherSuite('TLS_AES_128_GCM_SHA256*GCM_SHA256')).toBe(
      "no cipher suite matches 'TLS_AES_128_GCM_SHA256*GCM_SHA256'",
    )
  })
})

test.each(['current', 'every'] as const)(
  'what is printed of a group means the same when it is read again: %s',
  (meaning) => {
    for (const name of groupNames()) {
      const read = readGroup(name, meaning) as CodePoints
      expect(readGroup(read.text, meaning), name).toEqual(read)
    }
  },
)
