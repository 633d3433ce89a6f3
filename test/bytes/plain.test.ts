import { describe, expect, it } from 'vitest'
import { joinBytes, plainBytes } from '../../src/bytes/plain.js'

describe('plainBytes', () => {
  it('gives a Buffer as an array of the same bytes whose slice is a copy', () => {
    const buffer = Buffer.from([0, 1, 2, 3, 4]).subarray(1, 4)
    const bytes = plainBytes(buffer)
    const copy = bytes.slice()
    buffer[0] = 9
    expect(bytes).toEqual(Uint8Array.of(9, 2, 3))
    expect(copy).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('leaves an array that is plain as it is', () => {
    const bytes = Uint8Array.of(1, 2)
    expect(plainBytes(bytes)).toBe(bytes)
  })
})

it('joined bytes are those that were held and the part that goes on, in an array of their own', () => {
  const held = Uint8Array.of(1, 2)
  const joined = joinBytes(held, Uint8Array.of(0, 3, 4, 0), 1, 3)
  expect(joined).toEqual(Uint8Array.of(1, 2, 3, 4))
  held[0] = 9
  expect(joined[0]).toBe(1)
})
