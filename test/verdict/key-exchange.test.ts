import { describe, expect, it } from 'vitest'
import { lessons } from '../../src/teaching/index.js'
import { join } from '../support/bytes.js'
import { Connection, noteCodes, onlyHandshake } from '../support/connection.js'
import * as tls from '../support/tls.js'

const clientHello = tls.record(22, tls.hybridClientHello(), 0x0301)
const encrypted = join(tls.changeCipherSpec, tls.applicationData(900))
const finished = join(tls.changeCipherSpec, tls.applicationData(53))

const answeredWith = (...answer: Uint8Array[]) =>
  onlyHandshake(
    new Connection()
      .open()
      .client(clientHello)
      .server(join(...answer)).packets,
  )

describe('a ServerHello of a version that no specification has', () => {
  it.each([
    [
      'with a key share',
      { selectedVersion: 0x0305, keyShare: [tls.X25519MLKEM768, 1120] as const },
      'unknown (0x0305)',
    ],
    ['GREASE', { selectedVersion: 0x2a2a, keyShare: [tls.X25519, 32] as const }, 'GREASE (0x2a2a)'],
    ['with a cipher suite of TLS 1.2', { legacyVersion: 0x0305, cipherSuite: 0xc02f }, 'unknown (0x0305)'],
    ['older than any', { selectedVersion: 0x0200 }, 'unknown (0x0200)'],
  ])('does not tell how keys were exchanged: %s', async (_, fields, version) => {
    const connection = new Connection().open().client(clientHello)
    const hello = tls.record(22, tls.serverHello(fields))
    const handshake = await onlyHandshake(connection.server(join(hello, encrypted)).client(finished).packets)
    expect(handshake.verdict).toMatchObject({ outcome: 'negotiated', label: 'unknown', reason: 'malformed' })
    expect(handshake.verdict.explanation).toBe(
      `The ServerHello in frame 5 agrees on the version ${version}, which no specification known here has: how keys were exchanged is not known.`,
    )
    expect(handshake.negotiated).toMatchObject({ version, group: null, keyExchange: 'unknown' })
    expect(handshake.serverHello?.sessionResumed).toBe(false)
    expect(noteCodes(handshake)).toEqual(['version-not-offered'])
    const keys = lessons(handshake, 'en').map(({ key }) => key)
    expect(keys).toContain('malformed')
    expect(keys.filter((key) => key.startsWith('observer'))).toEqual([])
  })

  it('is another one than that of TLCP, whose cipher suites tell', async () => {
    const hello = tls.serverHello({ legacyVersion: 0x0101, cipherSuite: 0xe013 })
    const { verdict } = await answeredWith(tls.record(22, join(hello, tls.certificate, tls.serverHelloDone), 0x0101))
    expect(verdict).toMatchObject({ label: 'classical', reason: 'tls12-or-older' })
  })
})

describe('a ChangeCipherSpec in front of a ServerHello of TLS 1.2', () => {
  it('is no sign that a session was resumed', async () => {
    const handshake = await answeredWith(tls.changeCipherSpec, tls.record(22, tls.serverHello()))
    expect(handshake.verdict).toMatchObject({ label: 'classical', reason: 'tls12-or-older' })
    expect(handshake.serverHello?.sessionResumed).toBe(false)
  })

  it('does not hide that one behind it is', async () => {
    const handshake = await answeredWith(
      tls.changeCipherSpec,
      tls.record(22, tls.serverHello()),
      tls.changeCipherSpec,
      tls.encryptedFinished,
    )
    expect(handshake.verdict).toMatchObject({ label: 'psk', reason: 'resumed' })
  })
})

describe('a ServerHello without supported_versions that takes a cipher suite of TLS 1.3', () => {
  it('resumes no session of TLS 1.2, whatever follows it', async () => {
    const keyShare: tls.Share = [tls.X25519MLKEM768, 1120]
    const sessionId = new Uint8Array(32).fill(0x51)
    const hello = tls.serverHello({ cipherSuite: 0x1301, keyShare, sessionId })
    const handshake = await answeredWith(tls.record(22, hello), encrypted)
    expect(handshake.verdict).toMatchObject({ label: 'unknown', reason: 'tls12-or-older' })
    expect(handshake.verdict.explanation).toBe(
      'The client offered X25519MLKEM768, but the server agreed on TLSv1.2 with the cipher suite TLS_AES_128_GCM_SHA256, which does not tell how keys are exchanged.',
    )
    expect(handshake.serverHello?.sessionResumed).toBe(false)
    expect(noteCodes(handshake)).toEqual(['cipher-suite-not-of-version'])
  })
})

describe('a ServerHello of TLS 1.3 without a key share', () => {
  it.each([
    [true, 'psk', 'PSK'],
    [false, 'unknown', 'unknown'],
  ])('that takes a pre-shared key: %s', async (preSharedKey, label, keyExchange) => {
    const hello = tls.serverHello({ selectedVersion: tls.TLS13, preSharedKey })
    const { verdict, negotiated } = await answeredWith(tls.record(22, hello), encrypted)
    expect(verdict.label).toBe(label)
    expect(negotiated).toMatchObject({ version: 'TLSv1.3', group: null, keyExchange })
  })
})

describe('a server of TLS 1.2', () => {
  it.each([
    ['Certificate', tls.certificate],
    ['ServerKeyExchange', tls.ecdheKeyExchange(tls.X25519, 32)],
    ['CertificateRequest', tls.handshakeMessage(13, [1, 1, 0, 0, 0, 0])],
    ['ServerHelloDone', tls.serverHelloDone],
  ])('that sends a %s resumes no session', async (_, message) => {
    const flight = [tls.record(22, join(tls.serverHello(), message)), tls.changeCipherSpec, tls.encryptedFinished]
    expect((await answeredWith(...flight)).verdict).toMatchObject({ label: 'classical', reason: 'tls12-or-older' })
    const resumed = [tls.record(22, tls.serverHello()), tls.changeCipherSpec, tls.encryptedFinished]
    expect((await answeredWith(...resumed)).verdict).toMatchObject({ label: 'psk', reason: 'resumed' })
  })
})

describe('a session of TLS 1.2 of which nothing is in the capture behind the ServerHello', () => {
  const id = Uint8Array.from({ length: 32 }, (_, i) => i + 1)
  const answeredBy = async (sessionId: Uint8Array) => {
    const hello = tls.record(22, tls.clientHello({ supportedGroups: [tls.X25519], sessionId: id }))
    const connection = new Connection()
      .open()
      .client(hello)
      .server(tls.record(22, tls.serverHello({ sessionId })))
    return onlyHandshake(connection.packets)
  }

  it('was resumed where the server echoes the session id', async () => {
    const handshake = await answeredBy(id)
    expect(handshake.verdict).toMatchObject({ label: 'psk', reason: 'resumed' })
    expect(handshake.serverHello?.sessionResumed).toBe(true)
    expect(noteCodes(handshake)).toEqual([])
  })

  it.each([
    ['another first byte', id.with(0, 0)],
    ['another last byte', id.with(31, 0)],
    ['a shorter one', id.slice(0, 31)],
    ['none', new Uint8Array(0)],
  ])('was not resumed where its session id has %s', async (_, sessionId) => {
    const handshake = await answeredBy(sessionId)
    expect(handshake.verdict).toMatchObject({ label: 'classical', reason: 'tls12-or-older' })
    expect(handshake.serverHello?.sessionResumed).toBe(false)
    expect(noteCodes(handshake)).toEqual([])
  })
})

describe('a HelloRetryRequest that is not in the capture', () => {
  const { X25519, SECP256R1, X25519MLKEM768 } = tls
  const reasonOf = async (before: tls.Share, ...second: tls.Share[]) => {
    const connection = new Connection().open().client(tls.record(22, tls.hybridClientHello({ keyShares: [before] })))
    connection.lose('server', tls.record(22, tls.helloRetryRequest({ group: X25519 })))
    connection.client(tls.record(22, tls.hybridClientHello({ keyShares: second })))
    const answer = join(tls.record(22, tls.serverHello13(X25519, 32)), tls.applicationData(900))
    return (await onlyHandshake(connection.server(answer).client(finished).packets)).verdict.reason
  }

  it('asked for the one group of which the second ClientHello has a share', async () => {
    expect(await reasonOf([X25519MLKEM768, 1216], [X25519, 32])).toBe('retried-to-classical')
  })

  it('is not known to have asked for a group where the second ClientHello has several shares, or the same', async () => {
    expect(await reasonOf([X25519MLKEM768, 1216], [X25519, 32], [SECP256R1, 65])).toBe('server-chose-classical')
    expect(await reasonOf([X25519, 32], [X25519, 32])).toBe('server-chose-classical')
  })
})

describe('a handshake whose first ClientHello is not in the capture', () => {
  const { X25519, X25519MLKEM768 } = tls
  const begunBefore = (fields: tls.ClientHelloFields) => {
    const connection = new Connection().server(tls.record(22, tls.helloRetryRequest({ group: X25519 })))
    connection.client(tls.record(22, tls.hybridClientHello({ keyShares: [[X25519, 32]], ...fields })))
    const answer = join(tls.record(22, tls.serverHello13(X25519, 32)), tls.applicationData(900))
    return onlyHandshake(connection.server(answer).client(finished).packets)
  }

  it('is judged by the second, which lists the same groups', async () => {
    const handshake = await begunBefore({ supportedGroups: [X25519MLKEM768, X25519] })
    expect(handshake).toMatchObject({ clientHello: null, serverName: 'example.test' })
    expect(handshake.verdict).toMatchObject({ offer: 'hybrid', keyShareOffer: null, reason: 'retried-to-classical' })
    expect(handshake.verdict.explanation).toMatch(/^The client offered X25519MLKEM768, but the server asked for/)
    expect(noteCodes(handshake)).toEqual(['client-hello-not-seen'])
  })

  it('offered nothing post-quantum where the second lists none, as far as is known', async () => {
    const known = await begunBefore({ supportedGroups: [X25519] })
    expect(known.verdict).toMatchObject({ offer: 'classical', reason: 'client-offered-no-post-quantum' })
    expect(known.verdict.explanation).toMatch(/^The client offered no post-quantum group, and/)
    const unknown = await begunBefore({ supportedGroups: [0x1234, X25519] })
    expect(unknown.verdict.explanation).toMatch(/^The client offered no known post-quantum group, and/)
  })

  it('is held against the second for what the server takes', async () => {
    expect(noteCodes(await begunBefore({ cipherSuites: [0x1302] }))).toEqual([
      'client-hello-not-seen',
      'cipher-suite-not-offered',
    ])
  })
})

describe('a client that lists groups', () => {
  const explained = async (supportedGroups: readonly number[]) => {
    const client = tls.record(22, tls.hybridClientHello({ supportedGroups, keyShares: [[tls.X25519, 32]] }))
    const answer = join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData(900))
    return (await onlyHandshake(new Connection().open().client(client).server(answer).packets)).verdict.explanation
  }

  it('is said to have offered the first of many', async () => {
    expect(await explained([0x11ec, 0x11eb, 0x11ed, 0x0201, tls.X25519])).toMatch(
      /^The client offered X25519MLKEM768, SecP256r1MLKEM768, SecP384r1MLKEM1024, MLKEM768, but/,
    )
    expect(await explained([0x11ec, 0x11eb, 0x11ed, 0x0201, 0x0202, tls.X25519])).toMatch(
      /^The client offered X25519MLKEM768, SecP256r1MLKEM768, SecP384r1MLKEM1024 and 2 more post-quantum groups, but/,
    )
  })

  it('may have meant a post-quantum one by a private code point, and not by a reserved one', async () => {
    expect(await explained([0x01fc, tls.X25519])).toMatch(/^The client offered no known post-quantum group, and/)
    expect(await explained([0x0000, tls.X25519])).toMatch(/^The client offered no post-quantum group, and/)
  })
})

describe('a session of TLS 1.2 that is resumed by ticket', () => {
  const resumption = join(
    tls.record(22, join(tls.serverHello(), tls.newSessionTicket)),
    tls.changeCipherSpec,
    tls.encryptedFinished,
  )
  const behind = (said: (connection: Connection) => Connection) => {
    const hello = tls.record(22, tls.clientHello({ supportedGroups: [tls.X25519], sessionTicket: 180 }))
    const connection = said(new Connection().open().client(hello)).server(resumption)
    return onlyHandshake(connection.client(join(tls.changeCipherSpec, tls.encryptedFinished)).close().packets)
  }

  it.each<[string, (connection: Connection) => Connection, string]>([
    ['something that is no TLS', (connection) => connection.server(Uint8Array.of(0x53)), 'not-tls'],
    [
      'many warnings',
      (connection) => connection.server(join(...Array.from({ length: 20 }, () => tls.alert(1, 112)))),
      'alerts-left-out',
    ],
    [
      'bytes that are missing',
      (connection) => connection.lose('server', tls.alert(1, 112)).acknowledge('client'),
      'gap',
    ],
  ])('is known as that behind %s in front of its ServerHello', async (_, said, note) => {
    const handshake = await behind(said)
    expect(handshake.verdict).toMatchObject({ label: 'psk', reason: 'resumed' })
    expect(handshake.serverHello?.sessionResumed).toBe(true)
    expect(handshake.cost.roundTrips).toBe(1)
    expect(noteCodes(handshake)).toEqual([note])
  })

  it('is not excluded where bytes behind its ServerHello are missing', async () => {
    const hello = tls.record(22, tls.clientHello({ supportedGroups: [tls.X25519], sessionTicket: 180 }))
    const connection = new Connection().open().client(hello).server(tls.record(22, tls.serverHello()))
    connection.lose('server', tls.record(22, tls.newSessionTicket)).server(tls.changeCipherSpec)
    const handshake = await onlyHandshake(connection.server(tls.encryptedFinished).close().packets)
    expect(handshake.verdict).toMatchObject({ label: 'classical', reason: 'tls12-or-older' })
    expect(noteCodes(handshake)).toContain('resumption-not-excluded')
  })
})

describe('a ServerHello of TLS 1.2 with nothing behind it in the capture', () => {
  const codes = async (asked: tls.ClientHelloFields | null, sessionId?: Uint8Array) => {
    const connection = new Connection().open()
    const hello = tls.record(22, tls.clientHello({ supportedGroups: [tls.X25519], ...asked }))
    if (asked === null) connection.lose('client', hello)
    else connection.client(hello)
    const answer = tls.serverHello(sessionId === undefined ? {} : { sessionId })
    return noteCodes(await onlyHandshake(connection.server(tls.record(22, answer)).packets))
  }
  const some = new Uint8Array(32).fill(7)
  const other = new Uint8Array(32).fill(8)

  it('may resume a session by a ticket, or one that is not in the capture', async () => {
    expect(await codes({ sessionTicket: 180 })).toEqual(['resumption-not-excluded'])
    expect(await codes({ sessionTicket: 180 }, other)).toEqual(['resumption-not-excluded'])
    expect(await codes(null)).toContain('resumption-not-excluded')
  })

  it('resumes none where the client asked for none, or the session id is another', async () => {
    expect(await codes({})).toEqual([])
    expect(await codes({ sessionTicket: 0 }, other)).toEqual([])
    expect(await codes({ sessionId: some })).toEqual([])
    expect(await codes({ sessionId: some, sessionTicket: 180 }, other)).toEqual([])
  })
})

describe('a ClientHello that breaks off', () => {
  const offerOf = async (hello: Uint8Array) => {
    const connection = new Connection().open().client(tls.record(22, hello))
    const answer = join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData(900))
    return (await onlyHandshake(connection.server(answer).client(tls.applicationData()).packets)).verdict
  }
  /** An extension that says it is longer than the hello. */
  const overrun = Uint8Array.of(0x12, 0x34, 0x40, 0)

  it('may have offered more than was read of it', async () => {
    const bare = tls.clientHello({ supportedVersions: [tls.TLS13], extensions: [overrun] })
    const classical = tls.classicalClientHello({ extensions: [overrun] })
    for (const hello of [bare, classical]) {
      const verdict = await offerOf(hello)
      expect(verdict).toMatchObject({ label: 'classical', reason: 'offer-not-seen', offer: null, keyShareOffer: null })
      expect(verdict.explanation).toContain('what the client offered could not be read')
    }
  })

  it('is not taken for a whole one with the same lists', async () => {
    const whole = tls.classicalClientHello({ supportedGroups: [0x001e, tls.X25519] })
    const broken = tls.classicalClientHello({ supportedGroups: [0x001e, tls.X25519], extensions: [overrun] })
    for (const _ of [1, 2]) {
      expect(await offerOf(whole)).toMatchObject({ offer: 'classical', reason: 'client-offered-no-post-quantum' })
      expect(await offerOf(broken)).toMatchObject({ offer: null, reason: 'offer-not-seen' })
    }
  })

  it('offered what was read of it', async () => {
    const verdict = await offerOf(tls.hybridClientHello({ extensions: [overrun] }))
    expect(verdict).toMatchObject({ reason: 'server-chose-classical', offer: 'hybrid', keyShareOffer: 'hybrid' })
  })
})

describe('a warning of the server behind which nothing came', () => {
  it('is told in place of an answer', async () => {
    const { verdict } = await answeredWith(tls.alert(1, 112))
    expect(verdict).toMatchObject({ outcome: 'unanswered', reason: 'no-answer' })
    expect(verdict.explanation).toBe(
      'The server sent the alert unrecognized_name (112) in frame 5, level warning, and no ServerHello after it.',
    )
  })
})

describe('a ServerKeyExchange with a curve that is none', () => {
  it.each([
    [0x2a2a, 'GREASE (0x2a2a)'],
    [0x1234, 'unknown (0x1234)'],
    // Used for FrodoKEM, too, whose shares are longer.
    [0xfe00, 'ecdhe_private_use (0xfe00)'],
  ])('names %d as what it is', async (id, name) => {
    const messages = [tls.serverHello(), tls.certificate, tls.ecdheKeyExchange(id, 40), tls.serverHelloDone]
    const handshake = await answeredWith(tls.handshakeRecords(join(...messages)))
    expect(handshake.negotiated).toMatchObject({ group: { id, name }, keyExchange: name })
    expect(handshake.serverKeyExchange?.group?.name).toBe(name)
    expect(handshake.verdict.explanation).toContain(`its ServerKeyExchange names ${name}, which TLSv1.2 has no use for`)
    expect(handshake.notes[0]?.message).toContain(`the ServerKeyExchange names ${name} as its curve: `)
  })
})

describe('an alert that another answers', () => {
  it('is the one that ended the handshake', async () => {
    const connection = new Connection()
      .open()
      .client(join(clientHello, tls.alert(2, 80)))
      .server(tls.alert(1, 0))
    const handshake = await onlyHandshake(connection.close().packets)
    expect(handshake.alerts.map(({ from }) => from)).toEqual(['client', 'server'])
    expect(handshake.verdict).toMatchObject({
      reason: 'alert-before-server-hello',
      explanation: 'The client sent the alert internal_error (80) in frame 4 before a ServerHello.',
    })
  })
})

describe('a post-quantum group listed by a client without TLS 1.3', () => {
  const agreed = async (supportedVersions?: readonly number[]) => {
    const hello = tls.clientHello({
      supportedGroups: [tls.X25519MLKEM768, tls.X25519],
      ...(supportedVersions === undefined ? {} : { supportedVersions }),
    })
    const messages = [tls.serverHello(), tls.certificate, tls.ecdheKeyExchange(tls.X25519, 32), tls.serverHelloDone]
    const connection = new Connection().open().client(tls.record(22, hello))
    return onlyHandshake(connection.server(tls.handshakeRecords(join(...messages))).packets)
  }

  it('is no offer that the server passed over', async () => {
    for (const versions of [undefined, [tls.TLS12]]) {
      const handshake = await agreed(versions)
      expect(handshake.verdict).toMatchObject({ offer: 'hybrid', reason: 'tls12-or-older' })
      expect(handshake.verdict.explanation).toBe(
        'The client listed X25519MLKEM768, but did not offer TLS 1.3, and the server agreed on TLSv1.2, which has no post-quantum groups: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 by x25519.',
      )
      expect(lessons(handshake, 'en').map(({ key }) => key)).not.toContain('tls12-offered-in-vain')
    }
  })

  it('is one where TLS 1.3 was offered, also as a draft', async () => {
    for (const version of [tls.TLS13, 0x7f1c]) {
      const handshake = await agreed([version])
      expect(handshake.verdict.explanation).toMatch(/^The client offered X25519MLKEM768, but the server agreed on/)
      expect(lessons(handshake, 'en').map(({ key }) => key)).toContain('tls12-offered-in-vain')
    }
  })
})

describe('a ClientHello with encrypted_client_hello', () => {
  it('is said to have offered nothing in what is seen of it alone', async () => {
    const ech = tls.extension(0xfe0d, new Uint8Array(40))
    const answer = join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData(900))
    const explanations: string[] = []
    for (const extensions of [[], [ech], [], [ech]]) {
      const connection = new Connection().open().client(tls.record(22, tls.classicalClientHello({ extensions })))
      explanations.push((await onlyHandshake(connection.server(answer).packets)).verdict.explanation)
    }
    const [plain, outer] = explanations
    expect(explanations).toEqual([plain, outer, plain, outer])
    // It may as well be a decoy, and there is no other hello.
    expect(plain).toMatch(/^The client offered no post-quantum group, and/)
    expect(outer).toMatch(/^The client offered no post-quantum group in the hello that can be read, and/)
  })
})

describe('a server that selects another group than its HelloRetryRequest asked for', () => {
  const { X25519, SECP256R1, X25519MLKEM768 } = tls
  const selecting = async (first: tls.Share, asked: number, selected: tls.Share) => {
    const hello = (share: tls.Share) => tls.record(22, tls.hybridClientHello({ keyShares: [share] }))
    const answer = join(tls.record(22, tls.serverHello13(...selected)), tls.applicationData(900))
    const connection = new Connection().open().client(hello(first))
    connection.server(tls.record(22, tls.helloRetryRequest({ group: asked })))
    connection.client(hello(asked === X25519MLKEM768 ? [asked, 1216] : [asked, asked === SECP256R1 ? 65 : 32]))
    return (await onlyHandshake(connection.server(answer).client(finished).packets)).verdict
  }

  it('is not said to have asked for a classical one where it asked for a hybrid', async () => {
    const verdict = await selecting([SECP256R1, 65], X25519MLKEM768, [X25519, 32])
    expect(verdict).toMatchObject({ label: 'classical', reason: 'server-chose-classical' })
    expect(verdict.explanation).toBe(
      'The client offered X25519MLKEM768, but the server asked for a key share of X25519MLKEM768 (0x11ec) with a HelloRetryRequest and then selected x25519 (0x001d), which is classical, with a server key share of 32 bytes.',
    )
  })

  it('is said to have asked for what it asked for', async () => {
    const classical = await selecting([X25519MLKEM768, 1216], SECP256R1, [X25519, 32])
    expect(classical.reason).toBe('retried-to-classical')
    expect(classical.explanation).toContain('the server asked for a key share of secp256r1 (0x0017) with a')
    const hybrid = await selecting([X25519, 32], SECP256R1, [X25519MLKEM768, 1120])
    expect(hybrid.explanation).toMatch(/^The server asked for a key share of secp256r1 \(0x0017\) with a/)
    const shared = await selecting([X25519, 32], X25519, [X25519, 32])
    expect(shared.explanation).toContain('the server asked for a key share of x25519 (0x001d) with a')
  })
})
