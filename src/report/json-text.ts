const BEYOND_ASCII = /[\u007f-\uffff]/
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\p{Cf}\p{DI}]/gu

/**
 * Compact JSON of a value. Control and format characters that JSON lets through raw (C1 controls, bidirectional marks,
 * line separators), and those that are not to be seen, are written as `\u` escapes: the value read back is the same, and a
 * terminal is not steered.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  return BEYOND_ASCII.test(text) ? text.replace(UNPRINTABLE, escaped) : text
}

function escaped(char: string): string {
  let text = ''
  for (let i = 0; i < char.length; i++) text += `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`
  return text
}
