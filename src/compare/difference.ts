import type { Group, HandshakeRecord, Hello, KeyShare } from '../verdict/record.js'
import { align } from './align.js'
import type {
  Change,
  FactDifference,
  Facts,
  HandshakePair,
  ListLine,
  PairComparison,
  Place,
  SizeDifference,
  Sizes,
  Standing,
} from './comparison.js'
import { messagesOf } from './messages.js'
import { pairNotes } from './notes.js'
import { verdictOf } from './sentences.js'
import { judgePair } from './strength.js'

/**
 * Bytes that a sender may send before the first acknowledgment: ten segments of 1460 bytes (RFC 6928 §2). The segment
 * size of a connection may be smaller, and its sender more careful.
 */
export const INITIAL_WINDOW = 14_600

const RECORD_HEADER_LENGTH = 5

/** Everything that is different between two handshakes, and what is not. */
export function comparePair({ by, before, after }: HandshakePair): PairComparison {
  const facts = factsOf(before, after)
  const sizes = sizesOf(before, after)
  const judgement = judgePair(before, after)
  const lists = listsOf(before, after)
  return {
    pairedBy: by,
    before: placeOf(before),
    after: placeOf(after),
    transition: { before: standingOf(before), after: standingOf(after) },
    judgement,
    different: isDifferent(facts) || Object.values<readonly ListLine<unknown>[]>(lists).some(hasChange),
    facts,
    ...lists,
    sizes,
    messages: { before: messagesOf(before), after: messagesOf(after) },
    verdict: verdictOf({ before, after, judgement, sizes, facts }),
    notes: pairNotes(before, after, sizes),
  }
}

export function placeOf({ capture, stream, handshake, startTime, client, server, serverName }: HandshakeRecord): Place {
  return { capture, stream, handshake, startTime, client, server, serverName }
}

function standingOf({ verdict }: HandshakeRecord): Standing {
  return verdict.label ?? (verdict.outcome === 'negotiated' ? 'unknown' : verdict.outcome)
}

/** Of these it is known what was agreed on, or that nothing was. */
function isSettled({ verdict }: HandshakeRecord): boolean {
  return verdict.outcome === 'negotiated' || verdict.outcome === 'rejected'
}

function factsOf(before: HandshakeRecord, after: HandshakeRecord): Facts {
  const fact = (
    of: (record: HandshakeRecord) => string | null,
    isKnown: (record: HandshakeRecord) => boolean = isSettled,
  ): FactDifference => factDifference(of(before), of(after), isKnown(before) && isKnown(after))
  const hasHello = ({ clientHello }: HandshakeRecord): boolean => clientHello !== null
  return {
    // That a capture shows too little is no difference between the handshakes.
    outcome: fact(({ verdict }) => verdict.outcome),
    version: fact(({ negotiated }) => negotiated?.version ?? null),
    cipherSuite: fact(({ negotiated }) => negotiated?.cipherSuite.name ?? null),
    helloRetryRequest: fact(retryText, (record) => isSettled(record) && isRetryKnown(record)),
    keyExchange: fact(({ negotiated }) => negotiated?.keyExchange ?? null),
    label: fact(({ verdict }) => verdict.label),
    serverShare: fact(serverShareText),
    encryptionBegins: fact(
      ({ encryption }) => (encryption.begins === 'not-seen' ? null : encryption.begins),
      ({ encryption }) => encryption.begins !== 'not-seen',
    ),
    fitsOneSegment: fact(({ clientHello }) => (clientHello === null ? null : segmentText(clientHello)), hasHello),
    fitsInitialWindow: fact(({ clientHello }) => (clientHello === null ? null : windowText(clientHello)), hasHello),
  }
}

function factDifference(before: string | null, after: string | null, known: boolean): FactDifference {
  return { before, after, change: known ? changeOf(before, after) : 'unknown' }
}

function changeOf(before: string | null, after: string | null): Change {
  if (before === after) return 'same'
  if (before === null) return 'added'
  return after === null ? 'removed' : 'changed'
}

function retryText({ helloRetryRequest }: HandshakeRecord): string | null {
  if (helloRetryRequest === null) return null
  const { group, cookie } = helloRetryRequest
  return [...(group === null ? [] : [group.name]), ...(cookie ? ['cookie'] : [])].join(', ') || 'for nothing'
}

/** Not where a second ClientHello answers one that is not in the capture. */
function isRetryKnown({ helloRetryRequest, clientHello, secondClientHello }: HandshakeRecord): boolean {
  return helloRetryRequest !== null || (clientHello !== null && secondClientHello === null)
}

function serverShareText({ serverHello, serverKeyExchange }: HandshakeRecord): string | null {
  const share = serverHello?.keyShare
  if (share != null) return `${share.name}, ${share.bytes} bytes`
  if (serverKeyExchange?.publicBytes == null) return null
  return `${serverKeyExchange.group?.name ?? serverKeyExchange.kind.toUpperCase()}, ${serverKeyExchange.publicBytes} bytes`
}

function segmentText({ segments }: Hello): string {
  return segments === 1 ? 'yes' : `no, ${segments} segments`
}

function windowText({ bytes, records }: Hello): string {
  return bytes + records * RECORD_HEADER_LENGTH <= INITIAL_WINDOW ? 'yes' : 'no'
}

type Lists = Pick<PairComparison, 'supportedVersions' | 'supportedGroups' | 'keyShares' | 'secondKeyShares'>

/** Lists of hellos that were not read on one side are empty on both: nothing can be said of them. */
function listsOf(before: HandshakeRecord, after: HandshakeRecord): Lists {
  const [a, b] = [before.clientHello, after.clientHello]
  const [c, d] = [before.secondClientHello, after.secondClientHello]
  const none = { supportedVersions: [], supportedGroups: [], keyShares: [], secondKeyShares: [] }
  const second = align(c?.keyShares ?? [], d?.keyShares ?? [], groupKey, bytesOf)
  if (a === null || b === null) return { ...none, secondKeyShares: second }
  return {
    supportedVersions: align(versionsOf(a), versionsOf(b), versionKey),
    supportedGroups: align(a.supportedGroups, b.supportedGroups, groupKey),
    keyShares: align(a.keyShares, b.keyShares, groupKey, bytesOf),
    secondKeyShares: second,
  }
}

/** Without supported_versions, legacy_version is the highest that a client offers (RFC 9846 §4.3.1). */
function versionsOf({ supportedVersions, legacyVersion }: Hello): readonly string[] {
  return supportedVersions.length > 0 ? supportedVersions : [legacyVersion]
}

/** A client that sends GREASE takes another of its values each time (RFC 8701 §3): that is no difference. */
function groupKey({ id, kind, name }: Group): string {
  return kind === 'grease' ? 'GREASE' : `${id} ${name}`
}

function versionKey(name: string): string {
  return name.startsWith('GREASE') ? 'GREASE' : name
}

function bytesOf({ bytes }: KeyShare): number {
  return bytes
}

function hasChange(lines: readonly ListLine<unknown>[]): boolean {
  return lines.some(({ change }) => change !== 'same')
}

/** Whether the hello fits a segment is a matter of size. */
function isDifferent({ fitsOneSegment: _, fitsInitialWindow: __, ...facts }: Facts): boolean {
  return Object.values(facts).some(({ change }) => change !== 'same' && change !== 'unknown')
}

function sizesOf(before: HandshakeRecord, after: HandshakeRecord): Sizes {
  const size = (of: (record: HandshakeRecord) => number | null): SizeDifference => sizeDifference(of(before), of(after))
  // Where the end was not seen, a part is no measure of the whole.
  const cost = (of: (cost: HandshakeRecord['cost']) => number): SizeDifference =>
    size((record) => (record.cost.complete ? of(record.cost) : null))
  return {
    clientHelloBytes: size(({ clientHello }) => clientHello?.bytes ?? null),
    secondClientHelloBytes: size(({ secondClientHello }) => secondClientHello?.bytes ?? null),
    serverHelloBytes: size(({ serverHello }) => serverHello?.bytes ?? null),
    certificateBytes: size(({ certificate }) => certificate?.bytes ?? null),
    clientBytes: cost(({ clientBytes }) => clientBytes),
    serverBytes: cost(({ serverBytes }) => serverBytes),
    totalBytes: cost(({ clientBytes, serverBytes }) => clientBytes + serverBytes),
    clientHelloSegments: size(({ clientHello }) => clientHello?.segments ?? null),
    clientSegments: cost(({ clientSegments }) => clientSegments),
    serverSegments: cost(({ serverSegments }) => serverSegments),
    clientPackets: cost(({ clientPackets }) => clientPackets),
    serverPackets: cost(({ serverPackets }) => serverPackets),
    roundTrips: cost(({ roundTrips }) => roundTrips),
    connectMilliseconds: size((record) => record.cost.connectMilliseconds),
    synToServerHelloMilliseconds: size((record) => record.cost.synToServerHelloMilliseconds),
    synToEncryptedMilliseconds: size((record) => record.cost.synToEncryptedMilliseconds),
    milliseconds: cost(({ milliseconds }) => milliseconds),
  }
}

/** The difference of two sizes; that of times has no more digits than a nanosecond. */
export function sizeDifference(before: number | null, after: number | null): SizeDifference {
  if (before === null || after === null) return { before, after, difference: null, factor: null }
  const difference = Math.round((after - before) * 1e6) / 1e6
  return { before, after, difference, factor: before === 0 ? null : Math.round((after / before) * 1000) / 1000 }
}
