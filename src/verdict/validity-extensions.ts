import { hex } from '../bytes/text.js'
import type { ClientHello, ServerHello } from '../tls/handshake.js'
import { MAX_ALIKE, noteMore } from './alike.js'
import type { Note } from './record.js'
import { remembered } from './remembered.js'

const OF_EXTENSIONS = { severity: 'error', section: 'RFC 9846 §4.3' } as const

/**
 * A hello has at most one extension of a type (RFC 9846 §4.3). Of those that are read the last counts here, where a peer
 * refuses the message.
 */
export function noteRepeatedExtensions(
  name: string,
  { extensions, frame }: ClientHello | ServerHello,
  notes: Note[],
): void {
  const isRepeating = extensions.length > FEW ? longRepeats(extensions) : shortRepeats(extensions)
  if (!isRepeating) return
  const repeated = repeatedTypes(extensions)
  for (const type of repeated.slice(0, MAX_ALIKE))
    notes.push({
      code: 'extension-repeated',
      message: `the ${name} has more than one extension of type ${type} (${hex(type)})`,
      frame,
      ...OF_EXTENSIONS,
    })
  noteMore(
    'extension-repeated',
    repeated.length,
    'types of extensions that occur more than once',
    frame,
    notes,
    OF_EXTENSIONS,
  )
}

/** A ServerHello has no more, and its list is another object each time: it costs less to compare than to remember. */
const FEW = 8

function shortRepeats(extensions: readonly number[]): boolean {
  for (let i = 1; i < extensions.length; i++)
    for (let before = 0; before < i; before++) if (extensions[before] === extensions[i]) return true
  return false
}

const longRepeats = remembered((extensions: readonly number[]) => new Set(extensions).size < extensions.length)

/** The types that stand more than once, each once. */
function repeatedTypes(extensions: readonly number[]): readonly number[] {
  const distinct = new Set(extensions)
  return [...new Set(extensions.filter((type) => !distinct.delete(type)))]
}
