import { captureReading } from './capture-reading.js'
import type { Analyze } from './session.js'
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.js'
import type { WorkerThread } from './worker-pool.js'

/**
 * The main thread as one of the workers: it has little else to do, and its code is compiled already, which takes a new
 * thread as long as reading some hundred megabytes.
 */
export async function startMainWorker(analyze: Analyze, options: WorkerOptions): Promise<WorkerThread> {
  let onMessage: (message: FromWorker) => void = () => {}
  let onError: (error: Error) => void = () => {}
  let onExit: (status: number) => void = () => {}
  const follow = await captureReading(analyze, options, (message) => onMessage(message))
  const failed = (error: unknown): void => {
    onError(error instanceof Error ? error : new Error(String(error)))
    onExit(1)
  }
  return {
    postMessage(message: ToWorker) {
      // Later, as with any worker: all of them are told first what to do.
      if (message.type === 'read') setImmediate(() => void follow(message).catch(failed))
      else void follow(message)
    },
    on(event: string, listener: (value: never) => void) {
      if (event === 'message') onMessage = listener as (message: FromWorker) => void
      else if (event === 'error') onError = listener as (error: Error) => void
      else onExit = listener as (status: number) => void
    },
    // The capture at hand is read no further.
    terminate: () => follow({ type: 'interrupt' }),
  }
}
