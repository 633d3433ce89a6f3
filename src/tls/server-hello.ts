import { Cursor } from '../bytes/cursor.js'
import { NO_FLAWS } from '../key-share/check.js'
import { isDraftBefore22, isDraftFrom19, isTls13 } from '../registry/versions.js'
import { joinRandomAndSessionId } from './client-hello.js'
import { HELLO_RETRY_REQUEST, RANDOM_LENGTH } from './content-types.js'
import { COOKIE, DRAFT_KEY_SHARE, KEY_SHARE, PRE_SHARED_KEY, SUPPORTED_VERSIONS } from './extension-types.js'
import type { DowngradeMark, MessagePlace, ServerHello } from './handshake.js'
import { inspectShare, NO_FINGERPRINTS, takeRandom } from './key-shares.js'
import { problemOf } from './message-problem.js'
import { isRetryRandom } from './retry-random.js'

type WritableHello = { -readonly [Field in keyof ServerHello]: ServerHello[Field] }

const NO_BYTES = new Uint8Array(0)
const cursor = new Cursor()

/**
 * Reads the body of a ServerHello (RFC 9846 §4.2.3, §4.2.4; RFC 5246 §7.4.1.3) or of the HelloRetryRequest message that
 * TLS 1.3 had before draft 22 (`type` tells). A message that breaks off gives what stood before the break, and
 * `problem` says so; with `partial` the bytes are known to be only the beginning of one, and a share counts by its group
 * and length alone.
 */
export function readServerHello(
  type: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  place: MessagePlace,
  partial = false,
): ServerHello {
  cursor.reset(bytes, start, end, partial)
  const legacyVersion = cursor.u16()
  const oldDraft = isDraftBefore22(legacyVersion)
  const hasRandom = type !== HELLO_RETRY_REQUEST
  const isRetry = !hasRandom || (cursor.remaining() >= RANDOM_LENGTH && isRetryRandom(bytes, cursor.at))
  const hello: WritableHello = {
    frame: place.frame,
    bytes: place.bytes,
    segments: place.segments,
    records: place.records,
    isHelloRetryRequest: isRetry,
    version: legacyVersion,
    legacyVersion,
    cipherSuite: 0,
    randomAndSessionId: NO_BYTES,
    keyShare: null,
    preSharedKey: false,
    cookie: false,
    extensions: [],
    downgradeMark: null,
    flaws: NO_FLAWS,
    shareFingerprints: NO_FINGERPRINTS,
    randomA: 0,
    randomB: 0,
    problem: null,
  }
  const randomAt = cursor.at
  if (hasRandom) cursor.skip(RANDOM_LENGTH)
  const sessionIdLength = hasRandom && !oldDraft ? cursor.u8() : 0 // legacy_session_id_echo
  const sessionIdAt = cursor.skip(sessionIdLength)
  if (hasRandom || isDraftFrom19(legacyVersion)) hello.cipherSuite = cursor.u16()
  if (hasRandom && !oldDraft) cursor.skip(1) // legacy_compression_method
  if (cursor.remaining() > 0) readExtensions(cursor, hello, randomAt)
  hello.problem = problemOf(cursor)
  // Only before TLS 1.3 does an echoed session id mean anything.
  if (hello.problem === null && !isTls13(hello.version)) {
    hello.randomAndSessionId = joinRandomAndSessionId(bytes, randomAt, sessionIdAt, sessionIdLength)
    hello.downgradeMark = readDowngradeMark(hello.randomAndSessionId)
  }
  return hello
}

function readExtensions(cursor: Cursor, hello: WritableHello, randomAt: number): void {
  const extensions: number[] = []
  const outer = cursor.enter(cursor.u16())
  while (cursor.remaining() > 0 && !cursor.failed) {
    const type = cursor.u16()
    const length = cursor.u16()
    if (cursor.failed) break
    extensions.push(type)
    const extensionsEnd = cursor.enter(length)
    switch (type) {
      case SUPPORTED_VERSIONS: // RFC 9846 §4.3.1: selected_version
        hello.version = cursor.remaining() >= 2 ? cursor.u16() : hello.version
        break
      case KEY_SHARE: // RFC 9846 §4.3.8: KeyShareServerHello, or selected_group alone
      case DRAFT_KEY_SHARE:
        hello.keyShare = hello.isHelloRetryRequest ? readRetryGroup(cursor) : readShare(cursor, hello, randomAt)
        break
      case PRE_SHARED_KEY: // RFC 9846 §4.3.11
        hello.preSharedKey = true
        cursor.skip(cursor.remaining())
        break
      case COOKIE: // RFC 9846 §4.3.2
        hello.cookie = true
        cursor.skip(cursor.remaining())
        break
      default:
        cursor.skip(cursor.remaining())
    }
    cursor.leave(extensionsEnd)
  }
  cursor.leave(outer)
  hello.extensions = extensions
}

function readRetryGroup(cursor: Cursor): { group: number; bytes: number } | null {
  const group = cursor.u16()
  return cursor.failed ? null : { group, bytes: 0 }
}

function readShare(cursor: Cursor, hello: WritableHello, randomAt: number): { group: number; bytes: number } | null {
  const group = cursor.u16()
  const bytes = cursor.u16()
  if (cursor.failed) return null
  const at = cursor.skip(bytes)
  if (at < 0) return cursor.partial ? { group, bytes } : null
  if (!cursor.partial) {
    // Should the extension come twice, the last counts.
    hello.flaws = NO_FLAWS
    hello.shareFingerprints = NO_FINGERPRINTS
    takeRandom(hello, cursor.bytes, randomAt)
    inspectShare(hello, group, cursor.bytes, at, at + bytes, 'server')
  }
  return { group, bytes }
}

/** `DOWNGRD`, before the byte that says from which version. */
const DOWNGRADE = [0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44]
const DOWNGRADE_AT = 24

function readDowngradeMark(random: Uint8Array): DowngradeMark | null {
  if (DOWNGRADE.some((byte, i) => random[DOWNGRADE_AT + i] !== byte)) return null
  const last = random[DOWNGRADE_AT + DOWNGRADE.length]
  return last === 1 ? 'from-tls13' : last === 0 ? 'from-tls12' : null
}
