import { cipherSuite } from '../registry/cipher-suites.js'
import { unknownName } from '../registry/code-point.js'
import { isDraftBefore22, isDraftFrom19, versionName } from '../registry/versions.js'
import { RANDOM_LENGTH } from '../tls/content-types.js'
import { readExtensions } from './extensions.js'
import type { TreeReader } from './tree.js'

/** `struct ClientHello` (RFC 9846 §4.2.2). */
export function readClientHello(reader: TreeReader): void {
  readVersion(reader)
  reader.opaque(RANDOM_LENGTH, 'tls.handshake.random', 'Random')
  readSessionId(reader)
  reader.vector(2, 'tls.handshake.cipher_suites_length', 'Cipher Suites Length', (length) =>
    reader.parts('tls.handshake.ciphersuites', 'Cipher Suites', (node) => {
      node.meaning = length >> 1 === 1 ? '1 suite' : `${length >> 1} suites`
      reader.each(() => readCipherSuite(reader))
    }),
  )
  reader.vector(1, 'tls.handshake.comp_methods_length', 'Compression Methods Length', (length) =>
    reader.parts('tls.handshake.comp_methods', 'Compression Methods', (node) => {
      node.meaning = length === 1 ? '1 method' : `${length} methods`
      reader.each(() => readCompressionMethod(reader))
    }),
  )
  // A hello without extensions may end here (RFC 5246 §7.4.1.2).
  if (reader.remaining > 0) readExtensions(reader, 'ClientHello')
}

/** `struct ServerHello` and HelloRetryRequest, which has its form (RFC 9846 §4.2.3, §4.2.4). */
export function readServerHello(reader: TreeReader, isRetry: boolean): void {
  const version = readVersion(reader)
  const isOldDraft = isDraftBefore22(version)
  reader.opaque(RANDOM_LENGTH, 'tls.handshake.random', 'Random', {
    meaning: isRetry ? 'the mark of a HelloRetryRequest' : null,
  })
  if (!isOldDraft) readSessionId(reader)
  readCipherSuite(reader)
  if (!isOldDraft) readCompressionMethod(reader)
  if (reader.remaining > 0) readExtensions(reader, isRetry ? 'HelloRetryRequest' : 'ServerHello')
}

/** The HelloRetryRequest that drafts before 22 had (type 6): version, from draft 19 on a cipher suite, extensions. */
export function readOldRetryRequest(reader: TreeReader): void {
  const version = readVersion(reader)
  if (isDraftFrom19(version)) readCipherSuite(reader)
  readExtensions(reader, 'HelloRetryRequest')
}

/** An SSLv2-compatible ClientHello (RFC 5246 Appendix E.2), with its record header of two bytes. */
export function readSslv2ClientHello(reader: TreeReader): void {
  reader.number(2, 'tls.record.length', 'Length', (value) => `${value & 0x7fff} bytes`)
  reader.number(1, 'tls.handshake.type', 'Handshake Message Type', (type) => (type === 1 ? 'Client Hello' : 'unknown'))
  readVersion(reader)
  const cipherSpecLength = reader.number(2, 'tls.handshake.cipher_spec_len', 'Cipher Spec Length')
  const sessionIdLength = reader.number(2, 'tls.handshake.session_id_length', 'Session ID Length')
  const challengeLength = reader.number(2, 'tls.handshake.challenge_length', 'Challenge Length')
  reader.within(cipherSpecLength, () =>
    reader.parts('tls.handshake.ciphersuites', 'Cipher Specs', (node) => {
      node.meaning = `${Math.floor(cipherSpecLength / 3)} specs`
      reader.each(() => void reader.number(3, 'tls.handshake.cipherspec', 'Cipher Spec', (id) => cipherSuite(id).name))
    }),
  )
  reader.opaque(sessionIdLength, 'tls.handshake.session_id', 'Session ID')
  reader.opaque(challengeLength, 'tls.handshake.challenge', 'Challenge')
}

function readVersion(reader: TreeReader): number {
  return reader.number(2, 'tls.handshake.version', 'Version', versionName)
}

function readSessionId(reader: TreeReader): void {
  reader.vector(1, 'tls.handshake.session_id_length', 'Session ID Length', (length) =>
    reader.opaque(length, 'tls.handshake.session_id', 'Session ID'),
  )
}

function readCipherSuite(reader: TreeReader): void {
  reader.number(2, 'tls.handshake.ciphersuite', 'Cipher Suite', (id) => cipherSuite(id).name)
}

function readCompressionMethod(reader: TreeReader): void {
  reader.number(1, 'tls.handshake.comp_method', 'Compression Method', (method) =>
    method === 0 ? 'null' : method === 1 ? 'DEFLATE' : unknownName(method, 2),
  )
}
