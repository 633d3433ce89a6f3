import { describe, expect, test } from 'vitest'
import { allGroupFacts, factsOfCodePoint, isKnownCodePoint } from '../../src/registry/group-facts.js'
import { GROUP_RANGE_ROWS, GROUP_ROWS } from '../../src/registry/group-rows.js'
import { groupOfShare, namedGroup } from '../../src/registry/groups.js'

describe('the facts of a group', () => {
  test('are those of X25519MLKEM768', () => {
    expect(factsOfCodePoint(0x11ec)).toEqual([
      {
        ...namedGroup(0x11ec),
        likeliest: true,
        otherUses: [],
        privateUse: null,
        family: 'ml-kem',
        components: ['ML-KEM-768', 'X25519'],
        clientShare: {
          bytes: 1216,
          parts: [
            { name: 'ML-KEM-768', bytes: 1184 },
            { name: 'X25519', bytes: 32 },
          ],
        },
        serverShare: {
          bytes: 1120,
          parts: [
            { name: 'ML-KEM-768', bytes: 1088 },
            { name: 'X25519', bytes: 32 },
          ],
        },
        tls13: true,
        recommended: 'Y',
        references: ['RFC 10024 (August 2026)'],
        knownAs: [
          { program: 'OpenSSL', names: ['X25519MLKEM768'] },
          { program: 'BoringSSL', names: ['X25519MLKEM768', 'SSL_GROUP_X25519_MLKEM768'] },
          { program: 's2n-tls', names: ['X25519MLKEM768', 'TLS_PQ_KEM_GROUP_ID_X25519_MLKEM_768'] },
          { program: 'rustls', names: ['X25519MLKEM768'] },
          { program: 'Wireshark', names: ['X25519MLKEM768'] },
          { program: 'CloudTrail', names: ['X25519MLKEM768'] },
        ],
        notes: ['the ML-KEM part comes first, though the name has it last', 'Wireshark 4.0 shows it as Unknown'],
      },
    ])
  })

  test('say of each use of a code point which others there are, and which one is assumed', () => {
    expect(factsOfCodePoint(0xfe32).map(({ name, likeliest, otherUses }) => [name, likeliest, otherUses])).toEqual([
      ['P256Kyber768Draft00', true, ['CECPQ2b', 'p521_frodo1344shake']],
      ['CECPQ2b', false, ['P256Kyber768Draft00', 'p521_frodo1344shake']],
      ['p521_frodo1344shake', false, ['P256Kyber768Draft00', 'CECPQ2b']],
    ])
  })

  test('have components but no parts where the order on the wire is not known', () => {
    const [facts] = factsOfCodePoint(0x2fb6)
    expect(facts).toMatchObject({ components: ['X25519', 'mlkem512'], clientShare: { bytes: 832, parts: null } })
  })

  test('do not repeat what was not proven', () => {
    for (const facts of allGroupFacts()) {
      expect(JSON.stringify(facts)).not.toMatch(/unverified|recalled|secondary|derived|OQS_CODEPOINT/)
    }
    for (const id of [0x0512, 0xfefe]) expect(factsOfCodePoint(id)[0]?.references).toEqual([])
  })
})

describe('a code point that is no group', () => {
  test('is GREASE', () => {
    const [facts] = factsOfCodePoint(0x2a2a)
    expect(facts).toMatchObject({ name: 'GREASE (0x2a2a)', kind: 'grease', references: ['RFC 8701'], tls13: null })
  })

  test('is for private use', () => {
    const privateUse = { name: 'ecdhe_private_use', first: 0xfe00, last: 0xfeff }
    expect(factsOfCodePoint(0xfe55)).toMatchObject([
      { name: 'ecdhe_private_use (0xfe55)', kind: 'reserved', privateUse },
    ])
    expect(factsOfCodePoint(0xfe10)).toMatchObject([{ name: 'bikel1', privateUse }])
  })

  test('is unassigned', () => {
    expect(factsOfCodePoint(0x1388)).toMatchObject([
      { name: 'unknown (0x1388)', kind: 'unknown', status: 'unassigned' },
    ])
    expect([0x1388, 0x11ec, 0x2a2a, 0xfe55, 0].map(isKnownCodePoint)).toEqual([false, true, true, true, true])
  })
})

describe('all of them', () => {
  test('are the registry, GREASE and the ranges, by code point', () => {
    const facts = allGroupFacts()
    expect(facts).toHaveLength(GROUP_ROWS.length + GROUP_RANGE_ROWS.length + 16)
    expect(facts.filter(({ kind }) => kind === 'grease').map(({ id }) => id)).toContain(0xfafa)
    const ids = facts.map(({ id }) => id)
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
  })

  test('agree with what a key share of their length is said to be', () => {
    for (const { id, name, clientShare, likeliest } of allGroupFacts()) {
      if (likeliest) expect(namedGroup(id).name.startsWith(name)).toBe(true)
      if (clientShare === null) continue
      const { group, ambiguous } = groupOfShare(id, 'client', clientShare.bytes)
      expect([group.name, ...ambiguous]).toContain(name)
    }
  })
})
