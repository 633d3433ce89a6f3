import { cipherSuiteKeyExchange, encrypts, isHybridKeyExchange } from '../registry/cipher-suites.js'
import type { HandshakeRecord } from '../verdict/record.js'
import { isBroken, isDiffieHellman, isRsaTransport } from './choose-key-exchange.js'
import type { ChosenLesson } from './lesson.js'
import { chosen, isTls13 } from './record-words.js'

/** Cipher suites of TLS 1.2 and older whose server signs or decrypts with the key of a certificate. */
const WITH_CERTIFICATE = /_(?:RSA|DSS|ECDSA)_(?:EXPORT_)?WITH_/

/** What an observer reads, who was authenticated and how, and what a recording is worth later. */
export function protectionLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  const { encryption } = record
  if (record.verdict.reason === 'malformed' && !isTls13(record.negotiated?.version ?? ''))
    return [harvestLesson(record)]
  if (encryption.begins === 'plaintext') return [chosen('observer-plaintext', {})]
  const { name: suite = '', id = -1 } = record.negotiated?.cipherSuite ?? {}
  if (!encrypts(id)) {
    return [
      chosen('observer-unencrypted', { suite }),
      ...authenticationLessons(record),
      chosen('harvest-unencrypted', {}),
    ]
  }
  return [observerLesson(record), ...authenticationLessons(record), harvestLesson(record)]
}

function observerLesson(record: HandshakeRecord): ChosenLesson {
  const { encryption, negotiated, serverName } = record
  const version = negotiated?.version ?? ''
  if (encryption.begins === 'not-seen')
    return isTls13(version) ? chosen('observer-not-seen', {}) : notReachedLesson(record, version)
  if (isTls13(version)) {
    return serverName === null ? chosen('observer-tls13-unnamed', {}) : chosen('observer-tls13', { serverName })
  }
  return serverName === null
    ? chosen('observer-tls12-unnamed', { version })
    : chosen('observer-tls12', { version, serverName })
}

/** Before TLS 1.3 much follows a ServerHello in the clear, and a handshake may end there. */
function notReachedLesson(record: HandshakeRecord, version: string): ChosenLesson {
  const { alerts, serverHello, certificate, serverKeyExchange, encryption } = record
  const last = alerts.find(({ level, frame }) => level === 'fatal' && frame >= (serverHello?.frame ?? 0))
  if (last !== undefined) return chosen('observer-broken-off', { version, alert: last.description })
  const goesOn = certificate !== null || serverKeyExchange !== null || encryption.plaintextAfterServerHello > 0
  return goesOn ? chosen('observer-not-reached', { version }) : chosen('observer-not-seen', {})
}

function authenticationLessons({ verdict, negotiated, serverHello }: HandshakeRecord): readonly ChosenLesson[] {
  const { version = '', cipherSuite } = negotiated ?? {}
  if (isTls13(version)) {
    return [chosen(serverHello?.preSharedKey === true ? 'authentication-psk' : 'authentication-tls13', {})]
  }
  if (verdict.reason === 'psk-only') return [chosen('authentication-psk', {})]
  const certified = verdict.reason !== 'resumed' && WITH_CERTIFICATE.test(cipherSuite?.name ?? '')
  return certified ? [chosen('authentication-tls12', { version })] : []
}

/** Harvest now, decrypt later: what that means for this very session. */
function harvestLesson(record: HandshakeRecord): ChosenLesson {
  const { verdict, negotiated } = record
  const broken = isBroken(record)
  switch (verdict.label) {
    case 'hybrid':
      return chosen(broken ? 'harvest-broken-hybrid' : 'harvest-hybrid', {})
    case 'post-quantum':
      return chosen(broken ? 'harvest-broken-post-quantum' : 'harvest-post-quantum', {})
    case 'classical':
      if (isMixedWithPsk(record)) return chosen('harvest-classical-psk', {})
      return chosen(isDiffieHellman(record) || isRsaTransport(record) ? 'harvest-classical' : 'harvest-unknown', {})
    case 'psk':
      if (verdict.reason !== 'resumed') return chosen('harvest-psk', {})
      return isClassicalAlone(record)
        ? chosen('harvest-resumed', { version: negotiated?.version ?? '' })
        : chosen('harvest-unknown', {})
    default:
      return chosen('harvest-unknown', {})
  }
}

/** A session is resumed with its cipher suite (RFC 5246 §7.4.1.3), which says how its keys were made. */
function isClassicalAlone({ negotiated }: HandshakeRecord): boolean {
  const word = cipherSuiteKeyExchange(negotiated?.cipherSuite.id ?? -1)
  return word !== null && /^(?:(?:EC)?DH|RSA)/.test(word) && !/PSK/.test(word) && !isHybridKeyExchange(word)
}

/** The keys come from a pre-shared key as well (RFC 9846 §7.1; DHE_PSK, ECDHE_PSK and RSA_PSK of older versions). */
function isMixedWithPsk({ negotiated, serverHello }: HandshakeRecord): boolean {
  if (negotiated === null) return false
  if (isTls13(negotiated.version)) return serverHello?.preSharedKey === true
  return /_PSK(?:_|$)/.test(negotiated.cipherSuite.name)
}
