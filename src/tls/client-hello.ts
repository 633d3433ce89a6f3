import { Cursor, readU16Be } from '../bytes/cursor.js'
import { decodeText } from '../bytes/text.js'
import { viewOf } from '../bytes/view.js'
import { MAX_CHECKED_SHARES, NO_FLAWS } from '../key-share/check.js'
import { RANDOM_LENGTH } from './content-types.js'
import {
  ALPN,
  DRAFT_KEY_SHARE,
  EARLY_DATA,
  ENCRYPTED_CLIENT_HELLO,
  KEY_SHARE,
  PRE_SHARED_KEY,
  PSK_KEY_EXCHANGE_MODES,
  SERVER_NAME,
  SESSION_TICKET,
  SIGNATURE_ALGORITHMS,
  SUPPORTED_GROUPS,
  SUPPORTED_VERSIONS,
} from './extension-types.js'
import type { ClientHello, MessagePlace, ShareEntry } from './handshake.js'
import { Interner, Scratch } from './interned.js'
import { inspectShare, NO_FINGERPRINTS, takeRandom } from './key-shares.js'
import { problemOf } from './message-problem.js'

const NO_BYTES = new Uint8Array(0)
/** ServerName.name_type host_name (RFC 6066 §3). */
const HOST_NAME = 0

const cursor = new Cursor()
const scratch = new Scratch()
const shareScratch = new Scratch()

const codePoints = new Interner(codePointsOf)
const singleBytes = new Interner<readonly number[]>((bytes, start, end) => Array.from(bytes.subarray(start, end)))
const serverNames = new Interner(decodeText)
const protocolNames = new Interner(protocolNamesOf)
const shareEntries = new Interner(sharesOf)

/**
 * Reads the body of a ClientHello, without its 4-byte header: `struct ClientHello` of RFC 9846 §4.2.2, field by field.
 * A hello that breaks off gives what stood before the break, and `problem` says so; with `partial` the bytes are known to
 * be only the beginning of one.
 */
export function readClientHello(
  bytes: Uint8Array,
  start: number,
  end: number,
  place: MessagePlace,
  partial = false,
): ClientHello {
  const hello = emptyClientHello(place)
  cursor.reset(bytes, start, end, partial)

  hello.legacyVersion = cursor.u16()
  readRandomAndSessionId(cursor, hello)
  hello.cipherSuites = u16List(cursor, cursor.u16())
  cursor.skip(cursor.u8()) // legacy_compression_methods
  // A hello without extensions may end here (RFC 5246 §7.4.1.2).
  if (cursor.remaining() > 0) readExtensions(cursor, hello)
  hello.problem = problemOf(cursor)
  return hello
}

type WritableHello = { -readonly [Field in keyof ClientHello]: ClientHello[Field] }

/** One and the same for all lists that a hello does not have. */
const NONE: readonly never[] = Object.freeze([])

/** A ClientHello in which nothing has been read yet. */
export function emptyClientHello(place: MessagePlace): WritableHello {
  return {
    frame: place.frame,
    bytes: place.bytes,
    segments: place.segments,
    records: place.records,
    legacyVersion: 0,
    randomAndSessionId: NO_BYTES,
    cipherSuites: NONE,
    extensions: NONE,
    serverName: null,
    supportedVersions: NONE,
    supportedGroups: NONE,
    keyShares: NONE,
    flaws: NO_FLAWS,
    shareFingerprints: NO_FINGERPRINTS,
    randomA: 0,
    randomB: 0,
    signatureSchemes: NONE,
    alpn: NONE,
    pskModes: NONE,
    preSharedKey: false,
    earlyData: false,
    encryptedClientHello: false,
    sessionTicketBytes: null,
    problem: null,
  }
}

function readExtensions(cursor: Cursor, hello: WritableHello): void {
  scratch.length = 0
  const outer = cursor.enter(cursor.u16())
  while (cursor.remaining() > 0 && !cursor.failed) {
    const type = cursor.u16()
    const length = cursor.u16()
    if (cursor.failed) break
    scratch.addU16(type)
    const extensionsEnd = cursor.enter(length)
    readExtension(cursor, type, length, hello)
    cursor.leave(extensionsEnd)
  }
  cursor.leave(outer)
  hello.extensions = codePoints.get(scratch.view, 0, scratch.length)
}

function readExtension(cursor: Cursor, type: number, length: number, hello: WritableHello): void {
  switch (type) {
    case SERVER_NAME: // RFC 6066 §3
      if (length > 0) hello.serverName ??= readServerName(cursor)
      return
    case SUPPORTED_GROUPS: // RFC 9846 §4.3.7
      hello.supportedGroups = u16List(cursor, cursor.u16())
      return
    case SIGNATURE_ALGORITHMS: // RFC 9846 §4.3.3
      hello.signatureSchemes = u16List(cursor, cursor.u16())
      return
    case ALPN: // RFC 7301 §3.1
      hello.alpn = readProtocolNames(cursor)
      return
    case SUPPORTED_VERSIONS: // RFC 9846 §4.3.1
      hello.supportedVersions = u16List(cursor, cursor.u8())
      return
    case KEY_SHARE: // RFC 9846 §4.3.8
    case DRAFT_KEY_SHARE:
      readKeyShares(cursor, hello)
      return
    case PSK_KEY_EXCHANGE_MODES: // RFC 9846 §4.3.9
      hello.pskModes = u8List(cursor, cursor.u8())
      return
    case PRE_SHARED_KEY: // RFC 9846 §4.3.11
      hello.preSharedKey = true
      break
    case EARLY_DATA: // RFC 9846 §4.3.10
      hello.earlyData = true
      break
    case ENCRYPTED_CLIENT_HELLO: // RFC 9849 §5
      hello.encryptedClientHello = true
      break
    case SESSION_TICKET: // RFC 5077 §3.2
      hello.sessionTicketBytes = length
      break
    default:
  }
  cursor.skip(cursor.remaining())
}

/** The first host_name; null where there is none. */
function readServerName(cursor: Cursor): string | null {
  let name: string | null = null
  const outer = cursor.enter(cursor.u16())
  while (cursor.remaining() > 0) {
    const nameType = cursor.u8()
    const length = cursor.u16()
    const at = cursor.skip(length)
    if (cursor.failed) break
    if (nameType === HOST_NAME) name ??= serverNames.get(viewOf(cursor.bytes), at, at + length)
  }
  cursor.leave(outer)
  return name
}

function readProtocolNames(cursor: Cursor): readonly string[] {
  const outer = cursor.enter(cursor.u16())
  const start = cursor.at
  while (cursor.remaining() > 0) cursor.skip(cursor.u8())
  const names = cursor.failed ? [] : protocolNames.get(viewOf(cursor.bytes), start, cursor.at)
  cursor.leave(outer)
  return names
}

function protocolNamesOf(bytes: Uint8Array, start: number, end: number): readonly string[] {
  const names: string[] = []
  for (let at = start; at < end; ) {
    const nameEnd = at + 1 + (bytes[at] as number)
    names.push(decodeText(bytes, at + 1, nameEnd))
    at = nameEnd
  }
  return names
}

function readKeyShares(cursor: Cursor, hello: WritableHello): void {
  const { bytes } = cursor
  shareScratch.length = 0
  // Should the extension come twice, the last counts.
  hello.flaws = NO_FLAWS
  hello.shareFingerprints = NO_FINGERPRINTS
  const outer = cursor.enter(cursor.u16())
  for (let index = 0; cursor.remaining() > 0; index++) {
    const group = cursor.u16()
    const length = cursor.u16()
    const at = cursor.skip(length)
    if (at < 0 || cursor.failed) break
    shareScratch.addU16(group)
    shareScratch.addU16(length)
    if (index < MAX_CHECKED_SHARES && !cursor.partial) inspectShare(hello, group, bytes, at, at + length, 'client')
  }
  cursor.leave(outer)
  hello.keyShares = shareEntries.get(shareScratch.view, 0, shareScratch.length)
}

/** random and legacy_session_id in one array: they are compared with those of other hellos. */
function readRandomAndSessionId(cursor: Cursor, hello: WritableHello): void {
  const randomAt = cursor.skip(RANDOM_LENGTH)
  const sessionIdLength = cursor.u8()
  const sessionIdAt = cursor.skip(sessionIdLength)
  if (cursor.failed) return
  hello.randomAndSessionId = joinRandomAndSessionId(cursor.bytes, randomAt, sessionIdAt, sessionIdLength)
  takeRandom(hello, cursor.bytes, randomAt)
}

/** At most 64 bytes where the session id has a length that is allowed: an array that small costs little to make. */
export function joinRandomAndSessionId(
  bytes: Uint8Array,
  randomAt: number,
  sessionIdAt: number,
  sessionIdLength: number,
): Uint8Array {
  const joined = new Uint8Array(RANDOM_LENGTH + sessionIdLength)
  for (let i = 0; i < RANDOM_LENGTH; i++) joined[i] = bytes[randomAt + i] as number
  for (let i = 0; i < sessionIdLength; i++) joined[RANDOM_LENGTH + i] = bytes[sessionIdAt + i] as number
  return joined
}

/** Pairs of group and length. */
function sharesOf(bytes: Uint8Array, start: number, end: number): readonly ShareEntry[] {
  const shares: ShareEntry[] = []
  for (let at = start; at < end; at += 4) shares.push({ group: readU16Be(bytes, at), bytes: readU16Be(bytes, at + 2) })
  return shares
}

/** A list of 16-bit code points of `length` bytes. */
function u16List(cursor: Cursor, length: number): readonly number[] {
  const outer = cursor.enter(length)
  const start = cursor.at
  cursor.at += cursor.remaining() & ~1
  const list = codePoints.get(viewOf(cursor.bytes), start, cursor.at)
  cursor.leave(outer)
  return list
}

function codePointsOf(bytes: Uint8Array, start: number, end: number): readonly number[] {
  const list: number[] = []
  for (let at = start; at < end; at += 2) list.push(readU16Be(bytes, at))
  return list
}

function u8List(cursor: Cursor, length: number): readonly number[] {
  const outer = cursor.enter(length)
  const list = singleBytes.get(viewOf(cursor.bytes), cursor.at, cursor.end)
  cursor.at = cursor.end
  cursor.leave(outer)
  return list
}
