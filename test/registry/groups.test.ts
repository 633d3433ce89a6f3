import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GROUP_RANGE_ROWS, GROUP_ROWS } from '../../src/registry/group-rows.js'
import {
  ambiguousNames,
  groupOfShare,
  isClassicalComponent,
  keyShareOf,
  namedGroup,
} from '../../src/registry/groups.js'
import type { Role } from '../../src/registry/types.js'

const ROLES: readonly Role[] = ['client', 'server']
const GREASE = [
  0x0a0a, 0x1a1a, 0x2a2a, 0x3a3a, 0x4a4a, 0x5a5a, 0x6a6a, 0x7a7a, 0x8a8a, 0x9a9a, 0xaaaa, 0xbaba, 0xcaca, 0xdada,
  0xeaea, 0xfafa,
]

describe('namedGroup', () => {
  it('takes no number that is no code point, nor a name', () => {
    for (const wrong of [-1, 1.5, 0x1_0000, Number.NaN, 'X25519MLKEM768', undefined])
      expect(() => namedGroup(wrong as number), String(wrong)).toThrow(RangeError)
  })

  it('names 0x11EC X25519MLKEM768, a standard hybrid, and nothing else by that name or number', () => {
    expect(namedGroup(0x11ec)).toEqual({ id: 0x11ec, name: 'X25519MLKEM768', kind: 'hybrid', status: 'standard' })
    expect(GROUP_ROWS.filter((row) => row[0] === 0x11ec || row[1] === 'X25519MLKEM768')).toHaveLength(1)
    expect(ambiguousNames(0x11ec)).toEqual([])
  })

  it('gives the same frozen object each time', () => {
    for (const id of [0x11ec, 0x2a2a, 0xfe55, 0x1234]) {
      expect(namedGroup(id)).toBe(namedGroup(id))
      expect(Object.isFrozen(namedGroup(id))).toBe(true)
    }
  })

  it('gives every 16-bit code point a name, and calls GREASE the 16 values of RFC 8701 and no other', () => {
    const grease: number[] = []
    for (let id = 0; id <= 0xffff; id++) {
      const group = namedGroup(id)
      if (group.id !== id || group.name === '') throw new Error(`no name for ${id}`)
      if (group.kind === 'grease') grease.push(id)
    }
    expect(grease).toEqual(GREASE)
  })

  it.each([
    [0x0000, 'Reserved', 'reserved', 'unassigned'],
    [0x0001, 'sect163k1', 'classical', 'obsolete'],
    [0x0017, 'secp256r1', 'classical', 'standard'],
    [0x001a, 'brainpoolP256r1', 'classical', 'standard'],
    [0x001d, 'x25519', 'classical', 'standard'],
    [0x0022, 'GC256A', 'classical', 'standard'],
    [0x0100, 'ffdhe2048', 'classical', 'standard'],
    [0x01fd, 'ffdhe_private_use (0x01fd)', 'reserved', 'private'],
    [0x0201, 'MLKEM768', 'post-quantum', 'draft'],
    [0x0512, 'MLKEM512', 'post-quantum', 'obsolete'],
    [0x021b, 'sidhp434', 'post-quantum', 'broken'],
    [0x11eb, 'SecP256r1MLKEM768', 'hybrid', 'standard'],
    [0x11ed, 'SecP384r1MLKEM1024', 'hybrid', 'standard'],
    [0x11ee, 'curveSM2MLKEM768', 'hybrid', 'draft'],
    [0x2a2a, 'GREASE (0x2a2a)', 'grease', 'unassigned'],
    [0x2f1f, 'secp256r1_sike-p434-r3', 'hybrid', 'broken'],
    [0x2f39, 'x25519_kyber-512-r3', 'hybrid', 'obsolete'],
    [0x2f4b, 'p256_mlkem512', 'hybrid', 'private'],
    [0x4138, 'CECPQ2', 'hybrid', 'obsolete'],
    [0x6399, 'X25519Kyber768Draft00', 'hybrid', 'obsolete'],
    [0xfe31, 'X25519Kyber768Draft00', 'hybrid', 'obsolete'],
    [0xfe55, 'ecdhe_private_use (0xfe55)', 'reserved', 'private'],
    [0xfeff, 'ecdhe_private_use (0xfeff)', 'reserved', 'private'],
    [0xff00, 'unknown (0xff00)', 'unknown', 'unassigned'],
    [0x1234, 'unknown (0x1234)', 'unknown', 'unassigned'],
  ])('says that code point %i is %s', (id, name, kind, status) => {
    expect(namedGroup(id)).toEqual({ id, name, kind, status })
  })
})

describe('ambiguousNames', () => {
  it('lists every group that has used a code point, the one to assume first', () => {
    expect(ambiguousNames(0x0200)).toEqual(['MLKEM512', 'frodo640aes'])
    expect(ambiguousNames(0xfe32)).toEqual(['P256Kyber768Draft00', 'CECPQ2b', 'p521_frodo1344shake'])
    expect(ambiguousNames(0x0241)).toEqual(['bikel1', 'ntrulpr1277'])
  })

  it('is empty where there is one group, a range or none', () => {
    for (const id of [0x001d, 0xfe10, 0xfe55, 0x2a2a, 0x1234]) expect(ambiguousNames(id)).toEqual([])
  })
})

describe('groupOfShare', () => {
  it.each([
    [0x0201, 'client', 1184, 'MLKEM768'],
    [0x0201, 'server', 1088, 'MLKEM768'],
    [0x0201, 'client', 9616, 'frodo640shake'],
    [0x0201, 'server', 9720, 'frodo640shake'],
    [0xfe30, 'client', 832, 'X25519Kyber512Draft00'],
    [0xfe30, 'client', 21653, 'p521_frodo1344aes'],
    [0xfe32, 'client', 1249, 'P256Kyber768Draft00'],
    [0xfe32, 'client', 362, 'CECPQ2b'],
    [0xfe32, 'server', 378, 'CECPQ2b'],
    [0xfe32, 'server', 21829, 'p521_frodo1344shake'],
    [0x2f41, 'client', 1980, 'p521_ntrulpr1277'],
  ] as const)('tells by the share of %i from the %s with %i bytes that it is %s', (id, role, bytes, name) => {
    const { group, expectedBytes, ambiguous } = groupOfShare(id, role, bytes)
    expect({ name: group.name, id: group.id, expectedBytes, ambiguous }).toEqual({
      name,
      id,
      expectedBytes: bytes,
      ambiguous: [],
    })
  })

  it('names what stays possible where two groups of a code point have shares of one length', () => {
    const resolved = groupOfShare(0xfe01, 'server', 9785)
    expect(resolved.group.name).toBe('p256_efrodo640aes')
    expect(resolved.ambiguous).toEqual(['p256_efrodo640aes', 'p256_frodo640aes'])
  })

  it('assumes the likeliest group and leaves all possible where no length fits', () => {
    const resolved = groupOfShare(0x0200, 'client', 5)
    expect(resolved.group).toBe(namedGroup(0x0200))
    expect(resolved.expectedBytes).toBe(800)
    expect(resolved.ambiguous).toEqual(['MLKEM512', 'frodo640aes'])
  })

  it('assumes nothing where no length fits, and nobody registered the code point', () => {
    expect(groupOfShare(0xfe32, 'server', 5)).toEqual({
      group: { id: 0xfe32, name: 'ecdhe_private_use (0xfe32)', kind: 'reserved', status: 'private' },
      expectedBytes: null,
      parts: null,
      ambiguous: ['P256Kyber768Draft00', 'CECPQ2b', 'p521_frodo1344shake'],
    })
    expect(groupOfShare(0x0241, 'client', 7).group).toMatchObject({ name: 'unknown (0x0241)', kind: 'unknown' })
    expect(groupOfShare(0x6399, 'client', 7).group.name).toBe('X25519Kyber768Draft00')
  })

  it('knows early s2n-tls shares with a length before each component, whose parts are elsewhere', () => {
    expect(groupOfShare(0x2f39, 'client', 836)).toMatchObject({ expectedBytes: 832, parts: null, ambiguous: [] })
    expect(groupOfShare(0x2f39, 'server', 804)).toMatchObject({ expectedBytes: 800, parts: null })
    expect(groupOfShare(0x11ec, 'client', 1220).parts).not.toBeNull()
  })

  it('expects no length of explicit curves, private use, GREASE and unknown groups', () => {
    for (const id of [0x0000, 0xff01, 0xfe55, 0x2a2a, 0x1234]) {
      for (const bytes of [0, 1, 65]) {
        expect(groupOfShare(id, 'client', bytes)).toEqual({
          group: namedGroup(id),
          expectedBytes: null,
          parts: null,
          ambiguous: [],
        })
      }
    }
  })
})

describe('keyShareOf', () => {
  it.each([
    [0x11ec, 'client', 1216, ['ML-KEM-768', 1184, 'X25519', 32]],
    [0x11ec, 'server', 1120, ['ML-KEM-768', 1088, 'X25519', 32]],
    [0x6399, 'client', 1216, ['X25519', 32, 'Kyber768 (round 3)', 1184]],
    [0x6399, 'server', 1120, ['X25519', 32, 'Kyber768 (round 3)', 1088]],
    [0x11eb, 'client', 1249, ['secp256r1', 65, 'ML-KEM-768', 1184]],
    [0x11eb, 'server', 1153, ['secp256r1', 65, 'ML-KEM-768', 1088]],
    [0x11ed, 'client', 1665, ['secp384r1', 97, 'ML-KEM-1024', 1568]],
    [0x11ed, 'server', 1665, ['secp384r1', 97, 'ML-KEM-1024', 1568]],
    [0x11ea, 'client', 832, ['ML-KEM-512', 800, 'X25519', 32]],
    [0x0201, 'client', 1184, ['ML-KEM-768', 1184]],
    [0x0201, 'server', 1088, ['ML-KEM-768', 1088]],
    [0x4138, 'client', 1170, ['X25519', 32, 'HRSS-701 (NTRU variant)', 1138]],
    [0xfe32, 'server', 378, ['X25519', 32, 'SIKEp434', 346]],
    [0x0017, 'client', 65, ['secp256r1', 65]],
    [0x001d, 'server', 32, ['X25519', 32]],
  ] as const)('lays out a share of %i from the %s, %i bytes, in wire order', (id, role, bytes, layout) => {
    const share = keyShareOf(id, role, bytes)
    expect(share.parts?.flatMap((part) => [part.name, part.bytes])).toEqual(layout)
    expect(share).toMatchObject({ ...groupOfShare(id, role, bytes).group, bytes, expectedBytes: bytes })
  })

  it('lays out no parts where versions of a program differ in which comes first', () => {
    for (const [id, bytes] of [
      [0x2fb6, 832],
      [0x2fb7, 1240],
      [0x2fb8, 1216],
    ] as const) {
      expect(keyShareOf(id, 'client', bytes)).toMatchObject({ kind: 'hybrid', expectedBytes: bytes })
      expect(keyShareOf(id, 'client', bytes)).not.toHaveProperty('parts')
    }
  })

  it('gives the same frozen object for each share of the right length', () => {
    expect(keyShareOf(0x11ec, 'client', 1216)).toBe(keyShareOf(0x11ec, 'client', 1216))
    expect(Object.isFrozen(keyShareOf(0x11ec, 'client', 1216))).toBe(true)
  })

  it('keeps both numbers where the length is wrong', () => {
    expect(keyShareOf(0x11ec, 'client', 1184)).toMatchObject({
      name: 'X25519MLKEM768',
      bytes: 1184,
      expectedBytes: 1216,
    })
  })

  it('has no expectation for groups it does not know', () => {
    expect(keyShareOf(0x2a2a, 'client', 1)).toEqual({ ...namedGroup(0x2a2a), bytes: 1 })
    expect(keyShareOf(0x11ec, 'client', 0).expectedBytes).toBe(1216)
  })

  it('carries the group, the length, and parts that sum up to the expected length, whatever was sent', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.constantFrom(...ROLES), fc.nat(0xffff), (id, role, bytes) => {
        const share = keyShareOf(id, role, bytes)
        const sum = share.parts?.reduce((total, part) => total + part.bytes, 0)
        expect([share.id, share.bytes]).toEqual([id, bytes])
        if (sum !== undefined) expect(sum).toBe(share.expectedBytes)
      }),
    )
  })
})

describe('GROUP_ROWS', () => {
  const sized = GROUP_ROWS.filter((row) => row[4] > 0)
  const ordered = sized.filter((row) => row[8] !== 'order-unknown')

  it('have components whose lengths sum up to the share, each longer than nothing, on both sides', () => {
    for (const row of ordered) {
      for (const role of ROLES) {
        const bytes = role === 'client' ? row[4] : row[5]
        const parts = partsOf(row[0], role, bytes)
        const sum = parts.reduce((total, part) => total + part.bytes, 0)
        expect([row[1], role, sum, Math.min(...parts.map((part) => part.bytes)) > 0]).toEqual([
          row[1],
          role,
          bytes,
          true,
        ])
      }
    }
  })

  it('have two components where the group is a hybrid, one of which is classical, and else one', () => {
    const classical = new Set(GROUP_ROWS.filter((row) => row[2] === 'classical').map((row) => row[6]))
    for (const row of sized) {
      const components = row[6].split(' + ')
      const known = components.filter((component) => classical.has(component)).length
      const expected = { hybrid: [2, 1], classical: [1, 1], 'post-quantum': [1, 0] }[row[2] as 'hybrid']
      expect([row[1], components.length, known]).toEqual([row[1], ...(expected as number[])])
    }
  })

  it('give ML-KEM and Kyber round 3 the lengths of FIPS 203', () => {
    const lengths = new Map([
      ['512', [800, 768]],
      ['768', [1184, 1088]],
      ['1024', [1568, 1568]],
    ])
    let seen = 0
    for (const row of ordered) {
      const component = row[6].split(' + ').find((name) => /^(ml-?kem|kyber)/i.test(name) && !name.endsWith(' r2'))
      const level = component?.match(/(512|768|1024)/)?.[1]
      if (component === undefined || level === undefined) continue
      const bytes = ROLES.map(
        (role, i) => partsOf(row[0], role, row[4 + i] as number).find((part) => part.name === component)?.bytes,
      )
      expect([row[1], bytes]).toEqual([row[1], lengths.get(level)])
      seen++
    }
    expect(seen).toBeGreaterThan(50)
  })

  it('have classical groups whose shares are as long from both sides', () => {
    for (const row of sized.filter((row) => row[2] === 'classical')) expect([row[1], row[4]]).toEqual([row[1], row[5]])
  })

  it('hold no GREASE, and ranges in order', () => {
    for (const row of GROUP_ROWS) expect(GREASE).not.toContain(row[0])
    for (const [first, last] of GROUP_RANGE_ROWS) expect(first).toBeLessThan(last)
  })
})

function partsOf(id: number, role: Role, bytes: number): readonly { name: string; bytes: number }[] {
  return keyShareOf(id, role, bytes).parts ?? []
}

describe('isClassicalComponent', () => {
  it('tells the two kinds of parts of every hybrid apart, and knows none in a KEM alone', () => {
    for (const [, name, kind, , , , components] of GROUP_ROWS) {
      const classical = components.split(' + ').filter(isClassicalComponent)
      if (kind === 'hybrid') expect(classical, name).toHaveLength(1)
      if (kind === 'post-quantum') expect(classical, name).toEqual([])
    }
  })
})
