import { describe, expect, it } from 'vitest'
import { plainBytes } from '../../src/bytes/plain.js'

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
