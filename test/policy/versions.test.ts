import { describe, expect, test } from 'vitest'
import { readVersion, versionAge } from '../../src/policy/versions.js'

describe('readVersion', () => {
  test.each([
    ['TLSv1.3', 'TLSv1.3'],
    ['tls1.3', 'TLSv1.3'],
    ['TLS 1.2', 'TLSv1.2'],
    ['v1.1', 'TLSv1.1'],
    ['1.3', 'TLSv1.3'],
    ['1.0', 'TLSv1'],
    ['TLSv1', 'TLSv1'],
    ['SSLv3', 'SSLv3'],
    ['tlsv1.3-draft23', 'TLSv1.3-draft23'],
    ['1.3-draft28', 'TLSv1.3-draft28'],
    ['1.4', null],
    ['TLSv1.2-draft23', null],
    ['', null],
  ])('takes %s for %s', (text, expected) => {
    expect(readVersion(text)).toBe(expected)
  })
})

describe('versionAge', () => {
  test('grows from version to version, drafts of TLS 1.3 standing before it', () => {
    const ages = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3-draft28', 'TLSv1.3'].map(versionAge)
    expect(ages).toEqual([...ages].sort((a, b) => Number(a) - Number(b)))
    expect(new Set(ages).size).toBe(6)
    expect(ages).not.toContain(null)
  })

  test('is unknown of a version that no specification has', () => {
    expect(versionAge('unknown (0x0305)')).toBeNull()
  })
})
