import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import type { TotalCounts } from './totals.js'

/** A text, or its UTF-8 bytes where a format is faster so: these are valid until the next call. */
export type Text = string | Uint8Array

/**
 * Turns records into text, one piece at a time: what a method returns is to be written at once, and '' means that
 * there is nothing to write yet. Called in this order: `begin`, then for each capture its handshakes and its capture
 * record, then `end`. A run that is interrupted calls `end` early, and the text is whole all the same.
 */
export interface Reporter {
  begin(): string
  handshake(record: HandshakeRecord): Text
  capture(record: CaptureRecord): string
  /** Nothing of a capture's record is printed, so that what is wrong with it is to be told elsewhere. */
  readonly omitsCaptures?: boolean
  /** In place of `handshake`: the text of any number of handshakes that the format's preparer has made of them. */
  prepared(text: Uint8Array): Text
  /** What prepared handshakes add up to. */
  count(totals: TotalCounts): void
  end(): string
}

/**
 * The part of a reporter's work that looks at handshakes alone, so that it can be done in another thread. Its text is
 * printed by `Reporter.prepared`, or in the case of the table read.
 */
export interface Preparer {
  handshake(record: HandshakeRecord): Text
  /** Text of what was kept back to be summed up. Called when a capture ends, and before text is handed over. */
  rest(): string
}
