import type { Note } from '../../verdict/record.js'
import { type Failure, framesOf, lacksServerKeyExchange, rule, withoutAgreement } from '../rule.js'

const LEVELS = ['error', 'warning', 'info']

export const keyShareValidity = rule<{ readonly level: string }>({
  id: 'key-share-validity',
  title: 'Key shares are well formed',
  help: 'What can be checked of a key share without the secrets: its length, that a point is on its curve, that an ML-KEM key is encoded as FIPS 203 asks, that the group was offered. A share that fails comes from a defect, an old draft or a test tool; the other side must refuse it.',
  settings: { level: { kind: 'word', words: LEVELS, help: 'the least severity of a note on a handshake that fails' } },
  defaults: { level: 'error' },
  // No shorthand: `warning` by itself is the severity, which would be taken for the level.
  evaluate(record, { level }) {
    const { notes, clientHello, secondClientHello, verdict } = record
    const failures = unfitting(notes, level)
    if (failures.length > 0) return failures
    if (verdict.outcome === 'incomplete') return withoutAgreement(record)
    if (clientHello === null) return { notSeen: 'the ClientHello' }
    if (notes.some(({ code }) => code === 'second-client-hello-not-seen')) return { notSeen: 'the second ClientHello' }
    if (lacksServerKeyExchange(record)) return { notSeen: 'the ServerKeyExchange' }
    // Not that lists are cut: of what they hold, every entry was looked at.
    const isMalformed = (frame?: number): boolean =>
      notes.some((note) => note.code === 'malformed' && note.frame === frame)
    if ([clientHello, secondClientHello].some((hello) => hello !== null && isMalformed(hello.frame)))
      return { notSeen: 'the whole ClientHello' }
    return notes.some(({ code }) => code === 'key-shares-unchecked')
      ? { notSeen: 'the bytes of every key share' }
      : 'holds'
  },
})

/** The notes, of a handshake or of a capture, that are at least so severe. */
export function unfitting(notes: readonly Note[], level: string): readonly Failure[] {
  const failures: Failure[] = []
  for (const { code, message, severity, section, frame } of notes) {
    if (severity === undefined || LEVELS.indexOf(severity) > LEVELS.indexOf(level)) continue
    const place = section === undefined ? '' : ` (${section})`
    failures.push({ message: `${sentence(message)}${place}.`, frames: framesOf(frame), values: [code] })
  }
  return failures
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '')
}
