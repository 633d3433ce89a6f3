import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

/** Far longer than any input takes: steps are counted, this is for what hangs without making one. */
const SECONDS = 60
const MAX_INPUT_LENGTH = 4 * 1024 * 1024

interface Shared {
  readonly heartbeat: SharedArrayBuffer
  readonly input: SharedArrayBuffer
  readonly folder: string
}

/** A thread that ends the process, and keeps the input, where one takes longer than a minute. */
export class Watchdog {
  private readonly heartbeat = new SharedArrayBuffer(8)
  private readonly input = new SharedArrayBuffer(MAX_INPUT_LENGTH)
  private readonly beat = new Int32Array(this.heartbeat)
  private readonly worker: Worker

  constructor(folder: string) {
    const shared: Shared = { heartbeat: this.heartbeat, input: this.input, folder }
    this.worker = new Worker(new URL(import.meta.url), { workerData: { watchdog: shared } })
    this.worker.unref()
  }

  /** Before each input. */
  begin(bytes: Uint8Array): void {
    const length = Math.min(bytes.length, MAX_INPUT_LENGTH)
    new Uint8Array(this.input).set(bytes.subarray(0, length))
    this.beat[1] = length
    Atomics.add(this.beat, 0, 1)
  }

  end(): Promise<number> {
    return this.worker.terminate()
  }
}

/** Runs in the thread: true where this is it. */
export function isWatchdog(): boolean {
  const shared = (workerData as { watchdog?: Shared } | null)?.watchdog
  if (isMainThread || shared === undefined) return false
  const beat = new Int32Array(shared.heartbeat)
  for (let last = -1; ; ) {
    const now = Atomics.load(beat, 0)
    if (now === last) break
    last = now
    Atomics.wait(beat, 0, now, SECONDS * 1000)
    // It woke for the time or, as nobody notifies, for nothing else.
  }
  mkdirSync(shared.folder, { recursive: true })
  const file = join(shared.folder, 'hang.bin')
  writeFileSync(file, Uint8Array.from(new Uint8Array(shared.input, 0, beat[1])))
  process.stderr.write(`an input took longer than ${SECONDS} seconds: ${file}\n`)
  process.kill(process.pid, 'SIGKILL')
  return true
}
