import { statSync } from 'node:fs'

/** Captures that one worker reads in one go, and how much work they are. */
export interface Task {
  readonly captures: readonly string[]
  /** Bytes, with `CAPTURE_WEIGHT` for each capture. */
  readonly weight: number
}

/** Opening a capture takes as long as reading this many bytes of handshakes (measured in bench/results.md). */
const CAPTURE_WEIGHT = 12 * 1024
/**
 * Divided by the number of jobs: less than this is read by one thread before the others have started, compiled their code,
 * and caught up. Two jobs break even from 1.5 GB of handshakes on (measured in bench/results.md).
 */
const WORTH_WORKERS = 3 * 1024 * 1024 * 1024
/** A task is short, so that the workers end together, and its answers take little memory; but its messages are few. */
const MAX_CAPTURES = 128
const MAX_WEIGHT = 16 * 1024 * 1024
/** Tasks for each worker, where there is little to do. */
const TASKS_EACH = 4

/**
 * Divides captures among workers, in their order; null where they are better read without any: there is little to read
 * and no number of jobs was asked for, or one of them is a pipe, which is read as it is written.
 */
export function divide(captures: readonly string[], jobs: number, asked: boolean): Task[] | null {
  const weights: number[] = []
  let total = 0
  for (const capture of captures) {
    const size = sizeOf(capture)
    if (size === null) return null
    weights.push(size + CAPTURE_WEIGHT)
    total += size + CAPTURE_WEIGHT
  }
  if (!asked && total < WORTH_WORKERS / jobs) return null

  const most = Math.min(MAX_WEIGHT, total / (jobs * TASKS_EACH))
  const tasks: Task[] = []
  for (let start = 0; start < captures.length; ) {
    let weight = weights[start] as number
    let end = start + 1
    while (end < captures.length && end - start < MAX_CAPTURES && weight + (weights[end] as number) <= most) {
      weight += weights[end] as number
      end++
    }
    tasks.push({ captures: captures.slice(start, end), weight })
    start = end
  }
  return tasks
}

/** Bytes of a file, 0 where there is none or it cannot be seen, null for standard input and whatever else is no file. */
function sizeOf(capture: string): number | null {
  if (capture === '-') return null
  try {
    const status = statSync(capture, { throwIfNoEntry: false })
    if (status === undefined || status.isDirectory()) return 0
    return status.isFile() ? status.size : null
  } catch {
    return 0
  }
}
