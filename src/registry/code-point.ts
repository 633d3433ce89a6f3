import { isGrease } from './grease.js'

/** A code point and its name. */
export type NameRow = readonly [id: number, name: string]

/** `0x11ec` for 4588. */
function hexCode(id: number, digits: number): string {
  return `0x${id.toString(16).padStart(digits, '0')}`
}

/** `unknown (0x1234)`. */
export function unknownName(id: number, digits = 4): string {
  return `unknown (${hexCode(id, digits)})`
}

/** `GREASE (0x2a2a)`. */
export function greaseName(id: number, digits = 4): string {
  return `GREASE (${hexCode(id, digits)})`
}

/** `ecdhe_private_use (0xfe55)`. */
export function privateUseName(range: string, id: number): string {
  return `${range} (${hexCode(id, 4)})`
}

/** The name of a 16-bit code point that has no row: `GREASE (0x2a2a)` or `unknown (0x1234)`. */
export function nameWithoutRow(id: number): string {
  return isGrease(id) ? greaseName(id) : unknownName(id)
}

/**
 * Looks names up in rows; the table is built at the first look-up, so that importing it costs nothing.
 * A code point without a row is named by `otherwise`.
 */
export function nameLookup(rows: readonly NameRow[], otherwise: (id: number) => string): (id: number) => string {
  let names: Map<number, string> | undefined
  return (id) => {
    names ??= new Map(rows)
    return names.get(id) ?? otherwise(id)
  }
}
