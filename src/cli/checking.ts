import type { Progress } from '../analyze.js'
import { printable } from '../bytes/text.js'
import type { Check } from '../policy/check.js'
import type { Evaluator } from '../policy/evaluate.js'
import { displayName } from '../report/display-name.js'
import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import { checkDeliveries } from './check-preparer.js'
import type { FoundCaptures } from './find-captures.js'
import { ProgressLine, progressBar } from './progress.js'
import type { RecordSink } from './record-sink.js'
import { ReusedShares } from './reused-shares.js'
import type { Session } from './session.js'
import type { CaptureEnd, Delivery } from './worker-messages.js'

/** Holds what is read against a policy; messages and progress go to standard error. */
export class Checking implements RecordSink {
  readonly done = false
  /** Some captures were not read, or not to their end. */
  interrupted = false
  private readonly check: Check
  private readonly evaluator: Evaluator
  private readonly found: FoundCaptures
  private readonly session: Session
  private readonly progress: ProgressLine
  private readonly reused = new ReusedShares()

  constructor(check: Check, evaluator: Evaluator, found: FoundCaptures, session: Session) {
    this.check = check
    this.evaluator = evaluator
    this.found = found
    this.session = session
    this.progress = new ProgressLine(session.stderr, session.now)
  }

  handshake(record: HandshakeRecord): undefined {
    const judged = this.evaluator.handshake(record)
    if (judged !== null) this.check.judged(judged)
  }

  capture(ended: CaptureRecord, keyShares?: Int32Array): undefined {
    const record = keyShares === undefined ? ended : this.reused.note(ended, keyShares)
    const { capture, error } = record
    const maybe = this.found.maybe.has(capture)
    this.check.expectedCounts(this.evaluator.takeCounts())
    this.check.namesCame(this.evaluator.takeNearNames())
    this.check.capture(record, maybe)
    if (error !== null && !(maybe && error.code === 'not-a-capture')) this.tell(capture, error.message)
    const all = this.found.captures.length
    if (all > 1) this.progress.show(() => progressBar(this.check.capturesRead, all, 'captures'))
  }

  async delivery({ text, ended, keyShares }: Delivery): Promise<void> {
    let from = 0
    let keySharesFrom = 0
    for (const { at, keySharesAt, record } of JSON.parse(ended) as CaptureEnd[]) {
      this.judged(text.subarray(from, at))
      this.capture(record, keyShares.subarray(keySharesFrom, keySharesAt))
      from = at
      keySharesFrom = keySharesAt
    }
    this.judged(text.subarray(from))
  }

  progressOf(capture: string): (progress: Progress) => void {
    if (this.found.captures.length > 1) return () => {}
    this.progress.begin(displayName(capture))
    return (progress) => this.progress.update(progress)
  }

  tellInterruption(): void {
    this.interrupted = true
    this.say('interrupted, not all was read')
  }

  /** Takes the progress off the screen. */
  end(): void {
    this.progress.clear()
  }

  private judged(text: Uint8Array): void {
    for (const item of checkDeliveries(text)) {
      if ('failures' in item) this.check.judged(item)
      else if ('overrides' in item) this.check.overridesUsed(item.overrides)
      else if ('near' in item) this.check.namesCame(item.near)
      else this.check.expectedCounts(item)
    }
  }

  private tell(capture: string, message: string): void {
    this.say(`${displayName(capture)}: ${message}`)
  }

  private say(message: string): void {
    this.progress.clear()
    this.session.stderr.write(`pqcap: ${printable(message)}\n`, () => {})
  }
}
