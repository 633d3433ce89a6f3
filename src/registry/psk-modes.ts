import { greaseName, unknownName } from './code-point.js'
import { isGreasePskMode } from './grease.js'

/** `psk_ke`, `psk_dhe_ke` (RFC 9846 §4.3.9), `GREASE (0x0b)`, or `unknown (0x07)`. */
export function pskModeName(mode: number): string {
  if (mode === 0) return 'psk_ke'
  if (mode === 1) return 'psk_dhe_ke'
  return isGreasePskMode(mode) ? greaseName(mode, 2) : unknownName(mode, 2)
}
