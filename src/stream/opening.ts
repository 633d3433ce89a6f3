import { type Moment, NANOSECONDS, nanosecondsBetween, wholeSeconds } from '../bytes/time.js'
import type { Direction } from '../registry/direction.js'
import { ACK } from '../registry/tcp-flags.js'
import type { StreamOpening } from './chunk.js'
import { FIRST_SYN, ROUND_TRIP, ROUND_TRIP_KNOWN, SYN_ANSWERED, SYN_TIMED } from './flow-table.js'

/** Notes in the row of a flow when a SYN came; returns the bits of STATUS that it sets. */
export function timeSyn(
  rows: Int32Array,
  row: number,
  direction: Direction,
  status: number,
  flags: number,
  now: Moment,
): number {
  if ((flags & ACK) !== 0) return (status & (SYN_TIMED << (direction ^ 1))) === 0 ? 0 : SYN_ANSWERED
  // Both ends may send one (RFC 9293 §3.5, simultaneous open): the first counts. Of one that is sent again, also as
  // the SYN/ACK was lost, the last.
  if ((status & (ROUND_TRIP_KNOWN | (SYN_TIMED << (direction ^ 1)))) !== 0) return 0
  timeRow(rows, row + ROUND_TRIP, now)
  if ((status & (SYN_TIMED << direction)) === 0) timeRow(rows, row + FIRST_SYN, now)
  return SYN_TIMED << direction
}

/** Notes how long it took from the last SYN until now. */
export function timeRoundTrip(rows: Int32Array, row: number, now: Moment): void {
  const sent = momentOfRow(rows, row + ROUND_TRIP, now)
  // A clock that was set back would make it negative.
  const nanoseconds = Math.max(0, nanosecondsBetween(sent, now))
  rows[row + ROUND_TRIP] = Math.floor(nanoseconds / 1e9)
  rows[row + ROUND_TRIP + 1] = nanoseconds % 1e9
}

/** How the connection of a row was opened; null where its SYN was not captured. */
export function openingOfRow(rows: Int32Array, row: number, status: number, now: Moment): StreamOpening | null {
  if ((status & (SYN_TIMED | (SYN_TIMED << 1))) === 0) return null
  const known = (status & ROUND_TRIP_KNOWN) !== 0
  return {
    syn: momentOfRow(rows, row + FIRST_SYN, now),
    roundTripNanoseconds: known
      ? (rows[row + ROUND_TRIP] as number) * 1e9 + (rows[row + ROUND_TRIP + 1] as number)
      : null,
  }
}

/** Writes a moment to two words of a flow table: seconds, of which the low 32 bits, and nanoseconds. */
export function timeRow(rows: Int32Array, at: number, moment: Moment): void {
  const { fraction, clock } = moment
  const { unitsPerSecond } = clock
  rows[at] = wholeSeconds(moment) | 0
  rows[at + 1] = Math.round(((fraction % unitsPerSecond) / unitsPerSecond) * 1e9)
}

/** The moment that was written, the one nearest to a later one: the upper bits of its seconds are taken from there. */
export function momentOfRow(rows: Int32Array, at: number, later: Moment): Moment {
  const since = (later.seconds - (rows[at] as number)) | 0
  return { seconds: later.seconds - since, fraction: rows[at + 1] as number, clock: NANOSECONDS }
}
