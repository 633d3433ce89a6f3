import { printable } from '../bytes/text.js'
import type { Group } from '../verdict/record.js'
import type { ChosenLesson, LessonKey, LessonValues } from './lesson.js'

/** More names than these are not read. */
const NAMES_TOLD = 4
/** A DNS name has at most 253 characters (RFC 1035 §2.3.4); a longer text from a capture is shown cut. */
const LONGEST_TEXT = 253

/** A lesson with all of its values, which are made safe to print. */
export function chosen<Key extends LessonKey>(key: Key, values: LessonValues<Key>): ChosenLesson {
  const safe = Object.entries<string | number>(values).map(([name, value]) => [
    name,
    typeof value === 'number' ? value : shown(value),
  ])
  return { key, values: Object.fromEntries(safe) }
}

/** `A, B, C, D, ...`: the same in every language. */
export function namesOf(names: readonly string[]): string {
  return [...names.slice(0, NAMES_TOLD), ...(names.length > NAMES_TOLD ? ['...'] : [])].join(', ')
}

export function postQuantum({ kind }: Group): boolean {
  return kind === 'hybrid' || kind === 'post-quantum'
}

/** Whether a group that is offered may be anything: its number is in no registry known here, or set aside. */
export function isOpen({ kind }: Group): boolean {
  return kind === 'unknown' || kind === 'reserved'
}

/** Also its drafts. */
export function isTls13(version: string): boolean {
  return version.startsWith('TLSv1.3')
}

function shown(text: string): string {
  const safe = printable(text)
  return safe.length > LONGEST_TEXT ? `${safe.slice(0, LONGEST_TEXT)}...` : safe
}
