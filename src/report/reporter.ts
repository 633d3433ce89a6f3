import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'

/**
 * Turns records into text, one piece at a time: what a method returns is to be written at once, and '' means that
 * there is nothing to write yet. Called in this order: `begin`, then for each capture its handshakes and its capture
 * record, then `end`. A run that is interrupted calls `end` early, and the text is whole all the same.
 */
export interface Reporter {
  begin(): string
  /** Text, or its UTF-8 bytes where a format is faster so: these are valid until the next call. */
  handshake(record: HandshakeRecord): string | Uint8Array
  capture(record: CaptureRecord): string
  end(): string
}
