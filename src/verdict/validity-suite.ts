import { cipherSuite, cipherSuiteProtocol, encrypts } from '../registry/cipher-suites.js'
import { isTls12OrOlder, isTls13, TLS_1_3, versionName } from '../registry/versions.js'
import type { ServerHello } from '../tls/handshake.js'
import type { Note } from './record.js'

/** Some suites protect records against changes alone: then nothing of what is said where encryption begins keeps a secret. */
export function noteSuite(serverHello: ServerHello, notes: Note[]): void {
  // Of a message that is malformed the suite may not have been read.
  if (serverHello.problem !== null) return
  if (!isOfVersion(serverHello))
    notes.push({
      code: 'cipher-suite-not-of-version',
      message: `the ServerHello agrees on ${versionName(serverHello.version)} with the cipher suite ${cipherSuite(serverHello.cipherSuite).name}, which is not of that version`,
      frame: serverHello.frame,
      severity: 'error',
      section: 'RFC 9846 §B.4',
    })
  if (encrypts(serverHello.cipherSuite)) return
  notes.push({
    code: 'suite-without-encryption',
    message: `the cipher suite ${cipherSuite(serverHello.cipherSuite).name} encrypts nothing: all that is sent can be read, whatever the key exchange`,
    frame: serverHello.frame,
    severity: 'warning',
    section: isTls13(serverHello.version) ? 'RFC 9150 §1' : 'RFC 5246 §6.2.3.1',
  })
}

/** The suites of TLS 1.3 are no other version's, and the other way round; its early drafts took those of TLS 1.2. */
function isOfVersion({ version, cipherSuite: suite }: ServerHello): boolean {
  const protocol = cipherSuiteProtocol(suite)
  if (protocol === null) return true
  return isTls12OrOlder(version) ? protocol !== 'tls13' : version !== TLS_1_3 || protocol === 'tls13'
}
