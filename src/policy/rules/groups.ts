import { GROUP_ROWS } from '../../registry/group-rows.js'
import type { Group, HandshakeRecord, Hello } from '../../verdict/record.js'
import { holds, listText, namesOf, numbered } from '../code-points.js'
import type { CodePoints } from '../policy.js'
import {
  type Answer,
  type Failure,
  framesOf,
  helloFrames,
  isWhole,
  lacksServerKeyExchange,
  rule,
  withoutAgreement,
} from '../rule.js'

interface Lists {
  readonly allowed?: readonly CodePoints[]
  readonly denied?: readonly CodePoints[]
}

export const groups = rule<Lists>({
  id: 'groups',
  title: 'The selected group is allowed',
  help: 'The named group that the server selected, or the curve or FFDHE group of TLS 1.2. A key exchange by RSA, or by a prime of its own, has no group and so none that is allowed; a pre-shared key without an exchange, and a resumed session, are for the rule label. Change the list of groups on the server, in its order.',
  settings: {
    allowed: { kind: 'groups', meaning: 'current', help: 'groups that pass' },
    denied: {
      kind: 'groups',
      meaning: 'every',
      help: 'groups that do not; a name counts for every code point that has borne it',
    },
  },
  shorthand: 'allowed',
  needs: ['allowed', 'denied'],
  evaluate(record, { allowed, denied }) {
    const { negotiated, verdict } = record
    if (negotiated === null) return withoutAgreement(record)
    if (verdict.label === 'psk') return 'holds'
    const { group } = negotiated
    if (group === null) return withoutGroup(record, allowed)
    if (isAmbiguous(record) && [...(allowed ?? []), ...(denied ?? [])].some((entry) => isNamed(entry, group.id)))
      return { notSeen: 'which of its groups the code point stands for' }
    const asked: string[] = []
    if (allowed !== undefined && !holds(allowed, group.id, group.name)) asked.push(`allowed: ${namesOf(allowed)}`)
    if (denied !== undefined && holds(denied, group.id, group.name)) asked.push(`denied: ${namesOf(denied)}`)
    if (asked.length === 0) return 'holds'
    return [
      {
        message: `The selected group is ${numbered(group)}; ${asked.join('; ')}.`,
        frames: helloFrames(record),
        values: [group.id],
      },
    ]
  },
})

/** The selected code point has had several meanings, and the key share does not tell which. */
function isAmbiguous({ notes, serverHello }: HandshakeRecord): boolean {
  return notes.some(({ code, frame }) => code === 'ambiguous-group' && frame === serverHello?.frame)
}

function isNamed({ points }: CodePoints, id: number): boolean {
  return points.some((point) => point.id === id && point.name !== null)
}

/** TLS 1.2 and older: the group is in the ServerKeyExchange, where there is one. */
function withoutGroup(record: HandshakeRecord, allowed: readonly CodePoints[] | undefined): Answer {
  const { negotiated, serverKeyExchange } = record
  if (negotiated === null) return 'holds'
  const { keyExchange } = negotiated
  if (['DH', 'ECDH', 'unknown'].includes(keyExchange)) return { notSeen: 'the group of the key exchange' }
  if (lacksServerKeyExchange(record)) return { notSeen: 'the ServerKeyExchange' }
  if (allowed === undefined) return 'holds'
  const prime = serverKeyExchange?.primeBits == null ? '' : ` with a prime of ${serverKeyExchange.primeBits} bits`
  return [
    {
      message: `The key exchange is ${keyExchange}${prime}, of no named group; allowed: ${namesOf(allowed)}.`,
      frames: helloFrames(record),
      values: [keyExchange],
    },
  ]
}

const STATUSES = ['draft', 'obsolete', 'broken', 'private', 'unassigned']
const PLACES = ['selected', 'shared', 'offered']
const KINDS = ['hybrid', 'post-quantum', 'classical']

interface Statuses {
  readonly denied: readonly string[]
  readonly in: readonly string[]
  readonly kinds?: readonly string[]
}

export const groupStatus = rule<Statuses>({
  id: 'group-status',
  title: 'Code points of groups are in good standing',
  help: 'Obsolete code points are those of drafts that were given up, such as X25519Kyber768Draft00; broken are SIDH and SIKE; private and unassigned ones mean what two programs agree that they mean. GREASE is none of these. Update the program that still has them.',
  settings: {
    denied: { kind: 'words', words: STATUSES, help: 'standings that do not pass' },
    in: {
      kind: 'words',
      words: PLACES,
      help: 'where: the selected group, those a key share was sent for, those that were listed',
    },
    kinds: { kind: 'words', words: KINDS, help: 'look at groups of these kinds only' },
  },
  defaults: { denied: ['obsolete', 'broken', 'private', 'unassigned'], in: ['selected'] },
  shorthand: 'denied',
  needs: ['denied'],
  evaluate(record, { denied, in: places, kinds }) {
    const isDenied = ({ kind, status }: Pick<Group, 'kind' | 'status'>): boolean =>
      kind !== 'grease' && denied.includes(status) && (kinds === undefined || kinds.includes(kind))
    const failures: Failure[] = []
    const add = (what: string, found: readonly Group[], frame: number | undefined): void => {
      const bad = found.filter(isDenied)
      if (bad.length === 0) return
      const told = listText([...new Set(bad.map((group) => `${numbered(group)}, ${STATUS_WORDS[group.status]}`))])
      failures.push({
        message: `${what} ${told}.`,
        frames: framesOf(frame),
        values: [what, ...new Set(bad.map(({ id }) => id))],
      })
    }
    const selected = record.negotiated?.group ?? null
    if (places.includes('selected') && selected !== null)
      add('The server selected', [selected], record.serverKeyExchange?.frame ?? record.serverHello?.frame)
    const meanings = places.includes('selected') && isAmbiguous(record) ? groupsOf(selected) : []
    const hellos = [record.clientHello, record.secondClientHello].filter((hello): hello is Hello => hello !== null)
    if (places.includes('shared'))
      for (const hello of hellos) add('The client sent a key share for', hello.keyShares, hello.frame)
    const offered = new Set<number>()
    if (places.includes('offered'))
      for (const { supportedGroups, frame } of hellos) {
        // The second list is to be the first again (RFC 9846 §4.2.2); what is only in it was offered, too.
        const added = supportedGroups.filter(({ id }) => !offered.has(id))
        add('The client offered', added, frame)
        for (const { id } of added) offered.add(id)
      }
    if (failures.length === 0 && meanings.some(isDenied))
      return { notSeen: 'which of its groups the code point stands for' }
    if (failures.length > 0) return failures
    const agreed = places.includes('selected') ? withoutAgreement(record) : 'holds'
    if (agreed !== 'holds' || !(places.includes('shared') || places.includes('offered'))) return agreed
    if (record.clientHello === null) return { notSeen: 'the ClientHello' }
    return hellos.every((hello) => isWhole(record, hello)) ? 'holds' : { notSeen: 'the whole ClientHello' }
  },
})

/** All groups that have had the code point of one. */
function groupsOf(group: Group | null): readonly Pick<Group, 'kind' | 'status'>[] {
  return GROUP_ROWS.filter(([id]) => id === group?.id).map(([, , kind, status]) => ({ kind, status }))
}

const STATUS_WORDS: Record<Group['status'], string> = {
  standard: 'a standard',
  draft: 'still a draft',
  obsolete: 'which is obsolete',
  broken: 'which is broken',
  private: 'a private code point',
  unassigned: 'which is not assigned',
}
