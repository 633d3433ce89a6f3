import { startMainWorker } from './main-worker.js'
import type { RecordSink } from './record-sink.js'
import type { Session } from './session.js'
import type { Task } from './tasks.js'
import { aheadOfEach, type WorkerOptions } from './worker-messages.js'
import { WorkerPool, type WorkerThread } from './worker-pool.js'

/** Loads what reads captures in so many threads, of which this one is the first. */
export async function loadReadingInWorkers(
  tasks: readonly Task[],
  jobs: number,
  options: Omit<WorkerOptions, 'maxAhead'>,
  session: Session,
): Promise<(sink: RecordSink) => Promise<void>> {
  const workerOptions = { ...options, maxAhead: aheadOfEach(jobs) }
  const [startWorker, analyze] = await Promise.all([session.loadWorkers(), session.loadAnalyze()])
  let mainWorker: WorkerThread | null = await startMainWorker(analyze, workerOptions)
  const start = (): WorkerThread => {
    const worker = mainWorker ?? startWorker(workerOptions)
    mainWorker = null
    return worker
  }
  return (sink) => readInWorkers(tasks, jobs, start, session, sink)
}

/** Reads captures in worker threads, at most `jobs` at a time. It prints what `readHere` does, in the same order. */
export async function readInWorkers(
  tasks: readonly Task[],
  jobs: number,
  startWorker: () => WorkerThread,
  { interrupted }: Session,
  printing: RecordSink,
): Promise<void> {
  const pool = new WorkerPool(tasks, jobs, startWorker, ({ capture, ...progress }) => {
    printing.progressOf(capture)(progress)
  })
  const interrupt = (): void => pool.interrupt()
  interrupted.addEventListener('abort', interrupt, { once: true })
  try {
    for await (const delivery of pool.deliveries()) {
      await printing.delivery(delivery)
      if (printing.done) return
    }
    if (interrupted.aborted) printing.tellInterruption()
  } finally {
    interrupted.removeEventListener('abort', interrupt)
    pool.close()
  }
}
