import { MICROSECONDS } from '../../src/bytes/time.js'
import type { Chunk } from '../../src/stream/chunk.js'

/** A chunk that lies between other bytes, so that a read past its ends would be seen. */
export function chunkOf(bytes: Uint8Array, fields: Partial<Chunk> = {}): Chunk {
  const around = new Uint8Array(bytes.length + 8).fill(0x16)
  around.set(bytes, 4)
  const end = 4 + bytes.length
  return {
    bytes: around,
    start: 4,
    end,
    frame: 1,
    seconds: 0,
    fraction: 0,
    clock: MICROSECONDS,
    continues: false,
    nextSequence: 0,
    acknowledgment: null,
    offset: -1,
    ...fields,
  }
}

/** The bytes of a chunk, copied. */
export function bytesOf(chunk: Chunk): Uint8Array {
  return chunk.bytes.slice(chunk.start, chunk.end)
}

/** Cuts bytes at the given places, wherever they are; empty pieces are left out. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  const pieces: Uint8Array[] = []
  for (let i = 1; i < sorted.length; i++) {
    const piece = bytes.slice(sorted[i - 1], sorted[i])
    if (piece.length > 0) pieces.push(piece)
  }
  return pieces
}
