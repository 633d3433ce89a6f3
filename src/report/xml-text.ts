import { printable } from '../bytes/text.js'

/**
 * Text for an attribute or an element. XML 1.0 (§2.2) has no place for control characters, surrogates, U+FFFE and
 * U+FFFF, not even as references: like all that would steer a reader they are written as `\x1b`.
 */
export function xmlText(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
