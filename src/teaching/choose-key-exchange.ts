import { isClassicalComponent } from '../registry/groups.js'
import type { Group, HandshakeRecord, KeyShare } from '../verdict/record.js'
import type { ChosenLesson } from './lesson.js'
import { chosen, isTls13 } from './record-words.js'

/** What made the keys, and what that is worth. */
export function keyExchangeLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  const { verdict, negotiated, serverHello, encryption } = record
  if (negotiated === null) return []
  const { group, version } = negotiated
  const psk = isTls13(version) && serverHello?.preSharedKey === true && group !== null
  return [
    ...exchangeLessons(record),
    ...(psk ? [chosen('psk-with-share', { group: group.name })] : []),
    ...(encryption.earlyDataFrame === null ? [] : [earlyDataLesson(record, encryption.earlyDataFrame)]),
    ...(verdict.label === 'psk' ? pskLessons(record) : []),
  ]
}

/** A server takes early data only with the pre-shared key, and not with a HelloRetryRequest (RFC 9846 §4.3.10). */
function earlyDataLesson(
  { helloRetryRequest, secondClientHello, serverHello }: HandshakeRecord,
  frame: number,
): ChosenLesson {
  const isRetried = helloRetryRequest !== null || secondClientHello !== null
  return chosen(isRetried || serverHello?.preSharedKey === false ? 'early-data-not-taken' : 'early-data', { frame })
}

/** SIDH and SIKE, as a group or in a cipher suite of TLS 1.2. */
export function isBroken({ negotiated }: HandshakeRecord): boolean {
  return negotiated?.group?.status === 'broken' || negotiated?.keyExchange === 'ECDHE_SIKE'
}

function exchangeLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  switch (record.verdict.label) {
    case 'hybrid':
      return hybridLessons(record)
    case 'post-quantum':
      return postQuantumLessons(record)
    case 'classical':
      return [classicalLesson(record)]
    case 'unknown':
      return unknownLessons(record)
    default:
      return []
  }
}

function hybridLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  const { negotiated, serverHello } = record
  const share = serverHello?.keyShare
  const exchange = negotiated?.keyExchange ?? ''
  if (isBroken(record)) return [chosen('broken-hybrid', { exchange })]
  if (share == null || share.kind !== 'hybrid') {
    return [chosen('hybrid-cipher-suite', { suite: negotiated?.cipherSuite.name ?? exchange })]
  }
  return [hybridLesson(record, share), ...obsoleteLessons(share)]
}

function hybridLesson(record: HandshakeRecord, share: KeyShare): ChosenLesson {
  const parts = partsOf(share)?.map(({ name }) => name) ?? []
  const classical = parts.find(isClassicalComponent)
  const kem = parts.find((name) => !isClassicalComponent(name))
  const group = share.name
  if (classical === undefined || kem === undefined) {
    return chosen('hybrid-without-parts', { group, serverBytes: share.bytes })
  }
  const serverShare = shareWords(share)
  const client = clientShare(record, share)
  return client === null
    ? chosen('hybrid-client-not-seen', { group, kem, classical, serverShare })
    : chosen('hybrid', { group, kem, classical, clientShare: shareWords(client), serverShare })
}

function postQuantumLessons(record: HandshakeRecord): readonly ChosenLesson[] {
  const share = record.serverHello?.keyShare
  if (share == null) return []
  if (isBroken(record)) return [chosen('broken-post-quantum', { exchange: share.name })]
  const client = clientShare(record, share)
  const lesson =
    client === null
      ? chosen('post-quantum-client-not-seen', { group: share.name, serverBytes: share.bytes })
      : chosen('post-quantum', { group: share.name, clientBytes: client.bytes, serverBytes: share.bytes })
  return [lesson, ...obsoleteLessons(share)]
}

function obsoleteLessons({ name, status }: Group): readonly ChosenLesson[] {
  if (status !== 'obsolete') return []
  return [chosen(/kyber/i.test(name) ? 'obsolete-kyber' : 'obsolete-experiment', { group: name })]
}

function classicalLesson(record: HandshakeRecord): ChosenLesson {
  const exchange = record.negotiated?.keyExchange ?? ''
  if (isDiffieHellman(record)) return chosen('classical', { exchange })
  return isRsaTransport(record) ? chosen('classical-rsa', {}) : chosen('classical-other', { exchange })
}

/** Over a curve or a finite field; what a quantum computer breaks from the public values alone. */
export function isDiffieHellman({ negotiated }: HandshakeRecord): boolean {
  return negotiated !== null && (negotiated.group !== null || /^(?:EC)?DH/.test(negotiated.keyExchange))
}

/** The client encrypts the secret with the server's RSA key, and nothing else goes into the keys, as in RSA_PSK. */
export function isRsaTransport({ negotiated }: HandshakeRecord): boolean {
  return negotiated !== null && /^RSA(?!_PSK)/.test(negotiated.keyExchange)
}

function unknownLessons({ verdict, negotiated }: HandshakeRecord): readonly ChosenLesson[] {
  const { group = null, version = '' } = negotiated ?? {}
  if (verdict.reason === 'unknown-group') return [unknownGroupLesson(group, negotiated?.keyExchange ?? '')]
  if (group !== null && !isTls13(version)) return [chosen('group-not-of-version', { group: group.name, version })]
  if (verdict.reason === 'malformed') return [chosen('malformed', {})]
  return [chosen('unknown-cipher-suite', { suite: negotiated?.cipherSuite.name ?? '' })]
}

function unknownGroupLesson(group: Group | null, exchange: string): ChosenLesson {
  if (group?.kind === 'grease') return chosen('grease-selected', { group: exchange })
  return chosen(group?.kind === 'reserved' ? 'reserved-group' : 'unknown-group', { group: exchange })
}

function pskLessons({ verdict, negotiated }: HandshakeRecord): readonly ChosenLesson[] {
  if (verdict.reason === 'resumed') return [chosen('resumed', { version: negotiated?.version ?? '' })]
  return [chosen('psk-only', {})]
}

/** The client's share of the selected group, from the hello that was answered (RFC 9846 §4.2.4). */
function clientShare(
  { clientHello, helloRetryRequest, secondClientHello }: HandshakeRecord,
  { id }: Group,
): KeyShare | null {
  const hello = secondClientHello ?? (helloRetryRequest === null ? clientHello : null)
  return hello?.keyShares.find((share) => share.id === id) ?? null
}

/** `1216 = ML-KEM-768 1184 + X25519 32` in bytes, the same in every language. */
function shareWords(share: KeyShare): string {
  const parts = partsOf(share)?.map(({ name, bytes }) => `${name} ${bytes}`)
  return parts === undefined ? String(share.bytes) : `${share.bytes} = ${parts.join(' + ')}`
}

/** A share of another length has no parts at known places. */
function partsOf({ bytes, expectedBytes, parts }: KeyShare): KeyShare['parts'] {
  return bytes === expectedBytes ? parts : undefined
}
