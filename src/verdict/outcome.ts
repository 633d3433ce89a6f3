import { bytesText } from '../bytes/text.js'
import { FATAL } from '../registry/alerts.js'
import type { Direction } from '../registry/direction.js'
import type { Role } from '../registry/types.js'
import type { ClearAlert, Handshake } from '../tls/handshake.js'
import type { Outcome, Reason } from './record.js'

/** How a handshake came out, and for one that was not negotiated why. */
export interface Ending {
  readonly outcome: Outcome
  /** null where it was negotiated: then the key exchange has its own reason. */
  readonly reason: Reason | null
}

/**
 * The outcome, from what is in the capture alone. Bytes that would decide and are missing make it `incomplete`, whatever
 * else may look likely: a handshake is `rejected` or `unanswered` only where nothing of the server's is missing, and
 * nothing shows that there was a ServerHello.
 */
export function endingOf(handshake: Handshake): Ending {
  const { serverHello, alerts, streamFacts } = handshake
  if (serverHello !== null) {
    return serverHello.problem === 'length-overrun'
      ? { outcome: 'incomplete', reason: 'malformed' }
      : { outcome: 'negotiated', reason: null }
  }
  // One side alone shows no answer, and an alert of the client may be one to a ServerHello.
  if (streamFacts !== null && !(streamFacts.seen[0] && streamFacts.seen[1]))
    return { outcome: 'incomplete', reason: 'one-direction' }
  if (isMissing(handshake, 'server') || lostServerHelloFrame(handshake) !== null)
    return { outcome: 'incomplete', reason: 'missing-bytes' }
  if (alerts.some(endsHandshake)) return { outcome: 'rejected', reason: 'alert-before-server-hello' }
  if (alerts.some(answersClose)) return { outcome: 'rejected', reason: reasonOfClose(alerts) }
  if (streamFacts === null) return { outcome: 'unanswered', reason: 'no-answer' }
  if (streamFacts.end === 'capture-cut' || streamFacts.end === 'given-up' || isMissing(handshake, 'client'))
    return { outcome: 'incomplete', reason: 'missing-bytes' }
  if (streamFacts.closed[0] !== null || streamFacts.closed[1] !== null)
    return { outcome: 'rejected', reason: reasonOfClose(alerts) }
  // The HelloRetryRequest was an answer, and the hello that it asks for is not in the capture.
  if (handshake.helloRetryRequest !== null && handshake.secondClientHello === null)
    return { outcome: 'incomplete', reason: 'missing-bytes' }
  return { outcome: 'unanswered', reason: 'no-answer' }
}

/** The two alerts that end a connection at whatever level (RFC 9846 §6.1). */
const CLOSE_NOTIFY = 0
const USER_CANCELED = 90

/** After other warnings (unrecognized_name, say) the handshake goes on; and a connection that is closed has ended before. */
export function endsHandshake(alert: ClearAlert): boolean {
  const { level, description } = alert
  return !answersClose(alert) && (level === FATAL || description === CLOSE_NOTIFY || description === USER_CANCELED)
}

/** What a client says to a server that closed the connection ends nothing: OpenSSL sends decode_error. */
export function answersClose({ from, afterClose }: ClearAlert): boolean {
  return from === 'client' && afterClose
}

function reasonOfClose(alerts: readonly ClearAlert[]): Reason {
  return alerts.every(answersClose) ? 'closed-before-server-hello' : 'alert-before-server-hello'
}

/**
 * A frame that shows that there was a ServerHello, where none was read: what follows one, or a ChangeCipherSpec of the
 * server, which it sends behind its first handshake message (RFC 9846 Appendix D.4, RFC 5246 §7.1).
 */
export function lostServerHelloFrame(handshake: Handshake): number | null {
  const { serverHello, helloRetryRequest, serverWentOnFrame, changeCipherSpecFrame } = handshake
  if (serverHello !== null) return null
  return serverWentOnFrame ?? (helloRetryRequest === null ? changeCipherSpecFrame.server : null)
}

/** Whether bytes that one side sent are not in the capture, or could not be read. */
export function isMissing(handshake: Handshake, from: Role): boolean {
  const { cutHello, incidents, streamFacts } = handshake
  if (cutHello !== null && cutHello.from === from) return true
  if (incidents.some((incident) => incident.from === from && MISSING_CODES.has(incident.code))) return true
  return streamFacts !== null && streamFacts.unseen[directionOf(handshake, from)] > 0
}

/** The direction in which a side sends. */
export function directionOf({ clientDirection }: Handshake, from: Role): Direction {
  return (from === 'client') === (clientDirection === 0) ? 0 : 1
}

/** What was sent and is not in the capture, by the sequence numbers that it took: a FIN takes one, too (RFC 9293 §3.4). */
export function unseenText(bytes: number): string {
  return bytes === 1 ? '1 byte more, or a FIN,' : `${bytesText(bytes)} more`
}

/** What a message is called that is not wholly in the capture. */
export function cutHelloName(
  handshake: Handshake,
): 'ClientHello' | 'second ClientHello' | 'HelloRetryRequest' | 'ServerHello' {
  if (handshake.cutHello?.type === 'client-hello') return isSecondCut(handshake) ? 'second ClientHello' : 'ClientHello'
  return isRetryCut(handshake) ? 'HelloRetryRequest' : 'ServerHello'
}

/** The second ClientHello is in the capture in part. Where it is the first, the second may be taken for that. */
export function isSecondCut({ cutHello, clientHello }: Handshake): boolean {
  return cutHello?.type === 'client-hello' && clientHello !== null && cutHello.frame >= clientHello.frame
}

/** A HelloRetryRequest is in the capture in part: a server sends no other message of that type before a ServerHello. */
export function isRetryCut({ cutHello, serverHello }: Handshake): boolean {
  return cutHello?.type === 'hello-retry-request' || (cutHello?.type === 'server-hello' && serverHello !== null)
}

/** Whether a hello is cut because its sender closed the connection behind what is there of it: no byte is missing. */
export function sentNoMore(handshake: Handshake): boolean {
  const { cutHello, incidents, streamFacts } = handshake
  if (cutHello === null || streamFacts === null) return false
  const direction = directionOf(handshake, cutHello.from)
  const isLost = incidents.some(({ code, from }) => from === cutHello.from && MISSING_CODES.has(code))
  return streamFacts.closed[direction] !== null && streamFacts.unseen[direction] === 0 && !isLost
}

const MISSING_CODES: ReadonlySet<string> = new Set(['snap-length', 'gap', 'gap-limit', 'not-a-record'])
