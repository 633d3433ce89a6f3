import type { Fingerprint } from '../key-share/fingerprint.js'
import type { SeenShares, SharePlace } from '../key-share/seen-shares.js'
import { groupOfShare, type Side } from '../registry/groups.js'
import type { SharedKeys, ShareEntry } from '../tls/handshake.js'
import type { Note } from './record.js'

/** Notes the key shares of a hello that another one of this capture sent, too; those that none did are remembered. */
export function noteReuse(
  hello: SharedKeys & { readonly frame: number },
  shares: readonly ShareEntry[],
  side: Side,
  stream: number,
  seen: SeenShares,
  notes: Note[],
): void {
  const { shareFingerprints, frame, randomA, randomB } = hello
  if (shareFingerprints.length === 0) return
  const sent = { randomA, randomB, stream, frame, capture: 0 }
  let reused: Reused | null = null
  for (let index = 0; index < shareFingerprints.length; index++) {
    const fingerprint = shareFingerprints[index] as Fingerprint | null
    const place = fingerprint === null ? null : seen.elsewhere(fingerprint, sent)
    if (place === null) continue
    const { group, bytes } = shares[index] as ShareEntry
    const { name } = groupOfShare(group, side, bytes).group
    if (reused?.place.frame === place.frame) {
      reused.names.push(name)
      continue
    }
    if (reused !== null) notes.push(reuseNote(reused, side, frame))
    reused = { place, names: [name] }
  }
  if (reused !== null) notes.push(reuseNote(reused, side, frame))
}

/** Shares that stand in one and the same other hello. */
interface Reused {
  readonly place: SharePlace
  readonly names: string[]
}

function reuseNote({ place, names }: Reused, side: Side, frame: number): Note {
  const shares = names.length === 1 ? 'key share' : 'key shares'
  return {
    code: 'key-share-reused',
    message: `the ${side}'s ${shares} of ${names.join(' and ')} ${names.length === 1 ? 'was' : 'were'} also sent in stream ${place.stream}, frame ${place.frame}, under another random`,
    frame,
    severity: 'warning',
    section: 'RFC 9846 §4.3.8',
  }
}
