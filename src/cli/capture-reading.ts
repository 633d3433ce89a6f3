import type { Progress } from '../analyze.js'
import { PREPARERS, type Preparer } from '../report/index.js'
import { Deliveries } from './deliveries.js'
import { openLive } from './live-input.js'
import { loadFilter } from './load-filter.js'
import type { Analyze } from './session.js'
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.js'

/** Often enough for a line on a terminal. */
const PROGRESS_MS = 200

/**
 * The work of one job, in whatever thread: reads the captures it is told to, in their order, and posts what there is to
 * print. What it gives takes messages; the promise of it settles when the message has been followed.
 */
export async function captureReading(
  analyze: Analyze,
  options: WorkerOptions,
  post: (message: FromWorker) => void,
): Promise<(message: ToWorker) => Promise<void>> {
  const { reader } = options
  const interruption = new AbortController()
  const { signal } = interruption
  const [filter, preparer] = await Promise.all([loadFilter(options.filter), loadPreparer(options)])
  const deliveries = new Deliveries(preparer, options.maxAhead, post)
  let keyShares: Int32Array = new Int32Array(0)
  const onKeyShares = (rows: Int32Array): void => {
    keyShares = rows
  }

  const opened = (path: string, descriptor: number): AsyncIterable<Uint8Array> => openLive(path, descriptor, signal)

  const read = async (captures: readonly string[]): Promise<void> => {
    for (const name of captures) {
      if (signal.aborted) break
      const onProgress = progressOf(name, post)
      const analyzeOptions = { name, reader, onProgress, signal, openLive: opened, onKeyShares }
      for await (const records of analyze(name, analyzeOptions)) {
        for (const record of records) {
          if (record.type === 'handshake' && !filter(record)) continue
          const pending =
            record.type === 'capture' ? deliveries.capture(record, keyShares) : deliveries.handshake(record)
          if (pending !== undefined) await pending
        }
      }
    }
    await deliveries.end()
  }

  return async (message) => {
    if (message.type === 'taken') deliveries.taken(message.memory)
    else if (message.type === 'interrupt') interruption.abort()
    else await read(message.captures)
  }
}

async function loadPreparer({ check, format, all }: WorkerOptions): Promise<Preparer> {
  if (check === undefined) return PREPARERS[format](all)
  const { checkPreparer } = await import('./check-preparer.js')
  return checkPreparer(check)
}

function progressOf(capture: string, post: (message: FromWorker) => void): (progress: Progress) => void {
  let last = performance.now()
  return (progress) => {
    const now = performance.now()
    if (now - last < PROGRESS_MS) return
    last = now
    post({ type: 'progress', capture, ...progress })
  }
}
