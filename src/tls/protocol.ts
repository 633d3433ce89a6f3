import { type Detection, MAYBE } from '../registry/detection.js'
import type { StreamIdentity, StreamProtocol, StreamSession, StreamView } from '../stream/chunk.js'
import { detectTls, isApplicationDataRecord, isClearAlert } from './detect.js'
import { detectBehindPreamble } from './preamble.js'
import { type HandshakeSink, TlsSession } from './session.js'
import { isSshIdentification } from './ssh.js'

/** TLS as `stream/` sees it: how it begins, and who follows it. */
export class TlsProtocol implements StreamProtocol {
  readonly detect = detectTls
  readonly continues = isApplicationDataRecord
  /** A stream begins as SSH does. */
  hasSeenSsh = false
  private readonly sink: HandshakeSink

  constructor(sink: HandshakeSink) {
    this.sink = sink
  }

  /** Where TLS may have begun though no hello stands at the start of a segment. */
  detectWithin(bytes: Uint8Array, start: number, end: number): Detection {
    if (isSshIdentification(bytes, start, end)) this.hasSeenSsh = true
    return isClearAlert(bytes, start, end) ? MAYBE : detectBehindPreamble(bytes, start, end)
  }

  open(identity: StreamIdentity, stream: StreamView): StreamSession {
    return new TlsSession(identity, stream, this.sink)
  }
}
