import { type PartFlaw, partFlaw } from './flaw.js'

/** Runs of 1, 2 and 4 bytes repeat after 8 as well, so that one comparison a byte is enough, and mostly one in all. */
const LONGEST_RUN = 8

/**
 * Whether some bytes are a run of at most 8 bytes over and over: zeros, or what a test tool or a broken generator of
 * random numbers writes. By chance 32 bytes are so once in 2^192.
 */
export function repetitionFlaw(bytes: Uint8Array, start: number, end: number): PartFlaw | null {
  if (end - start < 2 * LONGEST_RUN) return null
  for (let at = start + LONGEST_RUN; at < end; at++) if (bytes[at] !== bytes[at - LONGEST_RUN]) return null
  let run = LONGEST_RUN
  while (run > 1 && repeatsAfter(run / 2, bytes, start)) run /= 2
  return partFlaw('repeated-bytes', 0, bytes[start], run)
}

function repeatsAfter(run: number, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < run; i++) if (bytes[start + i] !== bytes[start + run + i]) return false
  return true
}
