import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Interner, Scratch } from '../../src/tls/interned.js'

/** Few different bytes, so that runs are often the same, or differ in one byte or in their length alone. */
const anyRun = fc.uint8Array({ max: 1, maxLength: 9 })

function interner(): Interner<readonly number[]> {
  return new Interner((bytes, start, end) => Array.from(bytes.subarray(start, end)))
}

test('gives for each run what is made of it, and the same object while it is remembered', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyRun, fc.nat(5)), { maxLength: 60 }), (runs) => {
      const lists = interner()
      const known = new Map<string, readonly number[]>()
      for (const [run, shift] of runs) {
        const bytes = new Uint8Array(shift + run.length + 3).fill(0xff)
        bytes.set(run, shift)
        const list = lists.get(new DataView(bytes.buffer), shift, shift + run.length)
        expect(list).toEqual([...run])
        expect(list).toBe(known.get(run.join()) ?? list)
        known.set(run.join(), list)
      }
    }),
  )
})

test('reads within a view that begins in the middle of its buffer', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i)
  const lists = interner()
  expect(lists.get(new DataView(bytes.buffer, 16, 32), 4, 11)).toEqual([20, 21, 22, 23, 24, 25, 26])
  expect(lists.get(new DataView(bytes.buffer), 20, 27)).toBe(lists.get(new DataView(bytes.buffer, 16, 32), 4, 11))
})

test.each([3, 4, 5])('tells thousands of runs of %i bytes apart, of which it remembers some', (length) => {
  const lists = interner()
  const view = new DataView(new ArrayBuffer(8))
  for (let i = 0; i < 20_000; i++) {
    view.setUint32(length - 3, i)
    expect(lists.get(view, 1, 1 + length).slice(-2)).toEqual([(i >> 8) & 255, i & 255])
  }
})

test('puts code points together however many there are', () => {
  const scratch = new Scratch()
  const list = Array.from({ length: 1500 }, (_, i) => (i * 40_503) & 0xffff)
  for (const value of list) scratch.addU16(value)
  expect(scratch.length).toBe(3000)
  expect(list.map((_, i) => scratch.view.getUint16(i * 2))).toEqual(list)
})
