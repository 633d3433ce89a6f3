import { printable } from '../bytes/text.js'
import type { GroupFacts } from '../registry/group-facts.js'
import type { Group, GroupKind } from '../registry/types.js'
import type { Tone } from './paint.js'
import { NONE } from './row.js'

/** What is said of a group in a table and in full. */

const KIND_TONES: Readonly<Record<GroupKind, Tone>> = {
  hybrid: 'safe',
  'post-quantum': 'safe',
  classical: 'weak',
  grease: 'faint',
  reserved: 'faint',
  unknown: 'neutral',
}

/** Green is not for what protects nothing. */
export function kindTone({ kind, status }: Group): Tone {
  return status === 'broken' ? 'bad' : KIND_TONES[kind]
}

/** `unassigned` is said of what is no group, and its kind says so already. */
export function statusWord({ kind, status }: GroupFacts): string {
  return status === 'unassigned' && kind !== 'unknown' ? NONE : status
}

/** `1216 -> 1120`: bytes of the client's and the server's key share. */
export function shareWords({ clientShare, serverShare }: GroupFacts): string {
  if (clientShare === null && serverShare === null) return NONE
  return `${clientShare?.bytes ?? '?'} -> ${serverShare?.bytes ?? '?'}`
}

/** `secp256r1 + ML-KEM-768` in wire order; `and` where the order is not known. */
export function componentWords(group: GroupFacts): string {
  if (group.components.length === 0) return NONE
  return printable(group.components.join(isOrdered(group) ? ' + ' : ' and '))
}

/** Whether the components stand on the wire as they are listed. */
export function isOrdered({ clientShare }: GroupFacts): boolean {
  return clientShare === null || clientShare.parts !== null
}
