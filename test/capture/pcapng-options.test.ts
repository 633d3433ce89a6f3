import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MICROSECONDS } from '../../src/bytes/time.js'
import { readInterfaceOptions } from '../../src/capture/pcapng-options.js'
import { big, join, little } from '../support/bytes.js'
import { type BlockOption, type ByteOrder, blockOptions } from '../support/captures.js'

const DEFAULTS = { clock: MICROSECONDS, offsetSeconds: 0, fcsLength: 0 }

function read(options: readonly BlockOption[], byteOrder: ByteOrder = 'little') {
  const bytes = blockOptions(byteOrder === 'little' ? little : big, options)
  return readInterfaceOptions(bytes, 0, bytes.length, byteOrder === 'little')
}

function byte(code: number, value: number): BlockOption {
  return { code, value: Uint8Array.of(value) }
}

function offset(seconds: bigint): BlockOption {
  return { code: 14, value: { integer: BigInt.asUintN(64, seconds), size: 8 } }
}

describe('readInterfaceOptions', () => {
  it('gives the defaults where there are no options', () => {
    expect(read([])).toEqual(DEFAULTS)
  })

  it('reads resolution, offset and FCS length among other options, in both byte orders', () => {
    const options = [{ code: 2, value: 'eth0' }, byte(9, 9), byte(13, 4), offset(-3600n), { code: 11, value: 'tcp' }]
    for (const byteOrder of ['little', 'big'] as const) {
      expect(read(options, byteOrder)).toEqual({
        clock: { unitsPerSecond: 1e9, digits: 9 },
        offsetSeconds: -3600,
        fcsLength: 4,
      })
    }
  })

  it('reads offsets beyond 32 bits with their sign', () => {
    for (const seconds of [2n ** 33n + 1n, -(2n ** 33n) - 1n, -1n, 2n ** 31n]) {
      for (const byteOrder of ['little', 'big'] as const) {
        expect(read([offset(seconds)], byteOrder).offsetSeconds).toBe(Number(seconds))
      }
    }
  })

  it('lets the first of several equal options count', () => {
    expect(read([byte(9, 3), byte(9, 9), byte(13, 2), byte(13, 4)])).toMatchObject({
      clock: { digits: 3 },
      fcsLength: 2,
    })
  })

  it('passes over an option of the wrong length', () => {
    expect(
      read([
        { code: 9, value: Uint8Array.of(9, 9) },
        { code: 14, value: Uint8Array.of(1) },
      ]),
    ).toEqual(DEFAULTS)
  })

  it('reads nothing behind the end of options', () => {
    expect(read([{ code: 0, value: '' }, byte(9, 9)])).toEqual(DEFAULTS)
  })

  it('keeps what it has read before an option that runs past the end', () => {
    const bytes = join(little(9, 2), little(1, 2), [9, 0, 0, 0], little(13, 2), little(200, 2), [4])
    expect(readInterfaceOptions(bytes, 0, bytes.length, true)).toMatchObject({ clock: { digits: 9 }, fcsLength: 0 })
  })

  it('ends on any bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, littleEndian) => {
      const { fcsLength } = readInterfaceOptions(bytes, 0, bytes.length, littleEndian)
      expect(fcsLength).toBeLessThan(256)
    })
    fc.assert(property)
  })
})
