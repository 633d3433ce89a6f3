import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sample, spreadOf } from '../../src/compare/statistics.js'

describe('spreadOf', () => {
  it.each([
    [[], null],
    [[7], { n: 1, median: 7, p95: 7 }],
    [[3, 1], { n: 2, median: 2, p95: 3 }],
    [[0.1, 0.2, 0.4], { n: 3, median: 0.2, p95: 0.4 }],
    [[0.1, 0.2], { n: 2, median: 0.15, p95: 0.2 }],
    [Array.from({ length: 100 }, (_, i) => i + 1), { n: 100, median: 50.5, p95: 95 }],
  ])('of %j is %j', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread)
  })

  it('does not depend on the order, and 95 % are not above the p95', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 50 }), (values) => {
        const spread = spreadOf(values)
        expect(spreadOf([...values].reverse())).toEqual(spread)
        const within = values.filter((value) => value <= (spread?.p95 ?? 0)).length
        expect(within).toBeGreaterThanOrEqual(values.length * 0.95)
      }),
    )
  })
})

describe('a sample', () => {
  it('has the differences of pairs, of which both sides are known', () => {
    const sample = new Sample()
    sample.add(1, 4)
    sample.add(2, null)
    sample.add(null, 9)
    sample.add(5, 6)
    expect(sample.spread()).toEqual({
      before: { n: 2, median: 3, p95: 5 },
      after: { n: 2, median: 5, p95: 6 },
      difference: { n: 2, median: 2, p95: 3 },
    })
  })
})
