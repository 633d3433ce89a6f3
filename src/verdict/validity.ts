import type { SeenShares } from '../key-share/seen-shares.js'
import { isTls13 } from '../registry/versions.js'
import type { ClientHello, Handshake } from '../tls/handshake.js'
import type { Note } from './record.js'
import { noteAnswer, noteKeptChoice } from './validity-answer.js'
import { noteChanges } from './validity-changes.js'
import { noteDowngrade } from './validity-downgrade.js'
import { noteRepeatedExtensions } from './validity-extensions.js'
import { noteFlaws, noteUnchecked } from './validity-keys.js'
import { noteKeyShareLists, noteRepeatedGroups, noteRetry, noteServerShare } from './validity-offers.js'
import { noteReuse } from './validity-reuse.js'
import { noteSuite } from './validity-suite.js'

/**
 * What a peer sent that is not as the specifications say, seen from the bytes alone: notes with a severity. None of it
 * changes the label or the outcome. Where the settlement is plain, there is nothing to be said of lists and choice.
 */
export function noteFindings(handshake: Handshake, isPlain: boolean, seen: SeenShares | null, notes: Note[]): void {
  const { clientHello, secondClientHello, helloRetryRequest, serverHello, serverKeyExchange, identity } = handshake
  const { stream } = identity
  noteExtensions(handshake, notes)
  if (clientHello !== null) noteClientHello(clientHello, isPlain, stream, seen, notes)
  if (secondClientHello !== null) noteClientHello(secondClientHello, isPlain, stream, seen, notes)
  noteRetry(handshake, notes)
  noteChanges(handshake, notes)
  if (serverHello === null) return
  if (helloRetryRequest !== null) noteKeptChoice(helloRetryRequest, serverHello, notes)
  noteSuite(serverHello, notes)
  noteAnswer(handshake, serverHello, notes)
  if (isTls13(serverHello.version)) {
    noteFlaws(serverHello.flaws, `the server's key share of`, true, serverHello.frame, notes)
    if (!isPlain) noteServerShare(handshake, serverHello, notes)
    if (seen !== null && serverHello.keyShare !== null)
      noteReuse(serverHello, [serverHello.keyShare], 'server', stream, seen, notes)
  } else noteDowngrade(serverHello, clientHello ?? secondClientHello, notes)
  if (serverKeyExchange !== null)
    noteFlaws(serverKeyExchange.flaws, `the server's public value of`, false, serverKeyExchange.frame, notes)
}

function noteExtensions(
  { clientHello, helloRetryRequest, secondClientHello, serverHello }: Handshake,
  notes: Note[],
): void {
  if (clientHello !== null) noteRepeatedExtensions('ClientHello', clientHello, notes)
  if (helloRetryRequest !== null) noteRepeatedExtensions('HelloRetryRequest', helloRetryRequest, notes)
  if (secondClientHello !== null) noteRepeatedExtensions('second ClientHello', secondClientHello, notes)
  if (serverHello !== null) noteRepeatedExtensions('ServerHello', serverHello, notes)
}

function noteClientHello(
  hello: ClientHello,
  isPlain: boolean,
  stream: number,
  seen: SeenShares | null,
  notes: Note[],
): void {
  noteFlaws(hello.flaws, `the client's key share of`, true, hello.frame, notes)
  noteRepeatedGroups(hello, notes)
  if (!isPlain) {
    noteUnchecked(hello, notes)
    noteKeyShareLists(hello, notes)
  }
  if (seen !== null) noteReuse(hello, hello.keyShares, 'client', stream, seen, notes)
}
