import { compare } from '../../src/compare/compare.js'
import type { Comparison, PairComparison } from '../../src/compare/comparison.js'
import { comparePair } from '../../src/compare/difference.js'
import { type Candidate, pairHandshakes } from '../../src/compare/pairing.js'
import type { Group, HandshakeRecord } from '../../src/verdict/record.js'
import { handshakeRecord, hello, keyShare, negotiated, SECP256R1, serverHello, verdict, X25519 } from './records.js'

export function candidates(records: readonly HandshakeRecord[], path: string | null = null): Candidate[] {
  return records.map((record) => ({ record, path }))
}

/** Two handshakes compared, as if they had the same server name. */
export function pairOf(before: HandshakeRecord, after: HandshakeRecord): PairComparison {
  return comparePair({ by: 'server-name', before, after })
}

/** Handshakes of two captures paired and compared. */
export function comparisonOf(before: readonly HandshakeRecord[], after: readonly HandshakeRecord[]): Comparison {
  const side = (name: string, handshakes: number) => ({ name, captures: 1, handshakes })
  const pairing = pairHandshakes(candidates(before), candidates(after))
  return compare(side('classic.pcap', before.length), side('pq.pcap', after.length), pairing)
}

/** A client that knows x25519 and nothing better, and what it agrees on. */
export function plainRecord(overrides: Partial<HandshakeRecord> = {}): HandshakeRecord {
  return handshakeRecord({
    capture: 'classic.pcap',
    verdict: verdict('classical', {
      offer: 'classical',
      keyShareOffer: 'classical',
      reason: 'client-offered-no-post-quantum',
    }),
    negotiated: negotiated(X25519),
    clientHello: hello({
      bytes: 310,
      segments: 1,
      supportedGroups: [X25519, SECP256R1],
      keyShares: [keyShare(X25519, 32)],
    }),
    serverHello: serverHello({ keyShare: keyShare(X25519, 32), bytes: 122 }),
    cost: { ...handshakeRecord().cost, clientBytes: 395, serverBytes: 1322, clientSegments: 2, serverSegments: 1 },
    ...overrides,
  })
}

/** A handshake that agreed on a group of this kind and standing. */
export function agreedOn(kind: Group['kind'], status: Group['status'], version = 'TLSv1.3'): HandshakeRecord {
  const group: Group = { id: 0x0999, name: `${status} ${kind}`, kind, status }
  const label = kind === 'hybrid' || kind === 'post-quantum' || kind === 'classical' ? kind : 'unknown'
  return handshakeRecord({ verdict: verdict(label), negotiated: negotiated(group, { version }) })
}
