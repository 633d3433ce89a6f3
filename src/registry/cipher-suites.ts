import {
  CIPHER_SUITE_ROWS,
  type CipherSuiteProtocol,
  type CipherSuiteRow,
  type KeyExchangeWord,
} from './cipher-suite-rows.js'
import { nameWithoutRow, unknownName } from './code-point.js'
import type { CipherSuite } from './types.js'

export type { KeyExchangeWord }

const HYBRID_WORDS: readonly KeyExchangeWord[] = ['CECPQ1', 'ECDHE_BIKE', 'ECDHE_SIKE', 'ECDHE_KYBER']

const suites = new Map<number, CipherSuite>()
let rowsById: Map<number, CipherSuiteRow> | undefined

/**
 * The cipher suite of a 16-bit code point, or the SSLv2 cipher kind of a 24-bit one above 0xffff (0x010080 is
 * SSL_CK_RC4_128_WITH_MD5). Frozen, and the same object each time, save for unknown 24-bit kinds: those are not kept,
 * so that at most 65536 and the known ones are.
 */
export function cipherSuite(id: number): CipherSuite {
  let suite = suites.get(id)
  if (suite === undefined) {
    const name = rowOf(id)?.[1]
    suite = Object.freeze({ id, name: name ?? (id > 0xffff ? unknownName(id, 6) : nameWithoutRow(id)) })
    if (name !== undefined || id <= 0xffff) suites.set(id, suite)
  }
  return suite
}

/** The key exchange that the suite stands for; null for TLS 1.3, signalling values, GREASE and unknown suites. */
export function cipherSuiteKeyExchange(id: number): KeyExchangeWord | null {
  return rowOf(id)?.[3] ?? null
}

/** Which versions a suite is of; null for an unknown one. Those of TLS 1.3 are no other version's, and the other way round. */
export function cipherSuiteProtocol(id: number): CipherSuiteProtocol | null {
  return rowOf(id)?.[2] ?? null
}

/**
 * Whether records are encrypted with the suite; true for one that is not known. Those with NULL and the two of TLS 1.3
 * that protect integrity alone (RFC 9150) leave what is in them to be read.
 */
export function encrypts(id: number): boolean {
  readable ??= new Set(CIPHER_SUITE_ROWS.filter(([, name]) => READABLE.test(name)).map(([suite]) => suite))
  return !readable.has(id)
}

const READABLE = /_WITH_NULL_|^TLS_SHA\d+_SHA\d+$/
let readable: Set<number> | null = null

/** The experimental TLS 1.2 suites (2016 to 2026) that join a post-quantum KEM and an elliptic-curve exchange. */
export function isHybridKeyExchange(word: KeyExchangeWord): boolean {
  return HYBRID_WORDS.includes(word)
}

function rowOf(id: number): CipherSuiteRow | undefined {
  rowsById ??= new Map(CIPHER_SUITE_ROWS.map((row) => [row[0], row]))
  return rowsById.get(id)
}
