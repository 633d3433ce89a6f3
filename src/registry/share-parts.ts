import { isClassicalComponent } from './groups.js'
import type { Role } from './types.js'

/**
 * What a component of a key share is, in the words of its specification: `X25519 public key`, `ML-KEM-768 encapsulation
 * key` from the client, `ML-KEM-768 ciphertext` from the server (FIPS 203 §7; RFC 9846 §4.3.8.2).
 */
export function sharePartWords(component: string, role: Role): string {
  if (isClassicalComponent(component)) return `${component} public key`
  // SIDH has no ciphertext: both sides send a public key.
  if (/^sidhp\d/.test(component)) return `${component} public key`
  if (role === 'server') return `${component} ciphertext`
  return `${component} ${/^ml-?kem/i.test(component) ? 'encapsulation key' : 'public key'}`
}
