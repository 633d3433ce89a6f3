import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { FieldNode } from '../../src/dissect/tree.js'
import { type DissectedMessage, show } from '../../src/index.js'
import { big, join } from '../support/bytes.js'
import { pcap } from '../support/captures.js'
import { conversation } from '../support/connection.js'
import * as tls from '../support/tls.js'

/** `Label: value meaning` of every field, children indented. */
function outline(fields: readonly FieldNode[], depth = 0): string[] {
  return fields.flatMap(({ label, value, meaning, length, children, type }) => {
    const shown = [type === 'bytes' ? `${length} bytes` : value, meaning].filter((part) => part !== null).join(' ')
    return [`${'  '.repeat(depth)}${label}${shown === '' ? '' : `: ${shown}`}`, ...outline(children, depth + 1)]
  })
}

async function messagesOf(...flights: Parameters<typeof conversation>[0]): Promise<readonly DissectedMessage[]> {
  const { shown } = await show(pcap(conversation(flights).packets))
  return shown?.connection.messages ?? []
}

/** The fields of one extension of a hello that is sent to a server. */
async function extensionOf(name: string, type: number, content: Uint8Array | readonly number[]): Promise<string[]> {
  const hello = tls.clientHello({ extensions: [tls.extension(type, content)] })
  const [message] = await messagesOf(['client', tls.record(22, hello)])
  expect(message?.problem).toBeNull()
  const lines = outline(message?.fields ?? [])
  const from = lines.indexOf(`Extension: ${name} (len=${content.length})`)
  expect(from).toBeGreaterThan(0)
  const next = lines.findIndex((line, i) => i > from && line.startsWith('Extension: '))
  return lines.slice(from + 1, next < 0 ? undefined : next).map((line) => line.trim())
}

const { vector, codePoints } = tls
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('an extension', () => {
  test.each<[string, number, Uint8Array | readonly number[], string[]]>([
    ['server_name', 0, vector(2, [0], vector(2, utf8('a.test'))), ['Server Name: a.test']],
    ['max_fragment_length', 1, [2], ['Maximum Fragment Length: 2 1024 bytes']],
    ['status_request', 5, [1, 0, 0, 0, 0], ['Certificate Status Type: 1 OCSP', 'Responder ID list Length: 0']],
    [
      'status_request_v2',
      17,
      vector(2, [2], vector(2, [0, 0, 0, 0])),
      ['Certificate Status Type: 2 OCSP Multi', 'Certificate Status Length: 4', 'Request Extensions Length: 0'],
    ],
    [
      'supported_groups',
      10,
      vector(2, codePoints([0x11ec, 0x2a2a, 29])),
      ['Supported Group: 4588 X25519MLKEM768', 'Supported Group: 10794 GREASE (0x2a2a)'],
    ],
    [
      'ec_point_formats',
      11,
      vector(1, [0, 2]),
      ['EC point format: 0 uncompressed', 'EC point format: 2 ansiX962_compressed_char2'],
    ],
    ['signature_algorithms', 13, vector(2, codePoints([0x0403])), ['Signature Algorithm: 1027 ecdsa_secp256r1_sha256']],
    ['heartbeat', 15, [1], ['Mode: 1 peer_allowed_to_send']],
    ['application_layer_protocol_negotiation', 16, vector(2, vector(1, utf8('h2'))), ['ALPN Next Protocol: h2']],
    ['padding', 21, new Uint8Array(9), ['Padding Data: 9 bytes']],
    ['compress_certificate', 27, vector(1, codePoints([2])), ['Algorithm: 2 brotli']],
    ['record_size_limit', 28, [0x40, 0x01], ['Record Size Limit: 16385']],
    ['session_ticket', 35, new Uint8Array(7), ['Data: 7 bytes a session ticket']],
    [
      'pre_shared_key',
      41,
      join(vector(2, vector(2, new Uint8Array(5)), big(77, 4)), vector(2, vector(1, new Uint8Array(32)))),
      ['Identity: 5 bytes', 'Obfuscated Ticket Age: 77', 'Binder: 32 bytes'],
    ],
    ['early_data', 42, [], ['Length: 0']],
    [
      'supported_versions',
      43,
      vector(1, codePoints([0x2a2a, 0x0304])),
      ['Supported Version: 10794 GREASE (0x2a2a)', 'Supported Version: 772 TLSv1.3'],
    ],
    ['cookie', 44, vector(2, new Uint8Array(3)), ['Cookie: 3 bytes']],
    ['psk_key_exchange_modes', 45, vector(1, [1]), ['PSK Key Exchange Mode: 1 psk_dhe_ke']],
    [
      'encrypted_client_hello',
      0xfe0d,
      join([0], codePoints([1, 1]), [9], vector(2, new Uint8Array(32)), vector(2, new Uint8Array(144))),
      [
        'Client Hello type: 0 Outer Client Hello',
        'KDF Id: 1 HKDF-SHA256',
        'AEAD Id: 1 AES-128-GCM',
        'Config Id: 9',
        'Enc: 32 bytes',
        'Payload: 144 bytes encrypted, or GREASE',
      ],
    ],
    ['max_fragment_length', 1, [4], ['Maximum Fragment Length: 4 4096 bytes']],
    ['max_fragment_length', 1, [5], ['Maximum Fragment Length: 5 unknown (0x05)']],
    ['status_request', 5, [9, 1, 2], ['Certificate Status Type: 9 unknown (0x09)', 'Data: 2 bytes']],
    ['heartbeat', 15, [2], ['Mode: 2 peer_not_allowed_to_send']],
    ['encrypted_client_hello', 0xfe0d, [1], ['Client Hello type: 1 Inner Client Hello']],
    ['encrypted_client_hello', 0xfe0d, [2, 7, 7], ['Client Hello type: 2 unknown (0x02)', 'Data: 2 bytes']],
    [
      'application_settings (new, ALPS)',
      0x44cd,
      vector(2, vector(1, utf8('h2'))),
      ['ALPS Extension Length: 3', 'Supported ALPN Length: 2', 'Supported ALPN: h2'],
    ],
    ['renegotiation_info', 0xff01, vector(1, new Uint8Array(12)), ['Renegotiation info: 12 bytes']],
    ['extended_master_secret', 23, [], ['Length: 0']],
    ['GREASE (0x2a2a)', 0x2a2a, [0], ['Data: 1 bytes']],
    ['unknown (0x5555)', 0x5555, new Uint8Array(4), ['Data: 4 bytes']],
  ])('%s is told field by field', async (name, type, content, expected) => {
    const lines = await extensionOf(name, type, content)
    for (const line of expected) expect(lines).toContain(line)
  })

  test('of encrypted_client_hello in a HelloRetryRequest is a confirmation', async () => {
    const mark = tls.helloRetryRequest({ group: tls.X25519 }).slice(6, 38)
    const extensions = [tls.extension(51, codePoints([tls.X25519])), tls.extension(0xfe0d, new Uint8Array(8))]
    const messages = await messagesOf(
      ['client', tls.record(22, tls.hybridClientHello())],
      ['server', tls.record(22, tls.serverHello({ random: mark, selectedVersion: tls.TLS13, extensions }))],
    )
    expect(messages[1]).toMatchObject({ name: 'HelloRetryRequest', problem: null })
    const lines = outline(messages[1]?.fields ?? []).map((line) => line.trim())
    expect(lines).toContain('Selected Group: 29 x25519')
    expect(lines).toContain('Confirmation: 8 bytes')
  })

  test('whose length runs past its end is told as far as it goes', async () => {
    const hello = tls.clientHello({ extensions: [tls.extension(10, [0, 9, 0, 29])] })
    const [message] = await messagesOf(['client', tls.record(22, hello)])
    expect(message?.problem).toBe('length-overrun')
    expect(outline(message?.fields ?? []).join('\n')).toContain('Supported Group: 29 x25519')
  })

  test('with bytes behind its last field is told with them', async () => {
    const hello = tls.clientHello({ extensions: [tls.extension(45, [1, 1, 7])] })
    const [message] = await messagesOf(['client', tls.record(22, hello)])
    expect(message?.problem).toBe('trailing-bytes')
    expect(
      outline(message?.fields ?? [])
        .at(-1)
        ?.trim(),
    ).toBe('Undecoded data: 1 bytes')
  })
})

describe('a key share', () => {
  const partsOf = async (group: number, bytes: number): Promise<string[]> => {
    const hello = tls.clientHello({ supportedVersions: [tls.TLS13], keyShares: [[group, bytes]] })
    const [message] = await messagesOf(['client', tls.record(22, hello)])
    const lines = outline(message?.fields ?? []).map((line) => line.trim())
    return lines.slice(lines.findIndex((line) => line.startsWith('Key Exchange Length')) + 1)
  }

  test.each([
    [
      'X25519MLKEM768',
      0x11ec,
      1216,
      ['Key Exchange', 'ML-KEM-768 encapsulation key: 1184 bytes', 'X25519 public key: 32 bytes'],
    ],
    [
      'SecP256r1MLKEM768',
      0x11eb,
      1249,
      ['Key Exchange', 'secp256r1 public key: 65 bytes', 'ML-KEM-768 encapsulation key: 1184 bytes'],
    ],
    [
      'X25519Kyber768Draft00',
      0x6399,
      1216,
      ['Key Exchange', 'X25519 public key: 32 bytes', 'Kyber768 (round 3) public key: 1184 bytes'],
    ],
    ['MLKEM1024', 0x0202, 1568, ['Key Exchange: 1568 bytes ML-KEM-1024 encapsulation key']],
    ['x25519', 29, 32, ['Key Exchange: 32 bytes X25519 public key']],
    ['a length that is not the group’s', 0x11ec, 1215, ['Key Exchange: 1215 bytes']],
    ['a group of no registry', 0x5555, 10, ['Key Exchange: 10 bytes']],
  ])('%s is told in its parts, in wire order', async (_, group, bytes, expected) => {
    expect((await partsOf(group, bytes)).slice(0, expected.length)).toEqual(expected)
  })

  test('of the server is a ciphertext and a public key', async () => {
    const flights = [
      ['client', tls.record(22, tls.hybridClientHello())],
      ['server', tls.record(22, tls.serverHello13(0x11ec, 1120))],
    ] as const
    const messages = await messagesOf(...flights)
    const lines = outline(messages[1]?.fields ?? []).map((line) => line.trim())
    expect(lines).toContain('ML-KEM-768 ciphertext: 1088 bytes')
    expect(lines).toContain('X25519 public key: 32 bytes')
  })
})

test('a HelloRetryRequest is told by its random, and names the group that it asks for', async () => {
  const messages = await messagesOf(
    ['client', tls.record(22, tls.hybridClientHello())],
    ['server', tls.record(22, tls.helloRetryRequest({ group: tls.SECP256R1 }))],
  )
  expect(messages[1]).toMatchObject({
    name: 'HelloRetryRequest',
    type: 2,
    filter: 'frame.number == 5 && tls.handshake.type == 2',
  })
  expect(outline(messages[1]?.fields ?? []).join('\n')).toContain('Selected Group: 23 secp256r1')
})

test('an SSLv2-compatible hello is told with its cipher specs', async () => {
  const [message] = await messagesOf(['client', tls.sslv2ClientHello(0x0301, [0x00002f, 0x010080])])
  const lines = outline(message?.fields ?? []).map((line) => line.trim())
  expect(lines).toContain('Cipher Spec: 47 TLS_RSA_WITH_AES_128_CBC_SHA')
  expect(lines).toContain('Cipher Spec: 65664 SSL_CK_RC4_128_WITH_MD5')
  expect(message?.fields.slice(1, 4).map(({ field }) => field)).toEqual([
    'tls.handshake.type',
    'tls.handshake.version',
    'tls.handshake.cipher_spec_len',
  ])
  expect(message?.fields.find(({ label }) => label === 'Cipher Specs')?.field).toBe('tls.handshake.ciphersuites')
  expect(message?.problem).toBeNull()
})

describe('TLS 1.2', () => {
  test.each([
    [
      'tls12-x25519.pcap',
      ['Curve Type: 3 named_curve', 'Named Curve: 29 x25519', 'Pubkey: 32 bytes', 'Signature: 256 bytes'],
    ],
    ['tls12-dhe.pcap', ['p: 256 bytes modp2048 (RFC 3526)', 'g: 1 bytes', 'Pubkey: 256 bytes']],
    ['tls12-rsa.pcap', ['Encrypted PreMaster: 256 bytes', 'Session Ticket Lifetime Hint: 7200']],
  ])('%s is told field by field', async (sample, expected) => {
    const path = fileURLToPath(new URL(`../../samples/${sample}`, import.meta.url))
    const { shown } = await show(readFileSync(path))
    const messages = shown?.connection.messages ?? []
    expect(messages.map(({ problem }) => problem)).toEqual(messages.map(() => null))
    const lines = messages.flatMap(({ fields }) => outline(fields)).map((line) => line.trim())
    for (const line of expected) expect(lines).toContain(line)
  })
})

describe('a key exchange of TLS 1.2', () => {
  const PSK = 0x008c
  const RSA_PSK = 0x0094
  const RSA_EXPORT = 0x0003
  const hint = vector(2, utf8('a hint'))
  const identity = vector(2, utf8('me'))
  const secret = vector(2, new Uint8Array(256))
  const rsa = join(vector(2, new Uint8Array(64)), vector(2, [1, 0, 1]), [4, 1], vector(2, new Uint8Array(128)))

  // The names and the order are those of tshark -V.
  test.each<[string, number, Uint8Array, string[], Uint8Array, string[]]>([
    ['PSK', PSK, hint, ['Hint Length: 6', 'Hint: 6 bytes'], identity, ['Identity Length: 2', 'Identity: 2 bytes']],
    [
      'RSA_PSK',
      RSA_PSK,
      hint,
      ['Hint Length: 6', 'Hint: 6 bytes'],
      join(identity, secret),
      ['Identity Length: 2', 'Identity: 2 bytes', 'Encrypted PreMaster length: 256', 'Encrypted PreMaster: 256 bytes'],
    ],
    [
      'RSA_EXPORT',
      RSA_EXPORT,
      rsa,
      [
        'RSA-EXPORT Server Params',
        'Modulus Length: 64',
        'Modulus: 64 bytes',
        'Exponent Length: 3',
        'Exponent: 3 bytes',
        'Signature Algorithm: 1025 rsa_pkcs1_sha256',
        'Signature Length: 128',
        'Signature: 128 bytes',
      ],
      secret,
      ['Encrypted PreMaster length: 256', 'Encrypted PreMaster: 256 bytes'],
    ],
  ])('of %s is told field by field', async (_, cipherSuite, server, ofServer, client, ofClient) => {
    const messages = await messagesOf(
      ['client', tls.record(22, tls.clientHello({ cipherSuites: [cipherSuite] }))],
      ['server', tls.record(22, join(tls.serverHello({ cipherSuite }), tls.handshakeMessage(12, server)))],
      ['client', tls.record(22, tls.handshakeMessage(16, client))],
    )
    for (const [message, expected] of [
      [messages[2], ofServer],
      [messages[3], ofClient],
    ] as const) {
      expect(message?.problem).toBeNull()
      const lines = outline(message?.fields ?? []).map((line) => line.trim())
      expect(lines.slice(2)).toEqual(expected)
    }
  })
})

describe('a message of TLS 1.2 or older', () => {
  const CERTIFICATE_REQUEST = 13
  const CERTIFICATE_VERIFY = 15
  const CERTIFICATE_STATUS = 22
  const schemes = vector(2, codePoints([0x0403, 0x0804]))
  const names = vector(2, vector(2, new Uint8Array(5)), vector(2, new Uint8Array(7)))
  const types = vector(1, [1, 64, 9])
  const typesTold = [
    'Certificate types count: 3',
    'Certificate types',
    'Certificate type: 1 rsa_sign',
    'Certificate type: 64 ecdsa_sign',
    'Certificate type: 9 unknown (0x09)',
  ]
  const namesTold = [
    'Distinguished Names Length: 16',
    'Distinguished Name Length: 5',
    'Distinguished Name: 5 bytes',
    'Distinguished Name Length: 7',
    'Distinguished Name: 7 bytes',
  ]
  const schemesTold = [
    'Signature Hash Algorithms Length: 4',
    'Signature Algorithm: 1027 ecdsa_secp256r1_sha256',
    'Signature Algorithm: 2052 rsa_pss_rsae_sha256',
  ]
  const signature = vector(2, new Uint8Array(70))
  const signatureTold = ['Signature length: 70', 'Signature: 70 bytes']

  test.each<[string, number, number, Uint8Array, string[]]>([
    [
      'CertificateRequest of TLS 1.2',
      0x0303,
      CERTIFICATE_REQUEST,
      join(types, schemes, names),
      [...typesTold, ...schemesTold, ...namesTold],
    ],
    ['CertificateRequest of TLS 1.1', 0x0302, CERTIFICATE_REQUEST, join(types, names), [...typesTold, ...namesTold]],
    [
      'CertificateVerify of TLS 1.2',
      0x0303,
      CERTIFICATE_VERIFY,
      join(codePoints([0x0403]), signature),
      ['Signature Algorithm: 1027 ecdsa_secp256r1_sha256', ...signatureTold],
    ],
    ['CertificateVerify of TLS 1.1', 0x0302, CERTIFICATE_VERIFY, signature, signatureTold],
    [
      'CertificateStatus',
      0x0303,
      CERTIFICATE_STATUS,
      join([1], vector(3, new Uint8Array(9))),
      ['Certificate Status Type: 1 OCSP', 'OCSP Response Length: 9', 'OCSP Response: 9 bytes'],
    ],
    [
      'CertificateStatus of another type',
      0x0303,
      CERTIFICATE_STATUS,
      Uint8Array.of(7, 1, 2),
      ['Certificate Status Type: 7 unknown (0x07)', 'Response: 2 bytes'],
    ],
  ])('is told field by field: %s', async (_, legacyVersion, type, body, expected) => {
    const messages = await messagesOf(
      ['client', tls.record(22, tls.clientHello())],
      ['server', tls.record(22, join(tls.serverHello({ legacyVersion }), tls.handshakeMessage(type, body)))],
    )
    expect(messages[2]?.problem).toBeNull()
    const lines = outline(messages[2]?.fields ?? []).map((line) => line.trim())
    // Behind type and length of the message.
    expect(lines.slice(2)).toEqual(expected)
  })

  test.each([
    [18, false],
    [19, true],
    [20, true],
  ])('that is a HelloRetryRequest of draft %i names a cipher suite: %s', async (draft, namesSuite) => {
    const messages = await messagesOf(
      ['client', tls.record(22, tls.clientHello({ supportedVersions: [0x7f00 + draft] }))],
      ['server', tls.record(22, tls.oldDraftRetryRequest(draft, tls.SECP256R1))],
    )
    expect(messages[1]).toMatchObject({ name: 'HelloRetryRequest', problem: null })
    const labels = outline(messages[1]?.fields ?? []).map((line) => line.trim())
    expect(labels.some((line) => line.startsWith('Cipher Suite'))).toBe(namesSuite)
    expect(labels).toContain('Selected Group: 23 secp256r1')
  })
})

describe('what is no handshake message', () => {
  test('is told field by field: an alert, a ChangeCipherSpec and the headers of their records', async () => {
    const flight = join(tls.alert(1, 112), tls.changeCipherSpec)
    const { shown } = await show(
      pcap(
        conversation([
          ['client', tls.record(22, tls.clientHello(), 0x0301)],
          ['server', flight],
        ]).packets,
      ),
    )
    const { messages = [], records = [] } = shown?.connection ?? {}
    expect(messages.slice(1).map(({ fields }) => outline(fields))).toEqual([
      ['Level: 1 warning', 'Description: 112 unrecognized_name'],
      ['Change Cipher Spec Message: 1 bytes'],
    ])
    expect(records.map(({ fields }) => outline(fields))).toEqual([
      ['Content Type: 22 Handshake', 'Version: 769 TLSv1', `Length: ${tls.clientHello().length}`],
      ['Content Type: 21 Alert', 'Version: 771 TLSv1.2', 'Length: 2'],
      ['Content Type: 20 Change Cipher Spec', 'Version: 771 TLSv1.2', 'Length: 1'],
    ])
  })
})

describe('a message whose form is not certain', () => {
  const lines = (message: DissectedMessage | undefined) => outline(message?.fields ?? []).map((line) => line.trim())

  test('stays bytes where TLS 1.3 would have encrypted it', async () => {
    const messages = await messagesOf(
      ['client', tls.record(22, tls.hybridClientHello())],
      ['server', tls.record(22, join(tls.serverHello13(0x11ec, 1120), tls.certificate))],
    )
    expect(messages[2]).toMatchObject({ name: 'Certificate', problem: null })
    expect(lines(messages[2]).at(-1)).toBe('Data: 906 bytes')
  })

  test('stays bytes where the ServerHello that tells the version is not in the capture', async () => {
    const request = tls.handshakeMessage(13, join(vector(1, [1, 64]), vector(2)))
    const messages = await messagesOf(
      ['client', tls.record(22, tls.classicalClientHello())],
      ['server', tls.record(22, join(tls.ecdheKeyExchange(29, 32), request))],
    )
    expect(lines(messages[1]).at(-1)).toMatch(/^Server Params: \d+ bytes$/)
    expect(lines(messages[2])).toContain('Certificate type: 64 ecdsa_sign')
    expect(lines(messages[2]).at(-1)).toBe('Data, whose form the version tells: 2 bytes')
  })
})
