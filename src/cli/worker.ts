import { parentPort, workerData } from 'node:worker_threads'
import { analyzeInBatches, type Progress } from '../analyze.js'
import { PREPARERS, type Preparer } from '../report/index.js'
import { Deliveries } from './deliveries.js'
import { loadFilter } from './load-filter.js'
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.js'

/** A worker thread: reads the captures it is told to, in their order, and hands over what there is to print. */

/** Often enough for a line on a terminal. */
const PROGRESS_MS = 200

const port = parentPort
if (port === null) throw new Error('pqcap starts this file as a worker thread')
const options: WorkerOptions = workerData
const interruption = new AbortController()
const [filter, preparer] = await Promise.all([loadFilter(options.filter), loadPreparer()])
const deliveries = new Deliveries(preparer, options.maxAhead, (delivery) => {
  const arrays = [delivery.text, ...delivery.keyShares]
  port.postMessage(
    delivery satisfies FromWorker,
    arrays.map(({ buffer }) => buffer as ArrayBuffer),
  )
})

async function loadPreparer(): Promise<Preparer> {
  if (options.check === undefined) return PREPARERS[options.format](options.all)
  const { checkPreparer } = await import('./check-preparer.js')
  return checkPreparer(options.check)
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'taken') deliveries.taken(message.buffer)
  else if (message.type === 'interrupt') interruption.abort()
  else void read(message.captures)
})

async function read(captures: readonly string[]): Promise<void> {
  const { signal } = interruption
  const { reader } = options
  for (const name of captures) {
    if (signal.aborted) break
    let keyShares: Int32Array = new Int32Array(0)
    const onKeyShares = (rows: Int32Array): void => {
      keyShares = rows
    }
    const onProgress = progressOf(name)
    for await (const records of analyzeInBatches(name, { name, reader, signal, onProgress, onKeyShares })) {
      for (const record of records) {
        if (record.type === 'handshake' && !filter(record)) continue
        const pending = record.type === 'capture' ? deliveries.capture(record, keyShares) : deliveries.handshake(record)
        if (pending !== undefined) await pending
      }
    }
  }
  await deliveries.end()
}

function progressOf(capture: string): (progress: Progress) => void {
  let last = performance.now()
  return (progress) => {
    const now = performance.now()
    if (now - last < PROGRESS_MS) return
    last = now
    port?.postMessage({ type: 'progress', capture, ...progress } satisfies FromWorker)
  }
}
