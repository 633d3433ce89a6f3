import { printable } from '../bytes/text.js'
import { cut } from './cell.js'

/** A DNS name has at most 253 characters (RFC 1035 §2.3.4); a longer text from a capture or a command line is shown cut. */
const LONGEST_TEXT = 253

/** Text from a capture or a command line on a line of its own: nothing in it steers a terminal, and it has an end. */
export function safeText(text: string): string {
  return cut(printable(text), LONGEST_TEXT)
}
