import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyPacket } from '../../src/capture/packet.js'
import { clockOfResolution, setTime } from '../../src/capture/timestamp.js'

const MOST_UNITS = 2n ** 64n - 1n

function time(resolution: number, units: bigint): { seconds: bigint; fraction: bigint } {
  const packet = emptyPacket()
  packet.clock = clockOfResolution(resolution)
  setTime(packet, Number(units >> 32n), Number(units & 0xffff_ffffn))
  return { seconds: BigInt(packet.seconds), fraction: BigInt(packet.fraction) }
}

describe('clockOfResolution', () => {
  it('tells powers of 10 from powers of 2 by the top bit', () => {
    expect(clockOfResolution(6)).toEqual({ unitsPerSecond: 1_000_000, digits: 6 })
    expect(clockOfResolution(0)).toEqual({ unitsPerSecond: 1, digits: 0 })
    expect(clockOfResolution(12)).toEqual({ unitsPerSecond: 1e12, digits: 12 })
    expect(clockOfResolution(0x80)).toEqual({ unitsPerSecond: 1, digits: 0 })
    expect(clockOfResolution(0x80 | 10)).toEqual({ unitsPerSecond: 1024, digits: 9 })
    expect(clockOfResolution(0x80 | 32)).toEqual({ unitsPerSecond: 2 ** 32, digits: 9 })
  })
})

describe('setTime', () => {
  it('is exact for resolutions whose fraction a number can hold', () => {
    const exact = [...Array(16).keys(), ...Array.from({ length: 54 }, (_, i) => 0x80 | i)]
    const property = fc.property(fc.constantFrom(...exact), fc.bigInt({ min: 0n, max: MOST_UNITS }), (code, units) => {
      const perSecond = code & 0x80 ? 2n ** BigInt(code & 0x7f) : 10n ** BigInt(code)
      const { seconds, fraction } = time(code, units)
      expect(fraction).toBe(units % perSecond)
      // Beyond 2^53 seconds there is no calendar.
      if (units / perSecond < 2n ** 53n) expect(seconds).toBe(units / perSecond)
    })
    fc.assert(property)
  })

  it('keeps the fraction below a second, or carries, for every resolution', () => {
    for (let code = 0; code < 256; code++) {
      const packet = emptyPacket()
      packet.clock = clockOfResolution(code)
      setTime(packet, 0xffff_ffff, 0xffff_ffff)
      expect(packet.seconds).toBeGreaterThanOrEqual(0)
      expect(packet.fraction).toBeGreaterThanOrEqual(0)
      expect(packet.fraction / packet.clock.unitsPerSecond).toBeLessThanOrEqual(1)
    }
  })
})
