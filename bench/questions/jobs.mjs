import { capture } from '../captures.mjs'
import { command, costTable, medians, PQCAP } from '../measure.mjs'

export const question = 'What does a second job gain on large captures?'

/** The same capture so many times. */
const COPIES = { handshakes: 16, bulk: 8 }

export function measure({ runs, scale }) {
  const sizes = { handshakes: 250 * scale, bulk: 2000 * scale }
  const tables = Object.entries(COPIES).map(([kind, copies]) => {
    const path = capture(kind, sizes[kind])
    const words = ['analyze', '--format', 'ndjson', ...Array(copies).fill(path)]
    const withJobs = (jobs) =>
      command(`${copies} of ${kind}, --jobs ${jobs}`, process.execPath, PQCAP, ...words, '--jobs', String(jobs))
    return costTable(medians([withJobs(1), withJobs(2)], runs))
  })
  return tables.join('\n\n')
}
