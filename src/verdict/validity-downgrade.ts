import { versionName } from '../registry/versions.js'
import type { ClientHello, ServerHello } from '../tls/handshake.js'
import type { Note, NoteSeverity } from './record.js'

const TLS_1_2 = 0x0303
const TLS_1_3 = 0x0304

/**
 * The mark that a server leaves in its random where it agrees on less than it could (RFC 9846 §4.2.3). Where the client
 * could do more as well, somebody between them made it less, or copied the random of another server.
 */
export function noteDowngrade(serverHello: ServerHello, clientHello: ClientHello | null, notes: Note[]): void {
  const { downgradeMark, version, frame } = serverHello
  if (downgradeMark === null || version > TLS_1_2) return
  const [last, could] = downgradeMark === 'from-tls13' ? ['01', 'TLS 1.3'] : ['00', 'TLS 1.2 or 1.3']
  const { severity, said } = judgeOffer(clientHello, version)
  notes.push({
    code: 'downgrade-mark',
    message: `the ServerHello's random ends in DOWNGRD and ${last}: the server could do ${could}, but this is ${versionName(version)}; ${said}`,
    frame,
    severity,
    section: 'RFC 9846 §4.2.3',
  })
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
  return { severity: 'info', said: 'the client offered no more' }
}
