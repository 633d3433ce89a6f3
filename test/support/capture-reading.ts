import { openCapture, type Reader } from '../../src/capture/packet-source.js'
import type { ReadError } from '../../src/capture/reader.js'
import type { CaptureInput } from '../../src/capture/source.js'

/** A packet with copies of what the source reuses. */
export interface ReadPacket {
  readonly bytes: Uint8Array
  readonly originalLength: number
  readonly frame: number
  readonly linkType: number
  readonly seconds: number
  readonly fraction: number
  readonly unitsPerSecond: number
  readonly offset: number
}

export interface Reading {
  readonly packets: readonly ReadPacket[]
  readonly format: string | null
  readonly compression: string | null
  readonly linkTypes: readonly number[]
  readonly error: ReadError | null
  /** Bytes of the decompressed capture consumed. */
  readonly bytes: number
}

/** Reads a capture to its end. */
export async function readCapture(input: CaptureInput, reader: Reader = 'own'): Promise<Reading> {
  const source = await openCapture(input, reader)
  const packets: ReadPacket[] = []
  try {
    do {
      while (source.next()) {
        const { bytes, start, end, originalLength, frame, linkType, seconds, fraction, clock, offset } = source.packet
        const { unitsPerSecond } = clock
        const copy = Uint8Array.from(bytes.subarray(start, end))
        packets.push({ bytes: copy, originalLength, frame, linkType, seconds, fraction, unitsPerSecond, offset })
      }
    } while (await source.fill())
  } finally {
    await source.close()
  }
  const { format, compression, error, bytes } = source
  return { packets, format, compression, linkTypes: [...source.linkTypes], error, bytes }
}

/** The bytes in chunks of a size, each an array of its own. */
export function inChunks(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size))
  return chunks
}

/** Packets of a text each, as most tests need no more. */
export function texts({ packets }: Reading): string[] {
  return packets.map(({ bytes }) => new TextDecoder().decode(bytes))
}

/** Nanoseconds since 1970 of each packet. */
export function times({ packets }: Reading): bigint[] {
  return packets.map(
    ({ seconds, fraction, unitsPerSecond }) =>
      BigInt(seconds) * 1_000_000_000n + (BigInt(fraction) * 1_000_000_000n) / BigInt(unitsPerSecond),
  )
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}
