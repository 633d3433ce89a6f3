import { hex, printable } from '../bytes/text.js'
import type { GroupFacts, ShareFacts } from '../registry/group-facts.js'
import { groupOfShare } from '../registry/groups.js'
import { sharePartWords } from '../registry/share-parts.js'
import { textWidth, wrap } from './cell.js'
import { componentWords, isOrdered, kindTone, statusWord } from './groups-words.js'
import { type Colors, paint, type Tone } from './paint.js'
import { NONE } from './row.js'

/** A fact: what it is of, and its value. */
type Fact = readonly [key: string, value: string, tone?: Tone]

/** Blank columns between a fact's name and its value. */
const GAP = 2
/** Below this the value starts on a line of its own. */
const LEAST_VALUE_WIDTH = 24

/** Everything about one group, a fact on a line. */
export function groupCard(group: GroupFacts, width: number, colors: Colors): string {
  const facts = factsOf(group)
  const keyWidth = Math.max(...facts.map(([key]) => textWidth(key)))
  const lines = [
    ...titleLines(group, width, colors),
    ...facts.flatMap((fact) => factLines(fact, keyWidth, width, colors)),
  ]
  return lines.map((text) => `${text}\n`).join('')
}

function titleLines({ id, name }: GroupFacts, width: number, colors: Colors): readonly string[] {
  // A code point without a name of its own has the number in its name.
  const own = printable(name).replace(` (${hex(id)})`, '')
  return wrap(`${own} (${hex(id)}, ${id})`, width).map(colors.bold)
}

function factLines([key, value, tone]: Fact, keyWidth: number, width: number, colors: Colors): string[] {
  const indent = 2
  const room = width - indent - keyWidth - GAP
  if (room < LEAST_VALUE_WIDTH) {
    const below = ' '.repeat(indent * 2)
    return [
      `${' '.repeat(indent)}${colors.dim(key)}`,
      ...wrap(value, Math.max(1, width - indent * 2)).map((text) => `${below}${paint(text, tone ?? 'plain', colors)}`),
    ]
  }
  return wrap(value, room).map((text, i) => {
    const label = i === 0 ? colors.dim(key) + ' '.repeat(keyWidth - textWidth(key)) : ' '.repeat(keyWidth)
    return `${' '.repeat(indent)}${label}${' '.repeat(GAP)}${paint(text, tone ?? 'plain', colors)}`
  })
}

function factsOf(group: GroupFacts): readonly Fact[] {
  const { kind, status, references, privateUse, otherUses, knownAs, notes } = group
  return [
    ['kind', `${kind}${KINDS[kind]}`, kindTone(group)],
    ...(statusWord(group) === NONE
      ? []
      : [['status', `${status}${STATUSES[status]}`, status === 'broken' ? 'bad' : 'plain'] as const]),
    ...(references.length === 0
      ? []
      : [[isSpecified(references) ? 'standard' : 'used by', printable(references.join('; '))] as const]),
    ...recommendedFact(group),
    ...versionFact(group),
    ...familyFact(group),
    ...componentsFact(group),
    ...shareFact('client share', group.clientShare, 'client'),
    ...shareFact('server share', group.serverShare, 'server'),
    ...(privateUse === null
      ? []
      : [['private use', `in ${privateUse.name}, ${hex(privateUse.first)} to ${hex(privateUse.last)}`] as const]),
    ...(otherUses.length === 0 ? [] : [['also used for', otherUsesWords(group)] as const]),
    ...knownAs.map(({ program, names }): Fact => [program, printable(names.join(', '))]),
    ...notes.map((note, i): Fact => [i === 0 ? 'notes' : '', printable(note)]),
  ]
}

/** Whether a specification comes first, and not the name of who uses a value of no specification. */
function isSpecified([first = '']: readonly string[]): boolean {
  return /^(?:RFC|draft|FIPS)\b/.test(first)
}

const KINDS: Readonly<Record<GroupFacts['kind'], string>> = {
  hybrid: ', a post-quantum KEM and a classical exchange together',
  'post-quantum': ', a post-quantum KEM alone',
  classical: ', which a large quantum computer would break',
  grease: ', a value without meaning (RFC 8701)',
  reserved: '',
  unknown: ': no group known here has this code point',
}

const STATUSES: Readonly<Record<GroupFacts['status'], string>> = {
  standard: '',
  draft: ', not a standard yet',
  obsolete: '',
  broken: ': the post-quantum part protects nothing',
  private: ', not registered: others may mean something else by it',
  unassigned: ', as far as is known here',
}

function recommendedFact({ recommended }: GroupFacts): readonly Fact[] {
  if (recommended === null) return []
  const words = { Y: 'yes (Y)', N: 'not said (N)', D: 'discouraged (D)' }[recommended]
  return [['recommended', `${words}, by IANA's registry`]]
}

function versionFact({ tls13, kind }: GroupFacts): readonly Fact[] {
  if (tls13 === null || kind === 'reserved') return []
  if (!tls13) return [['TLS 1.3', 'no, only TLS 1.2 and older']]
  return [['TLS 1.3', kind === 'classical' ? 'yes' : 'yes, and no older version']]
}

const FAMILIES: Readonly<Record<string, string>> = {
  bike: 'BIKE',
  ecdhe: 'ECDHE',
  ffdhe: 'FFDHE',
  frodo: 'FrodoKEM',
  gost: 'GOST R 34.10',
  hqc: 'HQC',
  'kyber-draft': 'Kyber, from which ML-KEM was made; the two do not work together',
  'ml-kem': 'ML-KEM',
  ntru: 'NTRU',
  'ntru-prime': 'NTRU Prime',
  saber: 'Saber',
  sike: 'SIDH and SIKE',
  sm2: 'SM2',
}

function familyFact({ family }: GroupFacts): readonly Fact[] {
  return family === null ? [] : [['family', FAMILIES[family] ?? family]]
}

/** Where there are parts, the shares tell the components. */
function componentsFact(group: GroupFacts): readonly Fact[] {
  const { components, clientShare } = group
  if (components.length === 0 || (clientShare !== null && isOrdered(group))) return []
  const order = isOrdered(group) ? '' : '; versions differ in which comes first'
  return [['components', `${componentWords(group)}${order}`]]
}

function shareFact(key: string, share: ShareFacts | null, side: 'client' | 'server'): readonly Fact[] {
  if (share === null) return []
  const parts = share.parts?.map(({ name, bytes }) => `${printable(sharePartWords(name, side))} ${bytes}`) ?? []
  return [[key, `${share.bytes} bytes${parts.length === 0 ? '' : ` = ${parts.join(' + ')}`}`]]
}

function otherUsesWords({ id, likeliest, otherUses, clientShare }: GroupFacts): string {
  const told = groupOfShare(id, 'client', clientShare?.bytes ?? 0).ambiguous.length === 0
  const assumed = `this one is ${likeliest ? '' : 'not '}assumed`
  const how = told
    ? `the length of a key share tells, and where it does not, ${assumed}`
    : `a key share of this length does not tell, and ${assumed}`
  return `${printable(otherUses.join(', '))}: ${how}`
}
