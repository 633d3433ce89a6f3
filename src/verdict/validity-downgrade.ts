import { TLS_1_2, TLS_1_3, versionName } from '../registry/versions.js'
import type { ClientHello, ServerHello } from '../tls/handshake.js'
import type { Note, NoteSeverity } from './record.js'

/**
 * The mark that a server leaves in its random where it agrees on less than it could (RFC 9846 §4.2.3). Where the client
 * could do more as well, somebody between them made it less, or copied the random of another server.
 */
export function noteDowngrade(serverHello: ServerHello, clientHello: ClientHello | null, notes: Note[]): void {
  const { downgradeMark, version, frame } = serverHello
  if (downgradeMark === null || version > TLS_1_2) return
  const { severity, said } = judgeOffer(clientHello, version)
  notes.push({
    code: 'downgrade-mark',
    message: `the ServerHello's random ends in DOWNGRD and ${markWords(downgradeMark, version)}, but this is ${versionName(version)}; ${said}`,
    frame,
    severity,
    section: 'RFC 9846 §4.2.3',
  })
}

/** The second mark belongs to TLS 1.1 and older: in TLS 1.2 it does not tell what the server could do. */
function markWords(mark: ServerHello['downgradeMark'], version: number): string {
  if (mark === 'from-tls13') return '01: the server could do TLS 1.3'
  return version === TLS_1_2
    ? '00: that is the mark of a server that agrees on less than TLS 1.2'
    : '00: the server could do TLS 1.2 or 1.3'
}

function judgeOffer(hello: ClientHello | null, version: number): { severity: NoteSeverity; said: string } {
  if (hello === null) return { severity: 'info', said: 'what the client offered is not known' }
  const { supportedVersions, legacyVersion } = hello
  if (supportedVersions.includes(TLS_1_3))
    return { severity: 'error', said: 'the client offered TLSv1.3, and must not go on' }
  const offersTls12 =
    supportedVersions.includes(TLS_1_2) || (supportedVersions.length === 0 && legacyVersion >= TLS_1_2)
  if (offersTls12 && version < TLS_1_2)
    return { severity: 'warning', said: 'the client offered TLSv1.2, and should not go on' }
  return { severity: 'info', said: 'the client offered no later version' }
}
