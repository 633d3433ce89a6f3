import { big, join } from './bytes.js'
import type { CapturedPacket } from './captures.js'
import { ACK, Connection, type ConnectionOptions, conversation, FIN, type From, RST } from './connection.js'
import * as tls from './tls.js'

const { record, handshakeRecords } = tls

type Flight = readonly [From, ...Uint8Array[]]

const clientFinished: Flight = ['client', tls.changeCipherSpec, tls.applicationData(53), tls.applicationData(80)]

/** What a TLS 1.3 server sends: its ServerHello, ChangeCipherSpec, and everything else encrypted. */
function serverFlight13(hello: Uint8Array): Flight {
  return ['server', record(22, hello), tls.changeCipherSpec, tls.applicationData(40), tls.applicationData(1900)]
}

function full13(clientHello: Uint8Array, serverHello: Uint8Array): Flight[] {
  return [['client', record(22, clientHello, 0x0301)], serverFlight13(serverHello), clientFinished]
}

function retried13(first: Uint8Array, retry: Uint8Array, second: Uint8Array, serverHello: Uint8Array): Flight[] {
  return [
    ['client', record(22, first, 0x0301)],
    ['server', record(22, retry), tls.changeCipherSpec],
    ['client', tls.changeCipherSpec, record(22, second)],
    ['server', record(22, serverHello), tls.applicationData(40), tls.applicationData(1900)],
    ['client', tls.applicationData(53), tls.applicationData(80)],
  ]
}

/** TLS 1.2 and older: what the server says in the clear, then both sides' ChangeCipherSpec and Finished. */
function full12(clientHello: Uint8Array, serverMessages: readonly Uint8Array[], version = 0x0303): Flight[] {
  return [
    ['client', record(22, clientHello, 0x0301)],
    ['server', handshakeRecords(join(...serverMessages), 1 << 14, version)],
    ['client', record(22, tls.clientKeyExchange, version), tls.changeCipherSpec, tls.encryptedFinished],
    ['server', tls.changeCipherSpec, tls.encryptedFinished],
    ['client', tls.applicationData(80)],
  ]
}

function resumed12(clientHello: Uint8Array, serverMessages: readonly Uint8Array[]): Flight[] {
  return [
    ['client', record(22, clientHello, 0x0301)],
    ['server', handshakeRecords(join(...serverMessages)), tls.changeCipherSpec, tls.encryptedFinished],
    ['client', tls.changeCipherSpec, tls.encryptedFinished, tls.applicationData(80)],
  ]
}

/** An opened connection in which these flights were sent, and nothing after them. */
function unfinished(flights: readonly Flight[], options: ConnectionOptions = {}): Connection {
  const connection = new Connection(options).open()
  for (const [from, ...parts] of flights) connection.send(from, join(...parts))
  return connection
}

const { X25519, SECP256R1, X25519MLKEM768, X25519_KYBER, MLKEM1024, GREASE } = tls
const sessionId = new Uint8Array(32).fill(0x77)
/** A client of TLS 1.2 that offers every way to exchange keys that is tried here. */
const hello12 = tls.clientHello({
  serverName: 'example.test',
  cipherSuites: [0xc02f, 0x009c, 0x009e, 0x00a8, 0x00aa, 0xc035, 0x16b7, 0xff08, 0xbeef],
  supportedGroups: [X25519, SECP256R1],
})
const hybridHello = record(22, tls.hybridClientHello(), 0x0301)

/** 2^bits - 1 is no prime of any specification. */
const unknownPrime = (bits: number): Uint8Array => big((1n << BigInt(bits)) - 1n, bits / 8)

function server12(cipherSuite: number, ...exchange: Uint8Array[]): Uint8Array[] {
  return [tls.serverHello({ cipherSuite }), tls.certificate, ...exchange, tls.serverHelloDone]
}

function draftHello(version: number, share: Uint8Array): Uint8Array {
  return tls.clientHello({
    supportedVersions: [version],
    supportedGroups: [X25519, SECP256R1],
    extensions: [share],
  })
}

const draftShare = tls.extension(40, tls.keyShareList([[X25519, 32]]))

/** Whole connections, each with one handshake, by what happens in it. */
export const handshakes: Readonly<Record<string, () => readonly CapturedPacket[]>> = {
  'TLS 1.3, hybrid': () =>
    conversation(full13(tls.hybridClientHello(), tls.serverHello13(X25519MLKEM768, 1120))).packets,
  'TLS 1.3, hybrid, over IPv6': () =>
    conversation(full13(tls.hybridClientHello(), tls.serverHello13(X25519MLKEM768, 1120)), { ipv6: true }).packets,
  'TLS 1.3, pure ML-KEM': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [MLKEM1024, X25519], keyShares: [[MLKEM1024, 1568]] }),
        tls.serverHello13(MLKEM1024, 1568),
      ),
    ).packets,
  'TLS 1.3, hybrid offered, classical selected': () =>
    conversation(full13(tls.hybridClientHello(), tls.serverHello13(X25519, 32))).packets,
  'TLS 1.3, classical alone offered': () =>
    conversation(full13(tls.classicalClientHello(), tls.serverHello13(X25519, 32))).packets,
  'TLS 1.3, GREASE and classical offered': () =>
    conversation(
      full13(
        tls.classicalClientHello({
          supportedVersions: [GREASE, tls.TLS13],
          cipherSuites: [0x1a1a, 0x1301],
          supportedGroups: [GREASE, X25519, SECP256R1],
          keyShares: [
            [GREASE, 1],
            [X25519, 32],
          ],
          extensions: [tls.extension(0x3a3a), tls.extension(0x4a4a, [0])],
        }),
        tls.serverHello13(X25519, 32),
      ),
    ).packets,
  'TLS 1.3, the Kyber draft': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [X25519_KYBER, X25519], keyShares: [[X25519_KYBER, 1216]] }),
        tls.serverHello13(X25519_KYBER, 1120),
      ),
    ).packets,
  'TLS 1.3, SIKE': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [0x021f, X25519], keyShares: [[0x021f, 330]] }),
        tls.serverHello13(0x021f, 346),
      ),
    ).packets,
  'TLS 1.3, code point 0x0200 with a share as long as that of MLKEM512': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [0x0200, X25519], keyShares: [[0x0200, 800]] }),
        tls.serverHello13(0x0200, 768),
      ),
    ).packets,
  'TLS 1.3, code point 0x0200 with a share as long as that of Frodo': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [0x0200, X25519], keyShares: [[0x0200, 9616]] }),
        tls.serverHello13(0x0200, 9720),
      ),
    ).packets,
  'TLS 1.3, code point 0x0200 offered without a share': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [0x0200, X25519], keyShares: [[X25519, 32]] }),
        tls.serverHello13(X25519, 32),
      ),
    ).packets,
  'TLS 1.3, an unknown group': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [0x1234, X25519], keyShares: [[0x1234, 77]] }),
        tls.serverHello13(0x1234, 78),
      ),
    ).packets,
  'TLS 1.3, an unknown group offered, classical selected': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [GREASE, 0x1234, X25519], keyShares: [[X25519, 32]] }),
        tls.serverHello13(X25519, 32),
      ),
    ).packets,
  'TLS 1.3, code point 0xfe32 with a share of no known length': () =>
    conversation(
      full13(
        tls.hybridClientHello({ supportedGroups: [0xfe32, X25519], keyShares: [[0xfe32, 77]] }),
        tls.serverHello13(0xfe32, 78),
      ),
    ).packets,
  'TLS 1.3, a GREASE group selected': () =>
    conversation(full13(tls.hybridClientHello(), tls.serverHello13(GREASE, 1))).packets,
  'TLS 1.3, retried to hybrid': () =>
    conversation(
      retried13(
        tls.hybridClientHello({ keyShares: [[X25519, 32]] }),
        tls.helloRetryRequest({ group: X25519MLKEM768 }),
        tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]] }),
        tls.serverHello13(X25519MLKEM768, 1120),
      ),
    ).packets,
  'TLS 1.3, retried to classical': () =>
    conversation(
      retried13(
        tls.hybridClientHello(),
        tls.helloRetryRequest({ group: SECP256R1, cookie: true }),
        tls.hybridClientHello({ keyShares: [[SECP256R1, 65]] }),
        tls.serverHello13(SECP256R1, 65),
      ),
    ).packets,
  'TLS 1.3, retried for a cookie, hybrid': () =>
    conversation(
      retried13(
        tls.hybridClientHello(),
        tls.helloRetryRequest({ cookie: true }),
        tls.hybridClientHello(),
        tls.serverHello13(X25519MLKEM768, 1120),
      ),
    ).packets,
  'TLS 1.3, retried for a cookie, classical': () =>
    conversation(
      retried13(
        tls.hybridClientHello(),
        tls.helloRetryRequest({ cookie: true }),
        tls.hybridClientHello(),
        tls.serverHello13(X25519, 32),
      ),
    ).packets,
  'TLS 1.3, refused after a HelloRetryRequest': () => {
    const [first, retry, second] = retried13(
      tls.hybridClientHello({ keyShares: [[X25519, 32]] }),
      tls.helloRetryRequest({ group: X25519MLKEM768 }),
      tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]] }),
      new Uint8Array(0),
    ) as [Flight, Flight, Flight]
    return conversation([first, retry, second, ['server', tls.alert(2, 47)]]).packets
  },
  'TLS 1.3, a pre-shared key and a key share': () =>
    conversation(
      full13(
        tls.hybridClientHello({ preSharedKey: true }),
        tls.serverHello13(X25519MLKEM768, 1120, { preSharedKey: true }),
      ),
    ).packets,
  'TLS 1.3, a pre-shared key alone': () =>
    conversation(
      full13(
        tls.hybridClientHello({ preSharedKey: true, pskModes: [0, 1] }),
        tls.serverHello({ selectedVersion: tls.TLS13, preSharedKey: true }),
      ),
    ).packets,
  'TLS 1.3, early data': () => {
    const [first, ...rest] = full13(
      tls.hybridClientHello({ preSharedKey: true, earlyData: true }),
      tls.serverHello13(X25519MLKEM768, 1120, { preSharedKey: true }),
    ) as [Flight, ...Flight[]]
    return conversation([
      ['client', ...first.slice(1), tls.changeCipherSpec, tls.applicationData(200)] as never,
      ...rest,
    ]).packets
  },
  'TLS 1.3, neither key share nor pre-shared key': () =>
    conversation(full13(tls.hybridClientHello(), tls.serverHello({ selectedVersion: tls.TLS13 }))).packets,
  'TLS 1.3, clear messages after the ServerHello': () =>
    conversation([
      ['client', hybridHello],
      [
        'server',
        record(22, tls.serverHello13(X25519, 32)),
        record(22, tls.encryptedExtensions),
        tls.applicationData(900),
      ],
      clientFinished,
    ]).packets,
  'TLS 1.3, EncryptedExtensions in the record of the ServerHello': () =>
    conversation([
      ['client', hybridHello],
      ['server', record(22, join(tls.serverHello13(X25519, 32), tls.encryptedExtensions)), tls.applicationData(900)],
      clientFinished,
    ]).packets,
  'TLS 1.3 draft 18': () =>
    conversation(full13(draftHello(0x7f12, draftShare), tls.oldDraftServerHello(18, X25519, 32))).packets,
  'TLS 1.3 draft 18, retried': () =>
    conversation(
      retried13(
        draftHello(0x7f12, draftShare),
        tls.oldDraftRetryRequest(18, SECP256R1),
        draftHello(0x7f12, tls.extension(40, tls.keyShareList([[SECP256R1, 65]]))),
        tls.oldDraftServerHello(18, SECP256R1, 65),
      ),
    ).packets,
  'TLS 1.3 draft 23': () =>
    conversation(
      full13(
        tls.classicalClientHello({ supportedVersions: [0x7f17] }),
        tls.serverHello13(X25519, 32, { selectedVersion: 0x7f17 }),
      ),
    ).packets,
  'TLS 1.3 draft 28': () =>
    conversation(
      full13(
        tls.classicalClientHello({ supportedVersions: [0x7f1c] }),
        tls.serverHello13(X25519, 32, { selectedVersion: 0x7f1c }),
      ),
    ).packets,
  'TLS 1.2, ECDHE': () =>
    conversation(full12(tls.hybridClientHello(), server12(0xc02f, tls.ecdheKeyExchange(X25519, 32)))).packets,
  'TLS 1.2, ECDHE, classical alone offered': () =>
    conversation(full12(hello12, server12(0xc02f, tls.ecdheKeyExchange(SECP256R1, 65)))).packets,
  'TLS 1.2, a hybrid group in place of a curve': () =>
    conversation(full12(tls.hybridClientHello(), server12(0xc02f, tls.ecdheKeyExchange(X25519MLKEM768, 200)))).packets,
  'TLS 1.2, an explicit curve': () =>
    conversation(full12(hello12, server12(0xc02f, tls.explicitCurveKeyExchange()))).packets,
  'TLS 1.2, RSA': () => conversation(full12(hello12, server12(0x009c))).packets,
  'TLS 1.2, DHE with a prime that no specification names': () =>
    conversation(full12(hello12, server12(0x009e, tls.dheKeyExchange(join([0, 0], unknownPrime(1024)))))).packets,
  'TLS 1.2, DHE with a prime of RFC 7919': () =>
    conversation(full12(hello12, server12(0x009e, tls.dheKeyExchange(join([0], tls.ffdhe2048Prime()))))).packets,
  'TLS 1.2, DHE with a prime of RFC 3526': () =>
    conversation(full12(hello12, server12(0x009e, tls.dheKeyExchange(tls.modp2048Prime())))).packets,
  'TLS 1.2, PSK': () =>
    conversation(full12(hello12, [tls.serverHello({ cipherSuite: 0x00a8 }), tls.serverHelloDone])).packets,
  'TLS 1.2, DHE_PSK': () =>
    conversation(
      full12(hello12, [
        tls.serverHello({ cipherSuite: 0x00aa }),
        tls.dheKeyExchange(unknownPrime(2048), big(0x68696e74, 4)),
        tls.serverHelloDone,
      ]),
    ).packets,
  'TLS 1.2, ECDHE_PSK': () =>
    conversation(
      full12(hello12, [
        tls.serverHello({ cipherSuite: 0xc035 }),
        tls.ecdheKeyExchange(X25519, 32, big(0x68696e74, 4)),
        tls.serverHelloDone,
      ]),
    ).packets,
  'TLS 1.2, CECPQ1': () => conversation(full12(hello12, server12(0x16b7, handshakeKeyExchange(2100)))).packets,
  'TLS 1.2, ECDHE_SIKE': () => conversation(full12(hello12, server12(0xff08, handshakeKeyExchange(500)))).packets,
  'TLS 1.2, an unknown cipher suite': () => conversation(full12(hello12, server12(0xbeef))).packets,
  'TLS 1.2, resumed by session id': () =>
    conversation(resumed12(tls.hybridClientHello({ sessionId }), [tls.serverHello({ sessionId })])).packets,
  'TLS 1.2, resumed by ticket': () =>
    conversation(
      resumed12(tls.clientHello({ supportedGroups: [X25519], sessionTicket: 180 }), [
        tls.serverHello(),
        tls.newSessionTicket,
      ]),
    ).packets,
  'SSLv3, RSA': () =>
    conversation(
      full12(
        tls.clientHello({ legacyVersion: 0x0300, cipherSuites: [0x0035, 0x000a], bare: true }),
        [tls.serverHello({ legacyVersion: 0x0300, cipherSuite: 0x0035 }), tls.certificate, tls.serverHelloDone],
        0x0300,
      ),
    ).packets,
  'an SSLv2-compatible hello, TLS 1.0': () => conversation(sslv2Flights()).packets,
  'an SSLv2-compatible hello in segments of 20 bytes, TLS 1.0': () =>
    conversation(sslv2Flights(), { segmentSize: 20 }).packets,
  TLCP: () => {
    const hello = tls.clientHello({ legacyVersion: 0x0101, cipherSuites: [0xe013, 0xe011], bare: true })
    const [, ...rest] = full12(
      hello,
      [tls.serverHello({ legacyVersion: 0x0101, cipherSuite: 0xe013 }), tls.certificate, tls.serverHelloDone],
      0x0101,
    )
    return conversation([['client', record(22, hello, 0x0101)], ...rest]).packets
  },
  'an alert of the server': () =>
    conversation([
      ['client', hybridHello],
      ['server', tls.alert(2, 40)],
    ]).packets,
  'an alert of the client': () => conversation([['client', hybridHello, tls.alert(2, 80)]]).packets,
  'a warning of the server, then a ServerHello': () =>
    conversation([
      ['client', hybridHello],
      [
        'server',
        tls.alert(1, 112),
        ...(serverFlight13(tls.serverHello13(X25519MLKEM768, 1120)).slice(1) as Uint8Array[]),
      ],
      clientFinished,
    ]).packets,
  'a warning of the server, then nothing': () =>
    unfinished([
      ['client', hybridHello],
      ['server', tls.alert(1, 112)],
    ]).packets,
  'FIN of the server': () =>
    unfinished([['client', hybridHello]])
      .acknowledge('server')
      .finish('server')
      .finish('client')
      .acknowledge('server').packets,
  'FIN of the server, then an alert of the client': () =>
    unfinished([['client', hybridHello]])
      .acknowledge('server')
      .finish('server')
      .client(tls.alert(2, 50))
      .finish('client')
      .acknowledge('server').packets,
  'FIN of the server in front of the ClientHello': () =>
    new Connection()
      .open()
      .finish('server')
      .client(hybridHello)
      .client(tls.alert(2, 50))
      .reset('server')
      .place('server', RST, 900_001).packets,
  'a busy signal and FIN of the server in front of the ClientHello': () =>
    new Connection()
      .open()
      .packet('server', FIN | ACK, new TextEncoder().encode('421 too many connections\r\n'))
      .client(hybridHello)
      .reset('server').packets,
  'a warning and FIN of the server, then an alert of the client': () =>
    unfinished([
      ['client', hybridHello],
      ['server', tls.alert(1, 112)],
    ])
      .finish('server')
      .client(tls.alert(2, 50))
      .finish('client').packets,
  'FIN of the client': () =>
    unfinished([['client', hybridHello]])
      .finish('client')
      .finish('server').packets,
  'RST of the server': () => unfinished([['client', hybridHello]]).reset('server').packets,
  'RST of the client': () =>
    unfinished([['client', hybridHello]])
      .acknowledge('server')
      .reset('client').packets,
  'a ClientHello that its client broke off': () =>
    unfinished([['client', hybridHello.slice(0, 1000)]])
      .acknowledge('server')
      .finish('client')
      .finish('server').packets,
  'a plain HTTP answer': () =>
    conversation([
      ['client', hybridHello],
      ['server', new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
    ]).packets,
  'a plain HTTP answer, still open': () =>
    unfinished([
      ['client', hybridHello],
      ['server', new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ]).packets,
  'no answer': () => unfinished([['client', hybridHello]]).acknowledge('server').packets,
  'the server alone': () =>
    sideOf('server', conversation(full13(tls.hybridClientHello(), tls.serverHello13(X25519MLKEM768, 1120))).packets),
  'the client alone': () =>
    sideOf('client', conversation(full13(tls.hybridClientHello(), tls.serverHello13(X25519MLKEM768, 1120))).packets),
  'the client alone, which ends with an alert': () =>
    sideOf(
      'client',
      conversation([
        ...full13(tls.hybridClientHello(), tls.serverHello13(X25519, 32)).slice(0, 2),
        ['client', tls.alert(2, 47)],
      ]).packets,
    ),
  'the second ClientHello, the HelloRetryRequest lost': () => {
    const [first, retry, second, ...rest] = retried13(
      tls.hybridClientHello({ keyShares: [[X25519, 32]] }),
      tls.helloRetryRequest({ group: X25519MLKEM768 }),
      tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]] }),
      tls.serverHello13(X25519MLKEM768, 1120),
    ) as [Flight, Flight, Flight, ...Flight[]]
    const connection = new Connection().open().client(first[1] as Uint8Array)
    connection.lose('server', join(...(retry.slice(1) as Uint8Array[])))
    for (const [from, ...parts] of [second, ...rest]) connection.send(from, join(...parts))
    return connection.close().packets
  },
}

function handshakeKeyExchange(bytes: number): Uint8Array {
  return tls.handshakeMessage(12, new Uint8Array(bytes))
}

function sslv2Flights(): Flight[] {
  const [, ...rest] = full12(
    new Uint8Array(0),
    [tls.serverHello({ legacyVersion: 0x0301, cipherSuite: 0x0035 }), tls.certificate, tls.serverHelloDone],
    0x0301,
  )
  return [['client', tls.sslv2ClientHello(0x0301, [0x000035, 0x00000a, 0x010080])], ...rest]
}

/** The packets of one side: the client's ports are the high ones. */
export function sideOf(from: From, packets: readonly CapturedPacket[]): CapturedPacket[] {
  return packets.filter(({ bytes }) => isFromServer(bytes) === (from === 'server'))
}

function isFromServer(frame: Uint8Array): boolean {
  const at = frame[12] === 0x86 ? 54 : 34
  return ((frame[at] as number) << 8) + (frame[at + 1] as number) === 443
}
