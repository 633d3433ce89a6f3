import type { Role } from '../registry/types.js'

/** What can be wrong with the bytes of a key share. `index`, `value` and `count` hold the numbers that belong to it. */
export type FlawCode =
  /** `count` coefficients of an encapsulation key are not below 3329, first that of `index`, which is `value`. */
  | 'encapsulation-key-modulus'
  /** The components stand in the other order. */
  | 'key-share-parts-swapped'
  /** A point of X25519 or X448 that gives a shared secret of zeros, whoever the peer is. */
  | 'low-order-point'
  /** A point of X25519 or X448 that is not below the prime of its field, which is allowed. */
  | 'non-canonical-point'
  /** A point in compressed form, which begins with `value`. */
  | 'compressed-point'
  /** A point begins with `value`, which is no form of one. */
  | 'point-format'
  /** X (`index` 0) or Y (`index` 1) is not below the prime of the field. */
  | 'point-out-of-range'
  | 'point-not-on-curve'
  /** A Diffie-Hellman value Y is 0 (`value` 0), 1 (`value` 1), p-1 (`value` 2), or p or more (`value` 3). */
  | 'public-value-out-of-range'
  /** The same `count` bytes over and over, and nothing else. The first is `value`. */
  | 'repeated-bytes'

/** A flaw in one component of a key share. */
export interface PartFlaw {
  readonly code: FlawCode
  readonly index: number
  readonly value: number
  readonly count: number
}

/** A flaw in a key share. */
export interface Flaw extends PartFlaw {
  /** Code point of the share's group; null for a prime of TLS 1.2 that is no group's. */
  readonly group: number | null
  /** Length of the whole share, in bytes. */
  readonly bytes: number
  /** The component, as the registry names it: `ML-KEM-768`. */
  readonly part: string
}

/** Looks for a flaw in the bytes of one component. The caller has checked that the component is `end - start` bytes long. */
export type PartCheck = (bytes: Uint8Array, start: number, end: number, role: Role) => PartFlaw | null

export function partFlaw(code: FlawCode, index = 0, value = 0, count = 0): PartFlaw {
  return { code, index, value, count }
}
