import type { Rule } from '../rule.js'
import { cipherSuite } from './cipher-suite.js'
import { handshakeBytes, retries, roundTrips } from './cost.js'
import { encryption } from './encryption.js'
import { emptyCapture, emptyRun, expectation, incomplete, unseenHandshakes } from './evidence.js'
import { groupStatus, groups } from './groups.js'
import { keyShareValidity } from './key-share-validity.js'
import { keyShares, offer } from './offer.js'
import { label, outcome, tlsVersion } from './outcome.js'

/** Every rule, in the order in which findings of one handshake are told. */
export const RULES: readonly Rule[] = [
  incomplete,
  outcome,
  label,
  tlsVersion,
  groups,
  groupStatus,
  cipherSuite,
  encryption,
  offer,
  keyShares,
  keyShareValidity,
  retries,
  handshakeBytes,
  roundTrips,
  unseenHandshakes,
  emptyCapture,
  expectation,
  emptyRun,
]

export function ruleOf(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id)
}
