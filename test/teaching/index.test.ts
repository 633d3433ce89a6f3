import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CIPHER_SUITE_ROWS } from '../../src/registry/cipher-suite-rows.js'
import { keyShareOf, namedGroup } from '../../src/registry/groups.js'
import { type Language, lessons } from '../../src/teaching/index.js'
import { LESSON_VALUES } from '../../src/teaching/lesson.js'
import type { Group, HandshakeRecord, Label, Note, PqcapRecord, Reason } from '../../src/verdict/record.js'
import {
  classicalRecord,
  handshakeRecord,
  hello,
  incompleteRecord,
  negotiated,
  rejectedRecord,
  retriedRecord,
  serverHello,
  tls12Record,
  verdict,
} from '../support/records.js'

const LANGUAGES: readonly Language[] = ['en', 'ja']

function keys(record: HandshakeRecord): string {
  return lessons(record, 'en')
    .map(({ key }) => key)
    .join(' ')
}

function textOf(record: HandshakeRecord, key: string, language: Language = 'en'): string {
  return lessons(record, language).find((lesson) => lesson.key === key)?.text ?? ''
}

const SAMPLES = new URL('../../samples/', import.meta.url)

/** The handshakes of a sample, as they are expected. */
function handshakesOf(name: string): HandshakeRecord[] {
  const records = JSON.parse(readFileSync(new URL(`${name}.expected.json`, SAMPLES), 'utf8')) as PqcapRecord[]
  return records.filter((record) => record.type === 'handshake')
}

const HYBRID = 'client-hello-grew hybrid observer-tls13 authentication-tls13 harvest-hybrid'
const HYBRID_UNNAMED = 'client-hello-grew hybrid observer-tls13-unnamed authentication-tls13 harvest-hybrid'
const HYBRID_LARGE = 'client-hello-one-large-segment hybrid observer-tls13 authentication-tls13 harvest-hybrid'
const HYBRID_PSK = 'client-hello-grew hybrid psk-with-share observer-tls13 authentication-psk harvest-hybrid'
const CLASSICAL = 'client-hello-small offer-none classical observer-tls13 authentication-tls13 harvest-classical'
const CHROMIUM = 'client-hello-grew grease encrypted-client-hello'
const CHOSEN = 'server-chose-classical classical'
const TLS12 = 'observer-tls12 authentication-tls12 harvest-classical'

/** For each sample the lessons of its handshakes; the same ones once. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'classical-secp256r1': [CLASSICAL],
  'classical-server-choice': [`client-hello-grew ${CHOSEN} observer-tls13 authentication-tls13 harvest-classical`],
  'classical-x25519': [CLASSICAL],
  'clients/botan-3.12': [
    'client-hello-small retry-for-share hybrid observer-tls13-unnamed authentication-tls13 harvest-hybrid',
  ],
  'clients/chromium-156-tls12-server': [`${CHROMIUM} tls12-offered-in-vain tls12 classical ${TLS12}`],
  'clients/chromium-156-x25519-server': [
    `${CHROMIUM} ${CHOSEN} observer-tls13 authentication-tls13 harvest-classical`,
    `${CHROMIUM} ${CHOSEN} psk-with-share observer-tls13 authentication-psk harvest-classical-psk`,
  ],
  'clients/curl-8.14-openssl-3.5': [HYBRID_UNNAMED],
  'clients/curl-8.22-nginx': [HYBRID],
  'clients/curl-openssl-3.0': [CLASSICAL.replace('observer-tls13', 'observer-tls13-unnamed')],
  'clients/firefox-153': [HYBRID_UNNAMED.replace('hybrid', 'encrypted-client-hello hybrid')],
  'clients/gnutls-3.8': [CLASSICAL],
  'clients/go-1.26': [HYBRID],
  'clients/go-1.26-tlsmlkem-0': [CLASSICAL],
  'clients/java-27': [HYBRID],
  'clients/node-26': [HYBRID],
  'clients/python-3.13': [HYBRID],
  'early-data': [HYBRID, HYBRID_PSK.replace('observer', 'early-data observer')],
  'external-psk': [HYBRID_PSK.replace('observer-tls13', 'observer-tls13-unnamed')],
  'grease-chromium': [`${CHROMIUM} hybrid observer-tls13 authentication-tls13 harvest-hybrid`],
  'http-connect': [HYBRID],
  'hybrid-client-certificate': [HYBRID],
  'hybrid-mldsa65-certificate': [HYBRID],
  'hybrid-secp256r1mlkem768': [HYBRID],
  'hybrid-secp384r1mlkem1024': [HYBRID],
  'hybrid-three-shared': [HYBRID],
  'hybrid-x25519mlkem768': [HYBRID],
  ipv6: [HYBRID],
  'linux-cooked-v2': [HYBRID_LARGE],
  lossy: [HYBRID],
  nanoseconds: [HYBRID_LARGE],
  'post-quantum-mlkem768': ['client-hello-grew post-quantum observer-tls13 authentication-tls13 harvest-post-quantum'],
  'rejected-group': ['client-hello-small offer-none rejected-alert-by-server'],
  'rejected-version': ['client-hello-very-small offer-none rejected-alert-by-server'],
  'resumed-tls12': [
    `client-hello-grew tls12-offered-in-vain tls12 classical ${TLS12}`,
    'client-hello-grew tls12-offered-in-vain tls12 resumed observer-tls12 harvest-resumed',
  ],
  'resumed-tls13': [HYBRID, HYBRID_PSK],
  'resumed-tls13-psk-only': [HYBRID, 'client-hello-grew psk-only observer-tls13 authentication-psk harvest-psk'],
  'retry-to-classical': [
    `client-hello-grew retry-for-share ${CHOSEN} observer-tls13 authentication-tls13 harvest-classical`,
  ],
  'retry-to-hybrid': ['client-hello-small retry-for-share hybrid observer-tls13 authentication-tls13 harvest-hybrid'],
  'secrets-block': [HYBRID_LARGE],
  'snap-length-96': ['incomplete-snap-length'],
  'starttls-postgres': [HYBRID],
  'starttls-smtp': [HYBRID],
  'tls12-dhe': [`client-hello-very-small offer-none tls12 classical ${TLS12}`],
  'tls12-rsa': [`client-hello-very-small offer-none tls12 classical-rsa ${TLS12}`],
  'tls12-secp256r1': [`client-hello-very-small offer-none tls12 classical ${TLS12}`],
  'tls12-server-only': [`client-hello-grew tls12-offered-in-vain tls12 classical ${TLS12}`],
  'tls12-x25519': [`client-hello-very-small offer-none tls12 classical ${TLS12}`],
  'two-interfaces': [HYBRID_LARGE],
  vxlan: [HYBRID],
}

describe('the samples', () => {
  test('are all of them here', () => {
    const paths = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
    const names = paths.filter((path) => path.endsWith('.expected.json')).map((path) => path.replaceAll('\\', '/'))
    expect(names.map((name) => name.replace('.expected.json', '')).sort()).toEqual(Object.keys(EXPECTED).sort())
  })

  test.each(Object.entries(EXPECTED))('%s teaches what it shows', (name, expected) => {
    expect([...new Set(handshakesOf(name).map(keys))]).toEqual(expected)
  })

  test('tell numbers that are in the record', () => {
    for (const record of Object.keys(EXPECTED).flatMap(handshakesOf)) {
      const known = new Set(JSON.stringify(record).match(/\d+/g))
      for (const lesson of lessons(record, 'en')) {
        const numbers = lesson.text
          .replace(record.serverName ?? '', '')
          .match(/(?<![\w.-])\d+(?= bytes| TCP segments)/g)
        // What any Ethernet packet has room for, and what an X25519MLKEM768 share would add.
        const general = lesson.key.startsWith('client-hello') ? ['1460', '1216'] : []
        const made = lesson.key.startsWith('client-hello') ? [String(shareBytes(record))] : []
        for (const number of numbers ?? []) expect([...known, ...general, ...made], lesson.text).toContain(number)
      }
    }
  })
})

/** What the post-quantum shares of the first hello have in sum. */
function shareBytes({ clientHello }: HandshakeRecord): number {
  const shares = clientHello?.keyShares ?? []
  return shares.filter(({ kind }) => kind === 'hybrid').reduce((sum, { bytes }) => sum + bytes, 0)
}

const [RETRIED, HYBRID_SAMPLE] = ['retry-to-hybrid', 'hybrid-three-shared'].map(
  (name) => handshakesOf(name)[0] as HandshakeRecord,
) as [HandshakeRecord, HandshakeRecord]

describe('the numbers', () => {
  test('of a hybrid are those of its parts', () => {
    for (const language of LANGUAGES) {
      const text = textOf(HYBRID_SAMPLE, 'hybrid', language)
      expect(text).toContain('1216 = ML-KEM-768 1184 + X25519 32')
      expect(text).toContain('1120 = ML-KEM-768 1088 + X25519 32')
    }
  })

  test('of a hello are its bytes, its shares and its segments', () => {
    for (const language of LANGUAGES) {
      const text = textOf(HYBRID_SAMPLE, 'client-hello-grew', language)
      expect(text).toContain('X25519MLKEM768 1216, SecP256r1MLKEM768 1249, SecP384r1MLKEM1024 1665')
      expect(text.match(/\d+/g)).toEqual(expect.arrayContaining(['4472', '4130', '4']))
    }
  })

  test('of a retry are what it cost', () => {
    for (const language of LANGUAGES) {
      expect(textOf(RETRIED, 'retry-for-share', language).match(/(?<!\w)\d+/g)).toEqual(
        expect.arrayContaining(['88', '1508']),
      )
    }
  })
})

/** A record of a TLS 1.3 handshake that selected a group, with the shares that the group has. */
function selected(id: number, clientBytes: number, serverBytes: number): HandshakeRecord {
  const share = keyShareOf(id, 'server', serverBytes)
  const label: Label = share.kind === 'unknown' ? 'unknown' : (share.kind as Label)
  const client = keyShareOf(id, 'client', clientBytes)
  return handshakeRecord({
    verdict: verdict(label, { reason: label === 'unknown' ? 'unknown-group' : 'hybrid-selected' }),
    negotiated: negotiated({ id, name: share.name, kind: share.kind, status: share.status }),
    clientHello: hello({ keyShares: [client] }),
    serverHello: serverHello({ keyShare: share }),
  })
}

function tls12Suite(
  name: string,
  keyExchange: string,
  label: Label,
  reason: Reason = 'tls12-or-older',
): HandshakeRecord {
  return tls12Record({
    verdict: verdict(label, { reason, offer: 'none' }),
    negotiated: negotiated(null, { version: 'TLSv1.2', cipherSuite: suiteNamed(name), keyExchange }),
  })
}

function suiteNamed(name: string): { id: number; name: string } {
  return { id: CIPHER_SUITE_ROWS.find((row) => row[1] === name)?.[0] ?? 0x1234, name }
}

/** A session of TLS 1.2 that was resumed with a cipher suite. */
function resumed(name: string): HandshakeRecord {
  return { ...tls12Suite(name, 'resumed', 'psk', 'resumed'), serverKeyExchange: null }
}

/** One with early data, and whether the server took the pre-shared key. */
function withEarlyData(record: HandshakeRecord, preSharedKey: boolean): HandshakeRecord {
  const { encryption } = record
  return {
    ...record,
    serverHello: serverHello({ preSharedKey }),
    encryption: { ...encryption, earlyDataFrame: 5 },
  }
}

function noted(code: string, frame?: number): Note {
  return { code, message: 'Made up for a test.', ...(frame === undefined ? {} : { frame }) }
}

/** A record whose server selected a group that tells no key exchange. */
function withGroup(group: Group, clientHello = hello()): HandshakeRecord {
  return handshakeRecord({
    clientHello,
    verdict: verdict('unknown', { reason: 'unknown-group', offer: 'hybrid' }),
    negotiated: negotiated(group, { keyExchange: group.name }),
  })
}

const ECDHE = suiteNamed('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256')

const REST = 'observer-tls13 authentication-tls13'
const HELLO = 'client-hello-grew'

const MADE: readonly (readonly [string, HandshakeRecord, string])[] = [
  [
    'an unseen ClientHello',
    classicalRecord({ clientHello: null, verdict: verdict('classical', { reason: 'offer-not-seen', offer: null }) }),
    `client-hello-not-seen classical ${REST} harvest-classical`,
  ],
  [
    'a ClientHello in very many segments',
    handshakeRecord({ clientHello: hello({ segments: 11 }) }),
    `client-hello-beyond-window hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'a ClientHello that a hybrid makes two packets of',
    rejectedRecord({ clientHello: hello({ bytes: 236, keyShares: [], segments: 1 }) }),
    'client-hello-small rejected-alert-by-server',
  ],
  [
    'a ClientHello that stays one packet with a hybrid',
    rejectedRecord({ clientHello: hello({ bytes: 235, keyShares: [], segments: 1 }) }),
    'client-hello-very-small rejected-alert-by-server',
  ],
  [
    'a small post-quantum ClientHello',
    handshakeRecord({ clientHello: hello({ bytes: 1455, segments: 1 }) }),
    `client-hello-one-segment hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'one byte more than fits',
    handshakeRecord({ clientHello: hello({ bytes: 1456, segments: 1 }) }),
    `client-hello-one-large-segment hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'a classical ClientHello in pieces',
    classicalRecord({ clientHello: hello({ keyShares: [], segments: 3 }) }),
    `client-hello-split server-chose-classical classical ${REST} harvest-classical`,
  ],
  ['the hybrid of the standard', selected(0x11ed, 1665, 1665), `${HELLO} hybrid ${REST} harvest-hybrid`],
  ['the Kyber draft', selected(0x6399, 1216, 1120), `${HELLO} hybrid obsolete-kyber ${REST} harvest-hybrid`],
  ['an ended experiment', selected(0x4138, 1170, 1170), `${HELLO} hybrid obsolete-experiment ${REST} harvest-hybrid`],
  [
    'a hybrid with an unknown order',
    selected(0x2fb6, 832, 800),
    `${HELLO} hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  ['SIKE in a hybrid', selected(0x2f1f, 395, 411), `${HELLO} broken-hybrid ${REST} harvest-broken-hybrid`],
  ['SIKE alone', selected(0x021f, 330, 346), `${HELLO} broken-post-quantum ${REST} harvest-broken-post-quantum`],
  ['ML-KEM alone', selected(0x0201, 1184, 1088), `${HELLO} post-quantum ${REST} harvest-post-quantum`],
  ['an unknown group', selected(0x1388, 32, 32), `unknown-group ${REST} harvest-unknown`],
  [
    'a number of private use',
    withGroup(namedGroup(0x01fd), hello({ supportedGroups: [namedGroup(0x1234), namedGroup(29)], keyShares: [] })),
    `client-hello-split reserved-group ${REST} harvest-unknown`,
  ],
  ['GREASE that was selected', withGroup(namedGroup(0x2a2a)), `${HELLO} grease-selected ${REST} harvest-unknown`],
  [
    'an unknown group that was offered',
    classicalRecord({
      verdict: verdict('classical', { reason: 'client-offered-no-post-quantum', offer: 'classical' }),
      clientHello: hello({ supportedGroups: [namedGroup(0x1234), namedGroup(29)], keyShares: [] }),
    }),
    `client-hello-split classical ${REST} harvest-classical`,
  ],
  [
    'a hybrid group in TLS 1.2',
    tls12Record({
      verdict: verdict('unknown', { reason: 'tls12-or-older' }),
      negotiated: negotiated(namedGroup(0x11ec), { version: 'TLSv1.2', cipherSuite: ECDHE }),
    }),
    'client-hello-split group-not-of-version observer-tls12 authentication-tls12 harvest-unknown',
  ],
  [
    'a hybrid offered by a client without TLS 1.3',
    tls12Record({
      verdict: verdict('classical', { reason: 'tls12-or-older' }),
      clientHello: hello({ supportedVersions: ['TLSv1.2'] }),
    }),
    `${HELLO} tls12-offered-without-tls13 tls12 classical observer-tls12 authentication-tls12 harvest-classical`,
  ],
  [
    'TLCP',
    tls12Record({
      verdict: verdict('classical', { reason: 'tls12-or-older', offer: 'none' }),
      negotiated: negotiated(null, {
        version: 'unknown (0x0101)',
        cipherSuite: suiteNamed('ECC_SM4_CBC_SM3'),
        keyExchange: 'SM2',
      }),
    }),
    'client-hello-split offer-none classical-other observer-tls12 harvest-unknown',
  ],
  [
    'early data that a server took up, or not: that cannot be seen',
    withEarlyData(handshakeRecord(), true),
    `${HELLO} hybrid-without-parts psk-with-share early-data observer-tls13 authentication-psk harvest-hybrid`,
  ],
  [
    'early data without the pre-shared key',
    withEarlyData(handshakeRecord(), false),
    `${HELLO} hybrid-without-parts early-data-not-taken ${REST} harvest-hybrid`,
  ],
  [
    'early data and a retry',
    withEarlyData(retriedRecord(), true),
    'client-hello-small retry-for-share hybrid-without-parts psk-with-share early-data-not-taken observer-tls13 authentication-psk harvest-hybrid',
  ],
  [
    'a cipher suite that does not encrypt',
    tls12Suite('TLS_RSA_WITH_NULL_SHA256', 'RSA', 'classical'),
    'client-hello-split offer-none tls12 classical-rsa observer-unencrypted authentication-tls12 harvest-unencrypted',
  ],
  [
    'one of TLS 1.3',
    handshakeRecord({
      negotiated: negotiated(namedGroup(0x11ec), { cipherSuite: suiteNamed('TLS_SHA256_SHA256') }),
    }),
    `${HELLO} hybrid-without-parts observer-unencrypted authentication-tls13 harvest-unencrypted`,
  ],
  [
    'a resumed session with Diffie-Hellman',
    resumed('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'),
    'client-hello-split offer-none tls12 resumed observer-tls12 harvest-resumed',
  ],
  [
    'a resumed session whose keys come from a pre-shared key',
    resumed('TLS_PSK_WITH_AES_128_CBC_SHA'),
    'client-hello-split offer-none tls12 resumed observer-tls12 harvest-unknown',
  ],
  [
    'a resumed session of a hybrid cipher suite',
    resumed('TLS_ECDHE_KYBER_RSA_WITH_AES_256_GCM_SHA384'),
    'client-hello-split offer-none tls12 resumed observer-tls12 harvest-unknown',
  ],
  [
    'a warning and nothing more',
    rejectedRecord({ verdict: verdict(null, { outcome: 'unanswered', reason: 'no-answer' }) }),
    `${HELLO} unanswered-after-alert`,
  ],
  [
    'a hybrid whose client share is missing',
    { ...selected(0x11ec, 1216, 1120), clientHello: null },
    `client-hello-not-seen hybrid-client-not-seen ${REST} harvest-hybrid`,
  ],
  [
    'ML-KEM whose client share is missing',
    { ...selected(0x0201, 1184, 1088), clientHello: null },
    `client-hello-not-seen post-quantum-client-not-seen ${REST} harvest-post-quantum`,
  ],
  [
    'a retry without its second ClientHello',
    retriedRecord({ secondClientHello: null }),
    `client-hello-small retry-for-share-half-seen hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'a retry that the client does not follow',
    retriedRecord({ secondClientHello: hello({ keyShares: [] }) }),
    `client-hello-small retry-for-share-ignored hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'a retry for a cookie',
    retriedRecord({ helloRetryRequest: { frame: 5, bytes: 60, group: null, cookie: true } }),
    `client-hello-small retry-for-cookie hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'a retry for nothing',
    retriedRecord({ helloRetryRequest: { frame: 5, bytes: 60, group: null, cookie: false } }),
    `client-hello-small retry-unexplained hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'a retry for what was shared',
    retriedRecord({ clientHello: hello() }),
    `${HELLO} retry-unexplained hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'a retry that was not captured',
    retriedRecord({ helloRetryRequest: null }),
    `client-hello-small retry-not-seen hybrid-without-parts ${REST} harvest-hybrid`,
  ],
  [
    'an unknown cipher suite',
    tls12Suite('unknown (0x1234)', 'unknown', 'unknown'),
    'client-hello-split offer-none unknown-cipher-suite observer-tls12 harvest-unknown',
  ],
  [
    'a hybrid cipher suite',
    tls12Suite('TLS_ECDHE_KYBER_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE_KYBER', 'hybrid', 'hybrid-selected'),
    'client-hello-split offer-none hybrid-cipher-suite observer-tls12 authentication-tls12 harvest-hybrid',
  ],
  [
    'a broken cipher suite',
    tls12Suite('TLS_ECDHE_SIKE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE_SIKE', 'hybrid', 'hybrid-selected'),
    'client-hello-split offer-none broken-hybrid observer-tls12 authentication-tls12 harvest-broken-hybrid',
  ],
  [
    'Kerberos',
    tls12Suite('TLS_KRB5_WITH_3DES_EDE_CBC_SHA', 'KRB5', 'classical'),
    'client-hello-split offer-none tls12 classical-other observer-tls12 harvest-unknown',
  ],
  [
    'Diffie-Hellman and a pre-shared key',
    tls12Suite('TLS_DHE_PSK_WITH_AES_128_CBC_SHA', 'DHE_PSK', 'classical'),
    'client-hello-split offer-none tls12 classical observer-tls12 harvest-classical-psk',
  ],
  [
    'RSA and a pre-shared key',
    tls12Suite('TLS_RSA_PSK_WITH_AES_128_CBC_SHA', 'RSA_PSK', 'classical'),
    'client-hello-split offer-none tls12 classical-other observer-tls12 harvest-classical-psk',
  ],
  [
    'anonymous Diffie-Hellman',
    tls12Suite('TLS_DH_anon_WITH_AES_128_CBC_SHA', 'DH_anon', 'classical'),
    'client-hello-split offer-none tls12 classical observer-tls12 harvest-classical',
  ],
  [
    'a pre-shared key of TLS 1.2',
    tls12Suite('TLS_PSK_WITH_AES_128_CBC_SHA', 'PSK', 'psk', 'psk-only'),
    'client-hello-split offer-none tls12 psk-only observer-tls12 authentication-psk harvest-psk',
  ],
  [
    'an unnamed server of TLS 1.2',
    tls12Record({ serverName: null }),
    'client-hello-split offer-none tls12 classical observer-tls12-unnamed authentication-tls12 harvest-classical',
  ],
  [
    'a capture that ends with the ServerHello',
    classicalRecord({ encryption: { ...classicalRecord().encryption, begins: 'not-seen' } }),
    `${HELLO} server-chose-classical classical observer-not-seen authentication-tls13 harvest-classical`,
  ],
  [
    'TLS 1.2 whose client does not take the certificate',
    tls12Record({
      encryption: { ...tls12Record().encryption, begins: 'not-seen' },
      alerts: [{ frame: 7, from: 'client', level: 'fatal', description: 'unknown_ca', id: 48 }],
    }),
    'client-hello-split offer-none tls12 classical observer-broken-off authentication-tls12 harvest-classical',
  ],
  [
    'a capture that ends behind the ServerKeyExchange',
    tls12Record({
      encryption: { ...tls12Record().encryption, begins: 'not-seen' },
      alerts: [{ frame: 5, from: 'server', level: 'warning', description: 'unrecognized_name', id: 112 }],
      certificate: { frame: 6, bytes: 900 },
    }),
    'client-hello-split offer-none tls12 classical observer-not-reached authentication-tls12 harvest-classical',
  ],
  [
    'a capture that ends with the ServerHello of TLS 1.2',
    tls12Record({
      encryption: { ...tls12Record().encryption, begins: 'not-seen', plaintextAfterServerHello: 0 },
      serverKeyExchange: null,
      certificate: null,
    }),
    'client-hello-split offer-none tls12 classical observer-not-seen authentication-tls12 harvest-classical',
  ],
  [
    'a clear message in TLS 1.3',
    handshakeRecord({ encryption: { ...handshakeRecord().encryption, begins: 'plaintext' } }),
    `${HELLO} hybrid-without-parts observer-plaintext`,
  ],
  [
    'a ServerHello without a key',
    handshakeRecord({
      verdict: verdict('unknown', { reason: 'malformed' }),
      serverHello: serverHello({ keyShare: null }),
    }),
    `${HELLO} malformed ${REST} harvest-unknown`,
  ],
  ['a refusal', rejectedRecord(), `${HELLO} rejected-alert-by-server`],
  [
    'a client that breaks off',
    rejectedRecord({ alerts: [{ frame: 6, from: 'client', level: 'fatal', description: 'decode_error', id: 50 }] }),
    `${HELLO} rejected-alert-by-client`,
  ],
  [
    'a closed connection',
    rejectedRecord({
      verdict: verdict(null, { outcome: 'rejected', reason: 'closed-before-server-hello' }),
      alerts: [],
    }),
    `${HELLO} rejected-closed`,
  ],
  [
    'another protocol',
    rejectedRecord({
      verdict: verdict(null, { outcome: 'rejected', reason: 'closed-before-server-hello' }),
      notes: [noted('not-tls', 9)],
    }),
    `${HELLO} not-tls`,
  ],
  [
    'another protocol before TLS',
    rejectedRecord({ notes: [noted('not-tls', 2)] }),
    `${HELLO} rejected-alert-by-server`,
  ],
  [
    'no answer',
    rejectedRecord({ verdict: verdict(null, { outcome: 'unanswered', reason: 'no-answer' }), alerts: [] }),
    `${HELLO} unanswered`,
  ],
  ['one direction', incompleteRecord(), `${HELLO} incomplete-one-direction`],
  ['a gap', incompleteRecord({ verdict: verdict(null), notes: [noted('gap', 7)] }), `${HELLO} incomplete-missing`],
  [
    'a snap length',
    incompleteRecord({ verdict: verdict(null), notes: [noted('snap-length', 7)] }),
    `${HELLO} incomplete-snap-length`,
  ],
  [
    'a ServerHello that breaks off',
    incompleteRecord({ verdict: verdict(null, { reason: 'malformed' }) }),
    `${HELLO} malformed`,
  ],
]

describe('what samples do not show', () => {
  test.each(MADE)('%s', (_, record, expected) => {
    expect(keys(record)).toBe(expected)
  })

  test('lets no lesson go untold', () => {
    const records = [...MADE.map(([, record]) => record), ...Object.keys(EXPECTED).flatMap(handshakesOf)]
    const told = new Set<string>(records.flatMap((record) => lessons(record, 'en').map(({ key }) => key)))
    expect(Object.keys(LESSON_VALUES).filter((key) => !told.has(key))).toEqual([])
  })

  test('an inner ClientHello may offer more than is seen', () => {
    const record = classicalRecord({ verdict: verdict('classical', { offer: 'classical' }) })
    expect(keys(record)).toContain('offer-none')
    const hidden = { ...record, clientHello: hello({ encryptedClientHello: true }) }
    expect(keys(hidden)).not.toContain('offer-none')
  })

  test('a GREASE value is told wherever it is', () => {
    for (const list of [
      { cipherSuites: [0x1301, 0x3a3a] },
      { extensions: [0x3a3a] },
      { supportedGroups: [namedGroup(0x3a3a)] },
    ]) {
      expect(textOf(handshakeRecord({ clientHello: hello(list) }), 'grease')).toContain('0x3a3a')
    }
  })

  test('a hostile server name is shown safely, and is no placeholder', () => {
    const record = handshakeRecord({ serverName: `\u001b[2J{version}{bytes}${'a'.repeat(10_000)}` })
    const text = textOf(record, 'observer-tls13')
    expect(text).toContain('\\x1b[2J{version}{bytes}aaa')
    expect(text.length).toBeLessThan(900)
  })

  test('a hello of a thousand shares is not listed whole', () => {
    const shares = Array.from({ length: 1024 }, () => keyShareOf(0x11ec, 'client', 1216))
    const record = handshakeRecord({ clientHello: hello({ keyShares: shares }) })
    expect(textOf(record, 'client-hello-grew')).toContain('(X25519MLKEM768 1216, X25519MLKEM768 1216, ')
    expect(textOf(record, 'client-hello-grew').length).toBeLessThan(800)
  })
})

/** Sentences that say a session withstands a quantum computer, in either language. */
const PROTECTED =
  /stays confidential|safe while either|safe as long as that holds|機密性は守られ|安全性は保たれ|安全性は耐量子 KEM/

const records = fc
  .record({
    base: fc.constantFrom(...MADE.map(([, record]) => record), RETRIED, HYBRID_SAMPLE),
    label: fc.constantFrom<Label | null>('hybrid', 'post-quantum', 'classical', 'psk', 'unknown', null),
    reason: fc.constantFrom<Reason>(
      'resumed',
      'psk-only',
      'server-chose-classical',
      'tls12-or-older',
      'unknown-group',
      'malformed',
    ),
    version: fc.constantFrom('TLSv1.3', 'TLSv1.3-draft23', 'TLSv1.2', 'SSLv3'),
    id: fc.nat(0xffff),
    bytes: fc.nat(0xffff),
    preSharedKey: fc.boolean(),
    hellos: fc.boolean(),
    serverName: fc.option(fc.string()),
  })
  .map(({ base, label, reason, version, id, bytes, preSharedKey, hellos, serverName }): HandshakeRecord => {
    const share = keyShareOf(id, 'server', bytes)
    return {
      ...base,
      serverName,
      verdict: verdict(label, { reason }),
      negotiated: label === null ? null : negotiated(id % 3 === 0 ? null : namedGroup(id), { version }),
      serverHello: label === null ? null : serverHello({ keyShare: id % 5 === 0 ? null : share, preSharedKey }),
      clientHello: hellos ? hello({ keyShares: [keyShareOf(id, 'client', bytes)] }) : null,
    }
  })

describe('whatever the record', () => {
  test('both languages teach the same, with every value filled in', () => {
    fc.assert(
      fc.property(records, (record) => {
        const [english, japanese] = LANGUAGES.map((language) => lessons(record, language))
        expect(japanese?.map(({ key }) => key)).toEqual(english?.map(({ key }) => key))
        expect(new Set(english?.map(({ key }) => key)).size).toBe(english?.length)
        for (const { text } of [...(english ?? []), ...(japanese ?? [])]) {
          expect(text.replace(record.serverName ?? '', '')).not.toMatch(/\{[a-zA-Z]+\}|undefined|NaN|null/)
        }
      }),
    )
  })

  test('no lesson says of a session that it withstands a quantum computer, unless its label does', () => {
    fc.assert(
      fc.property(records, fc.constantFrom(...LANGUAGES), (record, language) => {
        const { label } = record.verdict
        const broken = record.negotiated?.group?.status === 'broken'
        if ((label === 'hybrid' || label === 'post-quantum') && !broken) return
        for (const { text } of lessons(record, language)) expect(text).not.toMatch(PROTECTED)
      }),
    )
  })
})
