import type { Reader } from '../analyze.js'
import type { CheckWork } from '../policy/evaluate.js'
import type { Format, TotalCounts } from '../report/index.js'
import type { CaptureRecord } from '../verdict/record.js'

/** What a worker is told when it starts. */
export interface WorkerOptions {
  readonly format: Format
  /** Expressions that must all hold: handshakes that do not pass stay in the worker. */
  readonly filter: readonly string[]
  readonly reader: Reader
  /** Every handshake in the table. */
  readonly all: boolean
  /** Bytes that may be delivered and not be printed yet. */
  readonly maxAhead: number
  /** Handshakes are held against a policy, and what fails is delivered in place of the format. */
  readonly check?: CheckWork
}

export type ToWorker =
  /** Read these captures. */
  | { readonly type: 'read'; readonly captures: readonly string[] }
  /** A delivery has been printed; the memory of its text may be used again where it is shared. */
  | { readonly type: 'taken'; readonly memory: SharedArrayBuffer | null }
  /** End the capture at hand as if it ended there, and read no further one. */
  | { readonly type: 'interrupt' }

export type FromWorker = Delivery | WorkerProgress

/** What was read since the last delivery: handshakes made ready for printing, and the captures that ended. */
export interface Delivery {
  readonly type: 'delivery'
  /** Prepared handshakes of one capture after another, in shared memory where they are long. */
  readonly text: Uint8Array
  readonly totals: TotalCounts
  /** JSON of a list of `CaptureEnd`: the captures that ended. A copy of its objects would take three times as long. */
  readonly ended: string
  /** How many these are. */
  readonly endedCount: number
  /** Where in `text` the last of them ends; 0 where there is none. */
  readonly endedAt: number
  /** The key shares of the captures that ended, as `AnalyzeOptions.onKeyShares` gives them, one after the other. */
  readonly keyShares: Int32Array
  /** The captures that were asked for are done. */
  readonly last: boolean
}

/** The record of a capture, and where in a delivery its own ends. */
export interface CaptureEnd {
  /** Its handshakes, in `text`. */
  readonly at: number
  /** Its key shares, in `keyShares`. */
  readonly keySharesAt: number
  readonly record: CaptureRecord
}

/** How far the capture at hand is. */
export interface WorkerProgress {
  readonly type: 'progress'
  readonly capture: string
  readonly bytesRead: number
  readonly totalBytes: number | null
  readonly packets: number
  readonly handshakes: number
}

/** Text of a delivery: large enough that handing it over costs nothing a handshake. */
export const DELIVERY_LENGTH = 128 * 1024
/**
 * Bytes that all workers together may have delivered before it is their turn to be printed; then they wait, so that
 * memory grows neither with the number of captures nor with their size. Two workers are both kept busy as long as this
 * is half of what there is to print of a capture: with NDJSON, and nothing but handshakes, one of 150 MB.
 */
const MAX_AHEAD = 48 * 1024 * 1024
/** With many workers, what each may have. */
const LEAST_AHEAD = 4 * 1024 * 1024

/** What each of a number of workers may have delivered; the one whose turn it is needs none of it. */
export function aheadOfEach(workers: number): number {
  return Math.max(MAX_AHEAD / (workers - 1), LEAST_AHEAD)
}

/** Bytes of a delivery. */
export function deliveryLength({ text, ended, keyShares }: Delivery): number {
  return text.length + ended.length + keyShares.byteLength
}
