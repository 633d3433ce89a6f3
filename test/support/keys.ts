import { createECDH } from 'node:crypto'
import { groupOfShare } from '../../src/registry/groups.js'
import type { Role } from '../../src/registry/types.js'
import { join } from './bytes.js'

/** Curves by the names of components, as `node:crypto` knows them. */
const CURVES: Readonly<Record<string, string>> = {
  secp256r1: 'prime256v1',
  secp384r1: 'secp384r1',
  secp521r1: 'secp521r1',
  brainpoolP256r1: 'brainpoolP256r1',
  brainpoolP384r1: 'brainpoolP384r1',
  brainpoolP512r1: 'brainpoolP512r1',
  curveSM2: 'SM2',
}

/** The bytes of a key share with which nothing is wrong: the same for the same seed, and others for another. */
export function keyShareBytes(group: number, bytes: number, role: Role, seed = 0): Uint8Array {
  const { parts, expectedBytes } = groupOfShare(group, role, bytes)
  const random = randomBytes(seed * 65_536 + group)
  if (parts === null || expectedBytes !== bytes) return random(bytes)
  return join(...parts.map((part) => componentBytes(part.name, part.bytes, role, random)))
}

function componentBytes(name: string, bytes: number, role: Role, random: (length: number) => Uint8Array): Uint8Array {
  const curve = CURVES[name]
  if (curve !== undefined) {
    const keys = createECDH(curve)
    keys.setPrivateKey(random(16))
    return Uint8Array.from(keys.getPublicKey())
  }
  if (/^(?:ml-?kem|kyber)/i.test(name) && role === 'client') return encapsulationKey(bytes, random)
  const key = random(bytes)
  // Below any prime of Diffie-Hellman, and canonical as a point of X25519 or X448.
  key[0] = 0x17
  return key
}

/** Coefficients below 3329 and a seed of 32 bytes (FIPS 203 §6.1). */
function encapsulationKey(bytes: number, random: (length: number) => Uint8Array): Uint8Array {
  const key = random(bytes)
  for (let at = 0; at < bytes - 32; at += 3) {
    key[at + 1] = (key[at + 1] as number) & 0xfb
    key[at + 2] = (key[at + 2] as number) & 0x7f
    if (((key[at + 1] as number) & 15) >= 12) key[at + 1] = (key[at + 1] as number) & 0xf3
  }
  return key
}

/** Numbers of a generator that looks random (mulberry32), a byte each. */
function randomBytes(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) & 0xff
  }
  return (length) => Uint8Array.from({ length }, next)
}
