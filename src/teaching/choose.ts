import { isGrease } from '../registry/grease.js'
import type { HandshakeRecord, Hello } from '../verdict/record.js'
import { keyExchangeLessons } from './choose-key-exchange.js'
import { protectionLessons } from './choose-protection.js'
import type { ChosenLesson } from './lesson.js'
import { chosen, isOpen, isTls13, namesOf, postQuantum } from './record-words.js'

/** TCP payload of an Ethernet frame with IPv4 and no options, in bytes. */
const SEGMENT_BYTES = 1460
/** Header of the TLS record that carries a hello, in bytes. */
const RECORD_HEADER_BYTES = 5
/** Segments that a sender may send before an answer (RFC 6928 §2). */
const INITIAL_WINDOW = 10
/** A KeyShareEntry of X25519MLKEM768: group, length and 1216 bytes. */
const HYBRID_ENTRY_BYTES = 1220

/** The lessons that apply to a handshake, in its order. This is the one place that decides. */
export function chooseLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  return [
    ...clientHelloLessons(record),
    ...retryLessons(record),
    ...(record.negotiated === null ? unfinishedLessons(record) : negotiatedLessons(record)),
  ]
}

function clientHelloLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  const { clientHello } = record
  // The second hello of a retried handshake lists the same groups.
  if (clientHello === null)
    return record.negotiated === null || record.secondClientHello !== null ? [] : [chosen('client-hello-not-seen', {})]
  const grease = greaseOf(clientHello)
  return [
    // What an unknown share is worth, and whether it is why the hello is long, cannot be said.
    ...(clientHello.keyShares.some(isOpen) ? [] : [sizeLesson(clientHello)]),
    ...(grease === null ? [] : [chosen('grease', { value: grease })]),
    ...(clientHello.encryptedClientHello ? [chosen('encrypted-client-hello', {})] : []),
    ...(offeredNone(record) ? [chosen('offer-none', {})] : []),
  ]
}

/** An inner ClientHello may offer more than the one that is seen, and a group that is not known may be post-quantum. */
function offeredNone({ clientHello, verdict }: HandshakeRecord): boolean {
  const { offer } = verdict
  if (clientHello === null || clientHello.encryptedClientHello) return false
  const { supportedGroups, keyShares } = clientHello
  return (offer === 'classical' || offer === 'none') && ![...supportedGroups, ...keyShares].some(isOpen)
}

/** Why the ClientHello is as long as it is, and what that does to its segments. */
function sizeLesson({ bytes, segments, keyShares }: Hello): ChosenLesson {
  const shares = keyShares.filter(postQuantum)
  if (shares.length === 0) {
    if (segments > 1) return chosen('client-hello-split', { bytes, segments })
    const grownBytes = bytes + HYBRID_ENTRY_BYTES
    return grownBytes + RECORD_HEADER_BYTES > SEGMENT_BYTES
      ? chosen('client-hello-small', { bytes, grownBytes })
      : chosen('client-hello-very-small', { bytes, grownBytes })
  }
  const shareBytes = shares.reduce((sum, share) => sum + share.bytes, 0)
  const values = { bytes, shares: namesOf(shares.map((share) => `${share.name} ${share.bytes}`)), shareBytes }
  if (segments > INITIAL_WINDOW) return chosen('client-hello-beyond-window', { ...values, segments })
  if (segments > 1) return chosen('client-hello-grew', { ...values, segments })
  return bytes + RECORD_HEADER_BYTES > SEGMENT_BYTES
    ? chosen('client-hello-one-large-segment', values)
    : chosen('client-hello-one-segment', values)
}

/** The first GREASE value (RFC 8701) of a hello, in hexadecimal; null where it has none. */
function greaseOf({ cipherSuites, extensions, supportedGroups, keyShares }: Hello): string | null {
  const groups = [...supportedGroups, ...keyShares].map(({ id }) => id)
  const value = [...cipherSuites, ...extensions, ...groups].find(isGrease)
  return value === undefined ? null : `0x${value.toString(16).padStart(4, '0')}`
}

/** What a HelloRetryRequest cost here, and why it came. */
function retryLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  const { clientHello, helloRetryRequest, secondClientHello } = record
  if (helloRetryRequest === null) {
    return secondClientHello === null ? [] : [chosen('retry-not-seen', { bytes: secondClientHello.bytes })]
  }
  const { group, cookie, bytes: retryBytes } = helloRetryRequest
  if (group === null) return [chosen(cookie ? 'retry-for-cookie' : 'retry-unexplained', { retryBytes })]
  const wasShared = clientHello === null || clientHello.keyShares.some((share) => share.id === group.id)
  if (wasShared) return [chosen('retry-unexplained', { retryBytes })]
  if (secondClientHello === null) return [chosen('retry-for-share-half-seen', { group: group.name, retryBytes })]
  const { keyShares, bytes } = secondClientHello
  const isFollowed = keyShares.some(({ id }) => id === group.id)
  return [chosen(isFollowed ? 'retry-for-share' : 'retry-for-share-ignored', { group: group.name, retryBytes, bytes })]
}

function negotiatedLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  return [...choiceLessons(record), ...keyExchangeLessons(record), ...protectionLessons(record)]
}

/** What the server made of the offer. */
function choiceLessons({ verdict, negotiated, clientHello }: HandshakeRecord): readonly ChosenLesson[] {
  const { version = '', group = null } = negotiated ?? {}
  const offered = namesOf((clientHello?.supportedGroups ?? []).filter(postQuantum).map(({ name }) => name))
  if (!isTls13(version)) {
    // What is neither SSL nor TLS, as TLCP, is no older version of it.
    if (verdict.label === 'hybrid' || verdict.label === 'unknown' || !/^(?:SSL|TLS)v/.test(version)) return []
    const withTls13 = clientHello?.supportedVersions.some(isTls13) === true
    const inVain = withTls13 ? 'tls12-offered-in-vain' : 'tls12-offered-without-tls13'
    return [...(offered === '' ? [] : [chosen(inVain, { offered, version })]), chosen('tls12', { version })]
  }
  const passedOver = verdict.reason === 'server-chose-classical' || verdict.reason === 'retried-to-classical'
  if (!passedOver || group === null || offered === '') return []
  return [chosen('server-chose-classical', { offered, group: group.name })]
}

/** It ends a connection at whatever level (RFC 9846 §6.1). */
const CLOSE_NOTIFY = 0

/** What cannot be known from this capture, and how to capture better. */
function unfinishedLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  const { verdict, alerts, notes } = record
  if (verdict.outcome !== 'incomplete' && isAnsweredOtherwise(record)) return [chosen('not-tls', {})]
  switch (verdict.outcome) {
    case 'rejected': {
      const alert = alerts.find(({ level, id }) => level === 'fatal' || id === CLOSE_NOTIFY) ?? alerts.at(-1)
      if (verdict.reason !== 'alert-before-server-hello' || alert === undefined) return [chosen('rejected-closed', {})]
      const key = alert.from === 'server' ? 'rejected-alert-by-server' : 'rejected-alert-by-client'
      return [chosen(key, { alert: alert.description })]
    }
    case 'unanswered': {
      const alert = alerts.at(-1)
      return [
        alert === undefined ? chosen('unanswered', {}) : chosen('unanswered-after-alert', { alert: alert.description }),
      ]
    }
    default:
      if (verdict.reason === 'malformed') return [chosen('malformed', {})]
      if (verdict.reason === 'one-direction') return [chosen('incomplete-one-direction', {})]
      return [
        chosen(notes.some(({ code }) => code === 'snap-length') ? 'incomplete-snap-length' : 'incomplete-missing', {}),
      ]
  }
}

/** Before the ClientHello other bytes are usual: STARTTLS, a proxy. */
function isAnsweredOtherwise({ clientHello, notes }: HandshakeRecord): boolean {
  if (clientHello === null) return false
  return notes.some(({ code, frame }) => code === 'not-tls' && frame !== undefined && frame > clientHello.frame)
}
