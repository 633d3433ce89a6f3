import type { Note } from '../verdict/record.js'

/** A note that says what is wrong with what a peer sent. */
export interface Finding extends Note {
  readonly severity: NonNullable<Note['severity']>
}

export function findingsOf(notes: readonly Note[]): readonly Finding[] {
  return notes.some(isFinding) ? notes.filter(isFinding) : NONE
}

const NONE: readonly Finding[] = Object.freeze([])

function isFinding(note: Note): note is Finding {
  return note.severity !== undefined
}

/** `error: the client's key share ... (RFC 9846 §4.3.8); warning: ...`; '' where there are none. */
export function findingsText(notes: readonly Note[]): string {
  return findingsOf(notes).map(findingText).join('; ')
}

/** `error: the client's key share of x25519 has 31 bytes, not 32 (RFC 9846 §4.3.8)`. */
export function findingText({ severity, message, section }: Finding): string {
  return `${severity}: ${message}${section === undefined ? '' : ` (${section})`}`
}
