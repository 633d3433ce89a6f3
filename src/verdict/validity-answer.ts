import { cipherSuite } from '../registry/cipher-suites.js'
import { TLS_1_3, versionName } from '../registry/versions.js'
import type { ClientHello, Handshake, ServerHello } from '../tls/handshake.js'
import { exchangeGroup, groupWithNumber } from './messages.js'
import type { Note } from './record.js'
import { offerFinding } from './validity-offers.js'

/** PskKeyExchangeMode (RFC 9846 §4.3.9). */
const PSK_KE = 0
const PSK_DHE_KE = 1

/** A ServerHello keeps the version and the cipher suite of the HelloRetryRequest before it (RFC 9846 §4.2.4). */
export function noteKeptChoice(
  retry: ServerHello,
  { version, cipherSuite: suite, problem, frame }: ServerHello,
  notes: Note[],
): void {
  // Early drafts chose no cipher suite yet.
  if (retry.problem !== null || problem !== null || retry.version !== TLS_1_3) return
  const changes: string[] = []
  if (version !== retry.version) changes.push(`${versionName(version)}, not ${versionName(retry.version)}`)
  if (suite !== retry.cipherSuite)
    changes.push(`${cipherSuite(suite).name}, not ${cipherSuite(retry.cipherSuite).name}`)
  if (changes.length === 0) return
  notes.push({
    code: 'server-hello-not-as-retried',
    message: `the ServerHello takes ${changes.join(' and ')} as the HelloRetryRequest did`,
    frame,
    severity: 'error',
    section: 'RFC 9846 §4.2.4',
  })
}

/** A server chooses among the versions, cipher suites and pre-shared keys that it was offered (RFC 9846 §4.2.3). */
export function noteAnswer(handshake: Handshake, serverHello: ServerHello, notes: Note[]): void {
  const hello = handshake.secondClientHello ?? handshake.clientHello
  // A message that is malformed may hold more than was read of it.
  if (hello === null || hello.problem !== null || serverHello.problem !== null) return
  const { version, cipherSuite: suite, keyShare, preSharedKey, frame } = serverHello
  const finding = (code: string, what: string, section: string): void =>
    offerFinding(code, `the ServerHello takes ${what}, which the client did not offer`, frame, hello, notes, section)
  if (!isOffered(version, hello)) finding('version-not-offered', versionName(version), 'RFC 9846 §4.3.1')
  if (!hello.cipherSuites.includes(suite))
    finding('cipher-suite-not-offered', cipherSuite(suite).name, 'RFC 9846 §4.2.3')
  noteExchangeGroup(handshake, hello, notes)
  if (!preSharedKey) return
  if (!hello.preSharedKey) finding('pre-shared-key-not-offered', 'a pre-shared key', 'RFC 9846 §4.3.11')
  else if (version === TLS_1_3 && !hello.pskModes.includes(keyShare === null ? PSK_KE : PSK_DHE_KE))
    finding(
      'psk-mode-not-offered',
      `a pre-shared key ${keyShare === null ? 'without a key share (psk_ke)' : 'beside a key share (psk_dhe_ke)'}`,
      'RFC 9846 §4.3.9',
    )
}

/** A client that lists no groups leaves the choice to the server, and a prime is the server's to choose. */
function noteExchangeGroup({ serverKeyExchange }: Handshake, hello: ClientHello, notes: Note[]): void {
  if (serverKeyExchange?.kind !== 'ecdhe' || serverKeyExchange.problem !== null) return
  const group = exchangeGroup(serverKeyExchange)
  if (group === null || hello.supportedGroups.length === 0 || hello.supportedGroups.includes(group.id)) return
  const message = `the ServerKeyExchange names ${groupWithNumber(group)} as its curve, which the client did not offer`
  offerFinding('curve-not-offered', message, serverKeyExchange.frame, hello, notes, 'RFC 8422 §5.1')
}

/** Without supported_versions a client offers all versions up to legacy_version (RFC 5246 Appendix E.1). */
function isOffered(version: number, { supportedVersions, legacyVersion }: ClientHello): boolean {
  return supportedVersions.length > 0 ? supportedVersions.includes(version) : version <= legacyVersion
}
