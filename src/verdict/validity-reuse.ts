import type { Fingerprint } from '../key-share/fingerprint.js'
import type { SeenShares, SharePlace } from '../key-share/seen-shares.js'
import { groupOfShare } from '../registry/groups.js'
import type { Role } from '../registry/types.js'
import type { SharedKeys, ShareEntry } from '../tls/handshake.js'
import type { Note } from './record.js'

/** Notes the key shares of a hello that another one of this capture sent, too; those that none did are remembered. */
export function noteReuse(
  hello: SharedKeys & { readonly frame: number },
  shares: readonly ShareEntry[],
  role: Role,
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
    const { name } = groupOfShare(group, role, bytes).group
    if (reused?.place.frame === place.frame) {
      reused.names.push(name)
      continue
    }
    if (reused !== null) notes.push(reuseNote(reused, role, frame))
    reused = { place, names: [name] }
  }
  if (reused !== null) notes.push(reuseNote(reused, role, frame))
}

/** Shares that stand in one and the same other hello. */
interface Reused {
  readonly place: SharePlace
  readonly names: string[]
}

function reuseNote({ place, names }: Reused, role: Role, frame: number): Note {
  return {
    code: 'key-share-reused',
    message: sentence(role, names.length === 1 ? (names[0] as string) : names.join(' and '), names.length, place),
    frame,
    severity: 'warning',
    section: 'RFC 9846 §4.3.8',
  }
}

/** What was said of a share. */
interface Said {
  readonly role: Role
  readonly names: string
  readonly stream: number
  readonly text: string
}

/** Sentences kept: a share that is sent again and again is told of in the same words. Then all are forgotten. */
const MAX_SAID = 256

/** By the frame of the other hello. */
const saidByFrame = new Map<number, Said>()

function sentence(role: Role, names: string, count: number, { stream, frame }: SharePlace): string {
  const said = saidByFrame.get(frame)
  if (said !== undefined && said.names === names && said.role === role && said.stream === stream) return said.text
  const shares = count === 1 ? 'key share' : 'key shares'
  const text = `the ${role}'s ${shares} of ${names} ${count === 1 ? 'was' : 'were'} also sent in stream ${stream}, frame ${frame}, under another random`
  if (saidByFrame.size === MAX_SAID) saidByFrame.clear()
  saidByFrame.set(frame, { role, names, stream, text })
  return text
}
