import { getDiffieHellman } from 'node:crypto'
import { big, join } from './bytes.js'
import { keyShareBytes } from './keys.js'

// TLS as it stands on the wire. `record` wraps what the message builders return: record(22, clientHello({ ... })).

export const X25519 = 0x001d
export const SECP256R1 = 0x0017
export const X25519MLKEM768 = 0x11ec
export const MLKEM1024 = 0x0202
export const X25519_KYBER = 0x6399
/** Any of the sixteen GREASE values (RFC 8701 §2). */
export const GREASE = 0x2a2a

export const TLS13 = 0x0304
export const TLS12 = 0x0303

/** A vector with its length before it, of `size` bytes. */
export function vector(size: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const content = join(...parts)
  return join(big(content.length, size), content)
}

/** Code points of 16 bits, one after the other. */
export function codePoints(list: readonly number[]): Uint8Array {
  return join(...list.map((id) => big(id, 2)))
}

/** One TLS record; its version is what most implementations write. */
export function record(type: number, content: Uint8Array | readonly number[], version = 0x0303): Uint8Array {
  return join([type], big(version, 2), vector(2, content))
}

/** Handshake bytes in records of at most `size` bytes. */
export function handshakeRecords(messages: Uint8Array, size = 1 << 14, version = 0x0303): Uint8Array {
  const records: Uint8Array[] = []
  for (let at = 0; at < messages.length; at += size) records.push(record(22, messages.slice(at, at + size), version))
  return join(...records)
}

export function handshakeMessage(type: number, body: Uint8Array | readonly number[]): Uint8Array {
  return join([type], vector(3, body))
}

export function extension(type: number, content: Uint8Array | readonly number[] = []): Uint8Array {
  return join(big(type, 2), vector(2, content))
}

/** A group with its key share, or with the length of one that is good. */
export type Share = readonly [group: number, key: number | Uint8Array]

export interface ClientHelloFields {
  readonly legacyVersion?: number
  readonly random?: Uint8Array
  readonly sessionId?: Uint8Array
  readonly cipherSuites?: readonly number[]
  readonly serverName?: string
  readonly supportedVersions?: readonly number[]
  readonly supportedGroups?: readonly number[]
  readonly keyShares?: readonly Share[]
  readonly alpn?: readonly string[]
  readonly pskModes?: readonly number[]
  readonly earlyData?: boolean
  readonly preSharedKey?: boolean
  readonly sessionTicket?: number
  /** Whole extensions, behind the named ones and before pre_shared_key. */
  readonly extensions?: readonly Uint8Array[]
  /** No extensions field at all, as hellos before RFC 3546. */
  readonly bare?: boolean
}

export const clientRandom = Uint8Array.from({ length: 32 }, (_, i) => 0x60 + i)

/** A ClientHello (RFC 9846 §4.2.2) with its 4-byte header: of TLS 1.2 where no supported_versions are named. */
export function clientHello(fields: ClientHelloFields = {}): Uint8Array {
  const extensions: Uint8Array[] = []
  const add = (type: number, content: Uint8Array | readonly number[]): number =>
    extensions.push(extension(type, content))
  if (fields.serverName !== undefined) {
    const name = new TextEncoder().encode(fields.serverName)
    add(0, vector(2, [0], vector(2, name)))
  }
  if (fields.supportedGroups) add(10, vector(2, codePoints(fields.supportedGroups)))
  add(13, vector(2, codePoints([0x0403, 0x0804])))
  if (fields.alpn) add(16, vector(2, ...fields.alpn.map((name) => vector(1, new TextEncoder().encode(name)))))
  if (fields.sessionTicket !== undefined) add(35, new Uint8Array(fields.sessionTicket))
  if (fields.supportedVersions) add(43, vector(1, codePoints(fields.supportedVersions)))
  if (fields.pskModes) add(45, vector(1, fields.pskModes))
  if (fields.keyShares) add(51, keyShareList(fields.keyShares, seedOf(fields.random ?? clientRandom)))
  if (fields.earlyData) add(42, [])
  extensions.push(...(fields.extensions ?? []))
  if (fields.preSharedKey) {
    const identity = join(vector(2, new Uint8Array(16).fill(7)), big(0, 4))
    add(41, join(vector(2, identity), vector(2, vector(1, new Uint8Array(32)))))
  }
  const body = join(
    big(fields.legacyVersion ?? 0x0303, 2),
    fields.random ?? clientRandom,
    vector(1, fields.sessionId ?? []),
    vector(2, codePoints(fields.cipherSuites ?? [0x1301, 0x1302, 0xc02f, 0x009c])),
    vector(1, [0]),
    fields.bare ? [] : vector(2, ...extensions),
  )
  return handshakeMessage(1, body)
}

/** The content of a client's key_share extension; its keys are others with another seed. */
export function keyShareList(shares: readonly Share[], seed = 0): Uint8Array {
  return vector(2, ...shares.map((share) => keyShare(share, 'client', seed)))
}

function keyShare([group, key]: Share, side: 'client' | 'server', seed: number): Uint8Array {
  return join(big(group, 2), vector(2, typeof key === 'number' ? keyShareBytes(group, key, side, seed) : key))
}

/** Peers with other randoms have other keys. */
function seedOf(random: Uint8Array): number {
  return random.reduce((sum, byte) => (sum * 31 + byte) % 65_521, 7)
}

/** A client of today: TLS 1.3 with X25519MLKEM768 and x25519, a share of each. */
export function hybridClientHello(fields: ClientHelloFields = {}): Uint8Array {
  return clientHello({
    serverName: 'example.test',
    sessionId: new Uint8Array(32).fill(0x51),
    supportedVersions: [TLS13, TLS12],
    supportedGroups: [X25519MLKEM768, X25519, SECP256R1],
    keyShares: [
      [X25519MLKEM768, 1216],
      [X25519, 32],
    ],
    pskModes: [1],
    ...fields,
  })
}

/** A client of TLS 1.3 with x25519 and secp256r1, a share of the first. */
export function classicalClientHello(fields: ClientHelloFields = {}): Uint8Array {
  return hybridClientHello({ supportedGroups: [X25519, SECP256R1], keyShares: [[X25519, 32]], ...fields })
}

export interface ServerHelloFields {
  readonly legacyVersion?: number
  readonly random?: Uint8Array
  readonly sessionId?: Uint8Array
  readonly cipherSuite?: number
  /** In supported_versions. */
  readonly selectedVersion?: number
  readonly keyShare?: Share
  readonly preSharedKey?: boolean
  readonly extensions?: readonly Uint8Array[]
}

const serverRandom = new Uint8Array(32).fill(0x53)

/** A ServerHello (RFC 9846 §4.2.3) with its 4-byte header: of TLS 1.2 where no version is selected. */
export function serverHello(fields: ServerHelloFields = {}): Uint8Array {
  const extensions: Uint8Array[] = []
  if (fields.selectedVersion !== undefined) extensions.push(extension(43, big(fields.selectedVersion, 2)))
  if (fields.keyShare) {
    const seed = seedOf(fields.random ?? serverRandom)
    extensions.push(extension(51, keyShare(fields.keyShare, 'server', seed)))
  }
  if (fields.preSharedKey) extensions.push(extension(41, [0, 0]))
  extensions.push(...(fields.extensions ?? []))
  const body = join(
    big(fields.legacyVersion ?? 0x0303, 2),
    fields.random ?? serverRandom,
    vector(1, fields.sessionId ?? []),
    big(fields.cipherSuite ?? (fields.selectedVersion === undefined ? 0xc02f : 0x1301), 2),
    [0],
    extensions.length === 0 ? [] : vector(2, ...extensions),
  )
  return handshakeMessage(2, body)
}

/** A ServerHello of TLS 1.3 that selects this group. */
export function serverHello13(group: number, key: number | Uint8Array, fields: ServerHelloFields = {}): Uint8Array {
  const sessionId = new Uint8Array(32).fill(0x51)
  return serverHello({ sessionId, selectedVersion: TLS13, keyShare: [group, key], ...fields })
}

/** The random of RFC 9846 §4.2.3. */
const retryRandom = Uint8Array.from(
  [0xcf21ad74, 0xe59a6111, 0xbe1d8c02, 0x1e65b891, 0xc2a21116, 0x7abb8c5e, 0x079e09e2, 0xc8a8339c].flatMap((word) => [
    ...big(word, 4),
  ]),
)

/** A HelloRetryRequest that asks for a group, or sends a cookie, or both. */
export function helloRetryRequest(fields: { readonly group?: number; readonly cookie?: boolean }): Uint8Array {
  return serverHello({
    random: retryRandom,
    sessionId: new Uint8Array(32).fill(0x51),
    selectedVersion: TLS13,
    extensions: [
      ...(fields.group === undefined ? [] : [extension(51, big(fields.group, 2))]),
      ...(fields.cookie ? [extension(44, vector(2, new Uint8Array(20)))] : []),
    ],
  })
}

/** A ServerHello of a draft before 22: the draft in its version field, no session id, key_share 40. */
export function oldDraftServerHello(draft: number, group: number, bytes: number): Uint8Array {
  const share = extension(40, keyShare([group, bytes], 'server', draft))
  return handshakeMessage(2, join(big(0x7f00 + draft, 2), new Uint8Array(32).fill(5), big(0x1301, 2), vector(2, share)))
}

/** The HelloRetryRequest of drafts before 22, a message type of its own; with a cipher suite from draft 19 on. */
export function oldDraftRetryRequest(draft: number, group: number): Uint8Array {
  const suite = draft >= 19 ? big(0x1301, 2) : []
  return handshakeMessage(6, join(big(0x7f00 + draft, 2), suite, vector(2, extension(40, big(group, 2)))))
}

const signature = join(big(0x0804, 2), vector(2, new Uint8Array(64)))

/** ServerKeyExchange with a named curve (RFC 8422 §5.4), behind an identity hint where one is given (RFC 5489 §2). */
export function ecdheKeyExchange(group: number, point: number | Uint8Array, hint?: Uint8Array): Uint8Array {
  const key = typeof point === 'number' ? keyShareBytes(group, point, 'server') : point
  const parameters = join([3], big(group, 2), vector(1, key))
  return handshakeMessage(12, hint === undefined ? join(parameters, signature) : join(vector(2, hint), parameters))
}

/** ServerKeyExchange with an explicit prime curve, ECCurveType 1. */
export function explicitCurveKeyExchange(): Uint8Array {
  return handshakeMessage(12, join([1], vector(1, new Uint8Array(32).fill(0xff)), new Uint8Array(200)))
}

/** ServerKeyExchange of finite-field Diffie-Hellman (RFC 5246 §7.4.3). */
export function dheKeyExchange(prime: Uint8Array, hint?: Uint8Array, key?: Uint8Array): Uint8Array {
  // Leading zeros make it less than any prime of that length.
  const value = key ?? join([0, 0], keyShareBytes(0, prime.length - 2, 'server'))
  const parameters = join(vector(2, prime), vector(2, [2]), vector(2, value))
  return handshakeMessage(12, hint === undefined ? join(parameters, signature) : join(vector(2, hint), parameters))
}

/** RFC 3526 §3. */
export function modp2048Prime(): Uint8Array {
  return Uint8Array.from(getDiffieHellman('modp14').getPrime())
}

/** RFC 7919 Appendix A.1: 2^2048 - 2^1984 + (floor(2^1918 * e) + 560316) * 2^64 - 1. */
export function ffdhe2048Prime(): Uint8Array {
  let term = 1n << 2046n
  let e = 0n
  for (let k = 1n; term > 0n; k++) {
    e += term
    term /= k
  }
  return big((1n << 2048n) - (1n << 1984n) + ((e >> 128n) + 560316n) * (1n << 64n) - 1n, 256)
}

export const encryptedExtensions = handshakeMessage(8, vector(2))
export const certificate = handshakeMessage(11, vector(3, vector(3, new Uint8Array(900).fill(0x30))))
export const newSessionTicket = handshakeMessage(4, join(big(300, 4), vector(2, new Uint8Array(160))))
export const serverHelloDone = handshakeMessage(14, [])
export const clientKeyExchange = handshakeMessage(16, vector(1, new Uint8Array(65)))
export const changeCipherSpec = record(20, [1])

export function alert(level: number, description: number): Uint8Array {
  return record(21, [level, description])
}

/** Ciphertext of so many bytes, of which none looks like the beginning of anything. */
export function applicationData(bytes = 60): Uint8Array {
  return record(23, new Uint8Array(bytes).fill(0xee))
}

/** A Finished of TLS 1.2, which is encrypted: a handshake record whose content is noise. */
export const encryptedFinished = record(22, new Uint8Array(40).fill(0xdd))

/** An SSLv2-compatible ClientHello (RFC 5246 Appendix E.2); cipher specs of 3 bytes. */
export function sslv2ClientHello(version: number, cipherSpecs: readonly number[]): Uint8Array {
  const specs = join(...cipherSpecs.map((spec) => big(spec, 3)))
  const body = join(
    [1],
    big(version, 2),
    big(specs.length, 2),
    big(0, 2),
    big(16, 2),
    specs,
    new Uint8Array(16).fill(8),
  )
  return join(big(0x8000 | body.length, 2), body)
}
