import { readU16Be } from '../bytes/cursor.js'
import { type Detection, MAYBE, NO, YES } from '../registry/detection.js'
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  CLIENT_HELLO,
  HANDSHAKE,
  HEARTBEAT,
  isRecordVersion,
  MAX_RECORD_LENGTH,
  RECORD_HEADER_LENGTH,
  SERVER_HELLO,
} from './content-types.js'

/** The longest ClientHello that its fields allow is about 2^17 bytes: the first of three length bytes is at most 2. */
const MAX_LENGTH_HIGH_BYTE = 2

/**
 * Whether a TLS handshake begins with these bytes, by what they are and whatever the port: a record with a ClientHello
 * or ServerHello (RFC 9846 §5.1, §4), or an SSLv2-compatible ClientHello (RFC 5246 Appendix E.2). A ClientHello may stand
 * behind a ChangeCipherSpec: the one that answers a HelloRetryRequest does (RFC 9846 Appendix D.4).
 */
export function detectTls(bytes: Uint8Array, start: number, end: number): Detection {
  if (start >= end) return NO
  const first = bytes[start] as number
  if (first === HANDSHAKE) return detectRecord(bytes, start, end)
  if (first === CHANGE_CIPHER_SPEC) return detectBehindChangeCipherSpec(bytes, start, end)
  return (first & 0x80) !== 0 ? detectSslv2Hello(bytes, start, end) : NO
}

function detectRecord(bytes: Uint8Array, start: number, end: number): Detection {
  const length = end - start
  if (length < 2) return MAYBE
  const major = bytes[start + 1] as number
  if (length < 3) return major === 3 || major === 1 ? MAYBE : NO
  if (!isRecordVersion(major, bytes[start + 2] as number)) return NO
  if (length < 5) return MAYBE
  const recordLength = readU16Be(bytes, start + 3)
  // Longer than its plaintext may be: to be refused by the peer (RFC 9846 §5.1), but what it says can be read.
  if (recordLength === 0 || recordLength > MAX_RECORD_LENGTH) return NO
  if (length < 6) return MAYBE
  const type = bytes[start + 5] as number
  if (type !== CLIENT_HELLO && type !== SERVER_HELLO) return NO
  // A record may hold as little as the first byte of the message: then the fields behind it are in the next.
  if (recordLength >= 2 && length >= 7 && (bytes[start + 6] as number) > MAX_LENGTH_HIGH_BYTE) return NO
  if (recordLength < 5) return YES
  if (length < 10) return MAYBE
  const versionMajor = bytes[start + 9] as number
  // A ServerHello of a TLS 1.3 draft up to 21 has 0x7f in its version field.
  return versionMajor === 3 || versionMajor === major || (type === SERVER_HELLO && versionMajor === 0x7f) ? YES : NO
}

/** Its record has one byte of content, which is 1 (RFC 9846 §5). */
const CHANGE_CIPHER_SPEC_LENGTH = RECORD_HEADER_LENGTH + 1

/** Of a ChangeCipherSpec alone nothing begins, and behind most an encrypted Finished follows. */
function detectBehindChangeCipherSpec(bytes: Uint8Array, start: number, end: number): Detection {
  const hello = start + CHANGE_CIPHER_SPEC_LENGTH
  if (end - hello < 6 || bytes[hello] !== HANDSHAKE || bytes[hello + 5] !== CLIENT_HELLO) return NO
  if (!mayBeRecord(bytes, start, end) || readU16Be(bytes, start + 3) !== 1 || bytes[hello - 1] !== 1) return NO
  return detectRecord(bytes, hello, end) === YES ? YES : NO
}

/** msg_length with the high bit set, msg_type 1, version, then three lengths that must add up. */
export function detectSslv2Hello(bytes: Uint8Array, start: number, end: number): Detection {
  // A byte with the high bit set begins too many things: this hello is taken only where its lengths can be checked.
  if (end - start < 11 || bytes[start + 2] !== CLIENT_HELLO) return NO
  const messageLength = readU16Be(bytes, start) & 0x7fff
  const version = readU16Be(bytes, start + 3)
  const cipherSpecLength = readU16Be(bytes, start + 5)
  const sessionIdLength = readU16Be(bytes, start + 7)
  const challengeLength = readU16Be(bytes, start + 9)
  const plausible =
    (version === 0x0002 || (version >= 0x0300 && version <= 0x0304)) &&
    cipherSpecLength > 0 &&
    cipherSpecLength % 3 === 0 &&
    (sessionIdLength === 0 || sessionIdLength === 16) &&
    challengeLength >= 16 &&
    challengeLength <= 32 &&
    messageLength === 9 + cipherSpecLength + sessionIdLength + challengeLength
  return plausible ? YES : NO
}

/** Whether a TLS record of any type may begin with these bytes. */
export function mayBeRecord(bytes: Uint8Array, start: number, end: number): boolean {
  const type = bytes[start] as number
  if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT) return false
  const major = end - start > 1 ? (bytes[start + 1] as number) : 3
  if (major !== 3 && major !== 1) return false
  if (end - start > 2 && !isRecordVersion(major, bytes[start + 2] as number)) return false
  return end - start < RECORD_HEADER_LENGTH || readU16Be(bytes, start + 3) <= MAX_RECORD_LENGTH
}

/** Whether these bytes begin with an alert in the clear: two bytes, the first a level (RFC 9846 §6). */
export function isClearAlert(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < RECORD_HEADER_LENGTH + 2 || bytes[start] !== ALERT || !mayBeRecord(bytes, start, end)) return false
  const level = bytes[start + RECORD_HEADER_LENGTH]
  return readU16Be(bytes, start + 3) === 2 && (level === 1 || level === 2)
}

/** Whether an application data record begins here: TLS, but past its handshake. */
export function isApplicationDataRecord(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start >= RECORD_HEADER_LENGTH &&
    bytes[start] === APPLICATION_DATA &&
    mayBeRecord(bytes, start, end) &&
    readU16Be(bytes, start + 3) > 0
  )
}
