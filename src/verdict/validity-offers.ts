import { MAX_CHECKED_SHARES } from '../key-share/check.js'
import { isGrease } from '../registry/grease.js'
import { groupOfShare, namedGroup } from '../registry/groups.js'
import type { Role } from '../registry/types.js'
import { isTls13 } from '../registry/versions.js'
import type { ClientHello, Handshake, ServerHello, ShareEntry } from '../tls/handshake.js'
import { MAX_ALIKE, noteMore } from './alike.js'
import { groupWithNumber } from './messages.js'
import { isMissing } from './outcome.js'
import type { Note, NoteSeverity } from './record.js'
import { remembered } from './remembered.js'

const KEY_SHARE_SECTION = 'RFC 9846 §4.3.8'
const OF_KEY_SHARES = { severity: 'error', section: KEY_SHARE_SECTION } as const

/** Of TLS 1.3, whose RFC 8446 did not forbid it yet. */
const OF_GROUPS = { severity: 'warning', section: 'RFC 9846 §4.3.7' } as const

/** The supported_groups of TLS 1.3 name each group once (RFC 9846 §4.3.7). */
export function noteRepeatedGroups({ supportedGroups, supportedVersions, frame }: ClientHello, notes: Note[]): void {
  const repeated = repeatedGroups(supportedGroups)
  if (repeated.length === 0 || !supportedVersions.some(isTls13)) return
  for (const group of repeated.slice(0, MAX_ALIKE)) {
    const message = `the client lists ${nameOf(group)} more than once in its supported_groups`
    notes.push({ code: 'group-repeated', message, frame, ...OF_GROUPS })
  }
  noteMore('group-repeated', repeated.length, 'groups that are listed more than once', frame, notes, OF_GROUPS)
}

const repeatedGroups = remembered((groups: readonly number[]): readonly number[] => {
  const distinct = new Set(groups)
  return [...new Set(groups.filter((group) => !distinct.delete(group) && !isGrease(group)))]
})

/**
 * The key shares of a ClientHello are of groups in its supported_groups, in that order, and one of each (RFC 9846 §4.3.8).
 * A message that is malformed may hold more than was read of it, so nothing is said of its lists.
 */
export function noteKeyShareLists({ keyShares, supportedGroups, problem, frame }: ClientHello, notes: Note[]): void {
  if (problem !== null || isInOrder(keyShares, supportedGroups)) return
  const finding = (code: string, message: string): void => {
    notes.push({ code, message, frame, ...OF_KEY_SHARES })
  }
  const shares = keyShares.filter(({ group }) => !isGrease(group))
  const counts = new Map<number, number>()
  for (const { group } of shares) counts.set(group, (counts.get(group) ?? 0) + 1)
  const listed = new Set(supportedGroups)

  const unlisted = [...counts.keys()].filter((group) => !listed.has(group))
  for (const group of unlisted.slice(0, MAX_ALIKE))
    finding(
      'key-share-not-listed',
      `the client sent a key share of ${nameOf(group, shares)}, which is not in its supported_groups`,
    )
  noteMore(
    'key-share-not-listed',
    unlisted.length,
    'key shares of groups outside supported_groups',
    frame,
    notes,
    OF_KEY_SHARES,
  )

  const repeated = [...counts].filter(([, count]) => count > 1)
  for (const [group, count] of repeated.slice(0, MAX_ALIKE))
    finding('key-share-repeated', `the client sent ${count} key shares of ${nameOf(group, shares)}, not one`)
  noteMore('key-share-repeated', repeated.length, 'groups with more than one key share', frame, notes, OF_KEY_SHARES)

  const pair = firstOutOfOrder([...counts.keys()], supportedGroups)
  if (pair !== null)
    finding(
      'key-share-order',
      `the client sent its key share of ${nameOf(pair[0], shares)} before that of ${nameOf(pair[1], shares)}, the other way round than in its supported_groups`,
    )
}

/** So it is with nearly every hello; then this walk over both lists is all that it costs. */
function isInOrder(shares: readonly ShareEntry[], groups: readonly number[]): boolean {
  // A longer list is no client's, and is looked at in another way.
  if (shares.length > MAX_CHECKED_SHARES) return false
  let from = 0
  for (let i = 0; i < shares.length; i++) {
    const { group } = shares[i] as ShareEntry
    if (isGrease(group)) continue
    while (from < groups.length && groups[from] !== group) from++
    if (from++ === groups.length) return false
    // supported_groups may name a group twice, and then both shares of it are found there.
    for (let before = 0; before < i; before++) if ((shares[before] as ShareEntry).group === group) return false
  }
  return true
}

/** The first two groups of key shares that stand the other way round in the list. */
function firstOutOfOrder(shared: readonly number[], groups: readonly number[]): readonly [number, number] | null {
  const places = new Map(groups.map((group, i) => [group, i]))
  let before: number | null = null
  for (const group of shared) {
    const place = places.get(group)
    if (place === undefined) continue
    if (before !== null && (places.get(before) as number) > place) return [before, group]
    before = group
  }
  return null
}

/**
 * A HelloRetryRequest asks for a group that was offered and not shared, and the second ClientHello sends a share of it
 * and no other (RFC 9846 §4.3.8).
 */
export function noteRetry(handshake: Handshake, notes: Note[]): void {
  const { clientHello, helloRetryRequest, secondClientHello } = handshake
  if (helloRetryRequest === null || helloRetryRequest.keyShare === null || helloRetryRequest.problem !== null) return
  const { group } = helloRetryRequest.keyShare
  const name = nameOf(group, secondClientHello?.keyShares)
  if (clientHello !== null && clientHello.problem === null) {
    const { frame } = helloRetryRequest
    if (isGrease(group))
      offerFinding('retry-group-not-offered', asksFor(name, 'stands for no group'), frame, null, notes)
    else if (holds(clientHello.keyShares, group))
      offerFinding(
        'retry-group-already-shared',
        asksFor(name, 'the client had sent a key share of'),
        frame,
        clientHello,
        notes,
      )
    else if (!clientHello.supportedGroups.includes(group))
      offerFinding('retry-group-not-offered', asksFor(name, 'the client had not offered'), frame, clientHello, notes)
  }
  if (secondClientHello === null || secondClientHello.problem !== null) return
  const shares = secondClientHello.keyShares.filter((share) => !isGrease(share.group))
  if (shares.length === 1 && shares[0]?.group === group) return
  offerFinding(
    'second-hello-key-share',
    `the second ClientHello has ${sharesText(shares)}, where the HelloRetryRequest asks for one of ${name} alone`,
    secondClientHello.frame,
    secondClientHello,
    notes,
  )
}

function asksFor(name: string, what: string): string {
  return `the HelloRetryRequest asks for ${name}, which ${what}`
}

/** Shares named in one sentence. */
const MAX_NAMED = 4

function sharesText(shares: readonly ShareEntry[]): string {
  if (shares.length === 0) return 'no key share'
  if (shares.length > MAX_NAMED) return `${shares.length} key shares`
  return `${shares.length === 1 ? 'a key share' : 'key shares'} of ${shares.map(({ group }) => nameOf(group, shares)).join(' and ')}`
}

/** A ServerHello of TLS 1.3 answers one of the client's key shares, or takes a pre-shared key (RFC 9846 §4.2.3, §4.3.8). */
export function noteServerShare(handshake: Handshake, serverHello: ServerHello, notes: Note[]): void {
  const { clientHello, secondClientHello, helloRetryRequest } = handshake
  const { keyShare, frame, preSharedKey, problem } = serverHello
  if (problem !== null || !isTls13(serverHello.version)) return
  if (keyShare === null) {
    if (!preSharedKey)
      notes.push({
        code: 'key-share-missing',
        message: 'the ServerHello agrees on TLS 1.3 with neither key_share nor pre_shared_key',
        frame,
        severity: 'error',
        section: 'RFC 9846 §4.2.3',
      })
    return
  }
  const { group } = keyShare
  const asked = helloRetryRequest?.keyShare?.group ?? null
  if (asked !== null && asked !== group) {
    const message = `the server's key share is of ${nameOf(group, [keyShare], 'server')}, but its HelloRetryRequest asked for ${nameOf(asked, secondClientHello?.keyShares)}`
    offerFinding('server-share-not-as-retried', message, frame, null, notes)
    return
  }
  // Both hellos of a retried handshake list the same groups; a share is of the one that was answered.
  const listing = secondClientHello ?? clientHello
  if (listing === null || listing.problem !== null) return
  const isReal = !isGrease(group)
  if (isReal && holds(listing.keyShares, group)) return
  const name = nameOf(group, [keyShare], 'server')
  if (!isReal || !listing.supportedGroups.includes(group))
    offerFinding(
      'server-share-not-offered',
      `the server's key share is of ${name}, which the client did not offer`,
      frame,
      listing,
      notes,
    )
  else if (helloRetryRequest === null ? !mayHaveSharedMore(handshake) : secondClientHello !== null)
    offerFinding(
      'server-share-unasked',
      `the server's key share is of ${name}, of which the client had sent none`,
      frame,
      listing,
      notes,
    )
}

/** A second ClientHello, of which nothing was read, may be in what is missing of the client's. */
function mayHaveSharedMore(handshake: Handshake): boolean {
  return handshake.secondClientHello === null && isMissing(handshake, 'client')
}

/**
 * A finding that compares what the server chose with what the client offered. With encrypted_client_hello the offer that
 * counts may be the inner one (RFC 9849 §5), so that nothing is certain.
 */
export function offerFinding(
  code: string,
  message: string,
  frame: number,
  hello: ClientHello | null,
  notes: Note[],
  section = KEY_SHARE_SECTION,
): void {
  const hidden = hello?.encryptedClientHello === true
  const severity: NoteSeverity = hidden ? 'info' : 'error'
  const said = hidden ? `${message}; an encrypted inner hello may differ` : message
  notes.push({ code, message: said, frame, severity, section })
}

function holds(shares: readonly ShareEntry[], group: number): boolean {
  for (const share of shares) if (share.group === group) return true
  return false
}

/** `x25519 (0x001d)`; a code point with several meanings by its key share, where there is one. */
function nameOf(group: number, shares: readonly ShareEntry[] = [], role: Role = 'client'): string {
  const share = shares.find((entry) => entry.group === group)
  return groupWithNumber(share === undefined ? namedGroup(group) : groupOfShare(group, role, share.bytes).group)
}
