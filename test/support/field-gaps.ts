import type { FieldNode } from '../../src/dissect/tree.js'

/** Where not every byte is in exactly one field without children, or children lie elsewhere than their parents. */
export function gapIn(fields: readonly FieldNode[], start: number, length: number): string | null {
  let at = start
  for (const field of fields) {
    if (field.start !== at || field.length === 0) return `${field.label} at ${field.start}, not ${at}`
    const inside = field.children.length === 0 ? null : gapIn(field.children, field.start, field.length)
    if (inside !== null) return inside
    at += field.length
  }
  return at === start + length ? null : `nothing at ${at}`
}
