import { bytesText } from '../bytes/text.js'
import type { SeenShares } from '../key-share/seen-shares.js'
import { namedGroup } from '../registry/groups.js'
import { isTls12OrOlder } from '../registry/versions.js'
import type { Handshake, Incident, MessageProblem } from '../tls/handshake.js'
import { groupWithNumber } from './messages.js'
import { noteGroups, noteServerValue } from './notes-groups.js'
import { cutHelloName, isRetryCut, isSecondCut, lostServerHelloFrame, sentNoMore, unseenText } from './outcome.js'
import type { Note } from './record.js'
import type { Settlement } from './settlement.js'
import { noteFindings } from './validity.js'

/**
 * Everything that limits or qualifies the reading of a handshake, and what is wrong with it, each with a stable code.
 * `seen` holds the key shares of the capture so far, and takes those of this handshake.
 */
export function notesOf(handshake: Handshake, settlement: Settlement, seen: SeenShares | null): Note[] {
  const { verdict, exchange } = settlement
  const notes: Note[] = []
  noteMissingHellos(handshake, notes)
  for (const incident of handshake.incidents) {
    // A HelloRetryRequest may have been captured after both hellos, or in part.
    const isKnown =
      incident.code === 'retry-not-seen' && (handshake.helloRetryRequest !== null || isRetryCut(handshake))
    if (!isKnown) notes.push(incidentNote(incident))
  }
  noteProblems(handshake, notes)
  if (!settlement.isPlain) noteGroups(handshake, notes)
  noteServerValue(handshake, notes)
  noteFindings(handshake, settlement.isPlain, seen, notes)
  if (handshake.clientHello?.encryptedClientHello === true)
    notes.push({
      code: 'encrypted-client-hello',
      message:
        'an encrypted_client_hello extension is there: server name and offer are those of the outer hello, unless it is a decoy (GREASE), which looks the same; the selected group is real',
      frame: handshake.clientHello.frame,
    })
  noteUnseen(handshake, notes)
  if (handshake.clearAfterServerHello)
    notes.push({
      code: 'clear-after-server-hello',
      message: 'a handshake message in the clear follows the ServerHello, where TLS 1.3 encrypts all',
    })
  if (verdict.outcome === 'unanswered' && handshake.streamFacts?.end === 'capture-ended')
    notes.push({
      code: 'capture-ended',
      message: 'the capture ends before the connection does: an answer may have come later',
    })
  if (handshake.streamFacts?.end === 'given-up')
    notes.push({
      code: 'given-up',
      message: 'the stream was given up to keep within the limit of streams or bytes held',
    })
  if (exchange !== null && !exchange.resumed && resumptionIsOpen(handshake))
    notes.push({
      code: 'resumption-not-excluded',
      message: 'what follows the ServerHello is not in the capture: it may have resumed an earlier session',
    })
  return notes
}

function noteMissingHellos(handshake: Handshake, notes: Note[]): void {
  const { clientHello, cutHello, serverHello, helloRetryRequest, incidents } = handshake
  if (clientHello === null && cutHello?.type !== 'client-hello')
    notes.push({
      code: 'client-hello-not-seen',
      message:
        handshake.secondClientHello === null
          ? 'no ClientHello of this handshake was found in the capture: what was offered is unknown'
          : 'the first ClientHello is not in the capture: for which groups it sent key shares is unknown',
    })
  if (cutHello !== null && !incidents.some((incident) => incident.code === 'message-too-long')) {
    const name = cutHelloName(handshake)
    const group = cutHello.group === null ? '' : `; they name group ${groupWithNumber(namedGroup(cutHello.group))}`
    notes.push({
      code: CUT_CODES[name],
      message: sentNoMore(handshake)
        ? `the ${cutHello.from} sent only ${cutHello.haveBytes} of ${cutHello.needBytes} bytes of the ${name}${group}`
        : `${cutHello.haveBytes} of ${cutHello.needBytes} bytes of the ${name} are in the capture${group}`,
      frame: cutHello.frame,
    })
  }
  const after = lostServerHelloFrame(handshake)
  if (after !== null)
    notes.push({
      code: 'server-hello-not-seen',
      message: 'the handshake goes on as it does after a ServerHello, but none is in the capture',
      frame: after,
    })
  if (
    serverHello !== null &&
    helloRetryRequest !== null &&
    handshake.secondClientHello === null &&
    !isSecondCut(handshake)
  )
    notes.push({
      code: 'second-client-hello-not-seen',
      message: 'the ClientHello after the HelloRetryRequest is not in the capture',
    })
}

const CUT_CODES = {
  ClientHello: 'client-hello-cut',
  'second ClientHello': 'client-hello-cut',
  HelloRetryRequest: 'hello-retry-request-cut',
  ServerHello: 'server-hello-cut',
} as const

function incidentNote({ code, from, frame, bytes }: Incident): Note {
  const message = {
    'snap-length': `the snap length cut ${bytesText(bytes)} that the ${from} sent`,
    gap: `no packet of the capture holds ${bytesText(bytes)} that the ${from} sent`,
    'gap-limit': `${bytesText(bytes)} that the ${from} sent were not captured before more followed than is held`,
    'overlap-conflict': `bytes that the ${from} sent came again with other content; the first copy counts`,
    'not-tls': `the ${from} sent ${bytesText(bytes)} in which no TLS record begins`,
    'not-a-record': `the records of the ${from} break off: what follows is not a TLS record`,
    'message-too-long': `a handshake message of the ${from} claims ${bytes} bytes, more than any can have`,
    'unexpected-server-hello': `a ServerHello or HelloRetryRequest of the ${from} has no place in this handshake and is passed over`,
    'alerts-left-out': `the ${from} sent more alerts than are listed`,
    'retry-not-seen': 'a second ClientHello follows, but the HelloRetryRequest for it is not in the capture',
  }[code]
  return { code, message, frame }
}

function noteProblems(handshake: Handshake, notes: Note[]): void {
  const { clientHello, helloRetryRequest, secondClientHello, serverHello, serverKeyExchange } = handshake
  noteProblem('ClientHello', clientHello?.problem, clientHello?.frame, notes)
  noteProblem('HelloRetryRequest', helloRetryRequest?.problem, helloRetryRequest?.frame, notes)
  noteProblem('second ClientHello', secondClientHello?.problem, secondClientHello?.frame, notes)
  noteProblem('ServerHello', serverHello?.problem, serverHello?.frame, notes)
  noteProblem('ServerKeyExchange', serverKeyExchange?.problem, serverKeyExchange?.frame, notes)
}

function noteProblem(name: string, problem: MessageProblem | null | undefined, frame = 0, notes: Note[]): void {
  if (problem == null) return
  notes.push({ code: 'malformed', message: `the ${name} is malformed: ${PROBLEMS[problem]}`, frame })
}

const PROBLEMS: Record<MessageProblem, string> = {
  'length-overrun': 'a length runs past its end',
  'trailing-bytes': 'bytes follow its last field',
}

function noteUnseen(handshake: Handshake, notes: Note[]): void {
  const { streamFacts, clientDirection } = handshake
  for (const direction of [0, 1] as const) {
    const unseen = streamFacts?.unseen[direction] ?? 0
    // Of one direction that is not there at all the reason speaks.
    if (unseen === 0 || streamFacts?.seen[direction] === false) continue
    const from = direction === clientDirection ? 'client' : 'server'
    notes.push({
      code: 'acknowledged-unseen',
      message: `the ${from} sent ${unseenText(unseen)} that no packet of the capture holds`,
    })
  }
}

/**
 * A TLS 1.2 ServerHello looks the same in a full handshake and in one resumed by ticket: only what follows tells. Not so
 * where the client asked for none, or gave a session id, which the server echoes to resume (RFC 5246 §7.4.1.2, RFC 5077
 * §3.4).
 */
function resumptionIsOpen(handshake: Handshake): boolean {
  const { clientHello, serverHello, fullHandshake } = handshake
  if (serverHello === null || !isTls12OrOlder(serverHello.version) || fullHandshake) return false
  if (handshake.serverWholeUntilChangeCipherSpec) return false
  if (clientHello === null || clientHello.problem !== null) return true
  const gaveSessionId = clientHello.randomAndSessionId.length > RANDOM_LENGTH
  return !gaveSessionId && (clientHello.sessionTicketBytes ?? 0) > 0
}

const RANDOM_LENGTH = 32
