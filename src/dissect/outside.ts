import type { Moment } from '../bytes/time.js'
import type { Role } from '../registry/types.js'
import { isTextByte } from '../tls/preamble.js'
import type { RecordedBytes } from './recording.js'

/** Bytes of one direction that follow each other and are in no record. */
export interface OutsideBytes {
  readonly from: Role
  readonly why: WhyOutside
  /** The first frame that holds some of them, and the one in which the last became readable. */
  readonly firstFrame: number
  readonly lastFrame: number
  readonly time: Moment
  readonly length: number
  /** They are text, or something known that is said before TLS; false where that cannot be told. */
  readonly isClear: boolean
  /** When the last of them became readable, as `place` of a record. */
  readonly place: number
}

export type WhyOutside =
  /** TLS begins after them. */
  | 'before'
  /** No TLS is in this direction. */
  | 'not-tls'
  /** Where the next record begins is not known: after a gap, or after what is not a record. */
  | 'lost'
  /** After the first 4096 records of a direction the rest is not looked at. */
  | 'limit'

type Run = { -readonly [Key in keyof OutsideBytes]: OutsideBytes[Key] }

/** Gathers what of one direction is in no record, so that no byte of it is left untold. */
export class OutsideRecords {
  private readonly from: Role
  private readonly runs: Run[] = []

  constructor(from: Role) {
    this.from = from
  }

  /** A part of a chunk; `isPreamble` where what is known to be said before TLS ends with it. */
  add(chunk: RecordedBytes, place: number, start: number, end: number, why: WhyOutside, isPreamble: boolean): void {
    if (start >= end) return
    const { runs, from } = this
    const { bytes, frame, heldIn, time } = chunk
    const isClear = isPreamble || isText(bytes, start, end)
    const last = runs.at(-1)
    if (last !== undefined && last.why === why && place - last.place <= 1) {
      last.lastFrame = frame
      last.length += end - start
      // What is known by its end was held from its beginning on.
      last.isClear = isPreamble || (last.isClear && isClear)
      last.place = place
    } else runs.push({ from, why, firstFrame: heldIn, lastFrame: frame, time, length: end - start, isClear, place })
  }

  /**
   * What there is, once it is known whether TLS began in this direction; and whether its first byte is in the capture,
   * without which what is no text may be the rest of a record.
   */
  finish(hasRecords: boolean, isFromOpening: boolean): readonly OutsideBytes[] {
    return this.runs.map((run) => {
      if (run.why !== 'before') return run
      if (!isFromOpening && !run.isClear) return { ...run, why: 'lost' }
      return hasRecords ? run : { ...run, why: 'not-tls' }
    })
  }
}

/** Whether bytes are text: nobody encrypts to that. */
export function isText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isTextByte(bytes[i] as number)) return false
  return true
}
