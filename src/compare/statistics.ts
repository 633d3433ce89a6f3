import type { Spread, SpreadDifference } from './comparison.js'

/** Below this many values the 95th percentile is the largest of them, and a median says little of times. */
export const LEAST_SAMPLE = 20

/** null of no values. The 95th percentile is the nearest rank, so one of the values. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  if (n === 0) return null
  const upper = sorted[n >> 1] as number
  const lower = sorted[(n - 1) >> 1] as number
  return { n, median: rounded((lower + upper) / 2), p95: sorted[Math.ceil(n * 0.95) - 1] as number }
}

/** Gathers a size of pairs. */
export class Sample {
  private readonly before: number[] = []
  private readonly after: number[] = []

  add(before: number | null, after: number | null): void {
    if (before === null || after === null) return
    this.before.push(before)
    this.after.push(after)
  }

  spread(): SpreadDifference {
    const differences = this.after.map((after, i) => rounded(after - (this.before[i] as number)))
    return { before: spreadOf(this.before), after: spreadOf(this.after), difference: spreadOf(differences) }
  }
}

/** Times are counted in nanoseconds: what floating point adds behind them is not of the capture. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
