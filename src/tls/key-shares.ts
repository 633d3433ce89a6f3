import { readI32Be } from '../bytes/cursor.js'
import { keyShareFlaws } from '../key-share/check.js'
import { type Fingerprint, fingerprintOf } from '../key-share/fingerprint.js'
import { isGrease } from '../registry/grease.js'
import type { Role } from '../registry/types.js'
import type { SharedKeys } from './handshake.js'

/** A share that is shorter may be the same as another by chance. */
const SHORTEST_FINGERPRINTED = 16

/** Bytes of a random that tell hellos apart: a clock may stand before them, and a mark behind. */
const RANDOM_WORDS_AT = 8

/** One and the same for all hellos without key shares. */
export const NO_FINGERPRINTS: readonly (Fingerprint | null)[] = Object.freeze([])

type WritableKeys = { -readonly [Field in keyof SharedKeys]: SharedKeys[Field] }

/** Takes the numbers that tell a hello apart from its random, of 32 bytes. */
export function takeRandom(hello: WritableKeys, bytes: Uint8Array, randomAt: number): void {
  hello.randomA = readI32Be(bytes, randomAt + RANDOM_WORDS_AT)
  hello.randomB = readI32Be(bytes, randomAt + RANDOM_WORDS_AT + 4)
}

/** Looks into the next key share of a hello whose random has been taken: adds its fingerprint and its flaws. */
export function inspectShare(
  hello: WritableKeys,
  group: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  role: Role,
): void {
  const isTold = end - start >= SHORTEST_FINGERPRINTED && !isGrease(group)
  const fingerprint = isTold ? fingerprintOf(bytes, start, end) : null
  const { shareFingerprints, flaws } = hello
  hello.shareFingerprints = shareFingerprints.length === 0 ? [fingerprint] : [...shareFingerprints, fingerprint]
  const found = keyShareFlaws(group, bytes, start, end, role)
  if (found.length > 0) hello.flaws = flaws.length === 0 ? found : [...flaws, ...found]
}
