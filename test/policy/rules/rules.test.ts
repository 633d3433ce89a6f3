import { describe, expect, test } from 'vitest'
import { RULES } from '../../../src/policy/rules/index.js'
import type { HandshakeRecord, Note } from '../../../src/verdict/record.js'
import { evaluatorFor, failuresOf } from '../../support/policies.js'
import {
  captureRecord,
  classicalRecord,
  handshakeRecord,
  hello,
  incompleteRecord,
  KYBER_DRAFT,
  keyShare,
  negotiated,
  rejectedRecord,
  retriedRecord,
  SECP256R1,
  serverHello,
  tls12Record,
  verdict,
  X25519,
  X25519MLKEM768,
} from '../../support/records.js'

/** A TLS 1.3 handshake of which the capture holds the server's side alone. */
const withoutHello = (overrides: Partial<HandshakeRecord> = {}): HandshakeRecord =>
  handshakeRecord({ clientHello: null, ...overrides })
const withNote = (note: Note & { severity?: string; section?: string }): HandshakeRecord =>
  handshakeRecord({ notes: [note] })
const kyber = handshakeRecord({
  negotiated: negotiated(KYBER_DRAFT),
  clientHello: hello({ supportedGroups: [KYBER_DRAFT, X25519], keyShares: [keyShare(KYBER_DRAFT, 1216)] }),
})
const encryption = (begins: HandshakeRecord['encryption']['begins']): HandshakeRecord =>
  handshakeRecord({ encryption: { ...handshakeRecord().encryption, begins, serverFrame: null } })
const integrityAlone = handshakeRecord({
  negotiated: negotiated(X25519MLKEM768, { cipherSuite: { id: 0xc0b4, name: 'TLS_SHA256_SHA256' } }),
})
const cost = (changes: Partial<HandshakeRecord['cost']>): HandshakeRecord =>
  handshakeRecord({ cost: { ...handshakeRecord().cost, ...changes } })
const rsa = tls12Record({
  serverKeyExchange: null,
  negotiated: negotiated(null, {
    version: 'TLSv1.2',
    keyExchange: 'RSA',
    cipherSuite: { id: 0x9c, name: 'TLS_RSA_WITH_AES_128_GCM_SHA256' },
  }),
})
const ecdheUnseen = tls12Record({
  serverKeyExchange: null,
  negotiated: negotiated(null, { version: 'TLSv1.2', keyExchange: 'ECDHE' }),
})
const draft23 = handshakeRecord({ negotiated: negotiated(X25519MLKEM768, { version: 'TLSv1.3-draft23' }) })
const unknownVersion = handshakeRecord({ negotiated: negotiated(null, { version: 'unknown (0x7e02)' }) })
const psk = handshakeRecord({ verdict: verdict('psk', { reason: 'psk-only' }), negotiated: negotiated(null) })

const notAgreed = (rule: string): string =>
  `incomplete: What was agreed on cannot be known, for rule ${rule}. Made up for a test.`

/** Every rule: what passes, what fails and with which words, and what cannot be told and is for the rule incomplete. */
const CASES: readonly (readonly [rule: string, setting: string, record: HandshakeRecord, expected: string | null])[] = [
  ['incomplete', 'error', handshakeRecord(), null],
  ['incomplete', 'error', incompleteRecord(), 'incomplete: What was agreed on cannot be known. Made up for a test.'],
  ['incomplete', 'off', incompleteRecord(), null],

  ['outcome', '[negotiated]', handshakeRecord(), null],
  ['outcome', '[negotiated]', rejectedRecord(), 'outcome: The handshake was rejected: Made up for a test.'],
  ['outcome', '[negotiated, rejected]', rejectedRecord(), null],
  [
    'outcome',
    '[negotiated]',
    incompleteRecord(),
    'incomplete: What was agreed on cannot be known, for rule outcome. Made up for a test.',
  ],

  ['label', '[hybrid]', handshakeRecord(), null],
  [
    'label',
    '[hybrid, post-quantum]',
    classicalRecord(),
    'label: The label is classical; allowed: hybrid and post-quantum. Made up for a test.',
  ],
  ['label', '[hybrid]', rejectedRecord(), null],

  ['tls-version', 'TLSv1.3', handshakeRecord(), null],
  ['tls-version', '1.2', tls12Record(), null],
  ['tls-version', 'TLSv1.3', tls12Record(), 'tls-version: The version is TLSv1.2; the minimum is TLSv1.3.'],
  ['tls-version', 'TLSv1.3', draft23, 'tls-version: The version is TLSv1.3-draft23; the minimum is TLSv1.3.'],
  ['tls-version', 'TLSv1.2', draft23, null],
  ['tls-version', 'TLSv1', unknownVersion, 'tls-version: The version is unknown (0x7e02); the minimum is TLSv1.'],
  ['tls-version', '{ allowed: [TLSv1.3] }', tls12Record(), 'tls-version: The version is TLSv1.2; allowed: TLSv1.3.'],

  ['groups', '[X25519MLKEM768]', handshakeRecord(), null],
  ['groups', '[4588]', handshakeRecord(), null],
  ['groups', '[x25519_mlkem768]', handshakeRecord(), null],
  [
    'groups',
    '[X25519MLKEM768]',
    classicalRecord(),
    'groups: The selected group is x25519 (0x001d); allowed: X25519MLKEM768.',
  ],
  [
    'groups',
    '{ denied: [P-256] }',
    tls12Record(),
    'groups: The selected group is secp256r1 (0x0017); denied: secp256r1.',
  ],
  ['groups', '{ denied: [x25519] }', handshakeRecord(), null],
  ['groups', '[x25519]', rsa, 'groups: The key exchange is RSA, of no named group; allowed: x25519.'],
  ['groups', '{ denied: [x25519] }', rsa, null],
  ['groups', '[x25519]', ecdheUnseen, 'incomplete: Not seen: the ServerKeyExchange, for rule groups.'],
  ['groups', '[x25519]', psk, null],

  ['group-status', '[obsolete]', handshakeRecord(), null],
  [
    'group-status',
    '[obsolete]',
    kyber,
    'group-status: The server selected X25519Kyber768Draft00 (0x6399), which is obsolete.',
  ],
  [
    'group-status',
    '{ in: [shared] }',
    kyber,
    'group-status: The client sent a key share for X25519Kyber768Draft00 (0x6399), which is obsolete.',
  ],
  [
    'group-status',
    '{ in: [offered] }',
    kyber,
    'group-status: The client offered X25519Kyber768Draft00 (0x6399), which is obsolete.',
  ],
  ['group-status', '{ in: [offered], kinds: [classical] }', kyber, null],
  [
    'group-status',
    '{ in: [offered] }',
    withNote({ code: 'list-cut', message: 'm', frame: 4 }),
    'incomplete: Not seen: the whole ClientHello, for rule group-status.',
  ],
  ['group-status', '{ in: [selected] }', withNote({ code: 'list-cut', message: 'm', frame: 4 }), null],
  [
    'group-status',
    '{ in: [offered] }',
    retriedRecord({ secondClientHello: hello({ frame: 8, supportedGroups: [X25519MLKEM768, KYBER_DRAFT] }) }),
    'group-status: The client offered X25519Kyber768Draft00 (0x6399), which is obsolete.',
  ],
  [
    'group-status',
    '{ in: [offered] }',
    withoutHello(),
    'incomplete: Not seen: the ClientHello, for rule group-status.',
  ],
  [
    'group-status',
    '{ in: [offered] }',
    handshakeRecord({
      clientHello: hello({
        supportedGroups: [{ id: 0x2a2a, name: 'GREASE (0x2a2a)', kind: 'grease', status: 'unassigned' }],
      }),
    }),
    null,
  ],

  ['cipher-suite', '[TLS_AES_128_GCM_SHA256]', handshakeRecord(), null],
  [
    'cipher-suite',
    '[TLS_AES_256_GCM_SHA384]',
    handshakeRecord(),
    'cipher-suite: The cipher suite is TLS_AES_128_GCM_SHA256 (0x1301); allowed: TLS_AES_256_GCM_SHA384.',
  ],
  [
    'cipher-suite',
    "{ denied: ['TLS_RSA_*'] }",
    rsa,
    'cipher-suite: The cipher suite is TLS_RSA_WITH_AES_128_GCM_SHA256 (0x009c); denied: TLS_RSA_*.',
  ],
  ['cipher-suite', "{ denied: ['TLS_RSA_*'] }", tls12Record(), null],
  ['cipher-suite', '[0x1301]', handshakeRecord(), null],

  [
    'encryption',
    '[after-server-hello]',
    integrityAlone,
    'encryption: The cipher suite TLS_SHA256_SHA256 encrypts nothing; allowed: after-server-hello.',
  ],
  ['encryption', '[after-server-hello, plaintext]', integrityAlone, null],
  ['encryption', '[after-server-hello]', handshakeRecord(), null],
  [
    'encryption',
    '[after-server-hello]',
    tls12Record(),
    'encryption: Encryption begins after ChangeCipherSpec; allowed: after-server-hello.',
  ],
  [
    'encryption',
    '[after-server-hello]',
    encryption('plaintext'),
    'encryption: A handshake message in the clear follows the ServerHello; allowed: after-server-hello.',
  ],
  [
    'encryption',
    '[after-server-hello]',
    encryption('not-seen'),
    'incomplete: Not seen: where encryption begins, for rule encryption.',
  ],

  ['offer', '[X25519MLKEM768]', handshakeRecord(), null],
  ['offer', '[MLKEM1024]', handshakeRecord(), 'offer: The client does not offer MLKEM1024.'],
  ['offer', '{ any-of: [MLKEM1024, P-256] }', handshakeRecord(), null],
  [
    'offer',
    '{ any-of: [MLKEM1024, MLKEM512] }',
    handshakeRecord(),
    'offer: The client does not offer any of MLKEM1024 and MLKEM512.',
  ],
  [
    'offer',
    '{ denied: [x25519] }',
    handshakeRecord(),
    'offer: The client offers x25519 (0x001d), which the policy denies.',
  ],
  [
    'offer',
    '{ kinds: [hybrid] }',
    tls12Record(),
    'offer: The strongest group that the client offers is classical; it must be hybrid.',
  ],
  [
    'offer',
    '[X25519MLKEM768]',
    rejectedRecord({ clientHello: hello({ supportedGroups: [X25519] }) }),
    'offer: The client does not offer X25519MLKEM768.',
  ],
  ['offer', '[X25519MLKEM768]', withoutHello({ secondClientHello: hello({ frame: 7 }) }), null],
  [
    'offer',
    '{ kinds: [hybrid, post-quantum] }',
    rejectedRecord({ verdict: verdict(null, { outcome: 'rejected', offer: 'none' }) }),
    'offer: The client does not offer any group that is known; at least one must be hybrid or post-quantum.',
  ],
  ['offer', '{ kinds: [hybrid] }', withNote({ code: 'list-cut', message: 'm', frame: 4 }), null],
  ['offer', '[X25519MLKEM768]', withoutHello(), 'incomplete: Not seen: the ClientHello, for rule offer.'],
  [
    'offer',
    '{ denied: [MLKEM1024] }',
    withNote({ code: 'list-cut', message: 'm', frame: 4 }),
    'incomplete: Not seen: the whole ClientHello, for rule offer.',
  ],
  ['offer', '{ denied: [MLKEM1024] }', withNote({ code: 'list-cut', message: 'm', frame: 9 }), null],
  [
    'offer',
    '{ denied: [x25519] }',
    withNote({ code: 'malformed', message: 'm', frame: 4 }),
    'offer: The client offers x25519 (0x001d), which the policy denies.',
  ],
  [
    'key-shares',
    '{ denied: [MLKEM1024] }',
    withNote({ code: 'malformed', message: 'm', frame: 4 }),
    'incomplete: Not seen: the whole ClientHello, for rule key-shares.',
  ],
  [
    'offer',
    '[MLKEM1024]',
    withNote({ code: 'list-cut', message: 'm', frame: 4 }),
    'incomplete: Not seen: the whole ClientHello, for rule offer.',
  ],

  ['key-shares', '[X25519MLKEM768]', handshakeRecord(), null],
  ['key-shares', '[X25519MLKEM768]', retriedRecord(), 'key-shares: The client sends no key share for X25519MLKEM768.'],
  [
    'key-shares',
    '{ kinds: [hybrid] }',
    retriedRecord(),
    'key-shares: The strongest group that the client sends a key share for is classical; it must be hybrid.',
  ],
  ['key-shares', '[X25519MLKEM768]', withoutHello(), 'incomplete: Not seen: the ClientHello, for rule key-shares.'],

  [
    'groups',
    '[x25519]',
    handshakeRecord({
      negotiated: negotiated({ id: 0xfe77, name: 'unknown (0xfe77)', kind: 'unknown', status: 'private' }),
    }),
    'groups: The selected group is unknown (0xfe77); allowed: x25519.',
  ],

  ['key-share-validity', 'error', handshakeRecord(), null],
  [
    'key-share-validity',
    'error',
    withNote({
      code: 'key-share-length',
      message: "the client's key share of x25519 has 31 bytes, not 32",
      frame: 4,
      severity: 'error',
    }),
    "key-share-validity: The client's key share of x25519 has 31 bytes, not 32.",
  ],
  ['key-share-validity', 'error', withNote({ code: 'x', message: 'odd', severity: 'warning' }), null],
  [
    'key-share-validity',
    '{ level: warning }',
    withNote({ code: 'x', message: 'odd', severity: 'warning', section: 'FIPS 203 §7.2' }),
    'key-share-validity: Odd (FIPS 203 §7.2).',
  ],
  ['key-share-validity', 'error', withNote({ code: 'gap', message: 'm' }), null],
  ['key-share-validity', 'error', withNote({ code: 'list-cut', message: 'm', frame: 4 }), null],
  [
    'key-share-validity',
    'error',
    withNote({ code: 'malformed', message: 'm', frame: 4 }),
    'incomplete: Not seen: the whole ClientHello, for rule key-share-validity.',
  ],
  ['key-share-validity', 'error', withNote({ code: 'malformed', message: 'm', frame: 6 }), null],
  [
    'key-share-validity',
    'error',
    withNote({ code: 'key-shares-unchecked', message: 'm', frame: 4, severity: 'info' }),
    'incomplete: Not seen: the bytes of every key share, for rule key-share-validity.',
  ],
  [
    'key-share-validity',
    '{ level: info }',
    withNote({ code: 'key-shares-unchecked', message: 'm', frame: 4, severity: 'info' }),
    'key-share-validity: M.',
  ],
  [
    'key-share-validity',
    'error',
    withoutHello(),
    'incomplete: Not seen: the ClientHello, for rule key-share-validity.',
  ],

  [
    'key-share-validity',
    'error',
    rejectedRecord({ clientHello: null }),
    'incomplete: Not seen: the ClientHello, for rule key-share-validity.',
  ],
  [
    'key-share-validity',
    'error',
    withNote({ code: 'second-client-hello-not-seen', message: 'm' }),
    'incomplete: Not seen: the second ClientHello, for rule key-share-validity.',
  ],
  [
    'key-share-validity',
    'error',
    ecdheUnseen,
    'incomplete: Not seen: the ServerKeyExchange, for rule key-share-validity.',
  ],
  ['key-share-validity', 'error', rsa, null],
  ['key-share-validity', 'error', incompleteRecord(), notAgreed('key-share-validity')],

  ['hello-retry-requests', 'error', handshakeRecord(), null],
  [
    'hello-retry-requests',
    'error',
    retriedRecord(),
    'hello-retry-requests: The server sent a HelloRetryRequest for X25519MLKEM768; allowed: 0.',
  ],
  ['hello-retry-requests', '1', retriedRecord(), null],
  [
    'hello-retry-requests',
    'error',
    withoutHello(),
    'incomplete: Not seen: the ClientHello, for rule hello-retry-requests.',
  ],
  [
    'hello-retry-requests',
    'error',
    retriedRecord({ helloRetryRequest: null }),
    'hello-retry-requests: The server sent a HelloRetryRequest, which is not in the capture; allowed: 0.',
  ],
  [
    'hello-retry-requests',
    'error',
    rejectedRecord({ clientHello: null }),
    'incomplete: Not seen: the ClientHello, for rule hello-retry-requests.',
  ],
  ['hello-retry-requests', '1', withoutHello(), null],
  ['hello-retry-requests', 'error', incompleteRecord(), notAgreed('hello-retry-requests')],
  ['hello-retry-requests', '1', incompleteRecord(), null],

  [
    'hello-retry-requests',
    'error',
    retriedRecord({ helloRetryRequest: { frame: 5, bytes: 88, group: null, cookie: true } }),
    'hello-retry-requests: The server sent a HelloRetryRequest, for a cookie; allowed: 0.',
  ],

  ['handshake-bytes', '5000', handshakeRecord(), null],
  ['handshake-bytes', '4025', handshakeRecord(), null],
  ['handshake-bytes', '{ client-max: 1615, server-max: 2410 }', handshakeRecord(), null],
  [
    'handshake-bytes',
    '{ server-max: 2409 }',
    handshakeRecord(),
    'handshake-bytes: In the handshake the server sent 2410 bytes, 2409 are allowed.',
  ],
  ['handshake-bytes', '5000', withoutHello(), 'incomplete: Not seen: the whole handshake, for rule handshake-bytes.'],
  [
    'handshake-bytes',
    '4000',
    handshakeRecord(),
    'handshake-bytes: In the handshake both sent 4025 bytes, 4000 are allowed.',
  ],
  [
    'handshake-bytes',
    '{ client-max: 1000, server-max: 9000 }',
    handshakeRecord(),
    'handshake-bytes: In the handshake the client sent 1615 bytes, 1000 are allowed.',
  ],
  [
    'handshake-bytes',
    '4000',
    cost({ complete: false }),
    'incomplete: Not seen: the whole handshake, for rule handshake-bytes.',
  ],
  [
    'handshake-bytes',
    '{ client-max: 1500, server-max: 1209, total-max: 9000 }',
    cost({ complete: false }),
    'handshake-bytes: In the handshake the client sent at least 1530 bytes, 1500 are allowed; the server sent at least 1210 bytes, 1209 are allowed.',
  ],
  [
    'handshake-bytes',
    '5000',
    cost({ complete: false }),
    'incomplete: Not seen: the whole handshake, for rule handshake-bytes.',
  ],

  ['round-trips', '1', handshakeRecord(), null],
  ['round-trips', '1', cost({ roundTrips: 2 }), 'round-trips: The handshake took 2 round trips; allowed: 1.'],
  ['round-trips', '1', withoutHello(), 'incomplete: Not seen: the ClientHello, for rule round-trips.'],

  // Nobody knows what was agreed on; what was offered is known.
  ['label', '[hybrid]', incompleteRecord(), notAgreed('label')],
  ['tls-version', 'TLSv1.2', incompleteRecord(), notAgreed('tls-version')],
  ['groups', '[x25519]', incompleteRecord(), notAgreed('groups')],
  ['group-status', 'error', incompleteRecord(), notAgreed('group-status')],
  ['group-status', '{ in: [offered] }', incompleteRecord(), null],
  ['cipher-suite', '[TLS_AES_128_GCM_SHA256]', incompleteRecord(), notAgreed('cipher-suite')],
  ['encryption', 'error', incompleteRecord(), notAgreed('encryption')],
  ['handshake-bytes', '4000', incompleteRecord(), notAgreed('handshake-bytes')],
  ['round-trips', '1', incompleteRecord(), notAgreed('round-trips')],
  ['offer', '[X25519MLKEM768]', incompleteRecord(), null],
  ['label', '[hybrid]', rejectedRecord(), null],
]

describe('the rule', () => {
  test.each(CASES)('%s: %s', async (rule, setting, record, expected) => {
    // A handshake that was rejected fails whatever else is asked.
    const rules = rule === 'outcome' ? '' : 'outcome: off, '
    expect(await failuresOf(`rules: { ${rules}${rule}: ${setting} }`, record)).toEqual(
      expected === null ? [] : [expected],
    )
  })

  test('is named in the cases above, whichever it is, with one that passes and one that fails', () => {
    const aboutHandshakes = RULES.filter(({ id, evaluate }) => evaluate !== null || id === 'incomplete')
    for (const { id } of aboutHandshakes) {
      const cases = CASES.filter(([rule]) => rule === id)
      expect(
        cases.some(([, , , expected]) => expected === null),
        id,
      ).toBe(true)
      expect(
        cases.some(([, , , expected]) => expected?.startsWith(`${id}:`)),
        id,
      ).toBe(true)
    }
  })

  test('outcome is on unless it is turned off: what agreed on nothing has not agreed on a hybrid group', async () => {
    const failures = await failuresOf('rules: { label: [hybrid] }', rejectedRecord())
    expect(failures).toEqual(['outcome: The handshake was rejected: Made up for a test.'])
  })

  test('incomplete tells once of all that was not seen, before any failure', async () => {
    const record = withoutHello({ negotiated: negotiated(SECP256R1), serverHello: serverHello() })
    const policy = 'rules: { groups: [x25519], offer: [x25519], round-trips: 1, encryption: error }'
    expect(await failuresOf(policy, record)).toEqual([
      'incomplete: Not seen: the ClientHello, for rules offer and round-trips.',
      'groups: The selected group is secp256r1 (0x0017); allowed: x25519.',
    ])
    expect(await failuresOf(`${policy.slice(0, -1)}, incomplete: off }`, record)).toHaveLength(1)
  })

  test('incomplete only warns where rules that only warn could not be decided', async () => {
    const severities = async (rules: string): Promise<unknown> =>
      (await evaluatorFor(`rules: { ${rules} }`)).handshake(withoutHello())?.failures.map(({ severity }) => severity)
    const offer = 'offer: { severity: warning, all-of: [x25519] }'
    expect(await severities(offer)).toEqual(['warning'])
    expect(await severities(`${offer}, round-trips: 1`)).toEqual(['error'])
    expect(await severities('round-trips: 1, incomplete: warning')).toEqual(['warning'])
    const ofIncomplete = async (rules: string): Promise<unknown> =>
      (await evaluatorFor(`rules: { ${rules} }`)).handshake(incompleteRecord())?.failures.map((one) => one.severity)
    const warned = 'label: { severity: warning, allowed: [hybrid] }, outcome: warning'
    expect(await ofIncomplete(warned)).toEqual(['warning'])
    expect(await ofIncomplete(`${warned}, tls-version: TLSv1.2`)).toEqual(['error'])
  })

  test('incomplete names the rules in question where nobody knows what was agreed on, too', async () => {
    expect(await failuresOf('rules: { label: [hybrid], offer: [x448] }', incompleteRecord())).toEqual([
      'incomplete: What was agreed on cannot be known, for rules outcome and label. Made up for a test.',
      'offer: The client does not offer x448.',
    ])
    const many = 'tls-version: TLSv1.2, groups: [x448], group-status: error, encryption: error, round-trips: 1'
    expect(await failuresOf(`rules: { label: [hybrid], ${many} }`, incompleteRecord())).toEqual([
      'incomplete: What was agreed on cannot be known, for rules outcome, label, tls-version, groups, group-status, encryption and round-trips. Made up for a test.',
    ])
  })

  test('key-share-validity tells of key shares that an earlier capture holds, too', async () => {
    const message = '1 key share was also sent in an earlier capture'
    const note = { code: 'key-share-reused', message, severity: 'warning', section: 'RFC 9846 §4.3.8' } as const
    const record = captureRecord({ notes: [note] })
    const strict = await evaluatorFor('rules: { key-share-validity: { severity: error, level: warning } }')
    expect(strict.capture(record)).toMatchObject([
      { rule: 'key-share-validity', severity: 'error', message: `${message} (RFC 9846 §4.3.8).` },
    ])
    expect((await evaluatorFor('rules: { key-share-validity: error }')).capture(record)).toEqual([])
  })

  test('unseen-handshakes tells of what a capture as a whole does not show', async () => {
    const notes = [
      {
        code: 'tls-without-handshake',
        message: '3 streams carry TLS records, but the handshake is not in the capture',
      },
      { code: 'packets-cut', message: '3 packets were cut' },
      { code: 'no-timestamps', message: '2 packets have no time' },
      { code: 'quic-not-read', message: '2 packets are of QUIC' },
      { code: 'dtls-not-read', message: '1 packet holds DTLS' },
      // What is no TLS, or may be none, is nothing that this rule is about.
      { code: 'ssh-not-read', message: 'SSH was spoken' },
      { code: 'udp-443-not-read', message: '1 UDP packet is to port 443' },
    ]
    const record = captureRecord({ notes })
    const found = (await evaluatorFor('rules: {}')).capture(record)
    expect(found.map(({ rule, severity, message }) => [rule, severity, message])).toEqual([
      ['unseen-handshakes', 'warning', '3 streams carry TLS records, but the handshake is not in the capture.'],
      ['unseen-handshakes', 'warning', '3 packets were cut.'],
      ['unseen-handshakes', 'warning', '2 packets are of QUIC.'],
      ['unseen-handshakes', 'warning', '1 packet holds DTLS.'],
    ])
    expect((await evaluatorFor('rules: { unseen-handshakes: off }')).capture(record)).toEqual([])
    const skipped = { 'link-type 147': 23, udp: 4, 'truncated-header': 1, 'malformed-ip': 5, other: 2 }
    const unread = captureRecord({ handshakes: 0, skipped })
    expect((await evaluatorFor('rules: {}')).capture(unread).map(({ message }) => message)).toEqual([
      '23 packets were not read (link-type 147): what was sent there is not known.',
      '1 packet was not read (truncated-header): what was sent there is not known.',
      '5 packets were not read (malformed-ip): what was sent there is not known.',
      '2 packets were not read (other): what was sent there is not known.',
    ])
  })

  test('empty-capture tells of one without handshakes, where a policy asks', async () => {
    const empty = captureRecord({ handshakes: 0 })
    expect((await evaluatorFor('rules: {}')).capture(empty)).toEqual([])
    const evaluator = await evaluatorFor('rules: { empty-capture: error }')
    expect(evaluator.capture(empty).map(({ message }) => message)).toEqual(['The capture holds no TLS handshake.'])
    expect(evaluator.capture(captureRecord())).toEqual([])
    const cut = captureRecord({ handshakes: 0, error: { code: 'cut', message: 'm', offset: 0 } })
    expect(evaluator.capture(cut)).toEqual([])
  })

  test('groups says nothing of a code point that may stand for another group', async () => {
    const group = { id: 0x0241, name: 'bikel1', kind: 'post-quantum', status: 'obsolete' } as const
    const notes = [{ code: 'ambiguous-group', message: 'm', frame: 6 }]
    const record = handshakeRecord({ negotiated: negotiated(group), notes })
    expect(await failuresOf('rules: { groups: { denied: [ntrulpr1277] } }', record)).toEqual([
      'incomplete: Not seen: which of its groups the code point stands for, for rule groups.',
    ])
    expect(await failuresOf('rules: { groups: [0x0241] }', record)).toEqual([])
  })

  test('group-status says nothing of a code point that may stand for a group of another standing', async () => {
    const group = { id: 0xfe00, name: 'efrodo640aes', kind: 'post-quantum', status: 'private' } as const
    const record = handshakeRecord({ negotiated: negotiated(group) })
    const either = { ...record, notes: [{ code: 'ambiguous-group', message: 'm', frame: 6 }] }
    const obsolete = 'rules: { group-status: [obsolete] }'
    expect(await failuresOf(obsolete, record)).toEqual([])
    expect(await failuresOf(obsolete, either)).toEqual([
      'incomplete: Not seen: which of its groups the code point stands for, for rule group-status.',
    ])
    expect(await failuresOf('rules: { group-status: [broken] }', either)).toEqual([])
    expect(await failuresOf('rules: { group-status: [private] }', either)).toEqual([
      'group-status: The server selected efrodo640aes (0xfe00), a private code point.',
    ])
  })

  test('gives the frames of its evidence', async () => {
    const judged = (await evaluatorFor('rules: { label: [hybrid], encryption: error }')).handshake(tls12Record())
    expect(judged?.failures.map(({ rule, frames }) => [rule, frames])).toEqual([
      ['label', [4, 6]],
      ['encryption', [6, 9]],
    ])
  })
})
