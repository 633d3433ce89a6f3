import { Worker } from 'node:worker_threads'
import type { WorkerOptions } from './worker-messages.js'
import type { WorkerThread } from './worker-pool.js'

/** Starts a thread that reads captures. It lies beside this file, in `dist/cli/` and in the bundle of the command. */
export function startWorker({ format, filter, reader, all, maxAhead, check }: WorkerOptions): WorkerThread {
  const workerData: WorkerOptions = {
    format,
    filter,
    reader,
    all,
    maxAhead,
    ...(check === undefined ? {} : { check }),
  }
  return new Worker(new URL('./worker.js', import.meta.url), { workerData })
}
