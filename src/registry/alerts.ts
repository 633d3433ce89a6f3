import { ALERT_ROWS } from './alert-rows.js'
import { nameLookup } from './code-point.js'

/** `handshake_failure` for 40 (RFC 9846 §6), or `unknown (200)`. */
export const alertDescription: (id: number) => string = nameLookup(ALERT_ROWS, (id) => `unknown (${id})`)

/** AlertLevel fatal (RFC 9846 §6). */
export const FATAL = 2

/** `warning`, `fatal`, or `unknown (3)` (RFC 9846 §6). */
export function alertLevel(id: number): string {
  if (id === 1) return 'warning'
  return id === FATAL ? 'fatal' : `unknown (${id})`
}
