import { describe, expect, it } from 'vitest'
import { Window } from '../../src/capture/window.js'
import { counting } from '../support/bytes.js'

function held({ bytes, start, end }: Window): number[] {
  return [...bytes.subarray(start, end)]
}

describe('Window', () => {
  it('holds what was appended and not yet consumed, and knows its place in the capture', () => {
    const window = new Window()
    window.append(Uint8Array.of(1, 2, 3))
    window.consume(2)
    window.append(Uint8Array.of(4, 5))
    expect(held(window)).toEqual([3, 4, 5])
    expect(window.available()).toBe(3)
    expect(window.offset).toBe(2)
  })

  it('adopts a chunk that meets an empty window, without a copy', () => {
    const chunk = Uint8Array.of(1, 2)
    const window = new Window()
    window.append(chunk)
    expect(window.bytes).toBe(chunk)
  })

  it('holds a Buffer as plain bytes, of which a slice is a copy', () => {
    const chunk = Buffer.from([1, 2, 3])
    const window = new Window()
    window.append(chunk)
    const copy = window.bytes.slice(0, 2)
    chunk.fill(9)
    expect(copy).toEqual(Uint8Array.of(1, 2))
    expect(held(window)).toEqual([9, 9, 9])
  })

  it('never writes to a chunk it was given', () => {
    const chunks = [counting(100), counting(30), counting(40)]
    const window = new Window()
    for (const chunk of chunks) {
      window.append(chunk)
      window.consume(window.available() - 20)
    }
    expect(chunks).toEqual([counting(100), counting(30), counting(40)])
  })

  it('never writes to a chunk it was given, even where the chunk has room behind what is held', () => {
    const chunk = counting(100)
    const window = new Window()
    window.append(chunk)
    window.consume(90)
    window.end = 95
    window.makeRoom(5, 10)
    window.bytes.fill(255, window.end)
    expect(chunk).toEqual(counting(100))
  })

  it('keeps the array while there is room for what is asked', () => {
    const window = new Window(8)
    const { bytes } = window
    window.end = 8
    window.consume(6)
    window.makeRoom(6, 8)
    expect(window.bytes).toBe(bytes)
    expect([window.start, window.end, window.offset]).toEqual([0, 2, 6])
  })

  it('copies a long block that comes in small chunks a bounded number of times', () => {
    const window = new Window()
    const arrays = new Set<Uint8Array>()
    for (let i = 0; i < 10_000; i++) {
      window.append(Uint8Array.of(i & 255))
      arrays.add(window.bytes)
    }
    expect(held(window)).toEqual(Array.from({ length: 10_000 }, (_, i) => i & 255))
    expect(arrays.size).toBeLessThan(20)
  })
})
