import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MICROSECONDS, NANOSECONDS, nanosecondsBetween } from '../../src/bytes/time.js'
import { momentOfRow, timeRow } from '../../src/stream/opening.js'

const seconds = fc.integer({ min: -(2 ** 40), max: 2 ** 40 })

test('a moment is read as it was written, seen from up to 68 years later', () => {
  const clock = fc.constantFrom(MICROSECONDS, NANOSECONDS)
  fc.assert(
    fc.property(seconds, fc.nat(999_999), clock, fc.nat(2 ** 31 - 1), (second, fraction, clock, later) => {
      const rows = new Int32Array(4)
      const moment = { seconds: second, fraction, clock }
      timeRow(rows, 1, moment)
      const read = momentOfRow(rows, 1, { seconds: second + later, fraction: 0, clock })
      expect(read.seconds).toBe(second)
      expect(nanosecondsBetween(moment, read)).toBe(0)
    }),
  )
})

test('a damaged fraction carries over to the seconds', () => {
  const rows = new Int32Array(2)
  const moment = { seconds: 5, fraction: 4_000_000_000, clock: MICROSECONDS }
  timeRow(rows, 0, moment)
  expect(momentOfRow(rows, 0, moment)).toEqual({ seconds: 4005, fraction: 0, clock: NANOSECONDS })
})
