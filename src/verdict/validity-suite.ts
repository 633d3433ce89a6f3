import { cipherSuite, encrypts } from '../registry/cipher-suites.js'
import { isTls13 } from '../registry/versions.js'
import type { ServerHello } from '../tls/handshake.js'
import type { Note } from './record.js'

/** Some suites protect records against changes alone: then nothing of what is said where encryption begins keeps a secret. */
export function noteSuite(serverHello: ServerHello, notes: Note[]): void {
  // Of a message that is malformed the suite may not have been read.
  if (serverHello.problem !== null || encrypts(serverHello.cipherSuite)) return
  notes.push({
    code: 'suite-without-encryption',
    message: `the cipher suite ${cipherSuite(serverHello.cipherSuite).name} encrypts nothing: all that is sent can be read, whatever the key exchange`,
    frame: serverHello.frame,
    severity: 'warning',
    section: isTls13(serverHello.version) ? 'RFC 9150 §1' : 'RFC 5246 §6.2.3.1',
  })
}
