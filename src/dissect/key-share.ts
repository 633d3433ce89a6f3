import { bytesText } from '../bytes/text.js'
import { groupOfShare, namedGroup } from '../registry/groups.js'
import { sharePartWords } from '../registry/share-parts.js'
import type { Role } from '../registry/types.js'
import type { TreeReader } from './tree.js'

/** KeyShareEntry (RFC 9846 §4.3.8): group, length, and the key in its parts where the group's are known. */
export function readKeyShareEntry(reader: TreeReader, role: Role): void {
  reader.parts(null, 'Key Share Entry', (node) => {
    const id = reader.groupCode('tls.handshake.extensions_key_share_group', 'Group', namedGroup)
    node.group = namedGroup(id)
    const length = reader.number(2, 'tls.handshake.extensions_key_share_key_exchange_length', 'Key Exchange Length')
    // Where one code point has had several meanings, the length may tell which this is.
    node.group = groupOfShare(id, role, length).group
    node.meaning = `${node.group.name}, ${bytesText(length)}`
    readKeyExchange(reader, id, role, length)
  })
}

function readKeyExchange(reader: TreeReader, id: number, role: Role, length: number): void {
  const { group, expectedBytes, parts } = groupOfShare(id, role, length)
  const field = 'tls.handshake.extensions_key_share_key_exchange'
  const arePartsThere = parts !== null && expectedBytes === length && reader.remaining >= length
  if (!arePartsThere || parts.length < 2) {
    const words = arePartsThere && parts[0] !== undefined ? sharePartWords(parts[0].name, role) : null
    reader.opaque(length, field, 'Key Exchange', { group, meaning: words })
    return
  }
  reader.parts(field, 'Key Exchange', (node) => {
    node.group = group
    for (const part of parts) reader.opaque(part.bytes, null, sharePartWords(part.name, role), { group })
  })
}
