import { bytesText, hex } from '../bytes/text.js'
import { nanosecondsBetween } from '../bytes/time.js'
import { alertDescription, alertLevel } from '../registry/alerts.js'
import { ambiguousNames, keyShareOf } from '../registry/groups.js'
import { isTls13, versionName } from '../registry/versions.js'
import type { Handshake } from '../tls/handshake.js'
import type { KeyExchange } from './key-exchange.js'
import { groupIn, groupWithNumber, offeredGroups, sharedGroups } from './messages.js'
import {
  answersClose,
  cutHelloName,
  directionOf,
  endsHandshake,
  isRetryCut,
  lostServerHelloFrame,
  sentNoMore,
  unseenText,
} from './outcome.js'
import type { Group, GroupStatus, KeyShare, Offer, Reason } from './record.js'
import { remembered } from './remembered.js'

/** What the sentence of a verdict is made of. */
export interface Explained {
  readonly handshake: Handshake
  readonly reason: Reason
  readonly offer: Offer | null
  /** null where nothing was negotiated. */
  readonly exchange: KeyExchange | null
}

/** One plain sentence that says why, with the numbers. */
export function explain(explained: Explained): string {
  const { handshake, reason, offer, exchange } = explained
  const sentence = SENTENCES[reason]
  return sentence(handshake, exchange, offer)
}

type Sentence = (handshake: Handshake, exchange: KeyExchange | null, offer: Offer | null) => string

const SENTENCES: Record<Reason, Sentence> = {
  'hybrid-selected': (handshake, exchange) =>
    exchange?.negotiated.group === null
      ? `The cipher suite ${exchange.negotiated.cipherSuite.name} exchanges keys by ${exchange.negotiated.keyExchange}, a post-quantum KEM beside a classical exchange: an experiment ${exchange.negotiated.keyExchange === 'ECDHE_SIKE' ? 'whose post-quantum part is broken and protects nothing' : 'that no standard took up'}.`
      : `The server selected ${selected(handshake, exchange)}.`,
  'hybrid-after-retry': (handshake, exchange) =>
    `The server ${retried(handshake)} and then selected ${selected(handshake, exchange)}.`,
  'post-quantum-selected': (handshake, exchange) => `The server selected ${selected(handshake, exchange)}.`,
  'post-quantum-after-retry': (handshake, exchange) =>
    `The server ${retried(handshake)} and then selected ${selected(handshake, exchange)}.`,
  'server-chose-classical': (handshake, exchange) => {
    const asked = handshake.helloRetryRequest?.keyShare == null ? '' : `${retried(handshake)} and then `
    return `The client offered ${offeredPostQuantum(handshake)}, but the server ${asked}selected ${selected(handshake, exchange)}.`
  },
  'retried-to-classical': (handshake, exchange) =>
    `The client offered ${offeredPostQuantum(handshake)}, but the server ${retried(handshake)} and then selected ${selected(handshake, exchange)}.`,
  'client-offered-no-post-quantum': (handshake, exchange) =>
    `The client offered no ${offeredUnknown(handshake) ? 'known ' : ''}post-quantum group${isOuter(handshake) ? ' in the hello that can be read' : ''}, and the server selected ${selected(handshake, exchange)}.`,
  'offer-not-seen': (handshake, exchange) =>
    `The server selected ${selected(handshake, exchange)}; what the client offered could not be read.`,
  'tls12-or-older': (handshake, exchange, offer) => tls12Sentence(handshake, exchange, offer),
  'psk-only': (_, exchange) =>
    `The keys come from a pre-shared key alone (${exchange?.negotiated.version}): there was no key exchange that could be post-quantum.`,
  resumed: (_, exchange) =>
    `An earlier ${exchange?.negotiated.version} session was resumed: its key exchange is not in this handshake, and ${exchange?.negotiated.version} has no post-quantum groups.`,
  'unknown-group': (handshake, exchange) =>
    `The server selected ${exchange?.negotiated.group?.name}, ${unknownWords(exchange?.negotiated.group)}, with a key share of ${bytesText(handshake.serverHello?.keyShare?.bytes ?? 0)}.`,
  'alert-before-server-hello': (handshake) => {
    // The first that ends it: another may answer that.
    const alert = handshake.alerts.find(endsHandshake) ?? handshake.alerts.findLast((alert) => !answersClose(alert))
    if (alert === undefined) return 'An alert came in place of a ServerHello.'
    return `The ${alert.from} sent the alert ${alertDescription(alert.description)} (${alert.description}) in frame ${alert.frame} ${alert.from === 'server' ? 'in place of' : 'before'} a ServerHello.`
  },
  'closed-before-server-hello': (handshake) => {
    const { streamFacts, clientDirection } = handshake
    const first = streamFacts?.closedFirst ?? clientDirection
    const by = first === clientDirection ? 'client' : 'server'
    const how = streamFacts?.closed[first] === 'fin' ? 'FIN' : 'RST'
    const answer = otherAnswer(handshake)
    if (answer !== null) return `${answer}, and the ${by} closed the connection (${how}).`
    const alert = handshake.alerts.find(answersClose)
    const then =
      alert === undefined
        ? ''
        : `, and the client then sent the alert ${alertDescription(alert.description)} (${alert.description}) in frame ${alert.frame}`
    return `The ${by} closed the connection (${how}) before a ServerHello${then}.`
  },
  'no-answer': (handshake) => {
    const { streamFacts, start, secondClientHello } = handshake
    const answer = otherAnswer(handshake)
    if (answer !== null) return `${answer}.`
    const warning = handshake.alerts.findLast(({ from }) => from === 'server')
    if (warning !== undefined)
      return `The server sent the alert ${alertDescription(warning.description)} (${warning.description}) in frame ${warning.frame}, level ${alertLevel(warning.level)}, and no ServerHello after it.`
    if (streamFacts?.end === 'next-handshake') return 'A new ClientHello came before an answer to this one.'
    if (streamFacts?.end === 'closed')
      return 'No answer to the ClientHello came before a new connection took its addresses and ports.'
    if (secondClientHello !== null) return 'No answer to the second ClientHello came until the end of the capture.'
    const milliseconds = streamFacts === null ? 0 : nanosecondsBetween(start, streamFacts.captureTime) / 1e6
    return `No answer to the ClientHello came in the ${milliseconds} ms until the end of the capture.`
  },
  'missing-bytes': (handshake) => missingSentence(handshake),
  'one-direction': (handshake) => {
    const seen = handshake.streamFacts?.seen[handshake.clientDirection] === true ? 'client' : 'server'
    const until = handshake.streamFacts?.end === 'next-handshake' ? ' before it sent another ClientHello' : ''
    return `The capture holds only what the ${seen} sent${until}: what was agreed on cannot be known.`
  },
  malformed: (handshake) => malformedSentence(handshake),
}

/** `X25519MLKEM768 (0x11ec), hybrid of ML-KEM-768 and X25519, with key shares of 1216 and 1120 bytes`. */
function selected(handshake: Handshake, exchange: KeyExchange | null): string {
  const group = exchange?.negotiated.group
  const share = handshake.serverHello?.keyShare
  if (group == null || share == null) return exchange?.negotiated.keyExchange ?? 'a group'
  const clientShare = clientShareBytes(handshake, share.group)
  const bytes =
    clientShare === null
      ? `a server key share of ${bytesText(share.bytes)}`
      : `key shares of ${clientShare} and ${share.bytes} bytes`
  const psk = handshake.serverHello?.preSharedKey === true ? ', beside a pre-shared key' : ''
  return `${groupWords(keyShareOf(share.group, 'server', share.bytes))}, with ${bytes}${psk}`
}

const groupWords = remembered((share: KeyShare) => `${share.name} (${hex(share.id)})${kindWords(share)}`)

function unknownWords(group: Group | null | undefined): string {
  const names = group == null ? [] : ambiguousNames(group.id)
  if (names.length > 0) return `a code point that has been used for ${names.join(' and ')}`
  return group?.kind === 'unknown'
    ? 'a group that is in no registry known here'
    : 'a code point that stands for no group'
}

function kindWords(group: KeyShare): string {
  const parts = group.parts?.map((part) => part.name) ?? []
  if (group.status === 'broken' && group.kind === 'post-quantum')
    return ', a post-quantum KEM alone that is broken and protects nothing'
  const status = STATUS_WORDS[group.status]
  if (group.kind === 'hybrid' && parts.length > 1) return `, a hybrid of ${parts.join(' and ')}${status}`
  if (group.kind === 'hybrid') return `, a hybrid${status}`
  if (group.kind === 'post-quantum') return `, a post-quantum KEM alone${status}`
  return `, which is classical${status}`
}

const STATUS_WORDS: Record<GroupStatus, string> = {
  standard: '',
  draft: ', still a draft',
  obsolete: ', obsolete',
  broken: ' whose post-quantum part is broken and protects nothing',
  private: ', a private code point',
  unassigned: '',
}

function retried(handshake: Handshake): string {
  const { clientHello, helloRetryRequest, serverHello } = handshake
  if (helloRetryRequest === null)
    return `asked for a second ClientHello with a HelloRetryRequest that was ${isRetryCut(handshake) ? 'captured in part' : 'not captured'}`
  if (helloRetryRequest.keyShare !== null) {
    const { group } = helloRetryRequest.keyShare
    const isAnother = clientHello === null || clientHello.keyShares.every((share) => share.group !== group)
    // What the specification forbids is said in full.
    return group === serverHello?.keyShare?.group && isAnother
      ? 'asked for another key share with a HelloRetryRequest'
      : `asked for a key share of ${groupWithNumber(groupIn(handshake, group))} with a HelloRetryRequest`
  }
  return `sent a HelloRetryRequest${helloRetryRequest.cookie ? ' with a cookie' : ''}, which asked for no other key share,`
}

/** What a server said that does not speak TLS. */
function otherAnswer({ incidents }: Handshake): string | null {
  const answer = incidents.find((incident) => incident.code === 'not-tls' && incident.from === 'server')
  if (answer === undefined) return null
  return `The server answered the ClientHello with ${bytesText(answer.bytes)} that are not a TLS record`
}

/** Length of the client's share of a group, from the hello that was answered. */
export function clientShareBytes(handshake: Handshake, group: number): number | null {
  const hello = handshake.secondClientHello ?? handshake.clientHello
  return hello?.keyShares.find((share) => share.group === group)?.bytes ?? null
}

/** Whether a group was offered that no registry known here has; GREASE stands for none. */
function offeredUnknown(handshake: Handshake): boolean {
  const hello = handshake.clientHello ?? handshake.secondClientHello
  return hello !== null && (hasUnknown(offeredGroups(hello, handshake)) || hasUnknown(sharedGroups(hello.keyShares)))
}

/** With the extension there may be an inner hello with another offer (RFC 9849 §5). */
function isOuter({ clientHello, secondClientHello }: Handshake): boolean {
  return (clientHello ?? secondClientHello)?.encryptedClientHello ?? false
}

const hasUnknown = remembered((groups: readonly Group[]) =>
  groups.some(({ kind, status }) => kind === 'unknown' || (kind === 'reserved' && status === 'private')),
)

function offeredPostQuantum(handshake: Handshake): string {
  const hello = handshake.clientHello ?? handshake.secondClientHello
  return hello === null ? 'a post-quantum key share' : postQuantumNames(offeredGroups(hello, handshake))
}

const postQuantumNames = remembered((groups: readonly Group[]) => {
  const names = groups
    .filter((group) => group.kind === 'hybrid' || group.kind === 'post-quantum')
    .map((group) => group.name)
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more post-quantum groups`
  return names.length === 0 ? 'a post-quantum key share' : names.join(', ')
})

function tls12Sentence(handshake: Handshake, exchange: KeyExchange | null, offer: Offer | null): string {
  const version = exchange?.negotiated.version ?? versionName(handshake.serverHello?.version ?? 0)
  const suite = exchange?.negotiated.cipherSuite.name
  const inVain = offersTls13(handshake)
    ? `The client offered ${offeredPostQuantum(handshake)}, but the server`
    : `The client listed ${offeredPostQuantum(handshake)}, but did not offer TLS 1.3, and the server`
  const offered = offer === 'hybrid' || offer === 'post-quantum' ? inVain : 'The server'
  const group = exchange?.negotiated.group
  if (exchange?.label === 'unknown' && group != null)
    return `${offered} agreed on ${version}, and its ServerKeyExchange names ${groupWithNumber(group)}, which ${version} has no use for: how keys were exchanged is not known.`
  if (exchange?.label === 'unknown')
    return `${offered} agreed on ${version} with the cipher suite ${suite}, which does not tell how keys are exchanged.`
  return `${offered} agreed on ${version}, which has no post-quantum groups: ${suite} by ${exchangeWords(handshake, exchange)}.`
}

/** Without TLS 1.3 a post-quantum group in supported_groups is no offer (RFC 10024). */
function offersTls13({ clientHello, secondClientHello }: Handshake): boolean {
  return (clientHello ?? secondClientHello)?.supportedVersions.some(isTls13) ?? false
}

/** `secp256r1`, `ffdhe2048 (2048 bits)`, `DHE with modp1024 (RFC 2409), a prime of 1024 bits`, `RSA`. */
function exchangeWords({ serverKeyExchange }: Handshake, exchange: KeyExchange | null): string {
  const { group = null, keyExchange = '' } = exchange?.negotiated ?? {}
  const { primeBits = null, primeName = null } = serverKeyExchange ?? {}
  if (primeBits === null) return keyExchange
  if (group !== null) return `${group.name} (${primeBits} bits)`
  return `${keyExchange} with ${primeName === null ? '' : `${primeName}, `}a prime of ${primeBits} bits`
}

function malformedSentence({ serverHello }: Handshake): string {
  if (serverHello === null) return 'The ServerHello is malformed.'
  const { frame, bytes, problem, version } = serverHello
  if (problem === 'length-overrun')
    return `The ServerHello in frame ${frame} is malformed: a length runs past its ${bytes} bytes.`
  if (!isTls13(version))
    return `The ServerHello in frame ${frame} agrees on the version ${versionName(version)}, which no specification known here has: how keys were exchanged is not known.`
  return `The ServerHello in frame ${frame} has neither a key share nor a pre-shared key: TLS 1.3 needs one of them.`
}

function missingSentence(handshake: Handshake): string {
  const { cutHello, incidents, streamFacts } = handshake
  if (cutHello !== null) {
    const name = cutHelloName(handshake)
    const tooLong = incidents.find((incident) => incident.code === 'message-too-long')
    if (tooLong !== undefined) return `The ${name} claims ${tooLong.bytes} bytes, more than any can have.`
    const closed = streamFacts?.closed[directionOf(handshake, cutHello.from)]
    if (sentNoMore(handshake))
      return `The ${cutHello.from} sent only ${cutHello.haveBytes} of ${cutHello.needBytes} bytes of the ${name} and closed the connection (${closed === 'fin' ? 'FIN' : 'RST'}).`
    const why = incidents.find((incident) => incident.from === cutHello.from && WHY_CUT[incident.code] !== undefined)
    const cause = why === undefined ? '' : `: ${WHY_CUT[why.code]} (frame ${why.frame})`
    return `Only ${cutHello.haveBytes} of ${cutHello.needBytes} bytes of the ${name} are in the capture${cause}.`
  }
  for (const incident of incidents) {
    const cause = WHY_UNREAD[incident.code]
    if (cause !== undefined)
      return `${incident.bytes > 0 ? bytesText(incident.bytes) : 'Bytes'} of what the ${incident.from} sent cannot be read: ${cause} (frame ${incident.frame}).`
  }
  for (const from of ['server', 'client'] as const) {
    const unseen = streamFacts?.unseen[directionOf(handshake, from)] ?? 0
    if (unseen > 0) return `The ${from} sent ${unseenText(unseen)} that no packet of the capture holds.`
  }
  const after = lostServerHelloFrame(handshake)
  if (after !== null)
    return `The handshake went on in frame ${after} as it does after a ServerHello, but none is in the capture.`
  if (streamFacts?.end === 'given-up') return 'The stream was given up to keep within a limit before it was decided.'
  return 'The capture breaks off before the handshake was decided.'
}

/** By incident: why the rest of a message is missing. */
const WHY_CUT: Readonly<Record<string, string>> = {
  'snap-length': 'the snap length cut the packet',
  gap: 'no packet of the capture holds the rest',
  'gap-limit': 'no packet with the rest came before more followed than is held',
  'not-a-record': 'what follows is not a TLS record',
}

/** By incident: why bytes cannot be read. */
const WHY_UNREAD: Readonly<Record<string, string>> = {
  'snap-length': 'the snap length cut the packet',
  gap: 'no packet of the capture holds them',
  'gap-limit': 'no packet with them came before more followed than is held',
  'not-a-record': 'what is there is not a TLS record',
}
