import { describe, expect, it } from 'vitest'
import { isEarlier, MICROSECONDS, NANOSECONDS, nanosecondsBetween, timeText } from '../../src/bytes/time.js'

const SECONDS = { unitsPerSecond: 1, digits: 0 }
const PICOSECONDS = { unitsPerSecond: 1e12, digits: 12 }
const QUARTERS = { unitsPerSecond: 4, digits: 2 }
const BINARY = { unitsPerSecond: 2 ** 32, digits: 9 }

describe('timeText', () => {
  it('shows every digit that the clock holds', () => {
    const seconds = 1_700_000_000
    expect(timeText({ seconds, fraction: 1, clock: MICROSECONDS })).toBe('2023-11-14T22:13:20.000001Z')
    expect(timeText({ seconds, fraction: 120_000_000, clock: NANOSECONDS })).toBe('2023-11-14T22:13:20.120000000Z')
    expect(timeText({ seconds, fraction: 7, clock: PICOSECONDS })).toBe('2023-11-14T22:13:20.000000000007Z')
    expect(timeText({ seconds, fraction: 0, clock: SECONDS })).toBe('2023-11-14T22:13:20Z')
    expect(timeText({ seconds, fraction: 3, clock: QUARTERS })).toBe('2023-11-14T22:13:20.75Z')
    expect(timeText({ seconds, fraction: 2 ** 31, clock: BINARY })).toBe('2023-11-14T22:13:20.500000000Z')
  })

  it('shows seconds before 1970, and carries a fraction of more than a second', () => {
    expect(timeText({ seconds: -1, fraction: 250_000, clock: MICROSECONDS })).toBe('1969-12-31T23:59:59.250000Z')
    expect(timeText({ seconds: 59, fraction: 2_000_001, clock: MICROSECONDS })).toBe('1970-01-01T00:01:01.000001Z')
  })

  it('shows times that RFC 3339 cannot write as the first or last second that it can', () => {
    expect(timeText({ seconds: 2 ** 60, fraction: 0, clock: SECONDS })).toBe('9999-12-31T23:59:59Z')
    expect(timeText({ seconds: -(2 ** 60), fraction: 0, clock: SECONDS })).toBe('0000-01-01T00:00:00Z')
  })

  it('shows each time anew, also where the second is the same or comes again', () => {
    const moments = [5, 5, 6, 5].map((seconds, fraction) => ({ seconds, fraction, clock: MICROSECONDS }))
    expect(moments.map(timeText).map((text) => text.slice(17))).toEqual([
      '05.000000Z',
      '05.000001Z',
      '06.000002Z',
      '05.000003Z',
    ])
  })
})

describe('nanosecondsBetween', () => {
  it('counts over clocks, forwards and backwards', () => {
    const from = { seconds: 1, fraction: 999_999, clock: MICROSECONDS }
    const to = { seconds: 2, fraction: 1, clock: NANOSECONDS }
    expect(nanosecondsBetween(from, to)).toBe(1001)
    expect(nanosecondsBetween(to, from)).toBe(-1001)
    expect(nanosecondsBetween(from, from)).toBe(0)
  })

  it('is exact to the nanosecond for days', () => {
    const from = { seconds: 1_700_000_000, fraction: 1, clock: NANOSECONDS }
    expect(nanosecondsBetween(from, { seconds: 1_700_086_400, fraction: 2, clock: NANOSECONDS })).toBe(86_400e9 + 1)
  })
})

describe('isEarlier', () => {
  it('compares over clocks', () => {
    const early = { seconds: 5, fraction: 900_000, clock: MICROSECONDS }
    const late = { seconds: 5, fraction: 900_000_001, clock: NANOSECONDS }
    expect([isEarlier(early, late), isEarlier(late, early), isEarlier(early, early)]).toEqual([true, false, false])
    const coarse = { seconds: 5, fraction: 2, clock: QUARTERS }
    expect([isEarlier(coarse, early), isEarlier(early, coarse)]).toEqual([true, false])
    expect(isEarlier({ ...early, seconds: 6, fraction: 0 }, late)).toBe(false)
  })
})
