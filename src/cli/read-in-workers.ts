import type { RecordSink } from './record-sink.js'
import type { Session } from './session.js'
import type { Task } from './tasks.js'
import { WorkerPool, type WorkerThread } from './worker-pool.js'

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
