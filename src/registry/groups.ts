import { nameWithoutRow, privateUseName } from './code-point.js'
import { isGrease } from './grease.js'
import { GROUP_RANGE_ROWS, GROUP_ROWS, type GroupRow } from './group-rows.js'
import type { Group, KeyShare, KeySharePart, Role } from './types.js'

/** What a key share says of its group, where one code point has had several meanings. */
export interface ResolvedGroup {
  readonly group: Group
  /** Length that the group's definition demands of this end, in bytes; null where it demands none. */
  readonly expectedBytes: number | null
  /** The components in wire order, null where they are not at known places; their bytes sum up to `expectedBytes`. */
  readonly parts: readonly KeySharePart[] | null
  /** The names of all meanings that stay possible, the group's own first; empty where it is the only one. */
  readonly ambiguous: readonly string[]
}

/** A length that a share of a code point may have, with what it then is. */
interface ShareForm {
  readonly bytes: number
  readonly resolved: ResolvedGroup
  readonly keyShare: KeyShare
}

interface ShareForms {
  readonly forms: readonly ShareForm[]
  /** For a share of any other length. */
  readonly otherwise: ResolvedGroup
}

interface CodePoint {
  readonly group: Group
  readonly names: readonly string[]
  readonly client: ShareForms
  readonly server: ShareForms
}

interface Meaning {
  readonly group: Group
  readonly row: GroupRow
}

/** Early s2n-tls put a 2-byte length before each of the two components (draft-ietf-tls-hybrid-design-00). */
const COMPONENT_LENGTHS_BYTES = 4

const NO_NAMES: readonly string[] = Object.freeze([])

/** By code point; both grow to 65536 at most. A null is a code point without a row. */
const groups = new Map<number, Group>()
const codePoints = new Map<number, CodePoint | null>()

/**
 * The group of a 16-bit code point: its name, kind and status. If several groups have used the code point, it is IANA's, or
 * else the likeliest. Frozen, and the same object each time. Throws a RangeError for anything but a whole number from 0 to
 * 65,535.
 */
export function namedGroup(id: number): Group {
  let group = groups.get(id)
  if (group === undefined) {
    if (!Number.isInteger(id) || id < 0 || id > 0xffff)
      throw new RangeError(`a group is a number from 0 to 65535, not ${String(id)}`)
    group = codePoint(id)?.group ?? groupWithoutRow(id)
    groups.set(id, group)
  }
  return group
}

/** The names of all groups that have used this code point; empty where there is one, or none. */
export function ambiguousNames(id: number): readonly string[] {
  return codePoint(id)?.names ?? NO_NAMES
}

/** Tells the groups that have used one code point apart by the length of a key share, in bytes. */
export function groupOfShare(id: number, role: Role, bytes: number): ResolvedGroup {
  const shares = sharesOf(id, role)
  if (shares === undefined) return { group: namedGroup(id), expectedBytes: null, parts: null, ambiguous: NO_NAMES }
  return formOf(shares, bytes)?.resolved ?? shares.otherwise
}

/** A key share of so many bytes. Frozen; the same object each time where the length is one that the group has. */
export function keyShareOf(id: number, role: Role, bytes: number): KeyShare {
  const shares = sharesOf(id, role)
  if (shares === undefined) return Object.freeze({ ...namedGroup(id), bytes })
  return formOf(shares, bytes)?.keyShare ?? Object.freeze(keyShare(shares.otherwise, bytes))
}

/** By name and not by index: that is much faster where both sides are asked for. */
function sharesOf(id: number, role: Role): ShareForms | undefined {
  const known = codePoint(id)
  return role === 'client' ? known?.client : known?.server
}

function formOf(shares: ShareForms, bytes: number): ShareForm | undefined {
  for (const form of shares.forms) if (form.bytes === bytes) return form
  return undefined
}

function codePoint(id: number): CodePoint | null {
  let known = codePoints.get(id)
  if (known === undefined) {
    known = codePointOfRows(GROUP_ROWS.filter((row) => row[0] === id))
    codePoints.set(id, known)
  }
  return known
}

function groupWithoutRow(id: number): Group {
  for (const [first, last, name, kind, status] of GROUP_RANGE_ROWS) {
    if (id >= first && id <= last) return Object.freeze({ id, name: privateUseName(name, id), kind, status })
  }
  const kind = isGrease(id) ? 'grease' : 'unknown'
  return Object.freeze({ id, name: nameWithoutRow(id), kind, status: 'unassigned' })
}

function codePointOfRows(rows: readonly GroupRow[]): CodePoint | null {
  // Sorting is stable: among equal ranks the first row is the one to assume.
  const meanings = [...rows].sort((a, b) => a[7] - b[7]).map(meaningOfRow)
  const first = meanings[0]
  if (first === undefined) return null
  return {
    group: first.group,
    names: namesOf(meanings),
    client: shareForms(meanings, first, 'client'),
    server: shareForms(meanings, first, 'server'),
  }
}

function meaningOfRow(row: GroupRow): Meaning {
  return { group: rowGroup(row), row }
}

/** The group that a row is of. Frozen. */
export function rowGroup([id, name, kind, status]: GroupRow): Group {
  return Object.freeze({ id, name, kind, status })
}

/** Empty where the meanings are one and the same. */
function namesOf(meanings: readonly Meaning[]): readonly string[] {
  const distinct = meanings.filter(
    ({ group }, i) =>
      meanings.findIndex((other) => other.group.name === group.name && other.group.kind === group.kind) === i,
  )
  return distinct.length > 1 ? Object.freeze(distinct.map(({ group }) => group.name)) : NO_NAMES
}

function shareForms(meanings: readonly Meaning[], first: Meaning, role: Role): ShareForms {
  const forms: ShareForm[] = []
  const add = (bytes: number, possible: readonly Meaning[], prefixed: boolean): void => {
    const [meaning] = possible
    if (meaning === undefined || bytes === 0 || forms.some((form) => form.bytes === bytes)) return
    const resolved = resolve(meaning, role, namesOf(possible), prefixed)
    forms.push({ bytes, resolved, keyShare: Object.freeze(keyShare(resolved, bytes)) })
  }
  for (const { row } of meanings) {
    const bytes = shareBytes(row, role)
    const possible = meanings.filter((meaning) => shareBytes(meaning.row, role) === bytes)
    add(bytes, possible, false)
  }
  for (const meaning of meanings) {
    if (meaning.row[8] === 'length-prefixed') {
      add(shareBytes(meaning.row, role) + COMPONENT_LENGTHS_BYTES, [meaning], true)
    }
  }
  const names = namesOf(meanings)
  return {
    forms,
    otherwise: isAnyones(first) && names.length > 0 ? unresolved(first, names) : resolve(first, role, names, false),
  }
}

/** A code point that was never registered says nothing where several have used it. */
function isAnyones({ group }: Meaning): boolean {
  return group.status !== 'standard' && group.status !== 'draft'
}

function unresolved({ group }: Meaning, ambiguous: readonly string[]): ResolvedGroup {
  return Object.freeze({ group: groupWithoutRow(group.id), expectedBytes: null, parts: null, ambiguous })
}

function resolve({ group, row }: Meaning, role: Role, ambiguous: readonly string[], prefixed: boolean): ResolvedGroup {
  const bytes = shareBytes(row, role)
  if (bytes === 0) return Object.freeze({ group, expectedBytes: null, parts: null, ambiguous })
  return Object.freeze({ group, expectedBytes: bytes, parts: prefixed ? null : rowParts(row, role), ambiguous })
}

function keyShare({ group, expectedBytes, parts }: ResolvedGroup, bytes: number): KeyShare {
  return {
    ...group,
    bytes,
    ...(expectedBytes === null ? {} : { expectedBytes }),
    ...(parts === null ? {} : { parts }),
  }
}

function shareBytes(row: GroupRow, role: Role): number {
  return role === 'client' ? row[4] : row[5]
}

/**
 * The components of a share in wire order, null where that is not known. A classical one is as long as the classical
 * group of that name; the KEM is the rest of the share.
 */
export function rowParts(row: GroupRow, role: Role): readonly KeySharePart[] | null {
  if (row[8] === 'order-unknown') return null
  const names = row[6].split(' + ')
  const classical = names.map((name) => (names.length > 1 ? classicalBytes(name) : 0))
  const rest = shareBytes(row, role) - classical.reduce((sum, bytes) => sum + bytes, 0)
  return Object.freeze(names.map((name, i) => Object.freeze({ name, bytes: classical[i] || rest })))
}

/** Whether a part of a hybrid's key share is that of a classical group. */
export function isClassicalComponent(component: string): boolean {
  return classicalBytes(component) > 0
}

function classicalBytes(component: string): number {
  return GROUP_ROWS.find((row) => row[2] === 'classical' && row[6] === component)?.[4] ?? 0
}
