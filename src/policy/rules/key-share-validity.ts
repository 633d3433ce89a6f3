import type { Note } from '../../verdict/record.js'
import { type Failure, framesOf, rule } from '../rule.js'

const LEVELS = ['error', 'warning', 'info']

/** A note that says how bad it is. */
type Rated = Note & { readonly severity?: string; readonly section?: string }

/** Notes about key shares that have no rating of their own. */
const UNRATED: Readonly<Record<string, string>> = { 'key-share-length': 'error' }

export const keyShareValidity = rule<{ readonly level: string }>({
  id: 'key-share-validity',
  title: 'Key shares are well formed',
  help: 'What can be checked of a key share without the secrets: its length, that a point is on its curve, that an ML-KEM key is encoded as FIPS 203 asks, that the group was offered. A share that fails comes from a defect, an old draft or a test tool; the other side must refuse it.',
  settings: { level: { kind: 'word', words: LEVELS, help: 'the least severity of a note on a handshake that fails' } },
  defaults: { level: 'error' },
  shorthand: 'level',
  evaluate({ notes, clientHello, verdict }, { level }) {
    const failures: Failure[] = []
    for (const note of notes as readonly Rated[]) {
      const rating = note.severity ?? UNRATED[note.code]
      if (rating === undefined || LEVELS.indexOf(rating) > LEVELS.indexOf(level)) continue
      const section = note.section === undefined ? '' : ` (${note.section})`
      failures.push({
        message: `${sentence(note.message)}${section}.`,
        frames: framesOf(note.frame),
        values: [note.code],
      })
    }
    if (failures.length > 0) return failures
    return verdict.outcome === 'negotiated' && clientHello === null ? { notSeen: 'the ClientHello' } : 'holds'
  },
})

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '')
}
