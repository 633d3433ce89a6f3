import { hex, hexBytes, printable } from '../../bytes/text.js'
import type { FieldNode } from '../../dissect/tree.js'
import type { Group } from '../../registry/types.js'
import { kindTone } from '../groups-words.js'
import { safeText } from '../safe-text.js'
import { type Span, span } from './lines.js'

/** Bytes of an opaque field that are shown in a tree. */
const BYTES_SHOWN = 16

/** What stands behind the label of a field: its value, its number, what it stands for, and the kind of a group. */
export function valueSpans(node: FieldNode, bytes: Uint8Array): Span[] {
  const plain = plainValue(node, bytes)
  const mark = groupMark(node)
  return [...plain, ...(plain.length > 0 && mark.length > 0 ? [span('  ')] : []), ...mark]
}

function plainValue(node: FieldNode, bytes: Uint8Array): Span[] {
  const { type, value, meaning, start, length } = node
  switch (type) {
    case 'parts':
      return meaning === null ? [] : [span(printable(meaning))]
    case 'number':
      return [span(String(value))]
    case 'code':
      return [span(codeText(node))]
    case 'text':
      return [span(safeText(String(value)))]
    case 'bytes': {
      const shown = hexBytes(bytes, start, start + Math.min(length, BYTES_SHOWN))
      const more = length > BYTES_SHOWN ? `..., ${length} bytes` : ''
      const said = meaning === null ? [] : [span(`${printable(meaning)}: `)]
      return [...said, span(`${shown}${more}`, 'faint')]
    }
  }
}

/** `X25519MLKEM768 (0x11ec, 4588)`; small numbers and extension types as Wireshark has them, in decimal. */
export function codeText({ value, meaning, length, group, field }: FieldNode): string {
  const id = Number(value)
  const isDecimal = length === 1 || field === 'tls.handshake.extension.type'
  const number = group !== null ? bothBases(id) : isDecimal ? String(id) : hex(id, length * 2)
  // The name of a code point without one holds its number: `unknown (0x1234)`, `GREASE (0x2a2a)`.
  const name = (meaning ?? '').replace(/ \(0x[0-9a-f]+\)$/, '')
  return name === '' ? number : `${name} (${number})`
}

/** `0x11ec, 4588`. */
export function bothBases(id: number): string {
  return `${hex(id)}, ${id}`
}

/** `X25519MLKEM768 (0x11ec, 4588)`. */
export function groupText({ id, name }: Group): string {
  return `${name.replace(/ \(0x[0-9a-f]+\)$/, '')} (${bothBases(id)})`
}

function groupMark({ group, type }: FieldNode): Span[] {
  if (group === null || type === 'bytes') return []
  return [span(kindWords(group), kindTone(group))]
}

/** `hybrid`, `hybrid, obsolete`, `GREASE`. */
export function kindWords({ kind, status }: Group): string {
  if (kind === 'grease') return 'GREASE'
  const qualified = status === 'draft' || status === 'obsolete' || status === 'broken' || status === 'private'
  return qualified ? `${kind}, ${status}` : kind
}
