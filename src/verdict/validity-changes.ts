import type { ClientHello, Handshake } from '../tls/handshake.js'
import type { Note } from './record.js'
import { offerFinding } from './validity-offers.js'

/**
 * The second ClientHello repeats the first, but for key shares, cookie, early data, pre-shared keys and padding (RFC 9846
 * §4.2.2). Behind a HelloRetryRequest it may otherwise be the first of another try.
 */
export function noteChanges({ clientHello, helloRetryRequest, secondClientHello }: Handshake, notes: Note[]): void {
  if (clientHello === null || helloRetryRequest === null || secondClientHello === null) return
  if (clientHello.problem !== null || secondClientHello.problem !== null) return
  const changed = PARTS.filter(([, part]) => !isEqual(part(clientHello), part(secondClientHello))).map(([name]) => name)
  if (changed.length === 0) return
  offerFinding(
    'second-hello-changed',
    `the second ClientHello differs from the first in its ${changed.join(' and ')}`,
    secondClientHello.frame,
    secondClientHello,
    notes,
    'RFC 9846 §4.2.2',
  )
}

const PARTS: readonly (readonly [name: string, part: (hello: ClientHello) => ArrayLike<number>])[] = [
  ['random or session id', (hello) => hello.randomAndSessionId],
  ['cipher suites', (hello) => hello.cipherSuites],
  ['supported_groups', (hello) => hello.supportedGroups],
]

function isEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
