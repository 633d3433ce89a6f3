import type { Note } from './record.js'

/** Notes of one kind about one hello: enough for any client's, and not more than a person reads. */
export const MAX_ALIKE = 16

/** Says how many notes of a kind were left out; `like` has the severity and section of the others. */
export function noteMore(
  code: string,
  count: number,
  what: string,
  frame: number,
  notes: Note[],
  like: Pick<Note, 'severity' | 'section'> = {},
): void {
  if (count > MAX_ALIKE)
    notes.push({ code, message: `${count - MAX_ALIKE} more ${what} are not listed`, frame, ...like })
}
