import type { DissectedMessage } from '../../dissect/dissect.js'
import type { FieldNode } from '../../dissect/tree.js'

/** A field, and the message that it is in. */
export interface Found {
  readonly message: DissectedMessage
  readonly node: FieldNode
}

/** The fields of a message that Wireshark gives this name, at any depth, in wire order. */
export function fieldsNamed(message: DissectedMessage, name: string): FieldNode[] {
  const found: FieldNode[] = []
  const walk = (nodes: readonly FieldNode[]): void => {
    for (const node of nodes) {
      if (node.field === name) found.push(node)
      walk(node.children)
    }
  }
  walk(message.fields)
  return found
}

/** The first field of one of these names, in messages of this name. */
export function firstField(
  messages: readonly DissectedMessage[],
  message: string,
  names: readonly string[],
): Found | null {
  for (const each of messages) {
    if (each.name !== message) continue
    for (const name of names) {
      const [node] = fieldsNamed(each, name)
      if (node !== undefined) return { message: each, node }
    }
  }
  return null
}
