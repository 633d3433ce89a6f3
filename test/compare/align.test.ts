import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { align } from '../../src/compare/align.js'

const lines = (before: string, after: string): string[] =>
  align([...before], [...after], (item) => item).map(
    ({ before, after, change }) => `${before ?? '.'}${after ?? '.'} ${change}`,
  )

const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })

describe('align', () => {
  it('puts what is the same side by side', () => {
    expect(lines('xs', 'mxs')).toEqual(['.m added', 'xx same', 'ss same'])
    expect(lines('mxs', 'xs')).toEqual(['m. removed', 'xx same', 'ss same'])
    expect(lines('', '')).toEqual([])
  })

  it('says of what stands at another place that it moved', () => {
    expect(lines('mx', 'xm')).toEqual(['m. moved', 'xx same', '.m moved'])
  })

  it('says of what is the same with another content that it changed', () => {
    const [line] = align(
      [{ id: 1, bytes: 32 }],
      [{ id: 1, bytes: 33 }],
      ({ id }) => String(id),
      ({ bytes }) => bytes,
    )
    expect(line?.change).toBe('changed')
  })

  it('has every item of both lists once and in order, whatever they are', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const aligned = align(before, after, (item) => item)
        expect(aligned.flatMap((line) => line.before ?? [])).toEqual(before)
        expect(aligned.flatMap((line) => line.after ?? [])).toEqual(after)
        for (const line of aligned)
          if (line.before !== null && line.after !== null) expect(line.before).toBe(line.after)
      }),
    )
  })

  it('keeps as much in place from either side', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const kept = (a: string[], b: string[]): number =>
          align(a, b, (item) => item).filter(({ change }) => change === 'same').length
        expect(kept(before, after)).toBe(kept(after, before))
        expect(kept(before, before)).toBe(before.length)
      }),
    )
  })
})
