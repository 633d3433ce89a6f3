import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findGroups } from '../../src/cli/find-groups.js'
import { GROUP_ROWS } from '../../src/registry/group-rows.js'

function found(text: string): string[] {
  return findGroups(text).groups.map(({ name }) => name)
}

describe('a number', () => {
  test.each(['4588', '0x11ec', '0x11EC', '0X11eC', '11ec', '11EC', '04588'])('%s is X25519MLKEM768 alone', (text) => {
    expect(findGroups(text)).toMatchObject({ groups: [{ name: 'X25519MLKEM768' }], remarks: [] })
  })

  test('of digits is decimal, and hexadecimal too where both are known, and says so', () => {
    expect(found('29')).toEqual(['x25519', 'curveSM2'])
    expect(findGroups('29').remarks).toEqual(['29 in decimal is 0x001d; read as hexadecimal it is 0x0029'])
    expect(found('25497')).toEqual(['X25519Kyber768Draft00'])
    expect(findGroups('25497').remarks).toEqual([])
    expect(found('0017')).toEqual(['secp160r2', 'secp256r1'])
  })

  test('of digits is hexadecimal where only that is known, and says so', () => {
    expect(found('6399')).toEqual(['X25519Kyber768Draft00'])
    expect(findGroups('6399').remarks).toEqual([
      '6399 in decimal is 0x18ff, which is unassigned; read as hexadecimal it is 0x6399',
    ])
  })

  test('of three digits or more is looked for in names too', () => {
    expect(found('25519')).toContain('X25519MLKEM768')
    expect(found('768')).toEqual(expect.arrayContaining(['mlkem768', 'X25519MLKEM768', 'MLKEM768']))
    expect(found('434')).toContain('sikep434')
    expect(found('30')).toEqual(['x448'])
  })

  test('of a code point with several uses gives all of them, the one to assume first', () => {
    expect(found('0xfe32')).toEqual(['P256Kyber768Draft00', 'CECPQ2b', 'p521_frodo1344shake'])
  })

  test.each([
    ['0x2a2a', 'GREASE (0x2a2a)'],
    ['10794', 'GREASE (0x2a2a)'],
    ['2a2a', 'GREASE (0x2a2a)'],
    ['0xfe55', 'ecdhe_private_use (0xfe55)'],
    ['508', 'ffdhe_private_use (0x01fc)'],
    ['5000', 'unknown (0x1388)'],
    ['0x1388', 'unknown (0x1388)'],
    ['12ab', 'unknown (0x12ab)'],
    ['0', 'Reserved'],
  ])('%s that is no group is %s', (text, name) => {
    expect(found(text)).toEqual([name])
  })

  test.each(['65536', '0x10000', '99999999999999999999'])('%s is more than any code point', (text) => {
    expect(() => findGroups(text)).toThrow(/^group \w+ is more than 65535 \(0xffff\)$/)
  })
})

describe('a name', () => {
  test.each([
    ['x25519mlkem768', ['X25519MLKEM768']],
    ['X25519-MLKEM768', ['X25519MLKEM768', 'x25519_mlkem768', 'x25519_mlkem768']],
    ['P-256', ['secp256r1']],
    ['p256', ['secp256r1']],
    ['prime256v1', ['secp256r1']],
    ['SSL_GROUP_X25519_MLKEM768', ['X25519MLKEM768']],
    ['ecdh_x25519', ['x25519']],
    ['p384_kyber768', ['secp384r1_kyber-768-r3']],
    ['X25519Kyber768Draft00', ['X25519Kyber768Draft00', 'X25519Kyber768Draft00']],
  ])('%s is found whole, whatever its case', (text, names) => {
    expect(found(text)).toEqual(names)
  })

  test('that others have in theirs says how to see those', () => {
    expect(findGroups('x448').remarks).toEqual([
      expect.stringMatching(/^\d+ more groups have x448 in their names: pqcap groups '\*x448\*'$/),
    ])
    expect(findGroups('X25519MLKEM768').remarks).toEqual([])
  })

  test('is found in part', () => {
    expect(found('kyber-76')).toEqual(expect.arrayContaining(['secp384r1_kyber-768-r3', 'X25519Kyber768Draft00']))
    expect(found('secp384')).toEqual(['secp384r1', 'SecP384r1MLKEM1024', 'secp384r1_kyber-768-r3'])
    expect(found('grease')).toHaveLength(16)
    expect(found('ec')).toContain('CECPQ2')
  })

  test('is found by a pattern', () => {
    expect(found('secp*mlkem???')).toEqual(['SecP256r1MLKEM512', 'SecP256r1MLKEM768'])
  })

  test.each([
    [
      'x25519mlkm768',
      "unknown group 'x25519mlkm768'; did you mean 'X25519MLKEM768' or 'x25519_mlkem768' or 'x25519_mlkem512'?",
    ],
    ['kybr', "unknown group 'kybr'; did you mean 'kyber512' or 'kyber768' or 'kyber1024'?"],
    ['secp265r1', /did you mean .*'secp256r1'/],
    ['nothing-like-it', "unknown group 'nothing-like-it'; 'pqcap groups' lists them all"],
    ['', "unknown group ''; 'pqcap groups' lists them all"],
    ['-', /^unknown group/],
    ['0x11eg', /^unknown group/],
    ['dead', /^unknown group/],
    ['*q*z*', /^unknown group/],
    ['z'.repeat(100_000), /^unknown group/],
  ])('that is not known is told with the nearest: %.20s', (text, message) => {
    expect(() => findGroups(text)).toThrow(message)
  })
})

test('every group is found by its name, its number and its hexadecimal number', () => {
  for (const [id, name] of GROUP_ROWS) {
    for (const text of [name, String(id), `0x${id.toString(16)}`]) {
      const groups = findGroups(text).groups.map((group) => `${group.id} ${group.name}`)
      expect(groups, text).toContain(`${id} ${name}`)
    }
  }
})

test('whatever is typed is found, or refused with a message', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      try {
        expect(findGroups(text).groups.length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toMatchObject({ name: 'UsageError' })
      }
    }),
    { numRuns: 60 },
  )
})
