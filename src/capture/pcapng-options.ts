import { readI32Be, readU16Be, readU16Le, readU32Be, readU32Le } from '../bytes/cursor.js'
import { type Clock, MICROSECONDS } from '../bytes/time.js'
import { clockOfResolution } from './timestamp.js'

/** Option codes of an interface description block (draft-ietf-opsawg-pcapng §4.2) that change how packets are read. */
const END_OF_OPTIONS = 0
const IF_TSRESOL = 9
const IF_FCSLEN = 13
const IF_TSOFFSET = 14

export interface InterfaceOptions {
  readonly clock: Clock
  readonly offsetSeconds: number
  readonly fcsLength: number
}

/**
 * Reads the options between `start` and `end`. An option that runs past the end stops the reading: the ones before it
 * hold. The first of several equal options counts.
 */
export function readInterfaceOptions(
  bytes: Uint8Array,
  start: number,
  end: number,
  littleEndian: boolean,
): InterfaceOptions {
  const u16 = littleEndian ? readU16Le : readU16Be
  let clock: Clock | null = null
  let offsetSeconds: number | null = null
  let fcsLength: number | null = null
  let at = start
  while (at + 4 <= end) {
    const code = u16(bytes, at)
    const length = u16(bytes, at + 2)
    const value = at + 4
    if (code === END_OF_OPTIONS || value + length > end) break
    if (code === IF_TSRESOL && length === 1) clock ??= clockOfResolution(bytes[value] as number)
    if (code === IF_FCSLEN && length === 1) fcsLength ??= bytes[value] as number
    if (code === IF_TSOFFSET && length === 8) offsetSeconds ??= signed64(bytes, value, littleEndian)
    at = value + ((length + 3) & ~3)
  }
  return { clock: clock ?? MICROSECONDS, offsetSeconds: offsetSeconds ?? 0, fcsLength: fcsLength ?? 0 }
}

/** A signed 64-bit number, exact between -2^53 and 2^53: more seconds than any clock counts. */
function signed64(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  if (littleEndian) return (readU32Le(bytes, at + 4) | 0) * 2 ** 32 + readU32Le(bytes, at)
  return readI32Be(bytes, at) * 2 ** 32 + readU32Be(bytes, at + 4)
}
