import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HandshakeRecord, Note } from '../../src/verdict/record.js'
import { join } from '../support/bytes.js'
import { Connection, conversation, onlyHandshake } from '../support/connection.js'
import { keyShareBytes } from '../support/keys.js'
import * as tls from '../support/tls.js'

const { X25519, SECP256R1, X25519MLKEM768, GREASE, record } = tls
const ECH = tls.extension(0xfe0d, new Uint8Array(40))

/** A handshake of TLS 1.3 in which these messages were sent by turns. */
async function exchanged(...messages: readonly Uint8Array[]): Promise<HandshakeRecord> {
  const flights = messages.map((message, i) => [i % 2 === 0 ? 'client' : 'server', record(22, message)] as const)
  const encrypted = tls.applicationData(900)
  return onlyHandshake(
    conversation([...flights, ['server', encrypted], ['client', encrypted]] as Parameters<typeof conversation>[0])
      .packets,
  )
}

function findings({ notes }: HandshakeRecord): Note[] {
  return notes.filter(({ severity }) => severity !== undefined)
}

async function codes(...messages: readonly Uint8Array[]): Promise<string[]> {
  return findings(await exchanged(...messages)).map(({ code, severity }) => `${severity} ${code}`)
}

const hybrid = tls.serverHello13(X25519MLKEM768, 1120)
const classical = tls.serverHello13(X25519, 32)
const zeros = new Uint8Array(32)

describe('key shares', () => {
  test('that are good leave no finding', async () => {
    expect(await codes(tls.hybridClientHello(), hybrid)).toEqual([])
    expect(await codes(tls.classicalClientHello(), classical)).toEqual([])
  })

  test('are of groups that are listed once', async () => {
    const listing = (supportedVersions: readonly number[], ...more: number[]) =>
      tls.hybridClientHello({ supportedVersions, supportedGroups: [X25519MLKEM768, X25519, ...more] })
    const said = findings(await exchanged(listing([tls.TLS13], X25519, X25519, GREASE, GREASE), classical))
    expect(said.map(({ code, severity, section, message }) => [code, severity, section, message])).toEqual([
      [
        'group-repeated',
        'warning',
        'RFC 9846 §4.3.7',
        'the client lists x25519 (0x001d) more than once in its supported_groups',
      ],
    ])
    expect(await codes(listing([0x0303], X25519), tls.serverHello())).toEqual([])
  })

  test('are told with sentence, severity, section and frame, and change no verdict', async () => {
    const good = await exchanged(tls.hybridClientHello(), classical)
    const share = keyShareBytes(X25519MLKEM768, 1216, 'client')
    share.set([0xff, 0xff, 0xff], 300)
    const keyShares = [[X25519MLKEM768, share] as const, [X25519, zeros] as const]
    const small = Uint8Array.of(1, ...new Uint8Array(31))
    const bad = await exchanged(tls.hybridClientHello({ keyShares }), tls.serverHello13(X25519, small))
    expect(findings(bad)).toEqual([
      {
        code: 'encapsulation-key-modulus',
        message:
          "the client's key share of X25519MLKEM768: in the ML-KEM-768 encapsulation key 2 of 768 coefficients are not below 3329, the first of them number 200, which is 4095",
        frame: bad.clientHello?.frame,
        severity: 'error',
        section: 'FIPS 203 §7.2',
      },
      {
        code: 'repeated-bytes',
        message: "the client's key share of x25519: its X25519 part is all zeros",
        frame: bad.clientHello?.frame,
        severity: 'error',
        section: 'RFC 9846 §C.1',
      },
      {
        code: 'low-order-point',
        message:
          "the client's key share of x25519: the X25519 point is of low order, and makes every X25519 shared secret zero",
        frame: bad.clientHello?.frame,
        severity: 'error',
        section: 'RFC 7748 §6.1',
      },
      {
        code: 'low-order-point',
        message:
          "the server's key share of x25519: the X25519 point is of low order, and makes every X25519 shared secret zero",
        frame: bad.serverHello?.frame,
        severity: 'error',
        section: 'RFC 7748 §6.1',
      },
    ])
    expect(bad.verdict).toEqual(good.verdict)
    expect(bad.negotiated).toEqual(good.negotiated)
  })

  test('change no verdict whatever their bytes are', async () => {
    const usual = await exchanged(tls.hybridClientHello(), hybrid)
    await fc.assert(
      fc.asyncProperty(fc.nat(255), fc.nat(255), async (a, b) => {
        const keyShares = [[X25519MLKEM768, new Uint8Array(1216).fill(a)] as const, [X25519, zeros] as const]
        const server = tls.serverHello13(X25519MLKEM768, new Uint8Array(1120).fill(b))
        const said = await exchanged(tls.hybridClientHello({ keyShares }), server)
        expect(said.verdict).toEqual(usual.verdict)
        expect(findings(said).length).toBeGreaterThanOrEqual(3)
        for (const { message } of findings(said)) expect(message).not.toMatch(/undefined|NaN|null/)
      }),
      { numRuns: 15 },
    )
  })

  test('of a wrong length are an error, but for a group that is no longer or not yet IANA’s', async () => {
    const hello = (group: number, bytes: number) =>
      tls.hybridClientHello({
        supportedGroups: [group, X25519],
        keyShares: [
          [group, bytes],
          [X25519, 32],
        ],
      })
    expect(await codes(hello(X25519MLKEM768, 1215), classical)).toEqual(['error key-share-length'])
    expect(await codes(hello(tls.X25519_KYBER, 1215), classical)).toEqual(['warning key-share-length'])
    expect(await codes(tls.hybridClientHello(), tls.serverHello13(X25519, 31))).toEqual(['error key-share-length'])
    const [finding] = findings(await exchanged(hello(X25519MLKEM768, 1215), classical))
    expect(finding).toMatchObject({
      message: "the client's key share of X25519MLKEM768 has 1215 bytes, not 1216",
      section: 'RFC 9846 §4.3.8',
    })
  })

  test('of a wrong length are told of so far as a person reads, and none of the right length is among them', async () => {
    const keyShares = Array.from({ length: 21 }, (_, i) => [X25519, i < 18 ? 20 + (i % 12) : 32] as const)
    const said = findings(await exchanged(tls.hybridClientHello({ supportedGroups: [X25519], keyShares })))
    const lengths = said.filter(({ code }) => code === 'key-share-length')
    expect(lengths).toHaveLength(16 + 1)
    expect(lengths.at(-1)).toMatchObject({
      message: '2 more key shares of a wrong length are not listed',
      severity: 'error',
    })
  })

  test('beyond those that are checked are told', async () => {
    const keyShares = Array.from({ length: 17 }, (_, i) => [0x5000 + i, 20] as const)
    const supportedGroups = [...keyShares.map(([group]) => group), X25519]
    const hello = tls.hybridClientHello({ supportedGroups, keyShares })
    expect(findings(await exchanged(hello))).toMatchObject([
      {
        code: 'key-shares-unchecked',
        message: 'the ClientHello holds 17 key shares: the bytes of the first 16 were checked',
        severity: 'info',
      },
    ])
  })

  test('name X448, a point and a Diffie-Hellman value as their sections do', async () => {
    const keyShares = [
      [0x001e, new Uint8Array(56)],
      [SECP256R1, keyShareBytes(SECP256R1, 65, 'client').with(64, 0)],
      [0x0100, new Uint8Array(256).with(255, 1)],
      [X25519, new Uint8Array(32).fill(0xff)],
    ] as const
    const supportedGroups = keyShares.map(([group]) => group)
    const said = findings(await exchanged(tls.hybridClientHello({ supportedGroups, keyShares }), classical))
    expect(said.map(({ code, section }) => `${code} ${section}`)).toEqual([
      'repeated-bytes RFC 9846 §C.1',
      'low-order-point RFC 7748 §6.2',
      'point-not-on-curve RFC 9846 §4.3.8.2',
      'public-value-out-of-range RFC 9846 §4.3.8.1',
      'repeated-bytes RFC 9846 §C.1',
      'non-canonical-point RFC 7748 §5',
    ])
    expect(said[3]?.message).toBe("the client's key share of ffdhe2048: Y is 1, where 1 < Y < p-1 must hold")
    expect(said[4]?.message).toBe("the client's key share of x25519: its X25519 part is the byte 0xff over and over")
  })
})

describe('what is wrong with the bytes of a key share', () => {
  const ML_KEM = keyShareBytes(X25519MLKEM768, 1216, 'client')
  const KYBER = keyShareBytes(tls.X25519_KYBER, 1216, 'client')
  const P256 = keyShareBytes(SECP256R1, 65, 'client')
  const fill = (bytes: Uint8Array, from: number, to: number) => Uint8Array.from(bytes).fill(0xff, from, to)
  /** The prime of ffdhe2048, less one. */
  const last = tls.ffdhe2048Prime().with(255, 0xfe)

  test.each([
    [
      'one coefficient that is too large',
      [X25519MLKEM768, fill(ML_KEM, 0, 2).with(1, 0x0d)],
      'error : in the ML-KEM-768 encapsulation key 1 of 768 coefficients is not below 3329, number 0, which is 3583, FIPS 203 §7.2',
    ],
    [
      'coefficients of Kyber, which asked for no check',
      [tls.X25519_KYBER, fill(KYBER, 32, 35)],
      'warning : in the Kyber768 (round 3) encapsulation key 2 of 768 coefficients are not below 3329, the first of them number 0, which is 4095, FIPS 203 §7.2',
    ],
    [
      'a compressed point',
      [SECP256R1, P256.slice(0, 33).with(0, 2)],
      'error : the secp256r1 point is compressed, as it begins with 0x02, not with 0x04, RFC 9846 §4.3.8.2',
    ],
    [
      'a point that begins as none does',
      [SECP256R1, P256.with(0, 5)],
      'error : the secp256r1 point begins with 0x05, not with 0x04, RFC 9846 §4.3.8.2',
    ],
    [
      'a point whose X is too large',
      [SECP256R1, fill(P256, 1, 33)],
      'error : X of the secp256r1 point is not below the prime of its field, RFC 9846 §4.3.8.2',
    ],
    [
      'a point whose Y is too large',
      [SECP256R1, fill(P256, 33, 65)],
      'error : Y of the secp256r1 point is not below the prime of its field, RFC 9846 §4.3.8.2',
    ],
    [
      'a value of Diffie-Hellman of order two',
      [0x0100, last],
      'error : Y is p-1, where 1 < Y < p-1 must hold, RFC 9846 §4.3.8.1',
    ],
    [
      'components in the other order',
      [X25519MLKEM768, join(ML_KEM.slice(1184), ML_KEM.slice(0, 1184))],
      'error  has its parts in the other order, where the group demands ML-KEM-768 + X25519, RFC 9846 §4.3.8',
    ],
    [
      'the same two bytes over and over',
      [X25519, Uint8Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 0x17 : 0x2a))],
      'error : its X25519 part is the same 2 bytes over and over, RFC 9846 §C.1',
    ],
    [
      'the same two bytes, the first of them a zero',
      [X25519, Uint8Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 0 : 0x2a))],
      'error : its X25519 part is the same 2 bytes over and over, RFC 9846 §C.1',
    ],
  ] as const)('is said in words: %s', async (_name, share, expected) => {
    const supportedGroups = [share[0], 0x0018]
    const said = findings(await exchanged(tls.hybridClientHello({ supportedGroups, keyShares: [share] })))
    const words = said.map(({ severity, message, section }) => {
      const subject = /^the client's key share of [^ :]+/.exec(message)?.[0] ?? ''
      return `${severity} ${message.slice(subject.length)}, ${section}`
    })
    expect(words).toContain(expected)
  })
})

describe('the key shares of a ClientHello', () => {
  const offering = (supportedGroups: readonly number[], ...groups: number[]) =>
    tls.hybridClientHello({ supportedGroups, keyShares: groups.map((group) => [group, group === X25519 ? 32 : 65]) })

  test('are of groups that it lists', async () => {
    const said = findings(await exchanged(offering([X25519], SECP256R1, X25519), classical))
    expect(said.map(({ code }) => code)).toEqual(['key-share-not-listed'])
    expect(said[0]?.message).toBe(
      'the client sent a key share of secp256r1 (0x0017), which is not in its supported_groups',
    )
  })

  test('are one of each', async () => {
    expect(await codes(offering([X25519, SECP256R1], X25519, X25519), classical)).toEqual(['error key-share-repeated'])
    expect(await codes(offering([X25519, X25519], X25519, X25519), classical)).toEqual([
      'warning group-repeated',
      'error key-share-repeated',
    ])
  })

  test('stand in the order of the list', async () => {
    const said = findings(await exchanged(offering([SECP256R1, X25519], X25519, SECP256R1), classical))
    expect(said.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'key-share-order: the client sent its key share of x25519 (0x001d) before that of secp256r1 (0x0017), the other way round than in its supported_groups',
    ])
    expect(await codes(offering([0x0018, SECP256R1, 0x0019, X25519], SECP256R1, X25519), classical)).toEqual([])
    // One that is not listed stands in no order, and hides none.
    expect(await codes(offering([SECP256R1, X25519], X25519, 0x0019, SECP256R1), classical)).toEqual(
      expect.arrayContaining(['error key-share-not-listed', 'error key-share-order']),
    )
  })

  test('hold GREASE wherever it stands', async () => {
    const keyShares = [
      [X25519, 32],
      [GREASE, 1],
      [GREASE, 1],
      [0x4a4a, 1],
    ] as const
    expect(await codes(tls.hybridClientHello({ supportedGroups: [GREASE, X25519], keyShares }), classical)).toEqual([])
  })

  test('are not told one by one where there are many', async () => {
    const keyShares = Array.from({ length: 100 }, (_, i) => [0x5000 + i, 4] as const)
    const said = findings(await exchanged(tls.hybridClientHello({ supportedGroups: [X25519], keyShares })))
    expect(said).toHaveLength(1 + 16 + 1)
    expect(said.at(-1)?.message).toBe('84 more key shares of groups outside supported_groups are not listed')
    // Of so many all are told, and none is left out.
    const few = tls.hybridClientHello({ supportedGroups: [X25519], keyShares: keyShares.slice(0, 16) })
    expect(new Set(await codes(few))).toEqual(new Set(['error key-share-not-listed']))
    expect(await codes(few)).toHaveLength(16)
    const groups = Array.from({ length: 20 }, (_, i) => 0x5000 + i)
    const twice = groups.flatMap((group) => [[group, 4] as const, [group, 4] as const])
    const repeated = findings(
      await exchanged(tls.hybridClientHello({ supportedGroups: groups, keyShares: twice })),
    ).filter(({ code }) => code === 'key-share-repeated')
    expect(repeated.map(({ message }) => message).slice(15)).toEqual([
      'the client sent 2 key shares of unknown (0x500f), not one',
      '4 more groups with more than one key share are not listed',
    ])
  })
})

describe('a HelloRetryRequest', () => {
  const hello = tls.hybridClientHello({ keyShares: [[X25519, 32]] })
  const second = tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]] })

  test('asks for a group that was listed and not shared', async () => {
    expect(await codes(hello, tls.helloRetryRequest({ group: X25519MLKEM768 }), second, hybrid)).toEqual([])
    expect(await codes(hello, tls.helloRetryRequest({ group: X25519 }), hello, classical)).toEqual([
      'error retry-group-already-shared',
    ])
    const p384 = tls.hybridClientHello({ keyShares: [[0x0018, 97]] })
    expect(await codes(hello, tls.helloRetryRequest({ group: 0x0018 }), p384, tls.serverHello13(0x0018, 97))).toEqual([
      'error key-share-not-listed',
      'error retry-group-not-offered',
    ])
    expect(await codes(hello, tls.helloRetryRequest({ group: GREASE }))).toEqual(['error retry-group-not-offered'])
  })

  test('that asks for what it must not is told of in words', async () => {
    const listing = tls.hybridClientHello({ supportedGroups: [GREASE, X25519], keyShares: [[X25519, 32]] })
    const asked = async (group: number) =>
      findings(await exchanged(listing, tls.helloRetryRequest({ group }))).map(({ message }) => message)
    // A client lists GREASE as something that no server may take.
    expect(await asked(GREASE)).toEqual(['the HelloRetryRequest asks for GREASE (0x2a2a), which stands for no group'])
    expect(await asked(X25519)).toEqual([
      'the HelloRetryRequest asks for x25519 (0x001d), which the client had sent a key share of',
    ])
  })

  test('for a cookie alone asks for no share', async () => {
    expect(await codes(hello, tls.helloRetryRequest({ cookie: true }), hello, classical)).toEqual([])
  })

  test('is answered with the share it asks for alone', async () => {
    const retry = tls.helloRetryRequest({ group: X25519MLKEM768 })
    const both = tls.hybridClientHello()
    const said = findings(await exchanged(hello, retry, both, hybrid))
    expect(said.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'second-hello-key-share: the second ClientHello has key shares of X25519MLKEM768 (0x11ec) and x25519 (0x001d), where the HelloRetryRequest asks for one of X25519MLKEM768 (0x11ec) alone',
    ])
    expect(findings(await exchanged(hello, retry, hello, hybrid))[0]?.message).toMatch(
      /^the second ClientHello has a key share of x25519 \(0x001d\), where /,
    )
    expect(await codes(hello, retry, hello, hybrid)).toEqual([
      'error second-hello-key-share',
      'error server-share-unasked',
    ])
    const none = await exchanged(hello, retry, tls.hybridClientHello({ keyShares: [] }), hybrid)
    expect(findings(none).map(({ code }) => code)).toEqual(['second-hello-key-share', 'server-share-unasked'])
    expect(findings(none)[0]?.message).toMatch(/^the second ClientHello has no key share, where /)
  })

  test('is answered by the first ClientHello again, with another key share', async () => {
    const retry = tls.helloRetryRequest({ group: X25519MLKEM768 })
    const changed = (fields: tls.ClientHelloFields) =>
      tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]], ...fields })
    const message = async (fields: tls.ClientHelloFields) =>
      findings(await exchanged(hello, retry, changed(fields), hybrid)).map((finding) => finding.message)
    expect(await message({})).toEqual([])
    expect(await message({ preSharedKey: true, extensions: [tls.extension(44, [0, 1, 7])] })).toEqual([])
    expect(await message({ random: new Uint8Array(32).fill(9) })).toEqual([
      'the second ClientHello differs from the first in its random or session id',
    ])
    expect(await message({ cipherSuites: [0x1301], supportedGroups: [X25519MLKEM768] })).toEqual([
      'the second ClientHello differs from the first in its cipher suites and supported_groups',
    ])
    // A list that goes on, and one that begins with another.
    for (const cipherSuites of [
      [0x1301, 0x1302, 0xc02f, 0x009c, 0x1303],
      [0x1302, 0x1301, 0xc02f, 0x009c],
    ])
      expect(await message({ cipherSuites })).toEqual([
        'the second ClientHello differs from the first in its cipher suites',
      ])
    const random = new Uint8Array(32).fill(9)
    const [finding] = findings(await exchanged(hello, retry, changed({ random }), hybrid))
    // The section of the ClientHello: that of the negotiation, §4.2.1, stands in front of it.
    expect(finding?.section).toBe('RFC 9846 §4.2.2')
    expect(await codes(hello, retry, changed({ sessionId: new Uint8Array(0), extensions: [ECH] }), hybrid)).toEqual([
      'info second-hello-changed',
    ])
  })

  test('is not compared with what is malformed, which may hold more than was read of it', async () => {
    const retry = tls.helloRetryRequest({ group: X25519MLKEM768 })
    // An extension that says it is longer than the hello, in front of the lists of groups and shares.
    const cut = (share: tls.Share) => {
      const extensions = [Uint8Array.of(0x12, 0x34, 0x40, 0)]
      return tls.clientHello({ supportedGroups: [share[0]], keyShares: [share], extensions })
    }
    const suites = (cipherSuites: number[], share: tls.Share) =>
      tls.hybridClientHello({ cipherSuites, keyShares: [share] })
    const cutSecond = cut([X25519MLKEM768, 1216])
    expect(await codes(suites([0x1301], [X25519, 32]), retry, cutSecond, hybrid)).not.toContain(
      'error second-hello-changed',
    )
    const changed = suites([0x1301], [X25519MLKEM768, 1216])
    expect(await codes(cut([X25519, 32]), retry, changed, hybrid)).not.toContain('error second-hello-changed')
    const trailing = (message: Uint8Array) => join(message, [0]).with(3, (message[3] as number) + 1)
    const other = tls.serverHello13(X25519MLKEM768, 1120, { cipherSuite: 0x1302 })
    expect(await codes(hello, retry, second, other)).toEqual(['error server-hello-not-as-retried'])
    expect(await codes(hello, trailing(retry), second, other)).toEqual([])
    expect(await codes(hello, retry, second, trailing(other))).toEqual([])
  })

  test('that is not in the capture leaves open whether a second ClientHello is one', async () => {
    const connection = new Connection().open().client(record(22, hello))
    connection.lose('server', record(22, tls.helloRetryRequest({ group: X25519MLKEM768 })))
    connection.client(
      record(22, tls.hybridClientHello({ cipherSuites: [0x1301], keyShares: [[X25519MLKEM768, 1216]] })),
    )
    const connected = connection
      .server(join(record(22, hybrid), tls.applicationData(900)))
      .client(tls.applicationData())
    expect(findings(await onlyHandshake(connected.packets))).toEqual([])
  })

  test('asks for the group that the ServerHello then selects', async () => {
    const retry = tls.helloRetryRequest({ group: X25519MLKEM768 })
    expect(await codes(hello, retry, second, classical)).toEqual(['error server-share-not-as-retried'])
  })

  test('takes the version and the cipher suite that the ServerHello then has', async () => {
    const retry = tls.helloRetryRequest({ group: X25519MLKEM768 })
    const twoSuites = { cipherSuites: [0x1301, 0x1303], supportedVersions: [tls.TLS13, 0x0303] }
    const [first, again] = [[[X25519, 32]] as const, [[X25519MLKEM768, 1216]] as const].map((keyShares) =>
      tls.hybridClientHello({ ...twoSuites, keyShares }),
    ) as [Uint8Array, Uint8Array]
    const said = async (answer: Uint8Array) =>
      findings(await exchanged(first, retry, again, answer))
        .filter(({ code }) => code === 'server-hello-not-as-retried')
        .map(({ severity, message, section }) => `${severity} ${message} ${section}`)
    expect(await said(hybrid)).toEqual([])
    expect(await said(tls.serverHello13(X25519MLKEM768, 1120, { cipherSuite: 0x1303 }))).toEqual([
      'error the ServerHello takes TLS_CHACHA20_POLY1305_SHA256, not TLS_AES_128_GCM_SHA256 as the HelloRetryRequest did RFC 9846 §4.2.4',
    ])
    expect(await said(tls.serverHello({ cipherSuite: 0x1301 }))).toEqual([
      'error the ServerHello takes TLSv1.2, not TLSv1.3 as the HelloRetryRequest did RFC 9846 §4.2.4',
    ])
  })

  test('may look past an outer hello', async () => {
    const outer = tls.hybridClientHello({ keyShares: [[X25519, 32]], extensions: [ECH] })
    const said = findings(await exchanged(outer, tls.helloRetryRequest({ group: 0x0018 })))
    expect(said).toMatchObject([{ code: 'retry-group-not-offered', severity: 'info' }])
    expect(said[0]?.message).toBe(
      'the HelloRetryRequest asks for secp384r1 (0x0018), which the client had not offered; an encrypted inner hello may differ',
    )
  })
})

describe('a ServerHello', () => {
  test('may answer a share of a second ClientHello that is not in the capture', async () => {
    const hello = record(22, tls.hybridClientHello({ keyShares: [[X25519, 32]] }))
    const retry = record(22, tls.helloRetryRequest({ group: X25519MLKEM768 }))
    const second = record(22, tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]] }))
    const answer = join(record(22, hybrid), tls.applicationData(900))
    const answered = (said: Connection) => onlyHandshake(said.server(answer).client(tls.applicationData()).packets)
    const begun = () => new Connection().open().client(hello)
    const lost = await answered(begun().lose('server', retry).lose('client', second))
    expect(lost.verdict.label).toBe('hybrid')
    expect(lost.notes.map(({ code }) => code)).toEqual(['gap', 'gap'])
    const none = await answered(begun())
    expect(none.notes.map(({ code }) => code)).toEqual(['server-share-unasked'])
  })

  test('answers a share of the client', async () => {
    expect(await codes(tls.hybridClientHello(), tls.serverHello13(SECP256R1, 65))).toEqual([
      'error server-share-unasked',
    ])
    expect(await codes(tls.hybridClientHello(), tls.serverHello13(0x0018, 97))).toEqual([
      'error server-share-not-offered',
    ])
    expect(await codes(tls.hybridClientHello(), tls.serverHello13(GREASE, 1))).toEqual([
      'error server-share-not-offered',
    ])
    expect(await codes(tls.hybridClientHello({ extensions: [ECH] }), tls.serverHello13(0x0018, 97))).toEqual([
      'info server-share-not-offered',
    ])
    // A share of GREASE is sent for a server to pass over.
    const greased = tls.hybridClientHello({ supportedGroups: [GREASE, X25519], keyShares: [[GREASE, 1]] })
    expect(await codes(greased, tls.serverHello13(GREASE, 1))).toEqual(['error server-share-not-offered'])
  })

  test('has a key share or a pre-shared key', async () => {
    expect(await codes(tls.hybridClientHello(), tls.serverHello({ selectedVersion: tls.TLS13 }))).toEqual([
      'error key-share-missing',
    ])
    const psk = tls.serverHello({ selectedVersion: tls.TLS13, preSharedKey: true })
    expect(await codes(tls.hybridClientHello({ preSharedKey: true, pskModes: [0] }), psk)).toEqual([])
  })

  const marked = (last: number) => new Uint8Array(32).fill(0x21).with(31, last)
  const random = (last: number) => {
    const bytes = marked(last)
    bytes.set(new TextEncoder().encode('DOWNGRD'), 24)
    return bytes
  }
  const hello12 = tls.clientHello({ supportedGroups: [X25519] })
  const hello10 = tls.clientHello({ legacyVersion: 0x0301, supportedGroups: [X25519] })

  test.each([
    ['of TLS 1.3 to a client of TLS 1.3', tls.hybridClientHello(), 0x0303, random(1), ['error downgrade-mark']],
    ['of TLS 1.3 to a client of TLS 1.2', hello12, 0x0303, random(1), ['info downgrade-mark']],
    ['of TLS 1.2 to a client of TLS 1.2', hello12, 0x0301, random(0), ['warning downgrade-mark']],
    ['of TLS 1.2 to a client of TLS 1.0', hello10, 0x0301, random(0), ['info downgrade-mark']],
    [
      'of TLS 1.2 to a client of TLS 1.3',
      tls.hybridClientHello({ supportedVersions: [tls.TLS13, 0x0302] }),
      0x0302,
      random(0),
      ['error downgrade-mark'],
    ],
    [
      'of TLS 1.2 to a client that lists it',
      tls.clientHello({ supportedVersions: [0x0303, 0x0302] }),
      0x0302,
      random(0),
      ['warning downgrade-mark'],
    ],
    [
      'of TLS 1.2 to a client that does not list it',
      tls.clientHello({ supportedVersions: [0x0302] }),
      0x0302,
      random(0),
      ['info downgrade-mark'],
    ],
    ['and another byte', tls.hybridClientHello(), 0x0303, random(2), []],
    ['without a mark', tls.hybridClientHello(), 0x0303, marked(1), []],
  ] as const)('with the mark of a server %s', async (_name, hello, legacyVersion, bytes, expected) => {
    expect(await codes(hello, tls.serverHello({ legacyVersion, random: bytes }))).toEqual(expected)
  })

  test.each([
    [0x0303, 1, '01: the server could do TLS 1.3, but this is TLSv1.2'],
    [0x0302, 0, '00: the server could do TLS 1.2 or 1.3, but this is TLSv1.1'],
    [0x0303, 0, '00: that is the mark of a server that agrees on less than TLS 1.2, but this is TLSv1.2'],
  ])('of version %i with mark %i says what the mark tells', async (legacyVersion, last, expected) => {
    const answer = tls.serverHello({ legacyVersion, random: random(last) })
    const [finding] = findings(await exchanged(hello12, answer))
    expect(finding?.message).toContain(`DOWNGRD and ${expected}; `)
  })

  test.each([
    [tls.hybridClientHello(), 0x0303, 1, '; the client offered TLSv1.3, and must not go on'],
    [hello12, 0x0301, 0, '; the client offered TLSv1.2, and should not go on'],
    [hello12, 0x0303, 1, '; the client offered no later version'],
  ])('with a mark is told with what the client had offered', async (hello, legacyVersion, last, expected) => {
    const [finding] = findings(await exchanged(hello, tls.serverHello({ legacyVersion, random: random(last) })))
    expect(finding?.message.slice(-expected.length)).toBe(expected)
    expect(finding?.section).toBe('RFC 9846 §4.2.3')
  })

  test('with a mark accuses nobody where the ClientHello is not in the capture', async () => {
    const answer = join(record(22, tls.serverHello({ random: random(1) })), record(22, tls.serverHelloDone))
    const [finding] = findings(await onlyHandshake(new Connection().server(answer).packets))
    expect(finding).toMatchObject({ code: 'downgrade-mark', severity: 'info' })
    expect(finding?.message).toMatch(/; what the client offered is not known$/)
  })

  test('of a version that no specification has may end in any bytes', async () => {
    const answer = tls.serverHello({ selectedVersion: 0x0305, random: random(1) })
    expect(await codes(tls.hybridClientHello(), answer)).toEqual(['error version-not-offered'])
  })

  test('of TLS 1.3 may end in any bytes', async () => {
    expect(await codes(tls.hybridClientHello(), tls.serverHello13(X25519, 32, { random: random(1) }))).toEqual([])
  })
})

describe('what a server takes', () => {
  const said = async (...messages: readonly Uint8Array[]) =>
    findings(await exchanged(...messages)).map(
      ({ severity, code, message, section }) => `${severity} ${code}: ${message} ${section}`,
    )
  const old = tls.serverHello({ legacyVersion: 0x0302 })

  test('is a version that was offered', async () => {
    const message = 'the ServerHello takes TLSv1.1, which the client did not offer'
    expect(await said(tls.hybridClientHello(), old)).toEqual([`error version-not-offered: ${message} RFC 9846 §4.3.1`])
    expect(await said(tls.hybridClientHello({ extensions: [ECH] }), old)).toEqual([
      `info version-not-offered: ${message}; an encrypted inner hello may differ RFC 9846 §4.3.1`,
    ])
    expect(await said(tls.clientHello({ supportedGroups: [X25519] }), hybrid)).toContain(
      'error version-not-offered: the ServerHello takes TLSv1.3, which the client did not offer RFC 9846 §4.3.1',
    )
    // Without supported_versions all up to legacy_version are offered.
    expect(await said(tls.clientHello({ supportedGroups: [X25519] }), old)).toEqual([])
  })

  test('is a cipher suite that was offered', async () => {
    const answer = tls.serverHello13(X25519, 32, { cipherSuite: 0x1303 })
    expect(await said(tls.hybridClientHello(), answer)).toEqual([
      'error cipher-suite-not-offered: the ServerHello takes TLS_CHACHA20_POLY1305_SHA256, which the client did not offer RFC 9846 §4.2.3',
    ])
    const overrun = Uint8Array.of(0x12, 0x34, 0x40, 0)
    expect(await said(tls.hybridClientHello({ extensions: [overrun] }), answer)).toEqual([])
  })

  test('is a pre-shared key where one was offered', async () => {
    const answer = tls.serverHello13(X25519, 32, { preSharedKey: true })
    expect(await said(tls.hybridClientHello(), answer)).toEqual([
      'error pre-shared-key-not-offered: the ServerHello takes a pre-shared key, which the client did not offer RFC 9846 §4.3.11',
    ])
    expect(await said(tls.hybridClientHello({ preSharedKey: true }), answer)).toEqual([])
  })

  test('is a pre-shared key in a mode that was offered', async () => {
    const alone = tls.serverHello({ selectedVersion: tls.TLS13, preSharedKey: true })
    const beside = tls.serverHello13(X25519, 32, { preSharedKey: true })
    const offering = (...pskModes: number[]) => tls.hybridClientHello({ preSharedKey: true, pskModes })
    expect(await said(offering(1), alone)).toEqual([
      'error psk-mode-not-offered: the ServerHello takes a pre-shared key without a key share (psk_ke), which the client did not offer RFC 9846 §4.3.9',
    ])
    expect(await said(offering(0), beside)).toEqual([
      'error psk-mode-not-offered: the ServerHello takes a pre-shared key beside a key share (psk_dhe_ke), which the client did not offer RFC 9846 §4.3.9',
    ])
    for (const modes of [
      [0, 1],
      [0x0b, 0, 1],
    ])
      for (const answer of [alone, beside]) expect(await said(offering(...modes), answer)).toEqual([])
  })

  test('is a curve that was offered', async () => {
    const taking = (hello: Uint8Array, group: number, bytes: number) =>
      said(hello, join(tls.serverHello(), tls.certificate, tls.ecdheKeyExchange(group, bytes), tls.serverHelloDone))
    const listing = tls.clientHello({ supportedGroups: [X25519] })
    const message = 'the ServerKeyExchange names secp256r1 (0x0017) as its curve, which the client did not offer'
    expect(await taking(listing, SECP256R1, 65)).toEqual([`error curve-not-offered: ${message} RFC 8422 §5.1`])
    expect(await taking(listing, X25519, 32)).toEqual([])
    expect(await taking(tls.clientHello(), SECP256R1, 65)).toEqual([])
  })

  test('is a cipher suite of the version that it takes', async () => {
    const offering = tls.hybridClientHello({ cipherSuites: [0x1301, 0xc02f, 0xbeef] })
    const newer = tls.serverHello13(X25519, 32, { cipherSuite: 0xc02f })
    expect(await said(offering, newer)).toEqual([
      'error cipher-suite-not-of-version: the ServerHello agrees on TLSv1.3 with the cipher suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, which is not of that version RFC 9846 §B.4',
    ])
    expect(await said(offering, tls.serverHello({ cipherSuite: 0x1301 }))).toEqual([
      'error cipher-suite-not-of-version: the ServerHello agrees on TLSv1.2 with the cipher suite TLS_AES_128_GCM_SHA256, which is not of that version RFC 9846 §B.4',
    ])
    expect(await said(offering, tls.serverHello({ cipherSuite: 0xc02f }))).toEqual([])
    expect(await said(offering, tls.serverHello13(X25519, 32, { cipherSuite: 0xbeef }))).toEqual([])
  })
})

describe('the extensions of a hello', () => {
  const share = (group: number, bytes: number) =>
    tls.extension(51, tls.vector(2, tls.codePoints([group]), tls.vector(2, new Uint8Array(bytes).fill(7).with(0, 1))))
  const sent = async (...messages: readonly Uint8Array[]) =>
    findings(await exchanged(...messages))
      .filter(({ code }) => code === 'extension-repeated')
      .map(({ message, severity, section }) => [message, severity, section])

  test('are of one type each', async () => {
    const twice = share(X25519, 32).slice(6)
    const answer = tls.serverHello13(X25519MLKEM768, 1120, { extensions: [tls.extension(51, twice)] })
    expect(await sent(tls.hybridClientHello(), answer)).toEqual([
      ['the ServerHello has more than one extension of type 51 (0x0033)', 'error', 'RFC 9846 §4.3'],
    ])
    const groups = tls.extension(10, tls.vector(2, tls.codePoints([X25519])))
    const third = tls.extension(0x1234)
    const hello = tls.hybridClientHello({ extensions: [groups, third, third, third] })
    expect(await sent(hello, classical)).toEqual([
      ['the ClientHello has more than one extension of type 10 (0x000a)', 'error', 'RFC 9846 §4.3'],
      ['the ClientHello has more than one extension of type 4660 (0x1234)', 'error', 'RFC 9846 §4.3'],
    ])
    expect(await sent(tls.hybridClientHello({ extensions: [third] }), classical)).toEqual([])
    const renegotiation = tls.extension(0xff01, [0])
    const twoOfOne = tls.serverHello({ extensions: [renegotiation, renegotiation] })
    expect((await sent(tls.hybridClientHello(), twoOfOne)).map(([message]) => message)).toEqual([
      'the ServerHello has more than one extension of type 65281 (0xff01)',
    ])
  })

  test('are told of so far as a person reads', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => tls.extension(0x4000 + (i % 1000)))
    const messages = (await sent(tls.hybridClientHello({ extensions: many }), classical)).map(([message]) => message)
    expect(messages).toHaveLength(17)
    expect(messages.at(-1)).toBe('984 more types of extensions that occur more than once are not listed')
  })
})

describe('a code point with several meanings', () => {
  test('is named by the share of the server that tells them apart', async () => {
    const hello = tls.hybridClientHello({ supportedGroups: [0x0200, X25519], keyShares: [[X25519, 32]] })
    const { notes, negotiated, clientHello } = await exchanged(hello, tls.serverHello13(0x0200, 9720))
    expect(negotiated?.group?.name).toBe('frodo640aes')
    expect(clientHello?.supportedGroups.map(({ name }) => name)).toEqual(['frodo640aes', 'x25519'])
    expect(notes.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      "server-share-unasked: the server's key share is of frodo640aes (0x0200), of which the client had sent none",
    ])
  })

  test('is named by the first share whose length tells, where an earlier one does not', async () => {
    const hello = tls.hybridClientHello({ supportedGroups: [0x0200], keyShares: [[0x0200, 100]] })
    const { clientHello } = await exchanged(hello, tls.serverHello13(0x0200, 9720))
    expect(clientHello?.supportedGroups.map(({ name }) => name)).toEqual(['frodo640aes'])
  })

  test('is not called ambiguous where a share of it tells, whatever was selected', async () => {
    const offering = (bytes: number) =>
      tls.hybridClientHello({
        supportedGroups: [0x0200, X25519],
        keyShares: [
          [0x0200, bytes],
          [X25519, 32],
        ],
      })
    const said = async (bytes: number) => (await exchanged(offering(bytes), classical)).notes.map(({ code }) => code)
    expect(await said(800)).toEqual([])
    expect(await said(100)).toContain('ambiguous-group')
  })

  test('is named by the share of the second ClientHello', async () => {
    const hello = tls.hybridClientHello({ supportedGroups: [0x0200, X25519], keyShares: [[X25519, 32]] })
    const second = tls.hybridClientHello({ supportedGroups: [0x0200, X25519], keyShares: [[0x0200, 800]] })
    const retry = tls.helloRetryRequest({ group: 0x0200 })
    const { notes } = await exchanged(hello, retry, second, tls.serverHello13(0x0200, 768))
    expect(notes).toEqual([])
  })
})

describe('a ServerKeyExchange', () => {
  const followedBy = (exchange: Uint8Array, cipherSuite = 0xc02f) =>
    onlyHandshake(
      conversation([
        [
          'client',
          record(22, tls.clientHello({ cipherSuites: [0xc02f, 0x009e], supportedGroups: [X25519, SECP256R1] })),
        ],
        [
          'server',
          ...[tls.serverHello({ cipherSuite }), tls.certificate, exchange, tls.serverHelloDone].map((message) =>
            record(22, message),
          ),
        ],
        ['client', record(22, tls.clientKeyExchange), tls.changeCipherSpec, tls.encryptedFinished],
        ['server', tls.changeCipherSpec, tls.encryptedFinished],
      ]).packets,
    )
  const point = keyShareBytes(SECP256R1, 65, 'server')

  test.each([
    ['nothing', tls.ecdheKeyExchange(SECP256R1, point), []],
    [
      'a point that is not on the curve',
      tls.ecdheKeyExchange(SECP256R1, point.with(64, 0)),
      ['error point-not-on-curve RFC 8422 §5.11'],
    ],
    [
      'a compressed point',
      tls.ecdheKeyExchange(SECP256R1, point.slice(0, 33).with(0, 2)),
      ['warning compressed-point RFC 8422 §5.1.2'],
    ],
    [
      'a point of a wrong length',
      tls.ecdheKeyExchange(SECP256R1, point.slice(0, 64)),
      ['error key-share-length RFC 8422 §5.4.1'],
    ],
    ['a point of low order', tls.ecdheKeyExchange(X25519, zeros.with(0, 1)), ['error low-order-point RFC 7748 §6.1']],
  ] as const)('of ECDHE with %s', async (_name, exchange, expected) => {
    const said = findings(await followedBy(exchange))
    expect(said.map(({ severity, code, section }) => `${severity} ${code} ${section}`)).toEqual(expected)
  })

  test('of DHE with a value that is no secret', async () => {
    const prime = tls.modp2048Prime()
    const said = findings(await followedBy(tls.dheKeyExchange(prime, undefined, prime), 0x009e))
    expect(said).toMatchObject([{ code: 'public-value-out-of-range', severity: 'error', section: 'RFC 7919 §5.1' }])
    expect(said[0]?.message).toBe(
      "the server's public value of Diffie-Hellman: Y is p or more, where 1 < Y < p-1 must hold",
    )
    expect(findings(await followedBy(tls.dheKeyExchange(prime), 0x009e))).toEqual([])
    const named = tls.dheKeyExchange(tls.ffdhe2048Prime(), undefined, Uint8Array.of(1))
    expect(findings(await followedBy(named, 0x009e)).map(({ message }) => message)).toEqual([
      "the server's public value of ffdhe2048: Y is 1, where 1 < Y < p-1 must hold",
    ])
  })
})

describe('a cipher suite', () => {
  test.each([
    [0xc0b4, 'TLS_SHA256_SHA256'],
    [0xc0b5, 'TLS_SHA384_SHA384'],
  ])('of TLS 1.3 without encryption is told of: %i', async (cipherSuite, name) => {
    const client = tls.hybridClientHello({ cipherSuites: [0x1301, cipherSuite] })
    const handshake = await exchanged(client, tls.serverHello13(X25519MLKEM768, 1120, { cipherSuite }))
    expect(findings(handshake)).toEqual([
      {
        code: 'suite-without-encryption',
        message: `the cipher suite ${name} encrypts nothing: all that is sent can be read, whatever the key exchange`,
        frame: handshake.serverHello?.frame,
        severity: 'warning',
        section: 'RFC 9150 §1',
      },
    ])
  })

  test('of a ServerHello that breaks off before it is not told of', async () => {
    const cut = Uint8Array.of(2, 0, 0, 34, 3, 3, ...new Uint8Array(32).fill(7))
    expect(await codes(tls.classicalClientHello(), cut)).not.toContain('warning suite-without-encryption')
  })

  test('of TLS 1.2 without encryption is told of, and one with it is not', async () => {
    const client = tls.classicalClientHello({ cipherSuites: [0xc02f, 0xc010] })
    const found = async (cipherSuite: number) =>
      findings(await exchanged(client, tls.serverHello({ cipherSuite }))).map(
        ({ code, section }) => `${code} ${section}`,
      )
    expect(await found(0xc010)).toEqual(['suite-without-encryption RFC 5246 §6.2.3.1'])
    expect(await found(0xc02f)).toEqual([])
  })
})
