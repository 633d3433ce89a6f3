import {
  cipherSuite,
  cipherSuiteKeyExchange,
  cipherSuiteProtocol,
  isHybridKeyExchange,
} from '../registry/cipher-suites.js'
import { isGrease } from '../registry/grease.js'
import { groupOfShare, namedGroup } from '../registry/groups.js'
import { isTls12OrOlder, isTls13, versionName } from '../registry/versions.js'
import type { ClientHello, Handshake, ServerHello } from '../tls/handshake.js'
import { exchangeGroup } from './messages.js'
import type { Group, Label, Negotiated, Offer, Reason } from './record.js'

/** What a ServerHello that was read whole settles. */
export interface KeyExchange {
  readonly label: Label
  readonly reason: Reason
  readonly negotiated: Negotiated
  /** A session of TLS 1.2 or older was resumed. */
  readonly resumed: boolean
}

/** Labels the key exchange by the selected group, or for TLS 1.2 and older by the cipher suite; never by the offer. */
export function keyExchangeOf(handshake: Handshake, serverHello: ServerHello, offer: Offer | null): KeyExchange {
  if (isTls13(serverHello.version)) return tls13KeyExchange(handshake, serverHello, offer)
  if (isTls12OrOlder(serverHello.version)) return olderKeyExchange(handshake, serverHello)
  // Of a version that no specification has, not even the fields of the message are known to mean what they seem to.
  const version = versionName(serverHello.version)
  const suite = cipherSuite(serverHello.cipherSuite)
  const negotiated = { version, cipherSuite: suite, group: null, keyExchange: 'unknown' }
  return { label: 'unknown', reason: 'malformed', negotiated, resumed: false }
}

function tls13KeyExchange(handshake: Handshake, serverHello: ServerHello, offer: Offer | null): KeyExchange {
  const { keyShare } = serverHello
  const version = versionName(serverHello.version)
  const suite = cipherSuite(serverHello.cipherSuite)
  if (keyShare === null) {
    // psk_ke (RFC 9846 §4.3.9). Without a PSK either, the message is not valid.
    const psk = serverHello.preSharedKey
    const negotiated = { version, cipherSuite: suite, group: null, keyExchange: psk ? 'PSK' : 'unknown' }
    return { label: psk ? 'psk' : 'unknown', reason: psk ? 'psk-only' : 'malformed', negotiated, resumed: false }
  }
  const { group } = groupOfShare(keyShare.group, 'server', keyShare.bytes)
  const negotiated = { version, cipherSuite: suite, group, keyExchange: group.name }
  // A second ClientHello answers a HelloRetryRequest, also where that is not in the capture.
  const retried = handshake.helloRetryRequest !== null || handshake.secondClientHello !== null
  const { label, reason } = labelOfGroup(group, retried, retryAskedForClassical(handshake), offer)
  return { label, reason, negotiated, resumed: false }
}

function retryAskedForClassical(handshake: Handshake): boolean {
  const asked = retryGroup(handshake)
  return asked !== null && namedGroup(asked).kind === 'classical'
}

/**
 * The group that a HelloRetryRequest asked for. Of one that is not in the capture the second ClientHello tells: it has a
 * share of that group alone (RFC 9846 §4.2.2).
 */
function retryGroup({ clientHello, helloRetryRequest, secondClientHello }: Handshake): number | null {
  if (helloRetryRequest !== null) return helloRetryRequest.keyShare?.group ?? null
  if (secondClientHello === null) return null
  const [asked, ...others] = realShares(secondClientHello)
  if (asked === undefined || others.length > 0) return null
  const before = clientHello === null ? [] : realShares(clientHello)
  return before.length === 1 && before[0] === asked ? null : asked
}

function realShares({ keyShares }: ClientHello): readonly number[] {
  return keyShares.map(({ group }) => group).filter((group) => !isGrease(group))
}

function labelOfGroup(
  group: Group,
  retried: boolean,
  retriedToClassical: boolean,
  offer: Offer | null,
): { label: Label; reason: Reason } {
  if (group.kind === 'hybrid') return { label: 'hybrid', reason: retried ? 'hybrid-after-retry' : 'hybrid-selected' }
  if (group.kind === 'post-quantum')
    return { label: 'post-quantum', reason: retried ? 'post-quantum-after-retry' : 'post-quantum-selected' }
  if (group.kind !== 'classical') return { label: 'unknown', reason: 'unknown-group' }
  if (offer === null) return { label: 'classical', reason: 'offer-not-seen' }
  if (offer === 'classical' || offer === 'none') return { label: 'classical', reason: 'client-offered-no-post-quantum' }
  return { label: 'classical', reason: retriedToClassical ? 'retried-to-classical' : 'server-chose-classical' }
}

function olderKeyExchange(handshake: Handshake, serverHello: ServerHello): KeyExchange {
  const version = versionName(serverHello.version)
  const suite = cipherSuite(serverHello.cipherSuite)
  const { serverKeyExchange } = handshake
  // No session of these versions has a cipher suite of TLS 1.3.
  const isOther = cipherSuiteProtocol(serverHello.cipherSuite) === 'tls13'
  if (!isOther && isResumed(handshake, serverHello)) {
    const negotiated = { version, cipherSuite: suite, group: null, keyExchange: 'resumed' }
    return { label: 'psk', reason: 'resumed', negotiated, resumed: true }
  }
  const word = cipherSuiteKeyExchange(serverHello.cipherSuite)
  if (word === null || word === 'NULL') {
    // Without the word, nothing can be read of a ServerKeyExchange either.
    const negotiated = { version, cipherSuite: suite, group: null, keyExchange: 'unknown' }
    return { label: 'unknown', reason: 'tls12-or-older', negotiated, resumed: false }
  }
  const group = serverKeyExchange === null ? null : exchangeGroup(serverKeyExchange)
  if (isHybridKeyExchange(word)) {
    const negotiated = { version, cipherSuite: suite, group, keyExchange: word }
    return { label: 'hybrid', reason: 'hybrid-selected', negotiated, resumed: false }
  }
  const negotiated = { version, cipherSuite: suite, group, keyExchange: group?.name ?? word }
  // No version before TLS 1.3 has groups that are not classical: what such a curve stands for cannot be known.
  if (group !== null && group.kind !== 'classical')
    return { label: 'unknown', reason: 'tls12-or-older', negotiated, resumed: false }
  if (word === 'PSK') return { label: 'psk', reason: 'psk-only', negotiated, resumed: false }
  return { label: 'classical', reason: 'tls12-or-older', negotiated, resumed: false }
}

/**
 * A server of TLS 1.2 or older resumes by sending ChangeCipherSpec without Certificate, key exchange or
 * ServerHelloDone (RFC 5246 §7.3), and echoes the session id where it resumes by id.
 */
function isResumed(handshake: Handshake, serverHello: ServerHello): boolean {
  if (handshake.fullHandshake) return false
  if (handshake.serverWholeUntilChangeCipherSpec) return true
  const sent = handshake.clientHello?.randomAndSessionId
  const echoed = serverHello.randomAndSessionId
  return sent !== undefined && sameSessionId(sent, echoed)
}

/** The session id stands behind a random of 32 bytes. */
function sameSessionId(sent: Uint8Array, echoed: Uint8Array): boolean {
  if (sent.length <= 32 || sent.length !== echoed.length) return false
  for (let i = 32; i < sent.length; i++) if (sent[i] !== echoed[i]) return false
  return true
}

/** The strongest kind among some groups, in the order hybrid, post-quantum, classical. */
export function strongest(groups: readonly Group[]): Offer {
  let best: Offer = 'none'
  for (const { kind } of groups) {
    if (kind === 'hybrid') return 'hybrid'
    if (kind === 'post-quantum' || (kind === 'classical' && best === 'none')) best = kind
  }
  return best
}
