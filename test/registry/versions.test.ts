import { expect, it } from 'vitest'
import { isTls13, versionName } from '../../src/registry/versions.js'

it.each([
  [0x0002, 'SSLv2'],
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
  [0x0305, 'unknown (0x0305)'],
  [0x7f00, 'TLSv1.3-draft0'],
  [0x7f0e, 'TLSv1.3-draft14'],
  [0x7f17, 'TLSv1.3-draft23'],
  [0x7e02, 'unknown (0x7e02)'],
  [0xfb17, 'unknown (0xfb17)'],
  [0x2a2a, 'GREASE (0x2a2a)'],
  [0x0101, 'unknown (0x0101)'],
])('names version %i %s', (code, name) => {
  expect(versionName(code)).toBe(name)
  expect(versionName(code)).toBe(name)
})

it('counts TLS 1.3, its drafts and the two private draft numbers as TLS 1.3, and nothing else', () => {
  const codes = Array.from({ length: 0x10000 }, (_, code) => code).filter(isTls13)
  const drafts = Array.from({ length: 0x100 }, (_, draft) => 0x7f00 + draft)
  expect(codes).toEqual([0x0304, ...drafts, 0xfb17, 0xfb1a])
})
