import type {
  Alert,
  CaptureRecord,
  Group,
  HandshakeRecord,
  Hello,
  KeyShare,
  Label,
  Negotiated,
  ServerHello,
  Verdict,
} from '../../src/verdict/record.js'

export const X25519MLKEM768: Group = { id: 0x11ec, name: 'X25519MLKEM768', kind: 'hybrid', status: 'standard' }
export const KYBER_DRAFT: Group = { id: 0x6399, name: 'X25519Kyber768Draft00', kind: 'hybrid', status: 'obsolete' }
export const X25519: Group = { id: 0x001d, name: 'x25519', kind: 'classical', status: 'standard' }
export const SECP256R1: Group = { id: 0x0017, name: 'secp256r1', kind: 'classical', status: 'standard' }
const AES_128 = { id: 0x1301, name: 'TLS_AES_128_GCM_SHA256' }

export function keyShare(group: Group, bytes: number): KeyShare {
  return { ...group, bytes, expectedBytes: bytes, parts: [{ name: group.name, bytes }] }
}

export function hello(overrides: Partial<Hello> = {}): Hello {
  return {
    frame: 4,
    bytes: 1530,
    segments: 2,
    records: 1,
    legacyVersion: 'TLSv1.2',
    supportedVersions: ['TLSv1.3', 'TLSv1.2'],
    cipherSuites: [0x1301, 0x1302, 0x1303],
    supportedGroups: [X25519MLKEM768, X25519, SECP256R1],
    keyShares: [keyShare(X25519MLKEM768, 1216), keyShare(X25519, 32)],
    signatureSchemes: [0x0403, 0x0804],
    alpn: ['h2', 'http/1.1'],
    pskModes: ['psk_dhe_ke'],
    preSharedKey: false,
    earlyData: false,
    encryptedClientHello: false,
    extensions: [0, 10, 13, 16, 43, 45, 51],
    ...overrides,
  }
}

export function serverHello(overrides: Partial<ServerHello> = {}): ServerHello {
  return {
    frame: 6,
    bytes: 1210,
    segments: 1,
    version: 'TLSv1.3',
    cipherSuite: AES_128,
    keyShare: keyShare(X25519MLKEM768, 1120),
    preSharedKey: false,
    sessionResumed: false,
    ...overrides,
  }
}

/** A TLS 1.3 handshake with X25519MLKEM768, save for what the overrides say. */
export function handshakeRecord(overrides: Partial<HandshakeRecord> = {}): HandshakeRecord {
  return {
    type: 'handshake',
    capture: 'made.pcap',
    protocol: 'tls',
    stream: 0,
    handshake: 0,
    startTime: '2026-11-22T10:00:00.000001Z',
    client: { address: '198.51.100.2', port: 43850 },
    server: { address: '198.51.100.1', port: 4433 },
    serverName: 'server.example.test',
    verdict: verdict('hybrid', { reason: 'hybrid-selected' }),
    negotiated: negotiated(X25519MLKEM768),
    clientHello: hello(),
    helloRetryRequest: null,
    secondClientHello: null,
    serverHello: serverHello(),
    certificate: null,
    serverKeyExchange: null,
    encryption: {
      begins: 'after-server-hello',
      serverFrame: 6,
      clientFrame: 8,
      changeCipherSpec: { server: 6, client: 8 },
      plaintextAfterServerHello: 0,
      earlyDataFrame: null,
    },
    alerts: [],
    cost: {
      clientBytes: 1615,
      serverBytes: 2410,
      clientSegments: 3,
      serverSegments: 2,
      roundTrips: 1,
      milliseconds: 1.25,
      complete: true,
      clientPackets: 4,
      serverPackets: 3,
      connectMilliseconds: 0.25,
      synToServerHelloMilliseconds: 1,
      synToEncryptedMilliseconds: 1.5,
    },
    notes: [],
    ...overrides,
  }
}

export function verdict(label: Label | null, overrides: Partial<Verdict> = {}): Verdict {
  return {
    outcome: label === null ? 'incomplete' : 'negotiated',
    label,
    offer: 'hybrid',
    keyShareOffer: 'hybrid',
    reason: 'missing-bytes',
    explanation: 'Made up for a test.',
    ...overrides,
  }
}

export function negotiated(group: Group | null, overrides: Partial<Negotiated> = {}): Negotiated {
  return { version: 'TLSv1.3', cipherSuite: AES_128, group, keyExchange: group?.name ?? 'PSK', ...overrides }
}

/** TLS 1.3 with x25519, though the client offered more. */
export function classicalRecord(overrides: Partial<HandshakeRecord> = {}): HandshakeRecord {
  return handshakeRecord({
    verdict: verdict('classical', { reason: 'server-chose-classical' }),
    negotiated: negotiated(X25519),
    serverHello: serverHello({ keyShare: keyShare(X25519, 32), bytes: 122 }),
    ...overrides,
  })
}

/** X25519MLKEM768 after a HelloRetryRequest: the first ClientHello had no share of it. */
export function retriedRecord(overrides: Partial<HandshakeRecord> = {}): HandshakeRecord {
  return handshakeRecord({
    verdict: verdict('hybrid', { reason: 'hybrid-after-retry', keyShareOffer: 'classical' }),
    clientHello: hello({ keyShares: [keyShare(X25519, 32)], bytes: 310, segments: 1 }),
    helloRetryRequest: { frame: 5, bytes: 88, group: X25519MLKEM768, cookie: false },
    secondClientHello: hello({ frame: 7, keyShares: [keyShare(X25519MLKEM768, 1216)] }),
    ...overrides,
  })
}

/** TLS 1.2 with an ephemeral exchange on secp256r1. */
export function tls12Record(overrides: Partial<HandshakeRecord> = {}): HandshakeRecord {
  return handshakeRecord({
    verdict: verdict('classical', { reason: 'tls12-or-older', offer: 'classical', keyShareOffer: 'none' }),
    negotiated: negotiated(SECP256R1, {
      version: 'TLSv1.2',
      cipherSuite: { id: 0xc02f, name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' },
    }),
    clientHello: hello({ supportedGroups: [SECP256R1], keyShares: [], supportedVersions: [] }),
    serverHello: serverHello({ version: 'TLSv1.2', keyShare: null, bytes: 70 }),
    certificate: { frame: 6, bytes: 810 },
    serverKeyExchange: {
      frame: 6,
      bytes: 333,
      kind: 'ecdhe',
      group: SECP256R1,
      publicBytes: 65,
      primeBits: null,
      primeName: null,
    },
    encryption: {
      begins: 'after-change-cipher-spec',
      serverFrame: 9,
      clientFrame: 8,
      changeCipherSpec: { server: 9, client: 8 },
      plaintextAfterServerHello: 3,
      earlyDataFrame: null,
    },
    ...overrides,
  })
}

/** The server answered the ClientHello with a fatal alert. */
export function rejectedRecord(overrides: Partial<HandshakeRecord> = {}): HandshakeRecord {
  const alert: Alert = { frame: 6, from: 'server', level: 'fatal', description: 'handshake_failure', id: 40 }
  return unfinished({
    verdict: verdict(null, { outcome: 'rejected', reason: 'alert-before-server-hello' }),
    alerts: [alert],
    ...overrides,
  })
}

/** The capture holds the client's direction alone. */
export function incompleteRecord(overrides: Partial<HandshakeRecord> = {}): HandshakeRecord {
  return unfinished({ verdict: verdict(null, { reason: 'one-direction' }), ...overrides })
}

function unfinished(overrides: Partial<HandshakeRecord>): HandshakeRecord {
  const made = handshakeRecord(overrides)
  return {
    ...made,
    negotiated: null,
    serverHello: null,
    certificate: null,
    encryption: {
      begins: 'not-seen',
      serverFrame: null,
      clientFrame: null,
      changeCipherSpec: { server: null, client: null },
      plaintextAfterServerHello: 0,
      earlyDataFrame: null,
    },
    cost: { ...made.cost, complete: false },
  }
}

export function captureRecord(overrides: Partial<CaptureRecord> = {}): CaptureRecord {
  return {
    type: 'capture',
    capture: 'made.pcap',
    format: 'pcap',
    compression: null,
    packets: 20,
    bytes: 9000,
    linkTypes: ['ETHERNET'],
    tcpStreams: 1,
    handshakes: 1,
    firstTime: '2026-11-22T10:00:00.000000Z',
    lastTime: '2026-11-22T10:00:01.000000Z',
    skipped: {},
    truncatedPackets: 0,
    notes: [],
    error: null,
    ...overrides,
  }
}
