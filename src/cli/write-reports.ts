import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { printable } from '../bytes/text.js'
import type { CheckResult } from '../policy/finding.js'
import type { ReportFile } from './check-options.js'
import { EXIT_DONE, EXIT_FAILED } from './exit.js'
import { Output } from './output.js'
import type { Session, TextStream } from './session.js'
import { systemMessage } from './system-message.js'
import { writeWhole } from './write-file.js'

/** Writes each report into its file. Returns the exit status. */
export async function writeReports(
  result: CheckResult,
  files: readonly ReportFile[],
  session: Session,
): Promise<number> {
  const { CHECK_REPORTS } = await import('../report/check/index.js')
  let status = EXIT_DONE
  for (const { format, path } of files) {
    const failed = writeWhole(path, CHECK_REPORTS[format](result))
    if (failed === null) continue
    session.stderr.write(`pqcap: ${printable(`${path}: ${failed}`)}\n`, () => {})
    status = EXIT_FAILED
  }
  return status
}

/**
 * Text for the log of a job of GitHub Actions. The runner obeys `::error::` where a line begins, white space aside, and
 * `##[error]` anywhere in one: a server's or file's name may hold either. It takes none until it reads a token that
 * nobody can have known.
 */
export function withoutCommands(text: string): string {
  const token = randomUUID()
  return `::stop-commands::${token}\n${text}::${token}::\n`
}

/**
 * A stream for messages, of which each line begins with `pqcap:`, in a job of GitHub Actions: none has `##[` in it. What
 * is written to standard error may come before, between or after what stops commands on standard output.
 */
export function withoutCommandsIn(stream: TextStream): TextStream {
  const write: TextStream['write'] = (text, written) =>
    stream.write(typeof text === 'string' ? text.replaceAll('##[', '## [') : text, written)
  return { write, isTTY: stream.isTTY === true, ...(stream.columns === undefined ? {} : { columns: stream.columns }) }
}

/** In a job of GitHub Actions: annotations on standard output, and the summary of the step. Returns the exit status. */
export async function tellGithub(result: CheckResult, session: Session): Promise<number> {
  const { githubAnnotations, githubSummary } = await import('../report/check/index.js')
  const output = new Output(session.stdout, session.now)
  await output.write(githubAnnotations(result))
  await output.flush()
  const summary = session.env['GITHUB_STEP_SUMMARY']
  if (summary === undefined || summary === '') return EXIT_DONE
  try {
    // Other commands of the step may have written there.
    appendFileSync(summary, githubSummary(result))
    return EXIT_DONE
  } catch (error) {
    session.stderr.write(`pqcap: ${printable(summary)}: cannot be written: ${systemMessage(error)}\n`, () => {})
    return EXIT_FAILED
  }
}
