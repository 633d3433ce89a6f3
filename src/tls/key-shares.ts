import { readI32Be } from '../bytes/cursor.js'
import { keyShareFlaws } from '../key-share/check.js'
import { addFingerprint, FINGERPRINT_WORDS } from '../key-share/fingerprint.js'
import type { Flaw } from '../key-share/flaw.js'
import { isGrease } from '../registry/grease.js'
import type { Role } from './handshake.js'

/** A share that is shorter may be the same as another by chance. */
const SHORTEST_FINGERPRINTED = 16

/** Bytes of a random that tell hellos apart: a clock may stand before them, and a mark behind. */
const RANDOM_WORDS_AT = 8

export const NO_FINGERPRINTS: number[] = []

/** The beginning of `SharedKeys.shareFingerprints`, by the random that stands in some bytes; all of it without a random. */
export function fingerprintsFor(bytes: Uint8Array, randomAt: number): number[] {
  if (bytes.length < randomAt + RANDOM_WORDS_AT + 8) return NO_FINGERPRINTS
  return [readI32Be(bytes, randomAt + RANDOM_WORDS_AT), readI32Be(bytes, randomAt + RANDOM_WORDS_AT + 4)]
}

/** Adds a share's fingerprint to those of its hello, where they have begun, and returns the flaws with its own added. */
export function inspectShare(
  group: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  role: Role,
  flaws: readonly Flaw[],
  fingerprints: number[],
): readonly Flaw[] {
  const isTold = end - start >= SHORTEST_FINGERPRINTED && !isGrease(group)
  if (fingerprints !== NO_FINGERPRINTS) {
    if (isTold) addFingerprint(fingerprints, bytes, start, end)
    else for (let i = 0; i < FINGERPRINT_WORDS; i++) fingerprints.push(0)
  }
  const found = keyShareFlaws(group, bytes, start, end, role)
  if (found.length === 0) return flaws
  return flaws.length === 0 ? found : [...flaws, ...found]
}
