import { expect, it } from 'vitest'
import { extensionName } from '../../src/registry/extensions.js'

it.each([
  [0, 'server_name'],
  [10, 'supported_groups'],
  [51, 'key_share'],
  [0xfe0d, 'encrypted_client_hello'],
  [0x5a5a, 'GREASE (0x5a5a)'],
  [0x1234, 'unknown (0x1234)'],
])('names extension %i %s', (id, name) => {
  expect(extensionName(id)).toBe(name)
})
