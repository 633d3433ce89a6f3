import { expect, it } from 'vitest'
import { sharePartWords } from '../../src/registry/share-parts.js'

it.each([
  ['X25519', 'X25519 public key', 'X25519 public key'],
  ['ML-KEM-768', 'ML-KEM-768 encapsulation key', 'ML-KEM-768 ciphertext'],
  ['Kyber768', 'Kyber768 public key', 'Kyber768 ciphertext'],
  ['sidhp434', 'sidhp434 public key', 'sidhp434 public key'],
])('says what %s is from either side', (component, client, server) => {
  expect(sharePartWords(component, 'client')).toBe(client)
  expect(sharePartWords(component, 'server')).toBe(server)
})
