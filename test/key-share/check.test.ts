import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyShareFlaws, NO_FLAWS } from '../../src/key-share/check.js'
import type { FlawCode } from '../../src/key-share/flaw.js'
import { GROUP_ROWS } from '../../src/registry/group-rows.js'
import { groupOfShare } from '../../src/registry/groups.js'
import type { Role } from '../../src/registry/types.js'
import { big, join } from '../support/bytes.js'
import { keyShareBytes } from '../support/keys.js'

/** The flaws of a share that lies between other bytes, in an array that begins in the middle of its buffer. */
function flawsOf(group: number, share: Uint8Array, role: Role = 'client') {
  const buffer = join(new Uint8Array(5).fill(0xaa), share, new Uint8Array(3).fill(0xbb)).buffer
  return keyShareFlaws(group, new Uint8Array(buffer, 2), 3, 3 + share.length, role)
}

function codesOf(group: number, share: Uint8Array, role: Role = 'client'): FlawCode[] {
  return flawsOf(group, share, role).map(({ code }) => code)
}

/** A copy with some bytes replaced. */
function edited(share: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const copy = Uint8Array.from(share)
  copy.set(bytes, at)
  return copy
}

const X25519MLKEM768 = 0x11ec
const CHECKED = /^(?:X25519|X448|secp256r1|secp384r1|secp521r1|brainpool.*|curveSM2|ffdhe.*|ml-?kem.*|kyber.*)$/i

describe('keyShareFlaws', () => {
  const rows = GROUP_ROWS.filter((row) => row[6].split(' + ').some((name) => CHECKED.test(name)))

  test.each(rows.map((row) => [row[1], row[0], row[4], row[5]] as const))(
    'finds nothing in good shares of %s (%i)',
    (_name, group, clientBytes, serverBytes) => {
      expect(flawsOf(group, keyShareBytes(group, clientBytes, 'client', 3))).toBe(NO_FLAWS)
      expect(flawsOf(group, keyShareBytes(group, serverBytes, 'server', 4), 'server')).toBe(NO_FLAWS)
    },
  )

  test.each(rows.map((row) => [row[1], row[0], row[4]] as const))(
    'finds zeros in a share of %s (%i)',
    (_name, group, clientBytes) => {
      expect(codesOf(group, new Uint8Array(clientBytes))).toContain('repeated-bytes')
    },
  )

  test('says nothing of a group without a row, nor of a share of another length', () => {
    expect(flawsOf(0x1234, new Uint8Array(40))).toBe(NO_FLAWS)
    expect(flawsOf(X25519MLKEM768, new Uint8Array(1215).fill(0xff))).toBe(NO_FLAWS)
    expect(flawsOf(0x2a2a, new Uint8Array(1))).toBe(NO_FLAWS)
    expect(flawsOf(0x001d, new Uint8Array(0))).toBe(NO_FLAWS)
  })

  test('names the part, the group and the length', () => {
    const share = edited(keyShareBytes(X25519MLKEM768, 1216, 'client'), 0, 0xff, 0xff, 0xff)
    expect(flawsOf(X25519MLKEM768, share)).toEqual([
      {
        code: 'encapsulation-key-modulus',
        group: X25519MLKEM768,
        bytes: 1216,
        part: 'ML-KEM-768',
        index: 0,
        value: 0xfff,
        count: 2,
      },
    ])
  })

  test('looks into both parts of a hybrid', () => {
    const share = keyShareBytes(X25519MLKEM768, 1216, 'client')
    expect(codesOf(X25519MLKEM768, edited(share, 1184, ...new Uint8Array(32)))).toEqual([
      'repeated-bytes',
      'low-order-point',
    ])
    expect(codesOf(0x11eb, edited(keyShareBytes(0x11eb, 1249, 'client'), 64, 0))).toEqual(['point-not-on-curve'])
    expect(codesOf(0x11eb, edited(keyShareBytes(0x11eb, 1153, 'server'), 64, 0), 'server')).toEqual([
      'point-not-on-curve',
    ])
  })

  test('finds zeros in the ciphertext of a server, of which any other bytes are good', () => {
    const share = keyShareBytes(X25519MLKEM768, 1120, 'server')
    expect(codesOf(X25519MLKEM768, edited(share, 0, ...new Uint8Array(1088)), 'server')).toEqual(['repeated-bytes'])
    expect(codesOf(X25519MLKEM768, edited(share, 0, ...new Uint8Array(1087).fill(0xff)), 'server')).toEqual([])
  })

  const swappable: readonly (readonly [string, number, number, number])[] = [
    ['X25519MLKEM768', X25519MLKEM768, 1184, 32],
    ['X25519Kyber768Draft00', 0x6399, 32, 1184],
    ['SecP256r1MLKEM768', 0x11eb, 65, 1184],
    ['SecP384r1MLKEM1024', 0x11ed, 97, 1568],
    ['curveSM2MLKEM768', 0x11ee, 65, 1184],
  ]
  test.each(swappable)('tells the parts of %s in the other order from a bad key', (_name, group, first, second) => {
    const share = keyShareBytes(group, first + second, 'client', 9)
    expect(codesOf(group, share)).toEqual([])
    const swapped = join(share.slice(first), share.slice(0, first))
    expect(codesOf(group, swapped)).toEqual(['key-share-parts-swapped'])
    const keyAt = first < second ? 0 : second
    expect(codesOf(group, edited(swapped, keyAt, 0xff, 0xff, 0xff))).not.toContain('key-share-parts-swapped')
  })

  test('tells the swapped parts of a server by its point', () => {
    const share = keyShareBytes(0x11eb, 1153, 'server')
    expect(codesOf(0x11eb, join(share.slice(65), share.slice(0, 65)), 'server')).toEqual(['key-share-parts-swapped'])
  })

  test('reads the components of early s2n-tls behind their lengths', () => {
    const [group, kem] = [0x2f39, keyShareBytes(0x0200, 800, 'client')]
    const point = keyShareBytes(0x001d, 32, 'client')
    const share = join(big(32, 2), point, big(800, 2), kem)
    expect(groupOfShare(group, 'client', share.length).parts).toBeNull()
    expect(codesOf(group, share)).toEqual([])
    expect(codesOf(group, edited(share, 36, 0xff, 0xff, 0xff))).toEqual(['encapsulation-key-modulus'])
    expect(codesOf(group, edited(share, 2, ...new Uint8Array(32)))).toEqual(['repeated-bytes', 'low-order-point'])
    // With other lengths it is not known where they begin.
    expect(codesOf(group, edited(edited(share, 36, 0xff, 0xff, 0xff), 0, 0, 31))).toEqual([])
  })

  test('takes random bytes for no encapsulation key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1184, maxLength: 1184 }), fc.infiniteStream(fc.nat(255)), (_, random) => {
        const share = Uint8Array.from({ length: 1184 }, () => random.next().value)
        if (codesOf(0x0201, share).length > 0) return true
        // Of 768 numbers of 12 bits all below 3329: by chance once in 10^69; fast-check likes small ones.
        return share.some((byte) => byte < 0xd0)
      }),
      { numRuns: 20 },
    )
    const noise = Uint8Array.from({ length: 1184 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24)
    expect(codesOf(0x0201, noise)).toEqual(['encapsulation-key-modulus'])
  })

  const points = [
    [0x0017, p256],
    [0x0018, p384],
    [0x0019, p521],
    [0x001a, brainpoolP256r1],
    [0x001f, brainpoolP256r1],
    [0x001b, brainpoolP384r1],
    [0x0020, brainpoolP384r1],
    [0x001c, brainpoolP512r1],
    [0x0021, brainpoolP512r1],
  ] as const
  test.each(points)('group %i: every point of @noble/curves is good, and no other', (group, curve) => {
    fc.assert(
      fc.property(fc.bigInt(1n, curve.Point.Fn.ORDER - 1n), fc.nat(), (scalar, bit) => {
        const point = curve.Point.BASE.multiply(scalar).toBytes(false)
        expect(codesOf(group, point)).toEqual([])
        const at = 1 + ((bit >> 3) % (point.length - 1))
        const bad = edited(point, at, (point[at] as number) ^ (1 << (bit & 7)))
        expect(codesOf(group, bad)).toHaveLength(1)
        expect(['point-not-on-curve', 'point-out-of-range']).toContain(codesOf(group, bad)[0])
      }),
      { numRuns: 8 },
    )
  })

  test('a compressed point is told by its length and its first byte', () => {
    for (const [group, curve] of points) {
      expect(codesOf(group, curve.Point.BASE.toBytes(true))).toEqual(['compressed-point'])
      expect(codesOf(group, curve.Point.BASE.toBytes(true), 'server')).toEqual(['compressed-point'])
    }
    expect(codesOf(0x0017, edited(p256.Point.BASE.toBytes(true), 0, 7))).toEqual([])
    expect(codesOf(0x0017, edited(p256.Point.BASE.toBytes(false), 0, 2))).toEqual(['compressed-point'])
  })
})
