import type { Progress } from '../analyze.js'
import { printable } from '../bytes/text.js'
import { REPORTERS, type Reporter } from '../report/index.js'
import type { CaptureRecord, PqcapRecord } from '../verdict/record.js'
import { EXIT_DONE, EXIT_FAILED } from './exit.js'
import type { Filter } from './filter.js'
import { interruptible } from './interruptible.js'
import type { AnalyzeCommandOptions } from './options.js'
import { Output } from './output.js'
import { ProgressLine } from './progress.js'
import type { Session } from './session.js'

/** `pqcap analyze`: every handshake of every capture, in the order given. Returns the exit status. */
export async function analyzeCommand(options: AnalyzeCommandOptions, session: Session): Promise<number> {
  const [filter, reporter, analyze] = await Promise.all([
    loadFilter(options.filter),
    loadReporter(options, session),
    session.loadAnalyze(),
  ])
  const progress = new ProgressLine(session.stderr, session.now)
  const output = new Output(session.stdout, session.now, () => {
    if (session.stdout.isTTY === true) progress.clear()
  })
  let status = EXIT_DONE

  const tell = (message: string): void => {
    progress.clear()
    session.stderr.write(`pqcap: ${printable(message)}\n`, () => {})
  }
  const onProgress = (now: Progress): void => {
    progress.update(now)
    void output.tick()
  }

  const report = (record: PqcapRecord): Promise<void> | undefined => {
    if (record.type === 'capture') {
      if (record.error !== null) status = EXIT_FAILED
      tellError(record, tell)
      return output.write(reporter.capture(record))
    }
    return filter(record) ? output.write(reporter.handshake(record)) : undefined
  }

  await output.write(reporter.begin())
  for (const name of options.captures) {
    if (output.done || session.interrupted.aborted) break
    const live = name === '-'
    const input = live ? interruptible(session.stdin, session.interrupted) : name
    progress.begin(displayName(name))
    const signal = session.interrupted
    for await (const records of analyze(input, { name, reader: options.reader, onProgress, signal })) {
      for (const record of records) {
        const pending = report(record)
        if (pending !== undefined) await pending
      }
      if (output.done) break
    }
    if (signal.aborted && !live) tell(`${displayName(name)}: interrupted, the rest was not read`)
  }
  await output.write(reporter.end())
  await output.flush()
  progress.clear()

  if (output.error !== null) {
    tell(`standard output: ${output.error.message}`)
    return EXIT_FAILED
  }
  return output.closed ? EXIT_DONE : status
}

function tellError({ capture, error }: CaptureRecord, tell: (message: string) => void): void {
  if (error !== null) tell(`${displayName(capture)}: ${error.message}`)
}

function displayName(capture: string): string {
  return capture === '-' ? 'standard input' : capture
}

async function loadFilter(expressions: readonly string[]): Promise<Filter> {
  if (expressions.length === 0) return () => true
  const { parseFilters } = await import('./filter.js')
  return parseFilters(expressions)
}

async function loadReporter(options: AnalyzeCommandOptions, { stdout, env }: Session): Promise<Reporter> {
  if (options.format !== 'table') return REPORTERS[options.format]()
  const { tableColors, tableWidth } = await import('./terminal.js')
  return REPORTERS.table({
    width: tableWidth(stdout, env),
    colors: tableColors(options.color, stdout, env),
    all: options.all,
    live: options.captures.includes('-'),
    several: options.captures.length > 1,
    filtered: options.filter.length > 0,
  })
}
