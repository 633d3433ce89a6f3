import { type Moment, NANOSECONDS } from '../bytes/time.js'

/** Writes a moment to two words of a flow table: seconds, of which the low 32 bits, and nanoseconds. */
export function timeRow(rows: Int32Array, at: number, { seconds, fraction, clock }: Moment): void {
  const { unitsPerSecond } = clock
  // A damaged record can hold a million microseconds or more: they carry over.
  rows[at] = (seconds + Math.floor(fraction / unitsPerSecond)) | 0
  rows[at + 1] = Math.round(((fraction % unitsPerSecond) / unitsPerSecond) * 1e9)
}

/** The moment that was written, the one nearest to a later one: the upper bits of its seconds are taken from there. */
export function momentOfRow(rows: Int32Array, at: number, later: Moment): Moment {
  const since = (later.seconds - (rows[at] as number)) | 0
  return { seconds: later.seconds - since, fraction: rows[at + 1] as number, clock: NANOSECONDS }
}
