import { bytesText, hex } from '../bytes/text.js'
import type { SeenShares } from '../key-share/seen-shares.js'
import { ambiguousNames, groupOfShare, keyShareOf, namedGroup } from '../registry/groups.js'
import { isTls13, versionName } from '../registry/versions.js'
import type {
  ClientHello,
  Handshake,
  Incident,
  MessageProblem,
  ServerKeyExchange,
  ShareEntry,
} from '../tls/handshake.js'
import { MAX_ALIKE, noteMore } from './alike.js'
import type { KeyExchange } from './key-exchange.js'
import { MAX_LISTED } from './messages.js'
import { lostServerHelloFrame, sentNoMore } from './outcome.js'
import type { GroupStatus, Note, Outcome } from './record.js'
import { remembered } from './remembered.js'
import { noteFindings } from './validity.js'

/**
 * Everything that limits or qualifies the reading of a handshake, and what is wrong with it, each with a stable code.
 * `seen` holds the key shares of the capture so far, and takes those of this handshake.
 */
export function notesOf(
  handshake: Handshake,
  outcome: Outcome,
  exchange: KeyExchange | null,
  seen: SeenShares | null,
): Note[] {
  const notes: Note[] = []
  noteMissingHellos(handshake, notes)
  for (const incident of handshake.incidents) {
    // A HelloRetryRequest may have been captured after both hellos.
    if (incident.code !== 'retry-not-seen' || handshake.helloRetryRequest === null) notes.push(incidentNote(incident))
  }
  noteProblems(handshake, notes)
  noteGroups(handshake, notes)
  noteFindings(handshake, seen, notes)
  if (handshake.clientHello?.encryptedClientHello === true)
    notes.push({
      code: 'encrypted-client-hello',
      message:
        'an encrypted_client_hello extension is there: server name and offer are those of the outer hello, the selected group is real',
      frame: handshake.clientHello.frame,
    })
  noteUnseen(handshake, notes)
  if (handshake.clearAfterServerHello)
    notes.push({
      code: 'clear-after-server-hello',
      message: 'a handshake message in the clear follows the ServerHello, where TLS 1.3 encrypts all',
    })
  if (outcome === 'unanswered' && handshake.streamFacts?.end === 'capture-ended')
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
      message: 'the ClientHello is not in the capture: what was offered is unknown',
    })
  if (cutHello !== null && !incidents.some((incident) => incident.code === 'message-too-long')) {
    const name = cutHello.type === 'client-hello' ? 'ClientHello' : 'ServerHello'
    const of = cutHello.needBytes === null ? '' : ` of ${cutHello.needBytes}`
    const group =
      cutHello.group === null ? '' : `; they name group ${namedGroup(cutHello.group).name} (${hex(cutHello.group)})`
    notes.push({
      code: `${cutHello.type}-cut`,
      message: sentNoMore(handshake)
        ? `the ${cutHello.from} sent only ${cutHello.haveBytes}${of} bytes of the ${name}${group}`
        : `${cutHello.haveBytes}${of} bytes of the ${name} are in the capture${group}`,
      frame: cutHello.frame,
    })
  }
  const after = lostServerHelloFrame(handshake)
  if (after !== null)
    notes.push({
      code: 'server-hello-not-seen',
      message: 'the handshake goes on as it does behind a ServerHello, but none is in the capture',
      frame: after,
    })
  if (serverHello !== null && helloRetryRequest !== null && handshake.secondClientHello === null)
    notes.push({
      code: 'second-client-hello-not-seen',
      message: 'the ClientHello after the HelloRetryRequest is not in the capture',
    })
}

function incidentNote({ code, from, frame, bytes }: Incident): Note {
  const message = {
    'snap-length': `the snap length cut ${bytesText(bytes)} that the ${from} sent`,
    gap: `no packet of the capture holds ${bytesText(bytes)} that the ${from} sent`,
    'gap-limit': `${bytesText(bytes)} that the ${from} sent did not come before more followed than is held`,
    'overlap-conflict': `bytes of the ${from} came again with other content; the first copy counts`,
    'not-tls': `the ${from} sent ${bytesText(bytes)} that are no TLS record`,
    'not-a-record': `what the ${from} sent breaks off: no TLS record follows`,
    'message-too-long': `a handshake message of the ${from} claims ${bytes} bytes, more than any can have`,
    'unexpected-server-hello': `a ServerHello or HelloRetryRequest of the ${from} has no place in this handshake and is passed over`,
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
  'trailing-bytes': 'bytes are left behind its last field',
}

function noteGroups(handshake: Handshake, notes: Note[]): void {
  const { clientHello, secondClientHello, serverHello, serverKeyExchange } = handshake
  if (clientHello !== null) noteAmbiguousOffer(clientHello, notes)
  for (const hello of [clientHello, secondClientHello]) {
    if (hello === null) continue
    noteUnlisted('groups', hello.supportedGroups.length, hello.frame, notes)
    noteUnlisted('key shares', hello.keyShares.length, hello.frame, notes)
    const wrong = wrongLengths(hello.keyShares)
    for (const { group, bytes } of wrong.slice(0, MAX_ALIKE))
      noteShareLength(keyShareOf(group, 'client', bytes), bytes, 'client', hello.frame, notes)
    noteMore('key-share-length', wrong.length, 'key shares of a wrong length', hello.frame, notes, WRONG_LENGTH)
  }
  noteCurve(handshake, notes)
  noteServerValueLength(serverKeyExchange, notes)
  const share = serverHello?.keyShare
  if (serverHello == null || share == null) return
  noteShareLength(keyShareOf(share.group, 'server', share.bytes), share.bytes, 'server', serverHello.frame, notes)
  const { ambiguous } = groupOfShare(share.group, 'server', share.bytes)
  if (ambiguous.length > 1)
    notes.push({
      code: 'ambiguous-group',
      message: `code point ${hex(share.group)} has been used for ${ambiguous.join(' and ')}: the share's ${bytesText(share.bytes)} do not tell which`,
      frame: serverHello.frame,
    })
}

/** What is no classical group has no meaning in TLS 1.2 (RFC 8422 §5.1.1, RFC 10024). */
function noteCurve({ serverHello, serverKeyExchange }: Handshake, notes: Note[]): void {
  if (serverHello === null || serverKeyExchange?.group == null) return
  const group = namedGroup(serverKeyExchange.group)
  if (group.kind === 'classical') return
  notes.push({
    code: 'group-not-of-version',
    message: `the ServerKeyExchange names ${group.name} (${hex(group.id)}) as its curve: ${versionName(serverHello.version)} knows classical groups alone`,
    frame: serverKeyExchange.frame,
  })
}

function noteUnlisted(what: string, count: number, frame: number, notes: Note[]): void {
  if (count <= MAX_LISTED) return
  notes.push({
    code: 'list-cut',
    message: `the ClientHello holds ${count} ${what}: the first ${MAX_LISTED} are listed`,
    frame,
  })
}

/** Key shares that have not the length of their group. */
const wrongLengths = remembered((shares: readonly ShareEntry[]) =>
  shares.filter(({ group, bytes }) => {
    const { expectedBytes } = groupOfShare(group, 'client', bytes)
    return expectedBytes !== null && expectedBytes !== bytes
  }),
)

const ambiguousIds = remembered((ids: readonly number[]) => ids.filter((id) => ambiguousNames(id).length > 0))

function noteAmbiguousOffer(hello: ClientHello, notes: Note[]): void {
  const ambiguous = ambiguousIds(hello.supportedGroups)
  noteMore(
    'ambiguous-group',
    ambiguous.length,
    'code points that have been used for several groups',
    hello.frame,
    notes,
  )
  for (const id of ambiguous.slice(0, MAX_ALIKE)) {
    const names = ambiguousNames(id)
    const share = hello.keyShares.find(({ group }) => group === id)
    if (share !== undefined && groupOfShare(id, 'client', share.bytes).ambiguous.length < 2) continue
    const which = share === undefined ? 'no key share tells' : `the key share's ${bytesText(share.bytes)} do not tell`
    notes.push({
      code: 'ambiguous-group',
      message: `offered code point ${hex(id)} has been used for ${names.join(' and ')}: ${which} which`,
      frame: hello.frame,
    })
  }
}

function noteShareLength(
  share: ReturnType<typeof keyShareOf>,
  bytes: number,
  from: 'client' | 'server',
  frame: number,
  notes: Note[],
): void {
  if (share.expectedBytes === undefined || share.expectedBytes === bytes) return
  notes.push({
    code: 'key-share-length',
    message: `the ${from}'s key share of ${share.name} has ${bytesText(bytes)}, not ${share.expectedBytes}`,
    frame,
    ...WRONG_LENGTH,
    ...(isCertain(share.status) ? {} : { severity: 'warning' }),
  })
}

const WRONG_LENGTH = { severity: 'error', section: 'RFC 9846 §4.3.8' } as const

/** Other code points than those of IANA may have meanings that are not known here, and lengths of their own. */
function isCertain(status: GroupStatus): boolean {
  return status === 'standard' || status === 'draft'
}

/** The same for a point of TLS 1.2 and older. A compressed one is told as that. */
function noteServerValueLength(exchange: ServerKeyExchange | null, notes: Note[]): void {
  if (exchange?.kind !== 'ecdhe' || exchange.group === null || exchange.publicBytes === null) return
  if (exchange.flaws.some(({ code }) => code === 'compressed-point')) return
  const { group, expectedBytes } = groupOfShare(exchange.group, 'server', exchange.publicBytes)
  if (group.kind !== 'classical' || expectedBytes === null || expectedBytes === exchange.publicBytes) return
  notes.push({
    code: 'key-share-length',
    message: `the server's public value of ${group.name} has ${bytesText(exchange.publicBytes)}, not ${expectedBytes}`,
    frame: exchange.frame,
    severity: isCertain(group.status) ? 'error' : 'warning',
    section: 'RFC 8422 §5.4.1',
  })
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
      message: `the ${from} sent ${bytesText(unseen)} more that no packet of the capture holds`,
    })
  }
}

/** A TLS 1.2 ServerHello looks the same in a full handshake and in a resumed one: only what follows tells. */
function resumptionIsOpen(handshake: Handshake): boolean {
  const { serverHello, fullHandshake } = handshake
  if (serverHello === null || isTls13(serverHello.version) || fullHandshake) return false
  return !handshake.serverWholeUntilChangeCipherSpec
}
