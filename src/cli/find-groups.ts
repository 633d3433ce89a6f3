import { matchesGlob } from '../bytes/glob.js'
import { nearestFew } from '../bytes/nearest.js'
import { hex } from '../bytes/text.js'
import { allGroupFacts, factsOfCodePoint, type GroupFacts, isKnownCodePoint } from '../registry/group-facts.js'
import { UsageError } from './exit.js'

/** What was looked for and found. */
export interface FoundGroups {
  readonly groups: readonly GroupFacts[]
  /** What a person should know of how the words were taken. */
  readonly remarks: readonly string[]
}

const MAX_CODE_POINT = 0xffff
/** As many digits, or more, are also looked for in names: 768, 25519. */
const DIGITS_OF_NAMES = 3
/** No name is as long; a longer word is not compared with each of them. */
const LONGEST_NAME = 64
const NAMES_OFFERED = 3

/**
 * Finds groups by number or name.
 *
 * A number is written `0x11ec` or `11ec`, or `4588`. Digits alone are decimal, and hexadecimal too where that is a
 * known code point; three or more of them are also looked for in names. A name is found whole, or else as a part of
 * names, whatever its case, hyphens and underscores; with `*` or `?` it is a pattern of the whole name. The names are
 * the registry's and those that programs use. Where none that is found whole is wanted, parts of names are looked for.
 *
 * @throws UsageError with the nearest known names
 */
export function findGroups(text: string, isWanted: (group: GroupFacts) => boolean = () => true): FoundGroups {
  if (/^0x[\da-f]+$/i.test(text)) return { groups: factsOfCodePoint(codePoint(text)), remarks: [] }
  if (/[*?]/.test(text)) return { groups: orUnknown(text, byPattern(text)), remarks: [] }
  const exact = byWhole(text)
  if (exact.some(isWanted)) return { groups: exact, remarks: moreByName(text, exact) }
  if (exact.length > 0) return { groups: byPart(text), remarks: [] }
  return byNumberOrPart(text)
}

function byNumberOrPart(text: string): FoundGroups {
  const readings = readingsOf(text)
  const known = readings.filter(isKnownCodePoint)
  const searched = !/^\d+$/.test(text) || text.length >= DIGITS_OF_NAMES
  const named = searched ? byPart(text) : []
  // A word of letters is a name if it can be: `ec` is no number.
  const numbers = /\d/.test(text) || named.length === 0 ? known : []
  const remarks = /^\d+$/.test(text) && known.some((id) => id !== Number(text)) ? [remarkOnReadings(text)] : []
  const groups = [...numbers.flatMap(factsOfCodePoint), ...named.filter((group) => !numbers.includes(group.id))]
  if (groups.length > 0) return { groups, remarks }
  const [unassigned] = readings
  if (unassigned !== undefined && /\d/.test(text)) return { groups: factsOfCodePoint(unassigned), remarks }
  if (/^\d+$/.test(text)) return { groups: factsOfCodePoint(codePoint(text)), remarks }
  return { groups: orUnknown(text, []), remarks }
}

/** The code points that digits may stand for, decimal first. */
function readingsOf(text: string): number[] {
  const readings = /^\d+$/.test(text) ? [Number(text)] : []
  if (/^[\da-f]{1,4}$/i.test(text)) readings.push(Number.parseInt(text, 16))
  return [...new Set(readings)].filter((id) => id <= MAX_CODE_POINT)
}

function remarkOnReadings(text: string): string {
  const decimal = Number(text)
  const unassigned = isKnownCodePoint(decimal) ? '' : ', which is unassigned'
  return `${text} in decimal is ${hex(decimal)}${unassigned}; read as hexadecimal it is 0x${text.padStart(4, '0')}`
}

function codePoint(text: string): number {
  const id = Number(text)
  if (id > MAX_CODE_POINT) throw new UsageError(`group ${text} is more than ${MAX_CODE_POINT} (${hex(MAX_CODE_POINT)})`)
  return id
}

/** A name as it stands, case aside, comes before one that is the same without hyphens and underscores. */
function byWhole(text: string): readonly GroupFacts[] {
  for (const form of [lower, plain]) {
    const found = allGroupFacts().filter((group) => namesOf(group).some((name) => form(name) === form(text)))
    if (found.length > 0) return found
  }
  return []
}

function lower(name: string): string {
  return name.toLowerCase()
}

function byPart(text: string): readonly GroupFacts[] {
  const part = plain(text)
  return part === '' ? [] : allGroupFacts().filter((group) => namesOf(group).some((name) => plain(name).includes(part)))
}

function byPattern(pattern: string): readonly GroupFacts[] {
  return allGroupFacts().filter((group) => namesOf(group).some((name) => matchesGlob(pattern, name)))
}

function namesOf({ name, knownAs }: GroupFacts): readonly string[] {
  return [name, ...knownAs.flatMap(({ names }) => names)]
}

/** Without what people leave out or put in: `X25519-MLKEM768` is X25519MLKEM768, `P256` is P-256. */
function plain(name: string): string {
  return lower(name).replace(/[-_ ]/g, '')
}

function moreByName(text: string, exact: readonly GroupFacts[]): readonly string[] {
  const more = byPattern(`*${text}*`).filter(
    (group) => !exact.some((found) => found.id === group.id && found.name === group.name),
  )
  if (more.length === 0) return []
  const groups =
    more.length === 1
      ? `1 more group has ${text} in its name`
      : `${more.length} more groups have ${text} in their names`
  return [`${groups}: pqcap groups '*${text}*'`]
}

function orUnknown(text: string, groups: readonly GroupFacts[]): readonly GroupFacts[] {
  if (groups.length > 0) return groups
  const near = nearestNames(text)
  const hint =
    near.length > 0 ? `did you mean ${near.map((name) => `'${name}'`).join(' or ')}?` : "'pqcap groups' lists them all"
  throw new UsageError(`unknown group '${text}'; ${hint}`)
}

function nearestNames(text: string): readonly string[] {
  return text.length > LONGEST_NAME ? [] : nearestFew(text, allGroupFacts().flatMap(namesOf), NAMES_OFFERED)
}
