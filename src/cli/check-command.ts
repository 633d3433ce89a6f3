import { availableParallelism } from 'node:os'
import { normalize } from 'node:path'
import { printable } from '../bytes/text.js'
import { Check } from '../policy/check.js'
import { type CheckWork, evaluatorOf } from '../policy/evaluate.js'
import type { CheckResult } from '../policy/finding.js'
import { PolicyError } from '../policy/node.js'
import type { Policy } from '../policy/policy.js'
import { distinctNames } from '../policy/relative-name.js'
import { type PolicyFiles, policyOfFile, policyOfLabels, policyOfPreset } from '../policy/resolve.js'
import { isEmptyRun, readKnownFailures, refuseToReplace, writeBaseline } from './baseline-file.js'
import type { CheckCommandOptions } from './check-options.js'
import { digest } from './check-preparer.js'
import { Checking } from './checking.js'
import { EXIT_CHECK_FAILED, EXIT_DONE, EXIT_FAILED } from './exit.js'
import { type FoundCaptures, findCaptures } from './find-captures.js'
import { isLive } from './live-input.js'
import { Output } from './output.js'
import { policyFiles } from './policy-files.js'
import { readHere } from './read-here.js'
import { withSentNames } from './server-names.js'
import type { Session } from './session.js'
import { tellGithub, withoutCommands, withoutCommandsIn, writeReports } from './write-reports.js'
import { refuseToWriteOver } from './written-files.js'

/** `pqcap check`: every handshake of every capture against a policy. Returns the exit status. */
export async function checkCommand(options: CheckCommandOptions, told: Session): Promise<number> {
  const session = isGithub(told) ? { ...told, stderr: withoutCommandsIn(told.stderr) } : told
  try {
    const files = policyFiles(session)
    const policy = await loadPolicy(options, files)
    if (options.printPolicy) return await printPolicy(policy, options, session)
    return await checkCaptures(withSentNames(policy), files.paths, options, session)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    for (const problem of error.problems) say(problem, session)
    return EXIT_FAILED
  }
}

async function loadPolicy(
  { policy, preset, require: labels }: CheckCommandOptions,
  files: PolicyFiles,
): Promise<Policy> {
  if (labels !== undefined) return policyOfLabels(labels)
  return preset !== undefined ? policyOfPreset(preset) : policyOfFile(normalize(policy as string), files)
}

async function printPolicy(policy: Policy, { inputs }: CheckCommandOptions, session: Session): Promise<number> {
  const { policyText } = await import('../policy/print.js')
  // Status 0 says nothing of captures then, and must not look as if it did.
  if (inputs.length > 0) say('--print-policy prints the policy alone: no capture is checked', session)
  return print(policyText(policy), session)
}

async function checkCaptures(
  policy: Policy,
  policyPaths: readonly string[],
  options: CheckCommandOptions,
  session: Session,
): Promise<number> {
  const { baseline, allowEmpty } = options
  const known = baseline === undefined || options.writeBaseline ? null : await readKnownFailures(baseline, session)
  if (baseline !== undefined && options.writeBaseline) await refuseToReplace(baseline, session)
  const found = await findCaptures(options.inputs)
  await refuseToWriteOver(found, policyPaths, options, session)
  tellNotRead(found, session)

  // JUnit counts what passed by name.
  const namesPassed = options.report.some(({ format }) => format === 'junit')
  const names = distinctNames(found.captures, found.roots)
  const work: CheckWork = { policy, roots: found.roots, names, namesPassed }
  const evaluator = await evaluatorOf(work, digest)
  const check = new Check({ ...work, known, writesBaseline: options.writeBaseline, allowEmpty }, evaluator)
  const checking = new Checking(check, evaluator, found, session)
  const live = found.captures.length === 1 && found.captures.every(isLive)
  await read(found, work, options, session, checking)
  if (session.interrupted.aborted && !live && !checking.interrupted) checking.tellInterruption()
  const result = check.end(checking.interrupted)
  checking.end()

  const reported = await report(result, options, session)
  const written = options.writeBaseline ? writeBaseline(baseline as string, check, result, session) : EXIT_DONE
  return Math.max(reported, written, options.writeBaseline ? unbasedStatus(result) : STATUS[result.outcome])
}

const STATUS: Readonly<Record<CheckResult['outcome'], number>> = {
  passed: EXIT_DONE,
  failed: EXIT_CHECK_FAILED,
  trouble: EXIT_FAILED,
}

/** What fails has just become known; but that nothing was found cannot. */
function unbasedStatus(result: CheckResult): number {
  return result.outcome === 'trouble' || isEmptyRun(result) ? STATUS[result.outcome] : EXIT_DONE
}

async function read(
  { captures }: FoundCaptures,
  check: CheckWork,
  { reader, jobs }: CheckCommandOptions,
  session: Session,
  checking: Checking,
): Promise<void> {
  const threads = jobs ?? availableParallelism()
  if (captures.length > 1 && threads > 1) {
    const { divide } = await import('./tasks.js')
    const tasks = divide(captures, threads, jobs !== undefined)
    if (tasks !== null) {
      const { loadReadingInWorkers } = await import('./read-in-workers.js')
      const options = { format: 'ndjson', filter: [], reader, all: false, check } as const
      const readAll = await loadReadingInWorkers(tasks, threads, options, session)
      return readAll(checking)
    }
  }
  const analyze = await session.loadAnalyze()
  await readHere(analyze, () => true, { captures, reader }, session, checking)
}

function isGithub({ env }: Session): boolean {
  return env['GITHUB_ACTIONS'] === 'true'
}

/** The terminal's report, those in files, and what GitHub Actions reads. */
async function report(result: CheckResult, options: CheckCommandOptions, session: Session): Promise<number> {
  const { tableColors } = await import('./terminal.js')
  const { checkText } = await import('../report/check/terminal.js')
  const colors = tableColors(options.color, session.stdout, session.env)
  const text = checkText(result, { colors, all: options.all })
  const printed = await print(isGithub(session) ? withoutCommands(text) : text, session)
  const written = options.report.length > 0 ? await writeReports(result, options.report, session) : EXIT_DONE
  const told = isGithub(session) ? await tellGithub(result, session) : EXIT_DONE
  return Math.max(printed, written, told)
}

/** Status 0 also where the reader has gone: the status of a check is what the check found. */
async function print(text: string, session: Session): Promise<number> {
  const output = new Output(session.stdout, session.now)
  await output.write(text)
  await output.flush()
  if (output.error === null) return EXIT_DONE
  say(`standard output: ${output.error.message}`, session)
  return EXIT_FAILED
}

/** Of what is left out, enough to know it by. */
const NOT_READ_TOLD = 10

function tellNotRead({ notRead }: FoundCaptures, session: Session): void {
  for (const what of notRead.slice(0, NOT_READ_TOLD)) say(what, session)
  const more = notRead.length - NOT_READ_TOLD
  if (more > 0) say(`and ${more} more that are not read`, session)
}

function say(message: string, session: Session): void {
  session.stderr.write(`pqcap: ${printable(message)}\n`, () => {})
}
