import { existsSync } from 'node:fs'
import { printable } from '../bytes/text.js'
import { type Baseline, baselineText, KnownFailures, MAX_ENTRIES, readBaseline } from '../policy/baseline.js'
import type { Check } from '../policy/check.js'
import type { CheckResult } from '../policy/finding.js'
import { counted } from '../report/counted.js'
import { EXIT_CHECK_FAILED, EXIT_DONE, EXIT_FAILED, UsageError } from './exit.js'
import { readText } from './read-text.js'
import type { Session } from './session.js'
import { writeWhole } from './write-file.js'

/** `MAX_ENTRIES` with room for the names in them. */
const MAX_LENGTH = 256 * 1024 * 1024

/** @throws UsageError where the file cannot be read, or is no baseline */
export async function readKnownFailures(path: string, session: Session): Promise<KnownFailures> {
  let baseline: Baseline
  try {
    baseline = readBaseline(await readText(path, MAX_LENGTH, session))
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return new KnownFailures(baseline)
}

/**
 * A slip on the command line must not cost another file.
 * @throws UsageError where there is one that is no baseline
 */
export async function refuseToReplace(path: string, session: Session): Promise<void> {
  if (!existsSync(path)) return
  try {
    readBaseline(await readText(path, MAX_LENGTH, session))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${path}: exists already, and ${message}; it would be overwritten`)
  }
}

/** Nothing was there to be held against the policy. */
export function isEmptyRun({ findings }: CheckResult): boolean {
  return findings.some(({ rule, severity }) => rule === 'empty-run' && severity === 'error')
}

/** Writes what failed; not where that is not the whole of it. Returns the exit status. */
export function writeBaseline(path: string, check: Check, result: CheckResult, session: Session): number {
  const say = (message: string): number => {
    session.stderr.write(`pqcap: ${printable(`${path}: ${message}`)}\n`, () => {})
    return EXIT_FAILED
  }
  if (result.outcome === 'trouble') return say('not written, as not all captures were read whole')
  if (isEmptyRun(result)) {
    say(
      `not written, as ${result.unjudged === undefined ? 'no TLS handshake was found' : 'nothing was held against a rule'}`,
    )
    return EXIT_CHECK_FAILED
  }
  if (!check.baselineIsWhole) return say(`not written, as there are more than ${MAX_ENTRIES} different failures`)
  const entries = [...check.baseline.values()]
  const failed = writeWhole(path, baselineText(entries))
  if (failed !== null) return say(failed)
  const failures = entries.reduce((sum, { count }) => sum + count, 0)
  const known = failures === 1 ? '1 failure is' : `${counted(failures)} failures are`
  // What was told before says that they fail, and the status that they do not.
  session.stdout.write(`wrote ${printable(path)}: ${known} known from now on\n`, () => {})
  return EXIT_DONE
}
