import { expect, it } from 'vitest'
import { signatureSchemeName } from '../../src/registry/signature-schemes.js'

it.each([
  [0x0202, 'dsa_sha1'],
  [0x0302, 'dsa_sha224'],
  [0x0402, 'dsa_sha256'],
  [0x0502, 'dsa_sha384'],
  [0x0602, 'dsa_sha512'],
  [0x0403, 'ecdsa_secp256r1_sha256'],
  [0x0807, 'ed25519'],
  [0x0905, 'mldsa65'],
  [0xfea0, 'dilithium2'],
  [0xfe00, 'private_use (0xfe00)'],
  [0xffff, 'private_use (0xffff)'],
  [0xfafa, 'GREASE (0xfafa)'],
  [0x1234, 'unknown (0x1234)'],
])('names signature scheme %i %s', (id, name) => {
  expect(signatureSchemeName(id)).toBe(name)
})
