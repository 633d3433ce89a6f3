import { bytesText, hex } from '../bytes/text.js'
import { ambiguousNames, groupOfShare, keyShareOf } from '../registry/groups.js'
import { versionName } from '../registry/versions.js'
import type { ClientHello, Handshake, ServerKeyExchange, ShareEntry } from '../tls/handshake.js'
import { MAX_ALIKE, noteMore } from './alike.js'
import { exchangeGroup, groupWithNumber, MAX_LISTED } from './messages.js'
import type { GroupStatus, Note } from './record.js'
import { remembered } from './remembered.js'

/** Notes the groups of both hellos, and how long their key shares are: what follows from the lists of the messages alone. */
export function noteGroups(handshake: Handshake, notes: Note[]): void {
  const { clientHello, secondClientHello, serverHello } = handshake
  if (clientHello !== null) noteAmbiguousOffer(clientHello, handshake, notes)
  for (const hello of [clientHello, secondClientHello]) {
    if (hello === null) continue
    noteUnlisted('groups', hello.supportedGroups.length, hello.frame, notes)
    noteUnlisted('key shares', hello.keyShares.length, hello.frame, notes)
    const wrong = wrongLengths(hello.keyShares)
    for (const { group, bytes } of wrong.slice(0, MAX_ALIKE))
      noteShareLength(keyShareOf(group, 'client', bytes), bytes, 'client', hello.frame, notes)
    noteMore('key-share-length', wrong.length, 'key shares of a wrong length', hello.frame, notes, WRONG_LENGTH)
  }
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

/** The same of a ServerKeyExchange of TLS 1.2 and older. */
export function noteServerValue(handshake: Handshake, notes: Note[]): void {
  noteCurve(handshake, notes)
  noteServerValueLength(handshake.serverKeyExchange, notes)
}

/** What is no classical group has no meaning in TLS 1.2 (RFC 8422 §5.1.1, RFC 10024). */
function noteCurve({ serverHello, serverKeyExchange }: Handshake, notes: Note[]): void {
  const group = serverKeyExchange === null ? null : exchangeGroup(serverKeyExchange)
  if (serverHello === null || serverKeyExchange === null || group === null || group.kind === 'classical') return
  notes.push({
    code: 'group-not-of-version',
    message: `the ServerKeyExchange names ${groupWithNumber(group)} as its curve: ${versionName(serverHello.version)} has classical groups only`,
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

function noteAmbiguousOffer(hello: ClientHello, { secondClientHello, serverHello }: Handshake, notes: Note[]): void {
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
    const share = shareOf(id, hello) ?? shareOf(id, secondClientHello)
    if (share !== undefined && groupOfShare(id, 'client', share.bytes).ambiguous.length < 2) continue
    const answer = serverHello?.keyShare
    if (answer?.group === id && groupOfShare(id, 'server', answer.bytes).ambiguous.length < 2) continue
    const which = share === undefined ? 'no key share tells' : `the key share's ${bytesText(share.bytes)} do not tell`
    notes.push({
      code: 'ambiguous-group',
      message: `offered code point ${hex(id)} has been used for ${names.join(' and ')}: ${which} which`,
      frame: hello.frame,
    })
  }
}

function shareOf(group: number, hello: ClientHello | null): ShareEntry | undefined {
  return hello?.keyShares.find((share) => share.group === group)
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
