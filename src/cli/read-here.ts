import type { CaptureRecord } from '../verdict/record.js'
import type { Filter } from './filter.js'
import { captureInput, openLive } from './live-input.js'
import type { AnalyzeCommandOptions } from './options.js'
import type { RecordSink } from './record-sink.js'
import type { Analyze, Session } from './session.js'

/** Reads captures one after another, in this thread. */
export async function readHere(
  analyze: Analyze,
  filter: Filter,
  { captures, reader }: Pick<AnalyzeCommandOptions, 'captures' | 'reader'>,
  session: Session,
  printing: RecordSink,
): Promise<void> {
  const signal = session.interrupted
  let live: boolean
  const openedLive = (path: string, descriptor: number): AsyncIterable<Uint8Array> => {
    live = true
    return openLive(path, descriptor, signal)
  }
  // One capture is compared with itself alone, and that has been done.
  let keyShares: Int32Array | undefined
  const onKeyShares = (rows: Int32Array): void => {
    keyShares = rows
  }
  for (const name of captures) {
    if (printing.done || signal.aborted) break
    live = name === '-'
    keyShares = undefined
    const onProgress = printing.progressOf(name)
    const options =
      captures.length > 1
        ? { name, reader, onProgress, signal, openLive: openedLive, onKeyShares }
        : { name, reader, onProgress, signal, openLive: openedLive }
    const input = live ? captureInput(name, session) : name
    for await (const records of analyze(input, options)) {
      for (const record of records) {
        if (record.type === 'handshake' && !filter(record)) continue
        const pending =
          record.type === 'handshake'
            ? printing.handshake(record)
            : printing.capture(signal.aborted && live ? undamaged(record) : record, keyShares)
        if (pending !== undefined) await pending
      }
      if (printing.done) break
    }
    if (signal.aborted && !live) printing.tellInterruption()
  }
}

/** Where a pipe is left is where its capture ends, also in the middle of a packet or before the first. */
function undamaged(record: CaptureRecord): CaptureRecord {
  return { ...record, error: null }
}
