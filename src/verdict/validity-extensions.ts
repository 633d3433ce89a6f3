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
  const repeated = repeatedTypes(extensions)
  for (const type of repeated.slice(0, MAX_ALIKE))
    notes.push({
      code: 'extension-repeated',
      message: `the ${name} has more than one extension of type ${type} (${hex(type)})`,
      frame,
      ...OF_EXTENSIONS,
    })
  noteMore('extension-repeated', repeated.length, 'types of extensions that stand twice', frame, notes, OF_EXTENSIONS)
}

const NONE: readonly number[] = []

const repeatedTypes = remembered((extensions: readonly number[]) => {
  const distinct = new Set(extensions)
  if (distinct.size === extensions.length) return NONE
  return [...new Set(extensions.filter((type) => !distinct.delete(type)))]
})
