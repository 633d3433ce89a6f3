import { availableParallelism } from 'node:os'
import { REPORTERS, type Reporter } from '../report/index.js'
import { isLive } from './live-input.js'
import { loadFilter } from './load-filter.js'
import type { AnalyzeCommandOptions } from './options.js'
import { Printing } from './printing.js'
import { readHere } from './read-here.js'
import type { Session } from './session.js'

/** Reads the captures and prints what is in them. */
type Reading = (printing: Printing) => Promise<void>

/** `pqcap analyze`: every handshake of every capture, in the order given. Returns the exit status. */
export async function analyzeCommand(options: AnalyzeCommandOptions, session: Session): Promise<number> {
  // First and alone: Node 20 gives an empty object for a CommonJS module that is imported while this is.
  const inWorkers = await loadThreads(options, session)
  const [reporter, read] = await Promise.all([
    loadReporter(options, session, inWorkers === null),
    inWorkers ?? loadReadingHere(options, session),
  ])
  const printing = new Printing(reporter, session)
  await printing.begin()
  await read(printing)
  return printing.end()
}

async function loadReadingHere(options: AnalyzeCommandOptions, session: Session): Promise<Reading> {
  const [filter, analyze] = await Promise.all([loadFilter(options.filter), session.loadAnalyze()])
  return (printing) => readHere(analyze, filter, options, session, printing)
}

/** null where this thread alone reads. */
async function loadThreads(options: AnalyzeCommandOptions, session: Session): Promise<Reading | null> {
  const { captures, jobs = availableParallelism() } = options
  if (captures.length === 1 || jobs === 1) return null
  const { divide } = await import('./tasks.js')
  const tasks = divide(captures, jobs, options.jobs !== undefined)
  if (tasks === null) return null
  // A worker reads the expressions itself; what is wrong with them is to be told once, and before anything else.
  await loadFilter(options.filter)
  const { loadReadingInWorkers } = await import('./read-in-workers.js')
  return loadReadingInWorkers(tasks, jobs, options, session)
}

async function loadReporter(
  options: AnalyzeCommandOptions,
  { stdout, env }: Session,
  mayBeLive: boolean,
): Promise<Reporter> {
  if (options.format !== 'table') return REPORTERS[options.format]()
  const { tableColors, tableWidth } = await import('./terminal.js')
  return REPORTERS.table({
    width: tableWidth(stdout, env),
    colors: tableColors(options.color, stdout, env),
    all: options.all,
    live: mayBeLive && options.captures.some(isLive),
    several: options.captures.length > 1,
    filtered: options.filter.length > 0,
  })
}
