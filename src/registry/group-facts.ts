import { isGrease } from './grease.js'
import { GROUP_NAME_ROWS } from './group-name-rows.js'
import { GROUP_NOTES, type GroupNote } from './group-notes.js'
import { GROUP_RANGE_ROWS, GROUP_ROWS, type GroupRangeRow, type GroupRow } from './group-rows.js'
import { namedGroup, rowGroup, rowParts } from './groups.js'
import type { Group, KeySharePart, Role } from './types.js'

/** What is known of one group, or of a code point that stands for none. Absent knowledge is null or an empty list. */
export interface GroupFacts extends Group {
  /** false where other groups have used the code point and are likelier, as long as no share's length tells. */
  readonly likeliest: boolean
  /** Names of the other groups that have used the code point. */
  readonly otherUses: readonly string[]
  /** The range for private use that the code point lies in. */
  readonly privateUse: CodePointRange | null
  /** `ml-kem`, `kyber-draft`, `ecdhe` and so on. */
  readonly family: string | null
  /** In wire order, unless `shares` have no parts. */
  readonly components: readonly string[]
  /** The key shares; null where their length is not fixed, or not known. */
  readonly clientShare: ShareFacts | null
  readonly serverShare: ShareFacts | null
  /** Whether TLS 1.3 may use it; null where nothing is known of the code point. */
  readonly tls13: boolean | null
  /** IANA's column Recommended: yes, no, discouraged. */
  readonly recommended: 'Y' | 'N' | 'D' | null
  /** Specifications, or who uses the value where there is none. */
  readonly references: readonly string[]
  readonly knownAs: readonly ProgramNames[]
  readonly notes: readonly string[]
}

export interface CodePointRange {
  readonly name: string
  readonly first: number
  readonly last: number
}

export interface ShareFacts {
  readonly bytes: number
  /** In wire order; null where the order is not known. */
  readonly parts: readonly KeySharePart[] | null
}

/** What a program calls a group: in its settings, its output and its sources. */
export interface ProgramNames {
  readonly program: string
  readonly names: readonly string[]
}

/** Every group of the registry, the GREASE values and the ranges for private use, by code point. */
export function allGroupFacts(): readonly GroupFacts[] {
  const grease: number[] = []
  for (let id = 0x0a0a; id <= 0xfafa; id += 0x1010) grease.push(id)
  return [...GROUP_ROWS.map(factsOfRow), ...grease.map(factsWithoutRow), ...GROUP_RANGE_ROWS.map(factsOfRange)].sort(
    (a, b) => a.id - b.id,
  )
}

/** The groups that have used a 16-bit code point, the likeliest first; one that says so where there is none. */
export function factsOfCodePoint(id: number): readonly GroupFacts[] {
  const rows = GROUP_ROWS.filter((row) => row[0] === id).sort((a, b) => a[7] - b[7])
  return rows.length > 0 ? rows.map(factsOfRow) : [factsWithoutRow(id)]
}

/** Whether the code point means something: a group, GREASE, or private use. */
export function isKnownCodePoint(id: number): boolean {
  return isGrease(id) || rangeOf(id) !== undefined || GROUP_ROWS.some((row) => row[0] === id)
}

function factsOfRow(row: GroupRow): GroupFacts {
  const [id, name, , , , , components] = row
  const uses = GROUP_ROWS.filter((other) => other[0] === id)
  const others = new Set(uses.map((use) => use[1]).filter((use) => use !== name))
  const firstRank = Math.min(...uses.map((use) => use[7]))
  const [, , family, reference, tls13, recommended, notes] = noteOf(id, name)
  return {
    ...rowGroup(row),
    likeliest: row === uses.find((use) => use[7] === firstRank),
    otherUses: [...others],
    privateUse: privateUse(rangeOf(id)),
    family: family || null,
    components: clauses(components, ' + '),
    clientShare: shareFacts(row, 'client'),
    serverShare: shareFacts(row, 'server'),
    tls13: tls13 === 'yes',
    recommended: recommended || null,
    references: clauses(reference),
    knownAs: GROUP_NAME_ROWS.filter((known) => known[0] === id && known[1] === name).map((known) => ({
      program: known[2],
      names: known[3].split(';'),
    })),
    notes: clauses(notes),
  }
}

function factsOfRange(range: GroupRangeRow): GroupFacts {
  const [id, , name, kind, status] = range
  const likeliest = GROUP_ROWS.every((row) => row[0] !== id)
  return { ...NOTHING, id, name, kind, status, likeliest, privateUse: privateUse(range), ...noted(id, name) }
}

function factsWithoutRow(id: number): GroupFacts {
  const facts = { ...NOTHING, ...namedGroup(id) }
  if (isGrease(id)) return { ...facts, references: ['RFC 8701'], notes: GREASE_NOTES }
  const range = rangeOf(id)
  return range === undefined ? facts : { ...facts, privateUse: privateUse(range), ...noted(range[0], range[2]) }
}

const GREASE_NOTES: readonly string[] = [
  'stands for no group: clients offer such values so that servers keep ignoring what they do not know',
  'a server never selects it',
]

const NOTHING: Omit<GroupFacts, keyof Group> = {
  likeliest: true,
  otherUses: [],
  privateUse: null,
  family: null,
  components: [],
  clientShare: null,
  serverShare: null,
  tls13: null,
  recommended: null,
  references: [],
  knownAs: [],
  notes: [],
}

function noted(id: number, name: string): Pick<GroupFacts, 'references' | 'notes'> {
  const [, , , reference, , , notes] = noteOf(id, name)
  return { references: clauses(reference), notes: clauses(notes) }
}

function noteOf(id: number, name: string): GroupNote {
  const note = GROUP_NOTES.find((note) => note[0] === id && note[1] === name)
  if (note === undefined) throw new RangeError(`no note for ${name} (${id})`)
  return note
}

/** `A; B (of x; y)` is two clauses. */
function clauses(text: string, separator: string | RegExp = /; (?![^(]*\))/): readonly string[] {
  return text === '' ? [] : text.split(separator)
}

function shareFacts(row: GroupRow, role: Role): ShareFacts | null {
  const bytes = role === 'client' ? row[4] : row[5]
  return bytes === 0 ? null : { bytes, parts: rowParts(row, role) }
}

function rangeOf(id: number): GroupRangeRow | undefined {
  return GROUP_RANGE_ROWS.find(([first, last]) => id >= first && id <= last)
}

function privateUse(range: GroupRangeRow | undefined): CodePointRange | null {
  return range === undefined ? null : { name: range[2], first: range[0], last: range[1] }
}
