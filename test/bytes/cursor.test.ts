import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cursor, readI32Be, readU16Be, readU16Le, readU24Be, readU32Be, readU32Le } from '../../src/bytes/cursor.js'

const BYTES = Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0xfb)

function cursorOver(...bytes: number[]): Cursor {
  return new Cursor().reset(Uint8Array.from(bytes), 0, bytes.length)
}

describe('reads of numbers', () => {
  it('are unsigned and in the byte order of their name', () => {
    expect(readU16Be(BYTES, 1)).toBe(0xfefd)
    expect(readU16Le(BYTES, 1)).toBe(0xfdfe)
    expect(readU24Be(BYTES, 1)).toBe(0xfefdfc)
    expect(readU32Be(BYTES, 1)).toBe(0xfefdfcfb)
    expect(readU32Le(BYTES, 1)).toBe(0xfbfcfdfe)
    expect(readI32Be(BYTES, 1)).toBe(0xfefdfcfb - 2 ** 32)
  })
})

describe('Cursor', () => {
  it('reads fields one after the other', () => {
    const cursor = cursorOver(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    expect([cursor.u8(), cursor.u16(), cursor.u24(), cursor.u32(), cursor.remaining()]).toEqual([
      0x01, 0x0203, 0x040506, 0x0708090a, 1,
    ])
    expect(cursor.failed).toBe(false)
  })

  it('fails once and for good where a read goes past the end', () => {
    const cursor = cursorOver(1, 2, 3)
    expect(cursor.u32()).toBe(0)
    expect([cursor.failed, cursor.remaining(), cursor.u8()]).toEqual([true, 0, 0])
  })

  it('reads nothing outside the bounds it was given', () => {
    const cursor = new Cursor().reset(BYTES, 1, 3)
    expect([cursor.u16(), cursor.u8(), cursor.failed]).toEqual([0xfefd, 0, true])
  })

  it('passes over bytes and tells where they are', () => {
    const cursor = new Cursor().reset(BYTES, 1, 5)
    expect([cursor.skip(3), cursor.at]).toEqual([1, 4])
    expect([cursor.skip(2), cursor.failed]).toEqual([-1, true])
  })

  it('narrows to a vector and leaves it for the field behind', () => {
    const cursor = cursorOver(2, 7, 8, 9)
    const outer = cursor.enter(cursor.u8())
    expect([cursor.u8(), cursor.u8(), cursor.remaining()]).toEqual([7, 8, 0])
    cursor.leave(outer)
    expect([cursor.u8(), cursor.trailing, cursor.failed]).toEqual([9, false, false])
  })

  it('notes bytes that no field of a vector claimed', () => {
    const cursor = cursorOver(2, 7, 8, 9)
    const outer = cursor.enter(cursor.u8())
    cursor.u8()
    cursor.leave(outer)
    expect([cursor.trailing, cursor.u8(), cursor.failed]).toEqual([true, 9, false])
  })

  it('fails in a vector that is longer than what is left', () => {
    const cursor = cursorOver(9, 1, 2)
    const outer = cursor.enter(cursor.u8())
    expect([cursor.failed, cursor.u8(), cursor.remaining()]).toEqual([true, 0, 0])
    cursor.leave(outer)
    expect(cursor.remaining()).toBe(0)
  })

  it('reads such a vector as far as it is there where the bytes are the beginning of a message', () => {
    const cursor = new Cursor().reset(Uint8Array.of(9, 1, 2), 0, 3, true)
    cursor.enter(cursor.u8())
    expect([cursor.u8(), cursor.failed, cursor.u8(), cursor.failed, cursor.u8(), cursor.failed]).toEqual([
      1,
      false,
      2,
      false,
      0,
      true,
    ])
  })

  it('does not read on behind a vector in which a read failed', () => {
    const cursor = cursorOver(1, 7, 8, 9)
    const outer = cursor.enter(cursor.u8())
    cursor.u16()
    cursor.leave(outer)
    expect([cursor.failed, cursor.remaining()]).toEqual([true, 0])
  })

  it('stays within its bounds in any order of calls', () => {
    const call = fc.tuple(fc.constantFrom('u8', 'u16', 'u24', 'u32', 'skip', 'enter', 'leave'), fc.nat(12))
    const property = fc.property(fc.array(call), fc.boolean(), (calls, partial) => {
      const cursor = new Cursor().reset(new Uint8Array(20).fill(255), 4, 16, partial)
      const outers: number[] = []
      for (const [name, n] of calls) {
        if (name === 'enter') outers.push(cursor.enter(n))
        else if (name === 'leave') cursor.leave(outers.pop() ?? cursor.end)
        else if (name === 'skip') cursor.skip(n)
        else cursor[name as 'u8' | 'u16' | 'u24' | 'u32']()
        expect(cursor.at).toBeGreaterThanOrEqual(4)
        expect(cursor.at).toBeLessThanOrEqual(cursor.end)
        expect(cursor.end).toBeLessThanOrEqual(16)
      }
    })
    fc.assert(property)
  })
})
