import { stripVTControlCharacters } from 'node:util'
import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import { allGroupFacts, factsOfCodePoint } from '../../src/registry/group-facts.js'
import { textWidth } from '../../src/report/cell.js'
import { groupsText } from '../../src/report/groups-text.js'

const PLAIN = picocolors.createColors(false)
const PAINTED = picocolors.createColors(true)

describe('one code point', () => {
  test('is shown in full, a fact on a line', () => {
    expect(groupsText(factsOfCodePoint(0x11ec), 100, PLAIN)).toBe(
      `X25519MLKEM768 (0x11ec, 4588)
  kind          hybrid, a post-quantum KEM and a classical exchange together
  status        standard
  standard      RFC 10024 (August 2026)
  recommended   yes (Y), by IANA's registry
  TLS 1.3       yes, and no older version
  family        ML-KEM
  client share  1216 bytes = ML-KEM-768 encapsulation key 1184 + X25519 public key 32
  server share  1120 bytes = ML-KEM-768 ciphertext 1088 + X25519 public key 32
  OpenSSL       X25519MLKEM768
  BoringSSL     X25519MLKEM768, SSL_GROUP_X25519_MLKEM768
  s2n-tls       X25519MLKEM768, TLS_PQ_KEM_GROUP_ID_X25519_MLKEM_768
  rustls        X25519MLKEM768
  Wireshark     X25519MLKEM768
  CloudTrail    X25519MLKEM768
  notes         the ML-KEM part comes first, though the name has it last
                Wireshark 4.0 shows it as Unknown
`,
    )
  })

  test('with several uses is shown once for each, and says which one is assumed', () => {
    const text = groupsText(factsOfCodePoint(0xfe32), 200, PLAIN)
    expect(text.match(/^\S.*\(0xfe32, 65074\)$/gm)).toHaveLength(3)
    expect(text).toContain('where it does not, this one is assumed')
    expect(text).toContain('where it does not, this one is not assumed')
    expect(groupsText(factsOfCodePoint(0xfe01), 200, PLAIN)).toContain('a key share of this length does not tell')
  })

  test.each([
    [0x2a2a, /^GREASE \(0x2a2a, 10794\)\n {2}kind +grease/],
    [0xfe55, /^ecdhe_private_use \(0xfe55, 65109\)\n[\s\S]*in ecdhe_private_use, 0xfe00 to 0xfeff\n/],
    [0x1388, /^unknown \(0x1388, 5000\)\n {2}kind +unknown: no group known here/],
    [0x001d, /TLS 1\.3 +yes\n/],
    [0x001a, /TLS 1\.3 +no, only TLS 1\.2 and older\n/],
    [
      0x021b,
      /status +broken: the post-quantum part protects nothing\n[\s\S]*server share +330 bytes = sidhp434 public key 330/,
    ],
    [0x2fb6, /components +X25519 and mlkem512; versions differ in which comes first\n {2}client share +832 bytes\n/],
    [0x0512, /^MLKEM512 \(0x0512, 1298\)\n(?![\s\S]*standard)/],
  ])('%i is told as it is', (id, wanted) => {
    expect(groupsText(factsOfCodePoint(id), 200, PLAIN)).toMatch(wanted)
  })

  test('calls nothing post-quantum safe that is broken', () => {
    for (const group of allGroupFacts().filter(({ status }) => status === 'broken')) {
      expect(groupsText([group], 200, PAINTED)).not.toContain(PAINTED.green(''))
      expect(groupsText([group], 200, PLAIN)).toContain('protects nothing')
    }
  })
})

describe('several code points', () => {
  const all = allGroupFacts()

  test.each([24, 40, 60, 80, 100, 120, 140, 200])('are a table that fits %i columns', (width) => {
    for (const text of [groupsText(all, width, PLAIN), ...all.map((group) => groupsText([group], width, PLAIN))]) {
      for (const line of text.split('\n')) expect(textWidth(line.replaceAll('─', '-')), line).toBeLessThanOrEqual(width)
    }
  })

  test('take a line each in 80 columns, and say how many there are', () => {
    const text = groupsText(all, 80, PLAIN)
    expect(text).toContain('\n0x11ec  4588   X25519MLKEM768             hybrid        standard  1216 -> 1120\n')
    expect(text).toMatch(/\n\n305 entries: 151 hybrid, 87 post-quantum, 48 classical, 16 grease, 3 reserved\n$/)
  })

  test('have components and standard where there is room', () => {
    const text = groupsText(all, 140, PLAIN)
    expect(text).toMatch(/\n0x11ec {2}4588 .*1216 -> 1120 +ML-KEM-768 \+ X25519 +RFC 10024\n/)
    expect(text).toMatch(/\n0x2fb6 {2}12214 .*X25519 and mlkem512 +oqs-provider\n +the order varies\n/)
    expect(text).toMatch(/\n0x0201 {2}513 .*draft-ietf-tls-mlkem\n/)
    expect(text).toMatch(/\n0x0022 {2}34 .*RFC 9367\n/)
  })

  test('say where a range ends', () => {
    expect(groupsText(all, 80, PLAIN)).toMatch(/\n0xfe00 {2}65024 {2}ecdhe_private_use .*\n {15}to 0xfeff\n/)
  })

  test('are none', () => {
    expect(groupsText([], 80, PLAIN)).toBe('no groups\n')
  })

  test('say the same with and without colours', () => {
    const painted = groupsText(all, 140, PAINTED)
    expect(painted).not.toBe(groupsText(all, 140, PLAIN))
    expect(stripVTControlCharacters(painted)).toBe(groupsText(all, 140, PLAIN))
  })
})
