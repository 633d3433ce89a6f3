import { readU16Be, readU24Be } from '../bytes/cursor.js'
import { type Detection, MAYBE, NO, YES } from '../registry/detection.js'
import {
  CLIENT_HELLO,
  HANDSHAKE,
  HANDSHAKE_HEADER_LENGTH,
  MAX_PLAINTEXT_LENGTH,
  RANDOM_LENGTH,
  RECORD_HEADER_LENGTH,
  SERVER_HELLO,
} from './content-types.js'
import { detectSslv2Hello } from './detect.js'
import { socksEnd } from './socks.js'
import { isTdsPacket, TDS_HEADER_LENGTH, TDS_PRELOGIN } from './tds.js'

/** Bytes that may stand before a hello in its segment: more than the head of an HTTP request that servers take. */
export const MAX_PREAMBLE_LENGTH = 8192

/** There is no hello behind a preamble. */
export const NO_HELLO = -1
/** The bytes are the beginning of a preamble whose end is still to come. */
export const UNFINISHED = -2

/**
 * Where a hello begins in bytes that start with what is said before TLS in the clear: a PROXY line or header, STARTTLS
 * in any protocol of text, a request or an answer of HTTP, SOCKS, the SSLRequest of PostgreSQL or MySQL, or the header of
 * a TDS packet. The hello stands directly behind it, and more of it is checked than where a segment begins with one:
 * data may hold anything. `NO_HELLO` or `UNFINISHED` where there is none.
 */
export function findHello(bytes: Uint8Array, start: number, end: number): number {
  const binary = binaryPreambleEnd(bytes, start, end)
  if (binary === UNFINISHED) return end - start < MAX_PREAMBLE_LENGTH ? UNFINISHED : NO_HELLO
  const at = binary === NO_HELLO ? textEnd(bytes, start, end) : binary
  if (at === NO_HELLO || at >= end || at - start > MAX_PREAMBLE_LENGTH) return NO_HELLO
  if (!mayBeHello(bytes, at, end) && detectSslv2Hello(bytes, at, end) !== YES) return NO_HELLO
  return binary === NO_HELLO && announcesContent(bytes, start, at) ? NO_HELLO : at
}

/** Whether TLS begins in these bytes behind a preamble; `maybe` also where the preamble itself goes on. */
export function detectBehindPreamble(bytes: Uint8Array, start: number, end: number): Detection {
  const at = findHello(bytes, start, end)
  if (at === NO_HELLO) return NO
  return at === UNFINISHED || end - at < CERTAIN_LENGTH ? MAYBE : YES
}

/** Record header, message header, and the version in the message. */
const CERTAIN_LENGTH = RECORD_HEADER_LENGTH + HANDSHAKE_HEADER_LENGTH + 2

/** First bytes of a PROXY header of version 2 (the PROXY protocol, §2.2). */
const PROXY_SIGNATURE = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a)
/** Behind it stand version and command, family, and the length of the rest. */
const PROXY_HEADER_LENGTH = 16

/** PostgreSQL's SSLRequest (its protocol, §54.7); a server takes it up with one byte. */
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f)
const SSL_ACCEPTED = 0x53

/** A packet of 32 bytes, the second of its connection: MySQL's SSLRequest, behind which a client does not wait. */
const MYSQL_SSL_REQUEST = Uint8Array.of(32, 0, 0, 1)
const MYSQL_SSL_REQUEST_LENGTH = 36
/** CLIENT_PROTOCOL_41 and CLIENT_SSL, in the second byte of the little-endian capabilities. */
const MYSQL_CAPABILITIES = 0x02 | 0x08
/** Capabilities, largest packet and character set; behind them 19 zeros, and 4 bytes that MariaDB gave a meaning. */
const MYSQL_FILLER_AT = 4 + 9
const MYSQL_FILLER_END = MYSQL_FILLER_AT + 19

function binaryPreambleEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] as number
  if (first === PROXY_SIGNATURE[0]) {
    if (!beginAlike(bytes, start, end, PROXY_SIGNATURE)) return NO_HELLO
    if (end - start < PROXY_HEADER_LENGTH) return UNFINISHED
    return finished(start + PROXY_HEADER_LENGTH + readU16Be(bytes, start + 14), end)
  }
  if (first === SSL_REQUEST[0] && beginAlike(bytes, start, end, SSL_REQUEST))
    return finished(start + SSL_REQUEST.length, end)
  if (first === TDS_PRELOGIN && isTdsPacket(bytes, start, end)) return start + TDS_HEADER_LENGTH
  if (first === MYSQL_SSL_REQUEST[0] && isMysqlSslRequest(bytes, start, end))
    return finished(start + MYSQL_SSL_REQUEST_LENGTH, end)
  if (first === SSL_ACCEPTED && bytes[start + 1] === HANDSHAKE) return finished(start + 1, end)
  const socks = socksEnd(bytes, start, end)
  return socks === null ? NO_HELLO : finished(socks, end)
}

/** Whether bytes are an SSLRequest of MySQL as far as they go. */
function isMysqlSslRequest(bytes: Uint8Array, start: number, end: number): boolean {
  if (!beginAlike(bytes, start, end, MYSQL_SSL_REQUEST)) return false
  if (end - start > 5 && ((bytes[start + 5] as number) & MYSQL_CAPABILITIES) !== MYSQL_CAPABILITIES) return false
  const fillerEnd = Math.min(end, start + MYSQL_FILLER_END)
  for (let at = start + MYSQL_FILLER_AT; at < fillerEnd; at++) if (bytes[at] !== 0) return false
  return true
}

function finished(preambleEnd: number, end: number): number {
  return preambleEnd > end ? UNFINISHED : preambleEnd
}

/** Whether bytes and a signature are the same as far as both go. */
function beginAlike(bytes: Uint8Array, start: number, end: number, signature: Uint8Array): boolean {
  const length = Math.min(end - start, signature.length)
  for (let i = 0; i < length; i++) if (bytes[start + i] !== signature[i]) return false
  return true
}

const LINE_FEED = 0x0a
/** XMPP asks for TLS with an element, not a line (RFC 6120 §5.4.2). */
const GREATER_THAN = 0x3e

/** The first byte that is no text, where lines of ASCII text or an XML element end before it. */
function textEnd(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + MAX_PREAMBLE_LENGTH + 1)
  let at = start
  while (at < limit && isTextByte(bytes[at] as number)) at++
  if (at === start || at === limit) return NO_HELLO
  const last = bytes[at - 1]
  return last === LINE_FEED || last === GREATER_THAN ? at : NO_HELLO
}

/** Printable ASCII, tabs and ends of lines. */
export function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte < 0x7f : byte === LINE_FEED || byte === 0x0d || byte === 0x09
}

/** The fewest bytes of a hello: versions and vectors at their shortest (RFC 9846 §4.2.2, §4.2.3). */
const MIN_HELLO_LENGTH = 38

/** Whether all that is there of a record with a ClientHello or ServerHello is as it must be. */
function mayBeHello(bytes: Uint8Array, start: number, end: number): boolean {
  const have = end - start
  if (bytes[start] !== HANDSHAKE || (have > 1 && bytes[start + 1] !== 3)) return false
  if (have > 2 && (bytes[start + 2] as number) > 4) return false
  if (have < RECORD_HEADER_LENGTH) return true
  const recordLength = readU16Be(bytes, start + 3)
  // A record of fewer bytes is allowed, but could not be told from anything else.
  if (recordLength < CERTAIN_LENGTH - RECORD_HEADER_LENGTH || recordLength > MAX_PLAINTEXT_LENGTH) return false
  const message = start + RECORD_HEADER_LENGTH
  const type = bytes[message]
  if (have > RECORD_HEADER_LENGTH && type !== CLIENT_HELLO && type !== SERVER_HELLO) return false
  if (have < RECORD_HEADER_LENGTH + HANDSHAKE_HEADER_LENGTH) return true
  const messageLength = readU24Be(bytes, message + 1)
  const left = recordLength - HANDSHAKE_HEADER_LENGTH
  // Nothing follows a ClientHello in its record (RFC 9846 §5.1); a longer message goes on in the next.
  if (messageLength < MIN_HELLO_LENGTH || messageLength >> 16 > 2) return false
  if (type === CLIENT_HELLO && messageLength < left) return false
  const body = message + HANDSHAKE_HEADER_LENGTH
  if ((body < end && bytes[body] !== 3) || (body + 1 < end && (bytes[body + 1] as number) > 4)) return false
  return fitsBody(bytes, body, Math.min(end, body + left), type === CLIENT_HELLO, messageLength)
}

/** The lengths behind version and random, as far as they are in the record and there. */
function fitsBody(bytes: Uint8Array, body: number, end: number, fromClient: boolean, length: number): boolean {
  const sessionId = body + 2 + RANDOM_LENGTH
  if (sessionId >= end) return true
  const sessionIdLength = bytes[sessionId] as number
  if (sessionIdLength > 32) return false
  const cipherSuites = sessionId + 1 + sessionIdLength
  if (!fromClient || cipherSuites + 1 >= end) return true
  const cipherSuitesLength = readU16Be(bytes, cipherSuites)
  return (
    cipherSuitesLength > 0 && cipherSuitesLength % 2 === 0 && cipherSuites + 4 + cipherSuitesLength <= body + length
  )
}

/** Whether a head of HTTP or MIME says that what follows it is a body: a file may be of TLS records, too. */
function announcesContent(bytes: Uint8Array, start: number, end: number): boolean {
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number)
  return /^(?:content-(?:type|transfer-encoding)|transfer-encoding|content-length:[ \t]*0*[1-9])/im.test(text)
}
