import type { HandshakeRecord } from '../verdict/record.js'
import type { Judgement } from './comparison.js'

/**
 * What was agreed on, the weakest first. A downgrade is a step down in this order, or down in that of the versions.
 *
 * Hybrid and post-quantum alone are of one rank, and so are the parameters of a KEM: which to prefer is for a policy to
 * say. Current drafts rank with standards, which they are about to become; obsolete ones and code points for private use
 * rank below. A broken KEM protects nothing: joined with a classical exchange it is worth that one.
 */
export const KEY_EXCHANGE_ORDER = [
  'rejected',
  'post-quantum, broken',
  'classical, without forward secrecy',
  'classical, or a hybrid that is broken',
  'hybrid or post-quantum, obsolete or private',
  'hybrid or post-quantum',
] as const

export type KeyExchangeRank = (typeof KEY_EXCHANGE_ORDER)[number]

/** Versions, the weakest first. Drafts of TLS 1.3 stand where `TLSv1.3-draft` does. */
export const VERSION_ORDER = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3-draft', 'TLSv1.3'] as const

/** Exchanges of TLS 1.2 and older in which the server's long-term key decrypts what was recorded. */
const WITHOUT_FORWARD_SECRECY: readonly string[] = ['RSA', 'DH', 'ECDH', 'RSA_PSK', 'FORTEZZA', 'KRB5']

/**
 * Where a handshake stands; null where it cannot be ranked: a pre-shared key (there was no exchange), an unknown group,
 * no answer, or bytes that are not in the capture.
 */
export function keyExchangeRank({ verdict, negotiated }: HandshakeRecord): KeyExchangeRank | null {
  if (verdict.outcome === 'rejected') return 'rejected'
  if (negotiated === null) return null
  const { keyExchange } = negotiated
  switch (verdict.label) {
    case 'classical':
      return WITHOUT_FORWARD_SECRECY.includes(keyExchange)
        ? 'classical, without forward secrecy'
        : 'classical, or a hybrid that is broken'
    case 'hybrid':
    case 'post-quantum': {
      const status = statusOf(negotiated)
      if (status === 'standard' || status === 'draft') return 'hybrid or post-quantum'
      if (status !== 'broken') return 'hybrid or post-quantum, obsolete or private'
      return verdict.label === 'hybrid' ? 'classical, or a hybrid that is broken' : 'post-quantum, broken'
    }
    default:
      return null
  }
}

/** The experimental cipher suites of TLS 1.2 have no post-quantum group: no standard took them up, and SIKE is broken. */
function statusOf({ group, keyExchange }: NonNullable<HandshakeRecord['negotiated']>): string {
  if (group !== null && (group.kind === 'hybrid' || group.kind === 'post-quantum')) return group.status
  return keyExchange === 'ECDHE_SIKE' ? 'broken' : 'obsolete'
}

/** How the second of two handshakes stands to the first. A fall in either order is a downgrade, whatever the other does. */
export function judgePair(before: HandshakeRecord, after: HandshakeRecord): Judgement {
  // Any agreement is more than none, also one that cannot be ranked.
  if (before.negotiated !== null && after.verdict.outcome === 'rejected') return 'downgrade'
  if (before.verdict.outcome === 'rejected' && after.negotiated !== null) return 'upgrade'
  const exchange = steps(KEY_EXCHANGE_ORDER, keyExchangeRank(before), keyExchangeRank(after))
  if (exchange === null) return 'not-comparable'
  const versions =
    before.negotiated === null || after.negotiated === null
      ? 0
      : steps(VERSION_ORDER, versionRank(before.negotiated.version), versionRank(after.negotiated.version))
  if (versions === null) return 'not-comparable'
  if (exchange < 0 || versions < 0) return 'downgrade'
  return exchange > 0 || versions > 0 ? 'upgrade' : 'equal'
}

function versionRank(version: string): (typeof VERSION_ORDER)[number] | null {
  const name = version.startsWith('TLSv1.3-draft') ? 'TLSv1.3-draft' : version
  return VERSION_ORDER.find((known) => known === name) ?? null
}

function steps<Rank>(order: readonly Rank[], before: Rank | null, after: Rank | null): number | null {
  return before === null || after === null ? null : order.indexOf(after) - order.indexOf(before)
}
