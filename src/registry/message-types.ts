import { unknownName } from './code-point.js'

/** A code point, its name as the RFCs write it, and the words that Wireshark shows for it. */
type WordsRow = readonly [id: number, name: string, words: string]

/** TLS ContentType (RFC 9846 §5.1; heartbeat of RFC 6520). */
const CONTENT_TYPE_ROWS: readonly WordsRow[] = [
  [20, 'change_cipher_spec', 'Change Cipher Spec'],
  [21, 'alert', 'Alert'],
  [22, 'handshake', 'Handshake'],
  [23, 'application_data', 'Application Data'],
  [24, 'heartbeat', 'Heartbeat'],
]

/** TLS HandshakeType (IANA; RFC 9846 §4, RFC 5246 §7.4 and the RFCs of single messages). */
const HANDSHAKE_TYPE_ROWS: readonly WordsRow[] = [
  [0, 'HelloRequest', 'Hello Request'],
  [1, 'ClientHello', 'Client Hello'],
  [2, 'ServerHello', 'Server Hello'],
  [3, 'HelloVerifyRequest', 'Hello Verify Request'],
  [4, 'NewSessionTicket', 'New Session Ticket'],
  [5, 'EndOfEarlyData', 'End of Early Data'],
  [6, 'HelloRetryRequest', 'Hello Retry Request'],
  [8, 'EncryptedExtensions', 'Encrypted Extensions'],
  [11, 'Certificate', 'Certificate'],
  [12, 'ServerKeyExchange', 'Server Key Exchange'],
  [13, 'CertificateRequest', 'Certificate Request'],
  [14, 'ServerHelloDone', 'Server Hello Done'],
  [15, 'CertificateVerify', 'Certificate Verify'],
  [16, 'ClientKeyExchange', 'Client Key Exchange'],
  [20, 'Finished', 'Finished'],
  [21, 'CertificateURL', 'Certificate URL'],
  [22, 'CertificateStatus', 'Certificate Status'],
  [23, 'SupplementalData', 'Supplemental Data'],
  [24, 'KeyUpdate', 'Key Update'],
  [25, 'CompressedCertificate', 'Compressed Certificate'],
]

/** `handshake` for 22, or `unknown (0x19)`. */
export function contentTypeName(id: number): string {
  return CONTENT_TYPE_ROWS.find((row) => row[0] === id)?.[1] ?? unknownName(id, 2)
}

/** `Handshake` for 22, or `unknown (0x19)`. */
export function contentTypeWords(id: number): string {
  return CONTENT_TYPE_ROWS.find((row) => row[0] === id)?.[2] ?? unknownName(id, 2)
}

/** `ClientHello` for 1, or `unknown (0x09)`. */
export function handshakeTypeName(id: number): string {
  return HANDSHAKE_TYPE_ROWS.find((row) => row[0] === id)?.[1] ?? unknownName(id, 2)
}

/** `Client Hello` for 1, or `unknown (0x09)`. */
export function handshakeTypeWords(id: number): string {
  return HANDSHAKE_TYPE_ROWS.find((row) => row[0] === id)?.[2] ?? unknownName(id, 2)
}
