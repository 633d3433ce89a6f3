import { xmlText } from '../xml-text.js'

/** Attributes in their order; null leaves one out. */
export type Attributes = Readonly<Record<string, string | number | null>>

/** An element with content that is XML already; an empty one where there is none. */
export function element(name: string, attributes: Attributes, content = ''): string {
  let start = `<${name}`
  for (const [key, value] of Object.entries(attributes))
    if (value !== null) start += ` ${key}="${xmlText(String(value))}"`
  return content === '' ? `${start}/>\n` : `${start}>${content}</${name}>\n`
}
