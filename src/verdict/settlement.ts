import { isTls13 } from '../registry/versions.js'
import type { ClientHello, Handshake, ServerHello, ShareEntry } from '../tls/handshake.js'
import { explain } from './explain.js'
import { type KeyExchange, keyExchangeOf, strongest } from './key-exchange.js'
import { offeredGroups, sharedGroups } from './messages.js'
import { noteGroups } from './notes-groups.js'
import { endingOf, isMissing } from './outcome.js'
import type { Note, Offer, Verdict } from './record.js'
import { noteUnchecked } from './validity-keys.js'
import { noteKeyShareLists, noteServerShare } from './validity-offers.js'

/** What a handshake came to. */
export interface Settlement {
  readonly verdict: Verdict
  /** null where nothing was negotiated. */
  readonly exchange: KeyExchange | null
  /** The lists of the ClientHello and the choice of the ServerHello are known to give no note. */
  readonly isPlain: boolean
}

/** A settlement, and the choice of the server that led to it. */
interface Kept {
  readonly settlement: Settlement
  readonly supportedGroups: readonly number[]
  readonly version: number
  readonly cipherSuite: number
  readonly group: number
  readonly bytes: number
  readonly preSharedKey: boolean
  readonly encryptedClientHello: boolean
}

/** Settlements kept for one list of key shares: servers choose among few groups and suites. */
const MAX_KEPT = 8
/**
 * Nothing is kept for a longer list of groups, which is no client's. It may not be the same object when it comes again, and
 * would be held for nothing.
 */
const MAX_GROUPS = 64

/** By the list of the client's key shares, which is the same object in handshake after handshake (`tls/interned.ts`). */
const keptByShares = new WeakMap<readonly ShareEntry[], Kept[]>()

/**
 * Outcome, label, reason and explanation. Where a ServerHello of TLS 1.3 answers the first ClientHello they follow from
 * the lists of the one and the choice of the other alone, as in nearly all handshakes of most captures: then they are
 * the same objects each time. Verdicts and what was negotiated are frozen for that reason.
 */
export function settlementOf(handshake: Handshake): Settlement {
  const { clientHello, secondClientHello, helloRetryRequest, serverHello } = handshake
  if (clientHello === null || serverHello === null || helloRetryRequest !== null || secondClientHello !== null)
    return settle(handshake)
  if (serverHello.problem !== null || serverHello.keyShare === null || !isTls13(serverHello.version))
    return settle(handshake)
  // What is missing may be a second hello: then less is said of the choice than follows from the lists.
  if (isMissing(handshake, 'client')) return settle(handshake)
  // Of a hello that breaks off the lists are not all.
  if (clientHello.problem !== null || clientHello.supportedGroups.length > MAX_GROUPS) return settle(handshake)
  let kept = keptByShares.get(clientHello.keyShares)
  if (kept === undefined) {
    kept = []
    keptByShares.set(clientHello.keyShares, kept)
  }
  for (const one of kept) if (isSameChoice(one, clientHello, serverHello, serverHello.keyShare)) return one.settlement
  const settlement = settle(handshake, givesNoNote(handshake, clientHello, serverHello))
  if (kept.length === MAX_KEPT) kept.shift()
  kept.push({
    settlement,
    supportedGroups: clientHello.supportedGroups,
    version: serverHello.version,
    cipherSuite: serverHello.cipherSuite,
    group: serverHello.keyShare.group,
    bytes: serverHello.keyShare.bytes,
    preSharedKey: serverHello.preSharedKey,
    encryptedClientHello: clientHello.encryptedClientHello,
  })
  return settlement
}

function givesNoNote(handshake: Handshake, clientHello: ClientHello, serverHello: ServerHello): boolean {
  const notes: Note[] = []
  noteGroups(handshake, notes)
  noteUnchecked(clientHello, notes)
  noteKeyShareLists(clientHello, notes)
  noteServerShare(handshake, serverHello, notes)
  return notes.length === 0
}

function isSameChoice(kept: Kept, client: ClientHello, server: ServerHello, share: ShareEntry): boolean {
  return (
    kept.supportedGroups === client.supportedGroups &&
    kept.group === share.group &&
    kept.bytes === share.bytes &&
    kept.cipherSuite === server.cipherSuite &&
    kept.version === server.version &&
    kept.preSharedKey === server.preSharedKey &&
    kept.encryptedClientHello === client.encryptedClientHello
  )
}

function settle(handshake: Handshake, isPlain = false): Settlement {
  const { serverHello } = handshake
  const { outcome, reason: endReason } = endingOf(handshake)
  // Both hellos of a retried handshake list the same groups (RFC 9846 §4.2.2).
  const listing = handshake.clientHello ?? handshake.secondClientHello
  const offer = listing === null ? null : knownOffer(strongest(offeredGroups(listing, handshake)), listing)
  const first = handshake.clientHello
  const keyShareOffer = first === null ? null : knownOffer(strongest(sharedGroups(first.keyShares)), first)
  let exchange: KeyExchange | null = null
  if (outcome === 'negotiated' && serverHello !== null)
    exchange = keyExchangeOf(handshake, serverHello, strongestOf(offer, keyShareOffer))
  const reason = endReason ?? exchange?.reason ?? 'malformed'
  const label = exchange?.label ?? null
  const explanation = explain({ handshake, reason, offer, exchange })
  if (exchange !== null) Object.freeze(exchange.negotiated)
  const verdict = Object.freeze({ outcome, label, offer, keyShareOffer, reason, explanation })
  return { verdict, exchange, isPlain }
}

/** A hello that breaks off may have offered more than was read of it. */
function knownOffer(offer: Offer, { problem }: ClientHello): Offer | null {
  return problem === 'length-overrun' && (offer === 'none' || offer === 'classical') ? null : offer
}

/** A client may have sent a share of a group that it did not list: that is an offer, too. */
function strongestOf(offer: Offer | null, shareOffer: Offer | null): Offer | null {
  if (offer === 'hybrid' || shareOffer === 'hybrid') return 'hybrid'
  if (offer === 'post-quantum' || shareOffer === 'post-quantum') return 'post-quantum'
  return offer
}
