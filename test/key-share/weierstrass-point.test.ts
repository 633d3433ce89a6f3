import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { describe, expect, test } from 'vitest'
import { CURVE_ROWS } from '../../src/key-share/curves.js'
import { weierstrassCheck } from '../../src/key-share/weierstrass-point.js'
import { big, join } from '../support/bytes.js'

const NOBLE = {
  secp256r1: p256,
  secp384r1: p384,
  secp521r1: p521,
  brainpoolP256r1,
  brainpoolP384r1,
  brainpoolP512r1,
}

/** RFC 8998 §3.2.1: G of curveSM2. */
const SM2_G = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
] as const

function rowOf(name: string) {
  const row = CURVE_ROWS.find(([known]) => known === name)
  if (row === undefined) throw new Error(name)
  return row
}

function check(name: string, x: bigint, y: bigint, first = 4) {
  const row = rowOf(name)
  const point = join([first], big(x, row[1]), big(y, row[1]))
  return weierstrassCheck(row)(point, 0, point.length, 'client')
}

describe('the table of curves', () => {
  test.each(Object.entries(NOBLE))('has %s as @noble/curves has it', (name, curve) => {
    const { p, a, b } = curve.Point.CURVE()
    const [, bytes, ...numbers] = rowOf(name)
    expect(numbers.map((hex) => BigInt(`0x${hex}`))).toEqual([p, a, b])
    expect(bytes).toBe(curve.Point.Fp.BYTES)
  })

  test('has curveSM2 with its generator on it', () => {
    expect(check('curveSM2', ...SM2_G)).toBeNull()
    expect(check('curveSM2', SM2_G[0], SM2_G[1] ^ 1n)).toMatchObject({ code: 'point-not-on-curve' })
  })
})

describe('weierstrassCheck', () => {
  test('takes the point of a published test vector, and not its neighbour', () => {
    // RFC 5903 §8.1, the initiator's public key of the 256-bit group.
    const x = 0xdad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180n
    const y = 0x5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3n
    expect(check('secp256r1', x, y)).toBeNull()
    expect(check('secp256r1', x, y + 1n)?.code).toBe('point-not-on-curve')
    expect(check('secp256r1', y, x)?.code).toBe('point-not-on-curve')
  })

  test('takes no coordinate that is not below the prime, though it is the same number modulo it', () => {
    const { p } = p521.Point.CURVE()
    const { x, y } = p521.Point.BASE.toAffine()
    expect(check('secp521r1', x + p, y)).toMatchObject({ code: 'point-out-of-range', index: 0 })
    expect(check('secp521r1', x, y + p)).toMatchObject({ code: 'point-out-of-range', index: 1 })
    expect(check('secp521r1', x, y)).toBeNull()
  })

  test('tells what the first byte says', () => {
    const { x, y } = p256.Point.BASE.toAffine()
    expect(check('secp256r1', x, y, 3)).toMatchObject({ code: 'compressed-point', value: 3 })
    for (const first of [0, 1, 5, 6, 7, 0xff])
      expect(check('secp256r1', x, y, first)).toMatchObject({ code: 'point-format', value: first })
  })
})
