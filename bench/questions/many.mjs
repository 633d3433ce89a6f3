import { smallCaptures } from '../captures.mjs'
import { command, costTable, medians, PQCAP } from '../measure.mjs'

export const question = 'What do many small captures take, to NDJSON, beside the same packets in one file?'

/** Captures of one handshake each that `check` is given: as many as a run of tests makes. */
const CHECKED = 1000

export function measure({ runs, scale }) {
  const all = smallCaptures(Math.max(1, Math.round(10_000 * scale)))
  const few = smallCaptures(Math.max(1, Math.round(CHECKED * scale)))
  const analyze = (name, ...words) => command(name, process.execPath, PQCAP, 'analyze', '--format', 'ndjson', ...words)
  const check = (name, jobs) =>
    command(name, process.execPath, PQCAP, 'check', '--jobs', jobs, '--preset', 'hybrid', ...few.paths)
  const tables = [
    [
      analyze(`${all.paths.length} captures in one file`, all.whole),
      analyze('each in a file of its own, --jobs 1', '--jobs', '1', ...all.paths),
      analyze('the same, --jobs 2', '--jobs', '2', ...all.paths),
      analyze('the same, no --jobs', ...all.paths),
    ],
    [
      analyze(`${few.paths.length} captures in one file`, few.whole),
      analyze('each in a file of its own, --jobs 1', '--jobs', '1', ...few.paths),
      check('pqcap check of each, --jobs 1', '1'),
      check('the same, --jobs 2', '2'),
    ],
  ]
  // Where a handshake is not as the policy says, check ends with 1.
  return tables.map((commands) => costTable(medians(commands, runs, [0, 1]))).join('\n\n')
}
