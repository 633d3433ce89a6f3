import type { Role } from '../registry/types.js'
import { isTls13 } from '../registry/versions.js'
import type { Chunk } from '../stream/chunk.js'
import { acknowledges } from './acknowledged.js'
import { APPLICATION_DATA, CHANGE_CIPHER_SPEC, CLIENT_HELLO, HANDSHAKE } from './content-types.js'
import type { HandshakeDraft } from './draft.js'
import type { Side } from './side.js'

/** Where encryption begins in a handshake, as its records tell it: by their types, and by ChangeCipherSpec before TLS 1.3. */

/** Whether nothing can be read of a record that a side sends. */
export function isEncryptedRecord({ deframer }: Side, type: number): boolean {
  return deframer.encrypted ? type !== CHANGE_CIPHER_SPEC : type === APPLICATION_DATA
}

/** An encrypted record begins in a frame. */
export function encryptedRecordStarts(
  draft: HandshakeDraft,
  side: Side,
  role: Role,
  type: number,
  frame: number,
): void {
  const { serverHello, encryptedFrame } = draft
  // A record that the client sent before the ServerHello is early data (RFC 9846 §2.3).
  if (serverHello === null || (role === 'client' && isSentBefore(draft, frame, side.acknowledgment))) {
    // Or the ServerHello is captured late, as what a client of TLS 1.2 encrypts shows.
    const isEncrypted = type === APPLICATION_DATA || side.deframer.encrypted
    if (role === 'client' && isEncrypted && draft.earlyDataFrame === null) {
      draft.earlyDataFrame = frame
      draft.earlyDataBegins = frame
      draft.earlyDataAcknowledges = side.acknowledgment
      side.inFirstEncryptedRecord = true
    }
    if (role === 'server') draft.serverWentOnFrame ??= frame
    return
  }
  if (encryptedFrame.of(role) !== null) return
  encryptedFrame.set(role, frame)
  side.inFirstEncryptedRecord = true
}

/**
 * Whether a record of the client after its ChangeCipherSpec is its Finished, captured before the ServerHello that resumes
 * a session of TLS 1.2 (RFC 5246 §7.3): in TLS 1.3 only a second ClientHello begins in a record of that type there.
 */
export function isFinishedOfResumption(
  draft: HandshakeDraft,
  { deframer }: Side,
  type: number,
  { bytes, end }: Chunk,
  at: number,
): boolean {
  if (type !== HANDSHAKE || draft.changeCipherSpecFrame.client === null || draft.clientHello === null) return false
  if (deframer.unfinished !== null) return false
  return draft.serverHello === null && draft.helloRetryRequest === null && at < end && bytes[at] !== CLIENT_HELLO
}

/**
 * Whether the client may have sent something without the ServerHello: it does not acknowledge that, and was captured
 * before it. Early data may also be captured behind it, as near to the server, which does not wait for that.
 */
function isSentBefore(draft: HandshakeDraft, frame: number, acknowledgment: number | null): boolean {
  const { clientHello, serverHello, serverHelloEnd } = draft
  const mayBeBehind = clientHello?.earlyData === true && acknowledgment !== null
  if (serverHello !== null && frame >= serverHello.frame && !mayBeBehind) return false
  return acknowledgment === null || !acknowledges(acknowledgment, serverHelloEnd)
}

/**
 * Whether what the client sent encrypted is early data, now that the ServerHello is read. It is none where that had waited
 * behind a gap and the client sent it after its frame, nor from a client that did not offer any: then the ServerHello was
 * captured when it was sent again.
 */
export function isEarlyData(draft: HandshakeDraft): boolean {
  const { clientHello, serverHello, earlyDataBegins, earlyDataAcknowledges } = draft
  if (earlyDataBegins === null || serverHello === null) return true
  const isOffered = clientHello === null || clientHello.earlyData || clientHello.problem !== null
  return isOffered && isTls13(serverHello.version) && isSentBefore(draft, earlyDataBegins, earlyDataAcknowledges)
}

/** The first encrypted record of a side ends in a frame; says whether it is early data, as far as is known. */
export function firstEncryptedRecordEnds(
  draft: HandshakeDraft,
  side: Side,
  role: Role,
  frame: number,
): 'early-data' | 'encrypted' {
  const { encryptedFrame } = draft
  side.inFirstEncryptedRecord = false
  const begins = encryptedFrame.of(role)
  if (begins === null) {
    // A ServerHello from before it may still turn up behind a gap.
    draft.earlyDataFrame = Math.max(draft.earlyDataFrame ?? 0, frame)
    return 'early-data'
  }
  side.encryptedRecordEnded = true
  // Its end may stand behind a gap, and in an earlier frame than its beginning.
  encryptedFrame.set(role, Math.max(begins, frame))
  return 'encrypted'
}

/** A ChangeCipherSpec ends in a frame. */
export function changeCipherSpecEnds(draft: HandshakeDraft, side: Side, role: Role, frame: number): void {
  const { serverHello, changeCipherSpecFrame } = draft
  if (role === 'server' && serverHello !== null)
    draft.serverWholeUntilChangeCipherSpec ||= !draft.lacksBehindServerHello
  if (changeCipherSpecFrame.of(role) === null) changeCipherSpecFrame.set(role, frame)
  // In TLS 1.3 it means nothing (RFC 9846 §5); before, what follows it is encrypted.
  if (serverHello !== null ? !isTls13(serverHello.version) : side.sawTls12Message) side.deframer.encrypted = true
}
