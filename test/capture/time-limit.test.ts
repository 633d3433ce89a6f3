import { describe, expect, it } from 'vitest'
import { timeLimit } from '../../src/capture/time-limit.js'

const NOTHING = () => ({ user: 0, system: 0 })

function forever(): void {
  for (;;);
}

describe('timeLimit', () => {
  it('says how long a call took, and lets its errors through', async () => {
    const limited = await timeLimit()
    const called: string[] = []
    const taken = limited(() => called.push('once'), 1000)
    expect(called).toEqual(['once'])
    expect(taken).toBeGreaterThanOrEqual(0)
    expect(() =>
      limited(() => {
        throw new RangeError('of its own')
      }, 1000),
    ).toThrow(new RangeError('of its own'))
  })

  it('ends a call that never ends, also one given no time at all', async () => {
    const limited = await timeLimit()
    for (const milliseconds of [20, 0, -5]) expect(limited(forever, milliseconds)).toBe('too-long')
  })

  it('tells a call that was held up from one that took the time', async () => {
    const limited = await timeLimit(NOTHING)
    expect(limited(forever, 20)).toBe('held-up')
    expect(limited(() => {}, 20)).toBe(0)
  })
})
