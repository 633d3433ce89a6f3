import { nameLookup, nameWithoutRow, privateUseName } from './code-point.js'
import { SIGNATURE_SCHEME_ROWS } from './signature-scheme-rows.js'

/** First of the values for private use, which go to 0xffff (RFC 9846 §4.3.3). */
const PRIVATE_USE = 0xfe00

/** `ed25519` for 0x0807 (RFC 9846 §4.3.3), `GREASE (0x2a2a)`, `private_use (0xfe55)`, or `unknown (0x1234)`. */
export const signatureSchemeName: (id: number) => string = nameLookup(SIGNATURE_SCHEME_ROWS, (id) =>
  id >= PRIVATE_USE ? privateUseName('private_use', id) : nameWithoutRow(id),
)
