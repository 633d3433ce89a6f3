import { nameLookup, nameWithoutRow } from './code-point.js'
import { EXTENSION_ROWS } from './extension-rows.js'

/** `key_share` for 51 (RFC 9846 §4.3), `GREASE (0x2a2a)`, or `unknown (0x1234)`. */
export const extensionName: (id: number) => string = nameLookup(EXTENSION_ROWS, nameWithoutRow)
