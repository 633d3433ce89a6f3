import { printable } from '../../bytes/text.js'

/** Attributes in their order; null leaves one out. */
export type Attributes = Readonly<Record<string, string | number | null>>

/** An element with content that is XML already; an empty one where there is none. */
export function element(name: string, attributes: Attributes, content = ''): string {
  let start = `<${name}`
  for (const [key, value] of Object.entries(attributes))
    if (value !== null) start += ` ${key}="${xmlText(String(value))}"`
  return content === '' ? `${start}/>\n` : `${start}>${content}</${name}>\n`
}

/**
 * Text for an attribute or an element. XML 1.0 (§2.2) has no place for control characters, surrogates, U+FFFE and
 * U+FFFF, not even as references: like all that would steer a reader they are written as `\x1b`.
 */
export function xmlText(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
