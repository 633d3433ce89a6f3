import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'

/** A piece of text, or the UTF-8 bytes of one. */
export type Piece = string | Uint8Array

/**
 * Turns records into text, one piece at a time: what a method returns is to be written at once, and '' means that
 * there is nothing to write yet. Called in this order: `begin`, then for each capture its handshakes and its capture
 * record, then `end`. A run that is interrupted calls `end` early, and the text is whole all the same.
 */
export interface Reporter {
  begin(): string
  /** Text, or pieces of it where a format is faster so: these are valid until the next call. */
  handshake(record: HandshakeRecord): string | readonly Piece[]
  capture(record: CaptureRecord): string
  end(): string
}
