import { describe, expect, it } from 'vitest'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { join } from '../support/bytes.js'
import { analyzedPackets, conversation, onlyHandshake } from '../support/connection.js'
import {
  applicationData,
  type ClientHelloFields,
  certificate,
  changeCipherSpec,
  classicalClientHello,
  ecdheKeyExchange,
  encryptedFinished,
  helloRetryRequest,
  hybridClientHello,
  record,
  SECP256R1,
  type ServerHelloFields,
  serverHello,
  serverHello13,
  serverHelloDone,
  X25519,
  X25519MLKEM768,
} from '../support/tls.js'

interface Choice {
  readonly client?: Uint8Array
  readonly group?: number
  readonly bytes?: number
  readonly server?: ServerHelloFields
  /** In place of the ServerHello that is made of the others. */
  readonly hello?: Uint8Array
}

/** The ServerHello that answers the first ClientHello, and all that follows. */
function packetsOf({ client = hybridClientHello(), group = X25519MLKEM768, bytes = 1120, server = {}, hello }: Choice) {
  return conversation([
    ['client', record(22, client)],
    ['server', record(22, hello ?? serverHello13(group, bytes, server)), changeCipherSpec, applicationData(40)],
    ['client', changeCipherSpec, applicationData(53)],
  ]).packets
}

function handshakeOf(choice: Choice): Promise<HandshakeRecord> {
  return onlyHandshake(packetsOf(choice))
}

const listed = (fields: ClientHelloFields): Choice => ({ client: hybridClientHello(fields) })

describe('settlementOf', () => {
  it('gives the same objects for the same lists and the same choice, whatever else is different', async () => {
    const first = await handshakeOf({})
    const second = await handshakeOf(listed({ serverName: 'other.test', random: new Uint8Array(32).fill(9) }))
    expect(second.verdict).toBe(first.verdict)
    expect(second.negotiated).toBe(first.negotiated)
    expect([first.verdict, first.negotiated].every((shared) => Object.isFrozen(shared))).toBe(true)
  })

  it.each<readonly [string, Choice, string]>([
    ['another group', { group: X25519, bytes: 32 }, 'x25519 (0x001d)'],
    ['another group with a share as long', { group: 0x1234 }, 'unknown (0x1234)'],
    ['a share of another length', { bytes: 1119 }, 'key shares of 1216 and 1119 bytes'],
    ['a pre-shared key as well', { server: { preSharedKey: true } }, 'beside a pre-shared key'],
    [
      'another key share of the client',
      listed({ keyShares: [[X25519MLKEM768, 1217]] }),
      'key shares of 1217 and 1120 bytes',
    ],
    [
      'other supported groups',
      { ...listed({ supportedGroups: [SECP256R1, X25519] }), group: X25519, bytes: 32 },
      'post-quantum key share, but the server selected x25519',
    ],
    [
      'a client that offers none',
      { client: classicalClientHello(), group: X25519, bytes: 32 },
      'no post-quantum group',
    ],
  ])('says what it says of %s, also behind the usual one', async (_, choice, words) => {
    await handshakeOf({})
    await handshakeOf({ group: X25519, bytes: 32 })
    expect((await handshakeOf(choice)).verdict.explanation).toContain(words)
  })

  it.each([
    [64, true],
    [65, false],
    [9000, false],
  ])('keeps what follows from %i groups: %s', async (count, isKept) => {
    const supportedGroups = [X25519MLKEM768, ...Array.from({ length: count - 1 }, (_, i) => 0x4000 + i)]
    const [first, second] = [
      await handshakeOf(listed({ supportedGroups })),
      await handshakeOf(listed({ supportedGroups })),
    ]
    expect(second.verdict).toEqual(first.verdict)
    expect(second.verdict === first.verdict).toBe(isKept)
  })

  it('tells suites and versions apart', async () => {
    const usual = await handshakeOf({})
    const suite = await handshakeOf({ server: { cipherSuite: 0x1303 } })
    const draft = await handshakeOf({ server: { selectedVersion: 0x7f1c } })
    expect([usual, suite, draft].map(({ negotiated }) => [negotiated?.cipherSuite.id, negotiated?.version])).toEqual([
      [0x1301, 'TLSv1.3'],
      [0x1303, 'TLSv1.3'],
      [0x1301, 'TLSv1.3-draft28'],
    ])
  })

  describe('with lists and a choice about which something is to be noted', () => {
    // The share of secp256r1 is of no group in the list.
    const unlisted: ClientHelloFields = {
      supportedGroups: [X25519MLKEM768, X25519],
      keyShares: [
        [X25519MLKEM768, 1216],
        [SECP256R1, 65],
      ],
    }
    const codesOf = async (choice: Choice): Promise<string[]> =>
      (await handshakeOf(choice)).notes.map(({ code }) => code)

    it('notes it each time', async () => {
      const groups = [X25519MLKEM768, ...Array.from({ length: 20 }, (_, i) => 0x4000 + i)]
      const many = {
        supportedGroups: groups,
        keyShares: groups.map((group, i) => [group, i === 0 ? 1216 : 1] as const),
      }
      for (let i = 0; i < 3; i++) {
        expect(await codesOf(listed(unlisted))).toContain('key-share-not-listed')
        expect(await codesOf(listed(many))).toEqual(['key-shares-unchecked'])
        expect(await codesOf({ bytes: 1119 })).toContain('key-share-length')
        expect(await codesOf({ group: SECP256R1, bytes: 65 })).toContain('server-share-unasked')
        expect(await codesOf({})).toEqual([])
      }
    })

    it('notes it behind a malformed hello that has the same', async () => {
      const fields = { ...unlisted, supportedGroups: [X25519MLKEM768, 0x4001] }
      const malformed = join(hybridClientHello(fields), [0])
      malformed[3] = (malformed[3] as number) + 1
      expect(await codesOf({ client: malformed })).toEqual(['malformed'])
      expect(await codesOf(listed(fields))).toContain('key-share-not-listed')
    })
  })

  it('says that a ServerHello is malformed, also behind one that makes the same choice, and the other way round', async () => {
    const overrun = Uint8Array.of(0x12, 0x34, 0x40, 0)
    const outcomes = []
    for (const extensions of [[overrun], [], [overrun]])
      outcomes.push((await handshakeOf({ bytes: 1118, server: { extensions } })).verdict.outcome)
    expect(outcomes).toEqual(['incomplete', 'negotiated', 'incomplete'])
    const trailing = (message: Uint8Array) => join(message, [0]).with(3, (message[3] as number) + 1)
    const codesOf = async (hello: Uint8Array) =>
      (await onlyHandshake(packetsOf({ group: SECP256R1, bytes: 65, hello }))).notes.map(({ code }) => code)
    const hello = serverHello13(SECP256R1, 65)
    expect(await codesOf(trailing(hello))).toEqual(['malformed'])
    expect(await codesOf(hello)).toEqual(['server-share-unasked'])
  })

  it('tells a full handshake of TLS 1.2 from a resumed one, also where the ServerHello has a key share', async () => {
    const hello = serverHello({ keyShare: [X25519, 32] })
    const reasonBehind = async (...behind: Uint8Array[]) =>
      (
        await onlyHandshake(
          conversation([
            ['client', record(22, hybridClientHello())],
            ['server', record(22, hello), ...behind, changeCipherSpec, encryptedFinished],
          ]).packets,
        )
      ).verdict.reason
    const exchange = record(22, join(certificate, ecdheKeyExchange(SECP256R1, 65), serverHelloDone))
    expect([await reasonBehind(exchange), await reasonBehind(), await reasonBehind(exchange)]).toEqual([
      'tls12-or-older',
      'resumed',
      'tls12-or-older',
    ])
  })

  it('says that a handshake was retried, also behind one with the same lists that was not', async () => {
    await handshakeOf({})
    const packets = conversation([
      ['client', record(22, hybridClientHello())],
      ['server', record(22, helloRetryRequest({ cookie: true })), changeCipherSpec],
      ['server', record(22, serverHello13(X25519MLKEM768, 1120)), applicationData(40)],
      ['client', changeCipherSpec, applicationData(53)],
    ]).packets
    expect((await onlyHandshake(packets)).verdict.reason).toBe('hybrid-after-retry')
  })

  it('says that a hello is malformed, also behind one with the same lists that is not', async () => {
    await handshakeOf({})
    const malformed = join(hybridClientHello(), [0])
    malformed[3] = (malformed[3] as number) + 1
    expect((await handshakeOf({ client: malformed })).notes.map(({ code }) => code)).toEqual(['malformed'])
  })

  it('says the same of hundreds of choices one after the other as of each alone', async () => {
    const lengths = Array.from({ length: 40 }, (_, i) => 1000 + (i % 25))
    for (const bytes of lengths) {
      const { handshakes } = await analyzedPackets(packetsOf({ bytes }))
      expect(handshakes[0]?.verdict.explanation).toContain(`key shares of 1216 and ${bytes} bytes`)
    }
  })
})
