import type { Group, HandshakeRecord, Hello, Offer } from '../../verdict/record.js'
import { holds, listText, namesOf, numbered } from '../code-points.js'
import type { CodePoints } from '../policy.js'
import { type Answer, type Failure, framesOf, isWhole, type Rule, rule } from '../rule.js'

interface Wanted {
  readonly kinds?: readonly string[]
  readonly 'all-of'?: readonly CodePoints[]
  readonly 'any-of'?: readonly CodePoints[]
  readonly denied?: readonly CodePoints[]
}

const KINDS = ['hybrid', 'post-quantum', 'classical']

const SETTINGS: Rule['settings'] = {
  kinds: { kind: 'words', words: KINDS, help: 'the strongest kind among them must be one of these' },
  'all-of': { kind: 'groups', meaning: 'current', help: 'groups that must all be there' },
  'any-of': { kind: 'groups', meaning: 'current', help: 'groups of which one must be there' },
  denied: { kind: 'groups', meaning: 'every', help: 'groups that must not be there' },
}

export const offer = rule<Wanted>({
  id: 'offer',
  title: 'The client offers the groups it should',
  help: 'The groups that the client lists in supported_groups, whatever the server makes of them. A client that does not offer a group can never get it: update the client, or its list of groups.',
  settings: SETTINGS,
  shorthand: 'all-of',
  needs: Object.keys(SETTINGS),
  evaluate: (record, wanted) =>
    answer(record, record.clientHello ?? record.secondClientHello, wanted, {
      verb: 'offers',
      groups: (hello) => hello.supportedGroups,
      strongest: record.verdict.offer,
    }),
})

export const keyShares = rule<Wanted>({
  id: 'key-shares',
  title: 'The client sends the key shares it should',
  help: 'The groups for which the first ClientHello holds a key share. A client that lists a hybrid group but sends no share of it needs a HelloRetryRequest, and a round trip more, or ends up with a classical group.',
  settings: SETTINGS,
  shorthand: 'all-of',
  needs: Object.keys(SETTINGS),
  evaluate: (record, wanted) =>
    answer(record, record.clientHello, wanted, {
      verb: 'sends a key share for',
      groups: (hello) => hello.keyShares,
      strongest: record.verdict.keyShareOffer,
    }),
})

interface Place {
  readonly verb: string
  readonly groups: (hello: Hello) => readonly Group[]
  readonly strongest: Offer | null
}

function answer(
  record: HandshakeRecord,
  hello: Hello | null,
  wanted: Wanted,
  { verb, groups, strongest }: Place,
): Answer {
  if (hello === null) return { notSeen: 'the ClientHello' }
  const found = groups(hello)
  const has = (entry: CodePoints): boolean => found.some(({ id, name }) => holds([entry], id, name))
  const failures: Failure[] = []
  const fail = (message: string, values: Failure['values']): void => {
    failures.push({ message, frames: framesOf(hello.frame), values: [verb, ...values] })
  }
  const { kinds, 'all-of': all = [], 'any-of': any, denied = [] } = wanted
  const present = found.filter(({ id, name }) => holds(denied, id, name))
  if (present.length > 0)
    fail(`The client ${verb} ${listText(present.map(numbered))}, which the policy denies.`, [
      'denied',
      ...present.map(({ id }) => id),
    ])
  const missing = all.filter((entry) => !has(entry))
  const noneOf = any !== undefined && !any.some(has)
  const weak = kinds !== undefined && !kinds.includes(strongest ?? 'none')
  // Where the list was not read whole, what is not in it may still have been sent.
  const isAbsence = missing.length > 0 || noneOf || weak || denied.length > 0
  if (isAbsence && !isWhole(record, hello)) return failures.length > 0 ? failures : { notSeen: 'the whole ClientHello' }
  const [first] = missing
  if (first !== undefined) fail(`${not(verb)} ${namesOf(missing)}.`, ['all-of', ...missing.map(({ text }) => text)])
  if (noneOf) fail(`${not(verb)} any of ${namesOf(any)}.`, ['any-of'])
  if (weak)
    fail(
      strongest === 'none' || strongest === null
        ? `${not(verb)} any group that is known; at least one must be ${or(kinds)}.`
        : `The strongest group that the client ${verb === 'offers' ? 'offers' : 'sends a key share for'} is ${strongest}; it must be ${or(kinds)}.`,
      ['kinds', strongest ?? 'none'],
    )
  return failures.length > 0 ? failures : 'holds'
}

function not(verb: string): string {
  return verb === 'offers' ? 'The client does not offer' : 'The client sends no key share for'
}

function or(words: readonly string[]): string {
  return listText(words).replace(/ and ([^ ]+)$/, ' or $1')
}
