import { describe, expect, test } from 'vitest'
import { evaluatorFor, failuresOf, textsOf } from '../support/policies.js'
import { classicalRecord, handshakeRecord } from '../support/records.js'

const record = classicalRecord({
  capture: 'runs/a/web.pcap',
  serverName: 'api.example.com',
  client: { address: '198.51.100.2', port: 5000 },
  server: { address: '2001:db8::7', port: 8443 },
})

async function passesWhere(where: string): Promise<boolean> {
  const policy = `rules: { label: [hybrid] }\noverrides:\n  - where: ${where}\n    rules: off\n`
  return textsOf((await evaluatorFor(policy, ['runs'])).handshake(record)).length === 0
}

describe('an override', () => {
  test.each([
    ["{ server-name: '*.example.com' }", true],
    ["{ server-name: '*.EXAMPLE.com' }", true],
    ["{ server-name: [a, 'api.*'] }", true],
    ["{ server-name: 'example.com' }", false],
    ['{ address: 198.51.100.0/24 }', true],
    ["{ address: '2001:db8::/32' }", true],
    ['{ client: 198.51.100.2 }', true],
    ["{ client: '2001:db8::/32' }", false],
    ["{ server: '2001:0db8:0::7' }", true],
    ['{ server: 198.51.100.2 }', false],
    ["{ client: '::ffff:198.51.100.0/120' }", true],
    ["{ client: '::ffff:198.51.101.0/120' }", false],
    ['{ client: 198.51.100.3 }', false],
    ["{ server: '2001:db8::6' }", false],
    ["{ client: '::ffff:198.51.100.2' }", true],
    ["{ client: '::ffff:0:0/96' }", true],
    ["{ client: '::/0' }", false],
    ["{ client: ['10.0.0.0/8', '198.51.100.0/30'] }", true],
    ['{ address: 0.0.0.0/0 }', true],
    ['{ server: 0.0.0.0/0 }', false],
    ['{ port: 8443 }', true],
    ['{ port: 5000 }', false],
    ['{ port: [443, 8443] }', true],
    ["{ capture: 'web.pcap' }", true],
    ["{ capture: 'a/*.pcap' }", true],
    ["{ capture: '*.pcap' }", true],
    ["{ capture: 'runs/**' }", false],
    ["{ capture: '**/*.pcapng' }", false],
    ["{ port: 8443, server-name: '*.example.com' }", true],
    ["{ port: 443, server-name: '*.example.com' }", false],
  ])('for %s: %s', async (where, expected) => {
    expect(await passesWhere(where)).toBe(expected)
  })

  test.each([
    ['{ server: 192.0.2.0/24 }', true],
    ['{ server: 192.0.2.1 }', true],
    ["{ server: '::ffff:192.0.2.0/120' }", true],
    ['{ server: 192.0.3.0/24 }', false],
  ])('for an IPv4 address that is written as one of IPv6, %s: %s', async (where, expected) => {
    const mapped = { ...record, server: { address: '::ffff:192.0.2.1', port: 443 } }
    const policy = `rules: { label: [hybrid] }\noverrides:\n  - where: ${where}\n    rules: off\n`
    expect(textsOf((await evaluatorFor(policy)).handshake(mapped)).length === 0).toBe(expected)
  })

  test('is the only one that counts, where it is the first that matches', async () => {
    const evaluator = await evaluatorFor(`
rules: { label: [hybrid], encryption: [after-change-cipher-spec] }
overrides:
  - where: { port: 1 }
    rules: off
  - where: { port: 8443 }
    rules: { label: warning }
  - where: { server-name: '*' }
    rules: { encryption: off }
`)
    const judged = evaluator.handshake(record)
    expect(judged?.failures.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['label', 'warning'],
      ['encryption', 'error'],
    ])
    const other = evaluator.handshake({ ...record, server: { ...record.server, port: 9 } })
    expect(textsOf(other).map((text) => text.split(':')[0])).toEqual(['label'])
  })

  test('of a server name is not for handshakes without one', async () => {
    const evaluator = await evaluatorFor(
      "rules: { label: [hybrid] }\noverrides: [{ where: { server-name: '*' }, rules: off }]",
    )
    expect(textsOf(evaluator.handshake({ ...record, serverName: null }))).toHaveLength(1)
    expect(textsOf(evaluator.handshake(record))).toEqual([])
  })

  describe('by a server name that was not seen', () => {
    const unnamed = (overrides = {}) => handshakeRecord({ serverName: null, clientHello: null, ...overrides })
    const policy = (override: string, rules = '') => `
rules: { label: [hybrid, classical]${rules} }
overrides:
  - where: { server-name: 'kms.*', port: 4433 }
    rules: ${override}
  - where: { port: 4433, server-name: legacy.example }
    rules: off
`
    const told = 'incomplete: Not seen: the server name that an override asks for, for rule tls-version.'

    test('leaves open what its rules say, where they do not pass', async () => {
      const stricter = policy('{ tls-version: { allowed: [TLSv1.2] }, label: [hybrid] }')
      expect(await failuresOf(stricter, unnamed())).toEqual([told])
      expect(await failuresOf(policy('{ tls-version: TLSv1.3 }'), unnamed())).toEqual([])
      expect(await failuresOf(stricter, unnamed({ server: { address: '192.0.2.1', port: 443 } }))).toEqual([])
      const warns = policy('{ tls-version: { severity: warning, allowed: [TLSv1.2] } }')
      const judged = (await evaluatorFor(warns)).handshake(unnamed())
      expect(judged?.failures.map(({ severity }) => severity)).toEqual(['warning'])
    })

    test('says nothing that is told already, and nothing where the client asked for no name', async () => {
      const both = policy('{ label: [psk] }', ', tls-version: { allowed: [TLSv1.2] }')
      expect(await failuresOf(both, unnamed())).toEqual([
        'incomplete: Not seen: the server name that an override asks for, for rule label.',
        'tls-version: The version is TLSv1.3; allowed: TLSv1.2.',
      ])
      const stricter = policy('{ tls-version: { allowed: [TLSv1.2] } }')
      expect(await failuresOf(stricter, handshakeRecord({ serverName: null }))).toEqual([])
    })

    test('counts before one that fits, and not behind it', async () => {
      const text = `
rules: { label: [hybrid] }
overrides:
  - where: { server-name: a }
    rules: off
  - where: { server-name: b }
    rules: { tls-version: { allowed: [TLSv1.2] } }
  - where: { port: 4433 }
    rules: off
  - where: { server-name: c }
    rules: { groups: [x448] }
`
      expect(await failuresOf(text, unnamed())).toEqual([told])
    })
  })
})
