import { join, little } from './bytes.js'

// Frames that zstd 1.5.4 made; Node 20 has no compressor for it.

function decoded(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'))
}

/** `pcap` of 4,000 packets `counting(60)`, in three blocks. */
export const PACKETS_FRAME = decoded(
  'KLUv/aSYowQA3AIAlATUw7KhAgAEAAQAAQA8AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7BQCR/09kwFB4sHMMwAwDLkwAAAgIAQD8/zkQAk0AAAg4AQCUIx0IAdYvX9o=',
)

/** The records of 20 packets `packet 0 of the second frame` and so on, in one block with Huffman-coded literals. */
export const SECOND_FRAME = decoded(
  'KLUv/WR6AnUDADQDAAAccGFja2V0IDAgb2YgdGhlIHNlY29uZCBmcmFtZTEyMzQ1Njc4OR0xMTIzNDU2Nzg5GQCAloB5AZMFTAmYFzBZwJSAeQGToSLGuy4DZzuXAUYA5gFMBjAFYB7AZABTAOYBTMZTNe+cwAAWGGpENQ==',
)

export function skippableFrame(content: Uint8Array, number = 0): Uint8Array {
  return join(little(0x184d2a50 + number, 4), little(content.length, 4), content)
}

export interface ZstdBlock {
  readonly type: number
  readonly length: number
  readonly content: Uint8Array
}

/** A frame with this window descriptor and these blocks, without content size and checksum. */
export function zstdFrame(windowDescriptor: number, blocks: readonly ZstdBlock[]): Uint8Array {
  const parts = blocks.map(({ type, length, content }, i) =>
    join(little((length << 3) | (type << 1) | (i === blocks.length - 1 ? 1 : 0), 3), content),
  )
  return join(little(0xfd2fb528, 4), [0, windowDescriptor], ...parts)
}

export function rawBlock(content: Uint8Array): ZstdBlock {
  return { type: 0, length: content.length, content }
}

export function runLengthBlock(byte: number, length: number): ZstdBlock {
  return { type: 1, length, content: Uint8Array.of(byte) }
}
