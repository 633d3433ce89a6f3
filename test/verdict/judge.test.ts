import { describe, expect, it } from 'vitest'
import { join } from '../support/bytes.js'
import { Connection, noteCodes, onlyHandshake } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'
import * as tls from '../support/tls.js'

const HYBRID =
  'The server selected X25519MLKEM768 (0x11ec), a hybrid of ML-KEM-768 and X25519, with key shares of 1216 and 1120 bytes.'
const HYBRID_PASSED_OVER =
  'The client offered X25519MLKEM768, but the server selected x25519 (0x001d), which is classical, with key shares of 32 and 32 bytes.'
const CLASSICAL =
  'The client offered no post-quantum group, and the server selected x25519 (0x001d), which is classical, with key shares of 32 and 32 bytes.'

/**
 * What is said of each connection of `support/handshakes`: outcome, label, offer, key-share offer and reason, then the
 * explanation and the codes of the notes.
 */
const VERDICTS: readonly (readonly [name: string, words: string, explanation: string, ...notes: string[]])[] = [
  ['TLS 1.3, hybrid', 'negotiated hybrid hybrid hybrid hybrid-selected', HYBRID],
  ['TLS 1.3, hybrid, over IPv6', 'negotiated hybrid hybrid hybrid hybrid-selected', HYBRID],
  [
    'TLS 1.3, pure ML-KEM',
    'negotiated post-quantum post-quantum post-quantum post-quantum-selected',
    'The server selected MLKEM1024 (0x0202), a post-quantum KEM alone, still a draft, with key shares of 1568 and 1568 bytes.',
  ],
  [
    'TLS 1.3, hybrid offered, classical selected',
    'negotiated classical hybrid hybrid server-chose-classical',
    HYBRID_PASSED_OVER,
  ],
  [
    'TLS 1.3, classical alone offered',
    'negotiated classical classical classical client-offered-no-post-quantum',
    CLASSICAL,
  ],
  [
    'TLS 1.3, GREASE and classical offered',
    'negotiated classical classical classical client-offered-no-post-quantum',
    CLASSICAL,
  ],
  [
    'TLS 1.3, the Kyber draft',
    'negotiated hybrid hybrid hybrid hybrid-selected',
    'The server selected X25519Kyber768Draft00 (0x6399), a hybrid of X25519 and Kyber768 (round 3), obsolete, with key shares of 1216 and 1120 bytes.',
  ],
  [
    'TLS 1.3, SIKE',
    'negotiated post-quantum post-quantum post-quantum post-quantum-selected',
    'The server selected sikep434 (0x021f), a post-quantum KEM alone that is broken and protects nothing, with key shares of 330 and 346 bytes.',
  ],
  [
    'TLS 1.3, code point 0x0200 with a share as long as that of MLKEM512',
    'negotiated post-quantum post-quantum post-quantum post-quantum-selected',
    'The server selected MLKEM512 (0x0200), a post-quantum KEM alone, still a draft, with key shares of 800 and 768 bytes.',
  ],
  [
    'TLS 1.3, code point 0x0200 with a share as long as that of Frodo',
    'negotiated post-quantum post-quantum post-quantum post-quantum-selected',
    'The server selected frodo640aes (0x0200), a post-quantum KEM alone, obsolete, with key shares of 9616 and 9720 bytes.',
  ],
  [
    'TLS 1.3, code point 0x0200 offered without a share',
    'negotiated classical post-quantum classical server-chose-classical',
    'The client offered MLKEM512, but the server selected x25519 (0x001d), which is classical, with key shares of 32 and 32 bytes.',
    'ambiguous-group',
  ],
  [
    'TLS 1.3, an unknown group',
    'negotiated unknown classical none unknown-group',
    'The server selected unknown (0x1234), a group that is in no registry known here, with a key share of 78 bytes.',
  ],
  [
    'TLS 1.3, an unknown group offered, classical selected',
    'negotiated classical classical classical client-offered-no-post-quantum',
    'The client offered no known post-quantum group, and the server selected x25519 (0x001d), which is classical, with key shares of 32 and 32 bytes.',
  ],
  [
    'TLS 1.3, code point 0xfe32 with a share of no known length',
    'negotiated unknown classical none unknown-group',
    'The server selected ecdhe_private_use (0xfe32), a code point that has been used for P256Kyber768Draft00 and CECPQ2b and p521_frodo1344shake, with a key share of 78 bytes.',
    'ambiguous-group',
    'ambiguous-group',
  ],
  [
    'TLS 1.3, a GREASE group selected',
    'negotiated unknown hybrid hybrid unknown-group',
    'The server selected GREASE (0x2a2a), a code point that stands for no group, with a key share of 1 byte.',
    'server-share-not-offered',
  ],
  [
    'TLS 1.3, retried to hybrid',
    'negotiated hybrid hybrid classical hybrid-after-retry',
    'The server asked for another key share with a HelloRetryRequest and then selected X25519MLKEM768 (0x11ec), a hybrid of ML-KEM-768 and X25519, with key shares of 1216 and 1120 bytes.',
  ],
  [
    'TLS 1.3, retried to classical',
    'negotiated classical hybrid hybrid retried-to-classical',
    'The client offered X25519MLKEM768, but the server asked for another key share with a HelloRetryRequest and then selected secp256r1 (0x0017), which is classical, with key shares of 65 and 65 bytes.',
  ],
  [
    'TLS 1.3, retried for a cookie, hybrid',
    'negotiated hybrid hybrid hybrid hybrid-after-retry',
    'The server sent a HelloRetryRequest with a cookie, which asked for no other key share, and then selected X25519MLKEM768 (0x11ec), a hybrid of ML-KEM-768 and X25519, with key shares of 1216 and 1120 bytes.',
  ],
  [
    'TLS 1.3, retried for a cookie, classical',
    'negotiated classical hybrid hybrid server-chose-classical',
    HYBRID_PASSED_OVER,
  ],
  [
    'TLS 1.3, refused after a HelloRetryRequest',
    'rejected - hybrid classical alert-before-server-hello',
    'The server sent the alert illegal_parameter (47) in frame 7 in place of a ServerHello.',
  ],
  [
    'TLS 1.3, a pre-shared key and a key share',
    'negotiated hybrid hybrid hybrid hybrid-selected',
    'The server selected X25519MLKEM768 (0x11ec), a hybrid of ML-KEM-768 and X25519, with key shares of 1216 and 1120 bytes, beside a pre-shared key.',
  ],
  [
    'TLS 1.3, a pre-shared key alone',
    'negotiated psk hybrid hybrid psk-only',
    'The keys come from a pre-shared key alone (TLSv1.3): there was no key exchange that could be post-quantum.',
  ],
  [
    'TLS 1.3, early data',
    'negotiated hybrid hybrid hybrid hybrid-selected',
    'The server selected X25519MLKEM768 (0x11ec), a hybrid of ML-KEM-768 and X25519, with key shares of 1216 and 1120 bytes, beside a pre-shared key.',
  ],
  [
    'TLS 1.3, neither key share nor pre-shared key',
    'negotiated unknown hybrid hybrid malformed',
    'The ServerHello in frame 5 has neither a key share nor a pre-shared key: TLS 1.3 needs one of them.',
    'key-share-missing',
  ],
  [
    'TLS 1.3, clear messages after the ServerHello',
    'negotiated classical hybrid hybrid server-chose-classical',
    HYBRID_PASSED_OVER,
    'clear-after-server-hello',
  ],
  [
    'TLS 1.3, EncryptedExtensions in the record of the ServerHello',
    'negotiated classical hybrid hybrid server-chose-classical',
    HYBRID_PASSED_OVER,
    'clear-after-server-hello',
  ],
  ['TLS 1.3 draft 18', 'negotiated classical classical classical client-offered-no-post-quantum', CLASSICAL],
  [
    'TLS 1.3 draft 18, retried',
    'negotiated classical classical classical client-offered-no-post-quantum',
    'The client offered no post-quantum group, and the server selected secp256r1 (0x0017), which is classical, with key shares of 65 and 65 bytes.',
  ],
  ['TLS 1.3 draft 23', 'negotiated classical classical classical client-offered-no-post-quantum', CLASSICAL],
  ['TLS 1.3 draft 28', 'negotiated classical classical classical client-offered-no-post-quantum', CLASSICAL],
  [
    'TLS 1.2, ECDHE',
    'negotiated classical hybrid hybrid tls12-or-older',
    'The client offered X25519MLKEM768, but the server agreed on TLSv1.2, which has no post-quantum groups: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 by x25519.',
  ],
  [
    'TLS 1.2, ECDHE, classical alone offered',
    'negotiated classical classical none tls12-or-older',
    'The server agreed on TLSv1.2, which has no post-quantum groups: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 by secp256r1.',
  ],
  [
    'TLS 1.2, a hybrid group in place of a curve',
    'negotiated unknown hybrid hybrid tls12-or-older',
    'The client offered X25519MLKEM768, but the server agreed on TLSv1.2, and its ServerKeyExchange names X25519MLKEM768 (0x11ec), which TLSv1.2 has no use for: how keys were exchanged is not known.',
    'group-not-of-version',
  ],
  [
    'TLS 1.2, an explicit curve',
    'negotiated classical classical none tls12-or-older',
    'The server agreed on TLSv1.2, which has no post-quantum groups: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 by ECDHE.',
  ],
  [
    'TLS 1.2, RSA',
    'negotiated classical classical none tls12-or-older',
    'The server agreed on TLSv1.2, which has no post-quantum groups: TLS_RSA_WITH_AES_128_GCM_SHA256 by RSA.',
  ],
  [
    'TLS 1.2, DHE with a prime that no specification names',
    'negotiated classical classical none tls12-or-older',
    'The server agreed on TLSv1.2, which has no post-quantum groups: TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 by DHE with a prime of 1024 bits.',
  ],
  [
    'TLS 1.2, DHE with a prime of RFC 7919',
    'negotiated classical classical none tls12-or-older',
    'The server agreed on TLSv1.2, which has no post-quantum groups: TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 by ffdhe2048 (2048 bits).',
  ],
  [
    'TLS 1.2, DHE with a prime of RFC 3526',
    'negotiated classical classical none tls12-or-older',
    'The server agreed on TLSv1.2, which has no post-quantum groups: TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 by DHE with modp2048 (RFC 3526), a prime of 2048 bits.',
  ],
  [
    'TLS 1.2, PSK',
    'negotiated psk classical none psk-only',
    'The keys come from a pre-shared key alone (TLSv1.2): there was no key exchange that could be post-quantum.',
  ],
  [
    'TLS 1.2, DHE_PSK',
    'negotiated classical classical none tls12-or-older',
    'The server agreed on TLSv1.2, which has no post-quantum groups: TLS_DHE_PSK_WITH_AES_128_GCM_SHA256 by DHE_PSK with a prime of 2048 bits.',
  ],
  [
    'TLS 1.2, ECDHE_PSK',
    'negotiated classical classical none tls12-or-older',
    'The server agreed on TLSv1.2, which has no post-quantum groups: TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA by x25519.',
  ],
  [
    'TLS 1.2, CECPQ1',
    'negotiated hybrid classical none hybrid-selected',
    'The cipher suite TLS_CECPQ1_RSA_WITH_CHACHA20_POLY1305_SHA256 exchanges keys by CECPQ1, a post-quantum KEM beside a classical exchange: an experiment that no standard took up.',
  ],
  [
    'TLS 1.2, ECDHE_SIKE',
    'negotiated hybrid classical none hybrid-selected',
    'The cipher suite TLS_ECDHE_SIKE_RSA_WITH_AES_256_GCM_SHA384 exchanges keys by ECDHE_SIKE, a post-quantum KEM beside a classical exchange: an experiment whose post-quantum part is broken and protects nothing.',
  ],
  [
    'TLS 1.2, an unknown cipher suite',
    'negotiated unknown classical none tls12-or-older',
    'The server agreed on TLSv1.2 with the cipher suite unknown (0xbeef), which does not tell how keys are exchanged.',
  ],
  [
    'TLS 1.2, resumed by session id',
    'negotiated psk hybrid hybrid resumed',
    'An earlier TLSv1.2 session was resumed: its key exchange is not in this handshake, and TLSv1.2 has no post-quantum groups.',
  ],
  [
    'TLS 1.2, resumed by ticket',
    'negotiated psk classical none resumed',
    'An earlier TLSv1.2 session was resumed: its key exchange is not in this handshake, and TLSv1.2 has no post-quantum groups.',
  ],
  [
    'SSLv3, RSA',
    'negotiated classical none none tls12-or-older',
    'The server agreed on SSLv3, which has no post-quantum groups: TLS_RSA_WITH_AES_256_CBC_SHA by RSA.',
  ],
  [
    'an SSLv2-compatible hello, TLS 1.0',
    'negotiated classical none none tls12-or-older',
    'The server agreed on TLSv1, which has no post-quantum groups: TLS_RSA_WITH_AES_256_CBC_SHA by RSA.',
  ],
  [
    'an SSLv2-compatible hello in segments of 20 bytes, TLS 1.0',
    'negotiated classical none none tls12-or-older',
    'The server agreed on TLSv1, which has no post-quantum groups: TLS_RSA_WITH_AES_256_CBC_SHA by RSA.',
  ],
  [
    'TLCP',
    'negotiated classical none none tls12-or-older',
    'The server agreed on unknown (0x0101), which has no post-quantum groups: ECC_SM4_CBC_SM3 by SM2.',
  ],
  [
    'an alert of the server',
    'rejected - hybrid hybrid alert-before-server-hello',
    'The server sent the alert handshake_failure (40) in frame 5 in place of a ServerHello.',
  ],
  [
    'an alert of the client',
    'rejected - hybrid hybrid alert-before-server-hello',
    'The client sent the alert internal_error (80) in frame 4 before a ServerHello.',
  ],
  ['a warning of the server, then a ServerHello', 'negotiated hybrid hybrid hybrid hybrid-selected', HYBRID],
  [
    'a warning of the server, then nothing',
    'unanswered - hybrid hybrid no-answer',
    'The server sent the alert unrecognized_name (112) in frame 5, level warning, and no ServerHello after it.',
    'capture-ended',
  ],
  [
    'FIN of the server',
    'rejected - hybrid hybrid closed-before-server-hello',
    'The server closed the connection (FIN) before a ServerHello.',
  ],
  [
    'FIN of the server, then an alert of the client',
    'rejected - hybrid hybrid closed-before-server-hello',
    'The server closed the connection (FIN) before a ServerHello, and the client then sent the alert decode_error (50) in frame 7.',
  ],
  [
    'FIN of the server in front of the ClientHello',
    'rejected - hybrid hybrid closed-before-server-hello',
    'The server closed the connection (FIN) before a ServerHello, and the client then sent the alert decode_error (50) in frame 6.',
  ],
  [
    'a busy signal and FIN of the server in front of the ClientHello',
    'rejected - hybrid hybrid closed-before-server-hello',
    'The server closed the connection (FIN) before a ServerHello.',
  ],
  [
    'a warning and FIN of the server, then an alert of the client',
    'rejected - hybrid hybrid alert-before-server-hello',
    'The server sent the alert unrecognized_name (112) in frame 5 in place of a ServerHello.',
  ],
  [
    'FIN of the client',
    'rejected - hybrid hybrid closed-before-server-hello',
    'The client closed the connection (FIN) before a ServerHello.',
  ],
  [
    'RST of the server',
    'rejected - hybrid hybrid closed-before-server-hello',
    'The server closed the connection (RST) before a ServerHello.',
  ],
  [
    'RST of the client',
    'rejected - hybrid hybrid closed-before-server-hello',
    'The client closed the connection (RST) before a ServerHello.',
  ],
  [
    'a ClientHello that its client broke off',
    'incomplete - - - missing-bytes',
    'The client sent only 995 of 1405 bytes of the ClientHello and closed the connection (FIN).',
    'client-hello-cut',
  ],
  [
    'a plain HTTP answer',
    'rejected - hybrid hybrid closed-before-server-hello',
    'The server answered the ClientHello with 47 bytes that are not a TLS record, and the client closed the connection (FIN).',
    'not-tls',
  ],
  [
    'a plain HTTP answer, still open',
    'unanswered - hybrid hybrid no-answer',
    'The server answered the ClientHello with 28 bytes that are not a TLS record.',
    'not-tls',
    'capture-ended',
  ],
  [
    'no answer',
    'unanswered - hybrid hybrid no-answer',
    'No answer to the ClientHello came in the 1 ms until the end of the capture.',
    'capture-ended',
  ],
  [
    'the server alone',
    'negotiated hybrid - - hybrid-selected',
    'The server selected X25519MLKEM768 (0x11ec), a hybrid of ML-KEM-768 and X25519, with a server key share of 1120 bytes.',
    'client-hello-not-seen',
  ],
  [
    'the client alone',
    'incomplete - hybrid hybrid one-direction',
    'The capture holds only what the client sent: what was agreed on cannot be known.',
  ],
  [
    'the client alone, which ends with an alert',
    'incomplete - hybrid hybrid one-direction',
    'The capture holds only what the client sent: what was agreed on cannot be known.',
  ],
  [
    'the second ClientHello, the HelloRetryRequest lost',
    'negotiated hybrid hybrid classical hybrid-after-retry',
    'The server asked for a second ClientHello with a HelloRetryRequest that was not captured and then selected X25519MLKEM768 (0x11ec), a hybrid of ML-KEM-768 and X25519, with key shares of 1216 and 1120 bytes.',
    'retry-not-seen',
    'gap',
  ],
]

describe('judge', () => {
  it('is tried with every connection of the list', () => {
    expect(VERDICTS.map(([name]) => name)).toEqual(Object.keys(handshakes))
  })

  it.each(VERDICTS)('says of %s: %s', async (name, words, explanation, ...notes) => {
    const make = handshakes[name] as NonNullable<(typeof handshakes)[string]>
    const handshake = await onlyHandshake(make())
    const { explanation: said, outcome, label, offer, keyShareOffer, reason } = handshake.verdict
    expect([outcome, label, offer, keyShareOffer, reason].map((word) => word ?? '-').join(' ')).toBe(words)
    expect(said).toBe(explanation)
    expect(noteCodes(handshake)).toEqual(notes)
    expect(handshake.negotiated === null).toBe(outcome !== 'negotiated')
  })

  it('says that a code point was used for several groups, and that its share does not tell which', async () => {
    const make = handshakes['TLS 1.3, code point 0xfe32 with a share of no known length'] as () => never
    const names = 'P256Kyber768Draft00 and CECPQ2b and p521_frodo1344shake'
    expect((await onlyHandshake(make())).notes.map(({ message }) => message)).toEqual([
      `offered code point 0xfe32 has been used for ${names}: the key share's 77 bytes do not tell which`,
      `code point 0xfe32 has been used for ${names}: the share's 78 bytes do not tell which`,
    ])
  })

  it('names a code point of several groups by the key shares of the handshake, wherever it stands', async () => {
    const frodo = 0x0200
    const record = (message: Uint8Array) => tls.record(22, message)
    const hello = (share: tls.Share) =>
      record(tls.hybridClientHello({ supportedGroups: [frodo, tls.X25519], keyShares: [share] }))
    const end = [tls.applicationData(900), tls.applicationData(53)] as const
    const retried = new Connection().open().client(hello([tls.X25519, 32]))
    retried.server(record(tls.helloRetryRequest({ group: frodo }))).client(hello([frodo, 9616]))
    retried.server(join(record(tls.serverHello13(frodo, 9720)), end[0])).client(end[1])
    const { clientHello, helloRetryRequest, negotiated } = await onlyHandshake(retried.packets)
    const names = [clientHello?.supportedGroups[0], helloRetryRequest?.group, negotiated?.group]
    expect(names.map((group) => group?.name)).toEqual(['frodo640aes', 'frodo640aes', 'frodo640aes'])

    const passedOver = new Connection().open().client(hello([frodo, 9616]))
    passedOver.server(join(record(tls.serverHello13(tls.X25519, 32)), end[0])).client(end[1])
    expect((await onlyHandshake(passedOver.packets)).verdict.explanation).toMatch(
      /^The client offered frodo640aes, but/,
    )
  })

  it('says of a ClientHello that was broken off that the client did so', async () => {
    const make = handshakes['a ClientHello that its client broke off'] as () => never
    const { notes } = await onlyHandshake(make())
    expect(notes[0]?.message).toBe('the client sent only 995 of 1405 bytes of the ClientHello')
  })

  it('does not miss a HelloRetryRequest that was captured after both hellos', async () => {
    const make = handshakes['TLS 1.3, retried to hybrid'] as NonNullable<(typeof handshakes)[string]>
    const packets = [...make()]
    const second = packets.findIndex(({ bytes }, i) => i > 3 && bytes.length > 1000)
    const [retry] = packets.splice(4, 1)
    if (retry !== undefined) packets.splice(second, 0, retry)
    const { helloRetryRequest, secondClientHello, notes } = await onlyHandshake(packets)
    expect([helloRetryRequest?.frame, secondClientHello?.frame]).toEqual([6, 5])
    expect(noteCodes({ notes })).not.toContain('retry-not-seen')
  })
})

describe('the ends of a connection', () => {
  it.each([
    ['lower', false, '192.0.2.1', '198.51.100.2'],
    ['higher', true, '2001:db8::c', '2001:db8::5'],
  ])('are told apart where the client has the %s address', async (_, ipv6, client, server) => {
    const connection = new Connection({ ipv6 }).open().client(tls.record(22, tls.hybridClientHello()))
    const handshake = await onlyHandshake(connection.server(tls.alert(2, 40)).packets)
    expect(handshake.client).toEqual({ address: client, port: 50_000 })
    expect(handshake.server).toEqual({ address: server, port: 443 })
    expect(handshake.alerts[0]?.from).toBe('server')
  })
})
