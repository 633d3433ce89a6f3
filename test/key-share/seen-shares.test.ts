import { describe, expect, test } from 'vitest'
import type { Fingerprint } from '../../src/key-share/fingerprint.js'
import { helloOfRow, SEEN_ROW_WORDS, SeenShares, type SentHello, shareOfRow } from '../../src/key-share/seen-shares.js'

/** Share number i, sent in frame i under random i. Its hash is as good as random, or the same for all. */
function sent(i: number, random = i, hash = Math.imul(i, 0x9e3779b1)): [Fingerprint, SentHello] {
  const hello = { randomA: random, randomB: -random, stream: i >> 1, frame: i, capture: 2 }
  return [{ a: hash, b: i, c: i ^ 0x55, d: -i }, hello]
}

describe('SeenShares', () => {
  test('says where another hello sent the same share', () => {
    const seen = new SeenShares()
    expect(seen.elsewhere(...sent(5))).toBeNull()
    expect(seen.elsewhere(...sent(6))).toBeNull()
    expect(seen.elsewhere(...sent(5, 99))).toEqual({ capture: 2, stream: 2, frame: 5 })
    expect(seen.elsewhere(...sent(5, 99))).toEqual({ capture: 2, stream: 2, frame: 5 })
  })

  test('takes the same hello seen twice for one', () => {
    const seen = new SeenShares()
    seen.elsewhere(...sent(5))
    expect(seen.elsewhere(...sent(5))).toBeNull()
  })

  test('holds all of them as it grows', () => {
    const seen = new SeenShares()
    for (let i = 0; i < 20_000; i++) expect(seen.elsewhere(...sent(i))).toBeNull()
    for (let i = 0; i < 20_000; i++) expect(seen.elsewhere(...sent(i, i + 1))?.frame).toBe(i)
  })

  test('lets the oldest go once it is full, and no other', () => {
    const seen = new SeenShares(3000)
    for (let i = 0; i < 10_000; i++) seen.elsewhere(...sent(i))
    for (let i = 7000; i < 10_000; i++) expect(seen.elsewhere(...sent(i, i + 1))?.frame).toBe(i)
    expect(seen.elsewhere(...sent(6999, 1))).toBeNull()
    expect(seen.elsewhere(...sent(7000, 1))).toBeNull()
    expect(seen.elsewhere(...sent(7002, 1))?.frame).toBe(7002)
  })

  test('holds the last 8 of those that hash alike, and the others beside them', () => {
    for (const hash of [0, -1, 0x7fff_ffff]) {
      const seen = new SeenShares(3000)
      seen.elsewhere(...sent(9999))
      for (let i = 0; i < 100; i++) expect(seen.elsewhere(...sent(i, i, hash))).toBeNull()
      for (let i = 92; i < 100; i++) expect(seen.elsewhere(...sent(i, i + 1, hash))?.frame).toBe(i)
      expect(seen.elsewhere(...sent(91, 1, hash))).toBeNull()
      expect(seen.elsewhere(...sent(9999, 1))?.frame).toBe(9999)
    }
  })

  test('does not take what replaced a share for it', () => {
    const seen = new SeenShares(4)
    for (let i = 0; i < 5; i++) seen.elsewhere(...sent(i, i, 5))
    expect(seen.elsewhere(...sent(0, 1, 5))).toBeNull()
    expect(seen.elsewhere(...sent(4, 1, 5))?.frame).toBe(4)
  })

  test('gives its rows in the order in which they came', () => {
    for (const count of [0, 10, 3000, 4500]) {
      const seen = new SeenShares(3000)
      for (let i = 0; i < count; i++) seen.elsewhere(...sent(i))
      const rows = seen.allRows()
      const frames = Array.from({ length: rows.length / SEEN_ROW_WORDS }, (_, i) => helloOfRow(rows, i, 0).frame)
      const held = Math.min(count, 3000)
      expect(frames).toEqual(Array.from({ length: held }, (_, i) => count - held + i))
    }
  })

  test('finds a row of one table in another', () => {
    const [a, b] = [new SeenShares(), new SeenShares()]
    a.elsewhere(...sent(8))
    const rows = a.allRows()
    expect(b.elsewhere(shareOfRow(rows, 0), helloOfRow(rows, 0, 4))).toBeNull()
    expect(b.elsewhere(...sent(8, 1))).toEqual({ capture: 4, stream: 4, frame: 8 })
  })
})
