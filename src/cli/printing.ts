import type { Progress } from '../analyze.js'
import { printable } from '../bytes/text.js'
import { displayName } from '../report/display-name.js'
import type { Reporter } from '../report/index.js'
import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import { EXIT_DONE, EXIT_FAILED } from './exit.js'
import { Output } from './output.js'
import { ProgressLine } from './progress.js'
import type { RecordSink } from './record-sink.js'
import { ReusedShares } from './reused-shares.js'
import type { Session } from './session.js'
import type { CaptureEnd, Delivery } from './worker-messages.js'

/**
 * What a run prints: its results through a reporter to standard output, messages and progress to standard error. A
 * method returns a promise where the reader is slower, to be awaited before more is given.
 */
export class Printing implements RecordSink {
  private readonly reporter: Reporter
  private readonly session: Session
  private readonly output: Output
  private readonly progress: ProgressLine
  private readonly reused = new ReusedShares()
  private status = EXIT_DONE
  /** The capture that ended last. */
  private last = ''

  constructor(reporter: Reporter, session: Session) {
    const { stdout, stderr, now } = session
    this.reporter = reporter
    this.session = session
    this.progress = new ProgressLine(stderr, now)
    this.output = new Output(stdout, now, () => {
      if (stdout.isTTY === true) this.progress.clear()
    })
  }

  /** Nothing more need be read. */
  get done(): boolean {
    return this.output.done
  }

  begin(): Promise<void> | undefined {
    return this.output.write(this.reporter.begin())
  }

  handshake(record: HandshakeRecord): Promise<void> | undefined {
    return this.output.write(this.reporter.handshake(record))
  }

  capture(ended: CaptureRecord, keyShares?: Int32Array): Promise<void> | undefined {
    const record = keyShares === undefined ? ended : this.reused.note(ended, keyShares)
    const { capture, error, notes } = record
    this.last = capture
    if (error !== null) {
      this.status = EXIT_FAILED
      this.tell(capture, error.message)
    }
    if (this.reporter.omitsCaptures)
      for (const { severity, message } of notes) if (severity !== undefined) this.tell(capture, message)
    return this.output.write(this.reporter.capture(record))
  }

  /** What a worker has read. Its text is done with when the promise settles. */
  async delivery({ text, totals, ended, keyShares }: Delivery): Promise<void> {
    const { reporter, output } = this
    reporter.count(totals)
    let from = 0
    let keySharesFrom = 0
    for (const { at, keySharesAt, record } of JSON.parse(ended) as CaptureEnd[]) {
      if (at > from) await output.writeLasting(reporter.prepared(text.subarray(from, at)))
      const pending = this.capture(record, keyShares.subarray(keySharesFrom, keySharesAt))
      if (pending !== undefined) await pending
      from = at
      keySharesFrom = keySharesAt
    }
    if (text.length > from) await output.writeLasting(reporter.prepared(text.subarray(from)))
  }

  /** Shows how far a capture is. */
  progressOf(capture: string): (progress: Progress) => void {
    this.progress.begin(displayName(capture))
    return (progress) => {
      this.progress.update(progress)
      void this.output.tick()
    }
  }

  /** The last capture was left in its middle. */
  tellInterruption(): void {
    this.tell(this.last, 'interrupted, the rest was not read')
  }

  /** Returns the exit status. */
  async end(): Promise<number> {
    const { output } = this
    await output.write(this.reporter.end())
    await output.flush()
    this.progress.clear()
    if (output.error !== null) {
      this.say(`standard output: ${output.error.message}`)
      return EXIT_FAILED
    }
    return output.closed ? EXIT_DONE : this.status
  }

  private tell(capture: string, message: string): void {
    this.say(`${displayName(capture)}: ${message}`)
  }

  private say(message: string): void {
    this.progress.clear()
    this.session.stderr.write(`pqcap: ${printable(message)}\n`, () => {})
  }
}
