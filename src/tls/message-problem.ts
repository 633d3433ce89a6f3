import type { Cursor } from '../bytes/cursor.js'
import type { MessageProblem } from './handshake.js'

/** What a message's cursor noticed, once the message has been read. */
export function problemOf(cursor: Cursor): MessageProblem | null {
  if (cursor.failed) return 'length-overrun'
  return cursor.trailing || cursor.remaining() > 0 ? 'trailing-bytes' : null
}
