import { printable } from '../bytes/text.js'
import { compare } from '../compare/compare.js'
import type { Comparison, ConditionResult, SideSummary } from '../compare/comparison.js'
import { type Condition, parseCondition } from '../compare/conditions.js'
import { pairHandshakes } from '../compare/pairing.js'
import { plural } from '../report/counted.js'
import { DIFF_REPORTERS } from '../report/diff/index.js'
import { displayName } from '../report/display-name.js'
import type { DiffCommandOptions } from './diff-options.js'
import { selectionsOf } from './diff-pairs.js'
import { noHandshake, readSide, readsStandardInput, type Side } from './diff-sides.js'
import { EXIT_CHECK_FAILED, EXIT_DONE, EXIT_FAILED, UsageError } from './exit.js'
import { loadFilter } from './load-filter.js'
import { Output } from './output.js'
import { ProgressLine } from './progress.js'
import type { Session } from './session.js'
import { tableColors, tableWidth } from './terminal.js'

/** `pqcap diff`: what is different between the handshakes of two sides. Returns the exit status. */
export async function diffCommand(options: DiffCommandOptions, session: Session): Promise<number> {
  const conditions = options.failOn.map(readCondition)
  if (readsStandardInput(options.before) && readsStandardInput(options.after))
    throw new UsageError('standard input can be read only once')
  const analyze = await session.loadAnalyze()
  const filter = await loadFilter(options.filter)
  const messages = new Messages(session)
  const { progress } = messages
  const tell = messages.trouble.bind(messages)
  const filtered = options.filter.length > 0
  const reading = { analyze, filter, filtered, session, progress, reader: options.reader, tell }
  const before = await readSide(options.before, reading)
  const after = await readSide(options.after, reading)
  if (session.interrupted.aborted) throw new UsageError('interrupted, nothing was compared')

  const pairing = pairHandshakes(before.candidates, after.candidates, selectionsOf(options.pair, before, after))
  const comparison = compare(summaryOf(before), summaryOf(after), pairing, conditions)
  // What was not read is no left-over.
  if (before.captures + after.captures > 0) await print(comparison, options, session, messages)
  if (pairing.pairs.length === 0) messages.say(nothingToPair(before, after, filtered))
  else tellConditions(comparison, messages)
  return messages.status
}

function readCondition(text: string): readonly [string, Condition] {
  const condition = parseCondition(text)
  if (condition === null)
    throw new UsageError(`unknown condition '${text}' of --fail-on; known: downgrade, any, cost:+20%`)
  return [text, condition]
}

function summaryOf({ name, captures, candidates }: Side): SideSummary {
  return { name, captures, handshakes: candidates.length }
}

function nothingToPair(before: Side, after: Side, filtered: boolean): string {
  const empty = [before, after].filter(({ candidates }) => candidates.length === 0)
  if (empty.length === 0) return 'nothing to pair: the server names differ; --pair says what belongs together'
  const names = empty.map(({ name }) => displayName(name)).join(' and ')
  return `nothing to pair: ${noHandshake(filtered)} in ${names}`
}

/** Says which conditions hold; one that could be told of no pair at all has checked nothing. */
function tellConditions({ failOn, summary: { pairs } }: Comparison, messages: Messages): void {
  for (const result of failOn) {
    const { condition, failed, notComparable } = result
    if (failed > 0) messages.condition(`--fail-on ${condition}: ${failedWords(result, pairs)}`)
    else if (notComparable === pairs) messages.say(`--fail-on ${condition}: no pair could be compared`)
    else if (notComparable > 0)
      messages.tell(`--fail-on ${condition}: ${notComparable} of ${pairs} pairs could not be compared`)
  }
}

function failedWords({ condition, failed }: ConditionResult, pairs: number): string {
  return condition === 'any' ? `${failed} different or left over` : `holds for ${failed} of ${plural(pairs, 'pair')}`
}

async function print(
  comparison: Comparison,
  { format, all, color }: DiffCommandOptions,
  session: Session,
  messages: Messages,
): Promise<void> {
  const { stdout, env, now } = session
  const report = await DIFF_REPORTERS[format]()
  const output = new Output(stdout, now, () => messages.progress.clear())
  const width = tableWidth(stdout, env)
  for (const piece of report(comparison, { width, colors: tableColors(color, stdout, env), all })) {
    const pending = output.write(piece)
    if (pending !== undefined) await pending
    if (output.done) break
  }
  await output.flush()
  if (output.error !== null) messages.say(`standard output: ${output.error.message}`)
}

/** What is said on standard error, and the exit status that follows from it: trouble outweighs a condition. */
class Messages {
  status = EXIT_DONE
  readonly progress: ProgressLine
  private readonly session: Session

  constructor(session: Session) {
    this.session = session
    this.progress = new ProgressLine(session.stderr, session.now)
  }

  /** Something is wrong with a capture. */
  trouble(capture: string, message: string): void {
    this.say(`${displayName(capture)}: ${message}`)
  }

  say(message: string): void {
    this.status = EXIT_FAILED
    this.tell(message)
  }

  condition(message: string): void {
    if (this.status === EXIT_DONE) this.status = EXIT_CHECK_FAILED
    this.tell(message)
  }

  tell(message: string): void {
    this.progress.clear()
    this.session.stderr.write(`pqcap: ${printable(message)}\n`, () => {})
  }
}
