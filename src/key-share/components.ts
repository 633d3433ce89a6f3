import { CURVE_ROWS } from './curves.js'
import { checkEncapsulationKey } from './encapsulation-key.js'
import { finiteFieldCheck } from './finite-field.js'
import type { PartCheck } from './flaw.js'
import { checkX448, checkX25519 } from './montgomery-point.js'
import { weierstrassCheck } from './weierstrass-point.js'

/** ML-KEM, Kyber of rounds 2 and 3, and its variants with other symmetric functions: one encoding, as k is the same. */
const ENCAPSULATION_KEY = /^(?:ML-KEM-|mlkem|kyber(?:90s)?)(?:512|768|1024)(?: r2| r3| \(round 3\))?$/i

/** Groups of RFC 7919, by the name of their component. */
const FINITE_FIELD_GROUPS: Readonly<Record<string, number>> = {
  ffdhe2048: 0x0100,
  ffdhe3072: 0x0101,
  ffdhe4096: 0x0102,
  ffdhe6144: 0x0103,
  ffdhe8192: 0x0104,
}

/** By component; at most as many as the registry has names. */
const checks = new Map<string, PartCheck | null>()

/** What checks the bytes of a component of a key share; null where nothing is known to be wrong with any. */
export function checkOfComponent(name: string): PartCheck | null {
  let check = checks.get(name)
  if (check === undefined) {
    check = makeCheck(name)
    checks.set(name, check)
  }
  return check
}

function makeCheck(name: string): PartCheck | null {
  if (ENCAPSULATION_KEY.test(name)) return checkEncapsulationKey
  if (name === 'X25519') return checkX25519
  if (name === 'X448') return checkX448
  const group = FINITE_FIELD_GROUPS[name]
  if (group !== undefined) return finiteFieldCheck(group)
  const curve = CURVE_ROWS.find(([curveName]) => curveName === name)
  return curve === undefined ? null : weierstrassCheck(curve)
}

/** Whether points of a component have the form of SEC 1 §2.3.3, with a first byte that says which. */
export function isWeierstrassCurve(name: string): boolean {
  return CURVE_ROWS.some(([curveName]) => curveName === name)
}
