import { nearest } from '../bytes/nearest.js'
import { hex } from '../bytes/text.js'
import { CIPHER_SUITE_ROWS } from '../registry/cipher-suite-rows.js'
import { GROUP_NAME_ROWS } from '../registry/group-name-rows.js'
import { GROUP_ROWS } from '../registry/group-rows.js'
import type { GroupStatus } from '../registry/types.js'
import type { CodePoints } from './policy.js'

/** What a name in a policy may stand for, where several code points have borne it. */
export type Meaning =
  /** What the name stands for today: the code points of the best standing. For what is allowed. */
  | 'current'
  /** Every code point that was ever called so. For what is denied. */
  | 'every'

const LARGEST = 0xffff

/** From the best standing to the least. */
const STANDING: readonly GroupStatus[] = ['standard', 'draft', 'private', 'obsolete', 'broken', 'unassigned']

interface NamedPoint {
  readonly id: number
  readonly name: string
  readonly standing: number
}

let groupsByWord: Map<string, NamedPoint[]> | undefined

/**
 * A named group by its number, its name, or another name of it, in any spelling of case, `-` and `_`. Returns the
 * message where there is none.
 */
export function readGroup(text: string, meaning: Meaning): CodePoints | string {
  const number = readNumber(text)
  if (number !== null) {
    if (number > LARGEST) return `group ${text} is more than ${LARGEST}`
    const slip = hexSlip('group', text, GROUP_ROWS)
    if (slip !== null) return slip
    return { text: hex(number), points: [{ id: number, name: null }] }
  }
  groupsByWord ??= wordsOfGroups()
  const named = groupsByWord.get(wordOf(text))
  if (named === undefined) return unknown('group', text, groupNames())
  const [first] = meantOf(named, 'current') as [NamedPoint]
  const meant = meantOf(named, meaning)
  // The registered name may stand for more: older code points have borne it, too.
  const registered = meantOf(groupsByWord.get(wordOf(first.name)) ?? [], meaning)
  const isSame = listed(registered) === listed(meant)
  return { text: isSame ? first.name : text, points: meant.map(({ id, name }) => ({ id, name })) }
}

function listed(points: readonly NamedPoint[]): string {
  return points.map(({ id, name }) => `${id} ${name}`).join()
}

function meantOf(named: readonly NamedPoint[], meaning: Meaning): readonly NamedPoint[] {
  const best = Math.min(...named.map(({ standing }) => standing))
  return meaning === 'every' ? named : named.filter(({ standing }) => standing === best)
}

/** The registered names, and those that programs have for them. */
export function groupNames(): readonly string[] {
  return [
    ...new Set([
      ...GROUP_ROWS.map(([, name]) => name),
      ...GROUP_NAME_ROWS.flatMap(([, , , names]) => names.split(';')),
    ]),
  ]
}

/**
 * A cipher suite by its number or registered name, or all that fit a pattern with `*`. Returns the message where there
 * is none.
 */
export function readCipherSuite(text: string): CodePoints | string {
  const number = readNumber(text)
  if (number !== null) {
    if (number > LARGEST) return `cipher suite ${text} is more than ${LARGEST}`
    const slip = hexSlip('cipher suite', text, CIPHER_SUITE_ROWS)
    if (slip !== null) return slip
    return { text: hex(number), points: [{ id: number, name: null }] }
  }
  const wanted = text.toUpperCase().replaceAll('-', '_')
  const parts = wanted.split('*')
  const fits = (name: string): boolean => (parts.length === 1 ? name === wanted : fitsParts(name, parts))
  const found = CIPHER_SUITE_ROWS.filter(([, name]) => fits(name.toUpperCase()))
  if (found.length === 0 && parts.length > 1) return `no cipher suite matches '${text}'`
  if (found.length === 0) return unknown('cipher suite', text, cipherSuiteNames())
  const [first] = found
  return {
    text: parts.length === 1 && first !== undefined ? first[1] : wanted,
    points: found.map(([id]) => ({ id, name: null })),
  }
}

export function cipherSuiteNames(): readonly string[] {
  return [...new Set(CIPHER_SUITE_ROWS.map(([, name]) => name))]
}

/** Whether one of the entries stands for the code point that goes by this name. */
export function holds(entries: readonly CodePoints[], id: number, name: string): boolean {
  return entries.some(({ points }) => points.some((point) => point.id === id && (point.name ?? name) === name))
}

/** `x25519 (0x001d)`; what has no name of its own is called with its number as it is. */
export function numbered({ id, name }: { readonly id: number; readonly name: string }): string {
  const number = `(${hex(id)})`
  return name.endsWith(number) ? name : `${name} ${number}`
}

/** `X25519MLKEM768 and x25519`. */
export function namesOf(entries: readonly CodePoints[]): string {
  return listText(entries.map(({ text }) => text))
}

/** Words that are told before the rest is only counted. */
const MAX_TOLD = 6

/** `a`, `a and b`, `a, b and c`; of many the first, and how many more there are. */
export function listText(words: readonly string[], most = MAX_TOLD): string {
  const shown = words.length > most ? [...words.slice(0, most), `${words.length - most} more`] : words
  if (shown.length < 2) return shown.join('')
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

export function unknown(what: string, word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  const hint =
    near === undefined ? (known.length <= 24 ? `; known: ${known.join(', ')}` : '') : `; did you mean '${near}'?`
  return `unknown ${what} '${word}'${hint}`
}

function readNumber(text: string): number | null {
  return /^(?:\d{1,9}|0x[\da-f]{1,8})$/i.test(text) ? Number(text) : null
}

/** Digits alone that are nothing in decimal and a registered code point in hexadecimal: `1301` would deny nothing. */
function hexSlip(
  what: string,
  text: string,
  rows: readonly (readonly [number, string, ...unknown[]])[],
): string | null {
  const rowOf = (number: number) => rows.find(([id]) => id === number)
  const meant = /^\d+$/.test(text) && rowOf(Number(text)) === undefined ? rowOf(Number(`0x${text}`)) : undefined
  if (meant === undefined) return null
  return `${what} ${text} is ${hex(Number(text))}, which is not registered; ${meant[1]} is 0x${text}`
}

function fitsParts(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts
  const last = rest.pop() ?? ''
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > name.length - last.length) return false
    at = found + part.length
  }
  return true
}

/** Names are compared without case, `-`, `_` and spaces: `P-256`, `p256`, `X25519_MLKEM768`. */
function wordOf(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '')
}

function wordsOfGroups(): Map<string, NamedPoint[]> {
  const words = new Map<string, NamedPoint[]>()
  const add = (word: string, point: NamedPoint): void => {
    const points = words.get(word) ?? []
    if (!points.some(({ id, name }) => id === point.id && name === point.name)) words.set(word, [...points, point])
  }
  const point = (id: number, name: string, status: GroupStatus): NamedPoint => ({
    id,
    name,
    standing: STANDING.indexOf(status),
  })
  for (const [id, name, , status] of GROUP_ROWS) add(wordOf(name), point(id, name, status))
  for (const [id, name, , names] of GROUP_NAME_ROWS) {
    const row = GROUP_ROWS.find((candidate) => candidate[0] === id && candidate[1] === name)
    if (row !== undefined) for (const other of names.split(';')) add(wordOf(other), point(id, name, row[3]))
  }
  return words
}
