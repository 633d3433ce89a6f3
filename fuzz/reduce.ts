import { join } from '../test/support/bytes.js'
import type { Result, Trial } from './check.js'
import { unitsOf } from './container.js'

/** Trials that are spent on making one find small. */
const MAX_TRIALS = 1500

/** A smaller capture that breaks the same invariant: packets left out, then runs of bytes, then bytes made plain. */
export async function reduced(
  trial: Trial,
  invariant: string,
  attempt: (trial: Trial) => Promise<Result>,
): Promise<Trial> {
  let best = trial
  let trials = 0
  const keep = async (bytes: Uint8Array): Promise<boolean> => {
    if (bytes.length === 0 || trials++ > MAX_TRIALS) return false
    const smaller = { ...best, bytes }
    const { problem } = await attempt(smaller)
    if (problem?.invariant !== invariant) return false
    best = smaller
    return true
  }
  for (let removed = true; removed && trials < MAX_TRIALS; ) {
    removed = false
    for (let i = unitsOf(best.bytes).length - 1; i >= 0; i--) {
      const unit = unitsOf(best.bytes)[i]
      if (unit !== undefined && (await keep(without(best.bytes, unit.start, unit.end)))) removed = true
    }
  }
  for (let size = best.bytes.length >> 1; size > 0; size >>= 1) {
    for (let at = best.bytes.length - size; at >= 0 && trials < MAX_TRIALS; at -= size)
      await keep(without(best.bytes, at, at + size))
  }
  for (let at = best.bytes.length - 1; at >= 0 && trials < MAX_TRIALS; at--) {
    if (best.bytes[at] === 0) continue
    const plain = best.bytes.slice()
    plain[at] = 0
    await keep(plain)
  }
  return best
}

function without(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return join(bytes.subarray(0, start), bytes.subarray(end))
}
