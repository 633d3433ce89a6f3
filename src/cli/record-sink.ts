import type { Progress } from '../analyze.js'
import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import type { Delivery } from './worker-messages.js'

/** What is done with the records of captures as they are read: they are printed, or held against a policy. */
export interface RecordSink {
  /** Nothing more need be read. */
  readonly done: boolean
  /** Returns a promise where more should wait, as `capture` does. */
  handshake(record: HandshakeRecord): Promise<void> | undefined
  /** The end of a capture, with the key shares in it where several captures are read. */
  capture(record: CaptureRecord, keyShares?: Int32Array): Promise<void> | undefined
  /** What a worker has read. Its text is done with when the promise settles. */
  delivery(delivery: Delivery): Promise<void>
  progressOf(capture: string): (progress: Progress) => void
  /** The last capture was left in its middle. */
  tellInterruption(): void
}
