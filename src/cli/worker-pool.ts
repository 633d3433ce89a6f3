import { Totals } from '../report/totals.js'
import type { CaptureRecord } from '../verdict/record.js'
import type { Task } from './tasks.js'
import type { CaptureEnd, Delivery, FromWorker, ToWorker, WorkerProgress } from './worker-messages.js'

/** A worker thread, or what stands in for one. */
export interface WorkerThread {
  postMessage(message: ToWorker): void
  on(event: 'message', listener: (message: FromWorker) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'exit', listener: (status: number) => void): unknown
  terminate(): unknown
}

/** A task of which the deliveries are gathered until it is its turn to be printed. */
interface Job {
  task: Task
  state: 'waiting' | 'running' | 'done'
  readonly deliveries: { readonly delivery: Delivery; readonly from: Place | null }[]
  /** Captures that have ended, in the deliveries so far. */
  ended: number
  /** Handshakes of the next capture have been delivered. */
  inParts: boolean
}

/** A worker and what it does. */
interface Place {
  readonly worker: WorkerThread
  job: Job | null
  error: Error | null
}

/**
 * Reads captures in worker threads and gives what they deliver in the order of the captures. The one whose turn it is
 * is passed on at once; the others wait once they are far ahead.
 *
 * That cannot end in all of them waiting: tasks are begun in order, but for one, and that only where there is another
 * worker for the rest.
 */
export class WorkerPool {
  private readonly jobs: Job[]
  private readonly most: number
  private readonly startWorker: () => WorkerThread
  private readonly onProgress: (progress: WorkerProgress) => void
  private readonly places: Place[] = []
  /** The job that is printed. */
  private turn = 0
  /** A job that was begun before its turn, and is not done. */
  private early: Job | null = null
  private ending: 'not yet' | 'interrupted' | 'closed' = 'not yet'
  private wake: () => void = () => {}

  /** At most `most` workers. */
  constructor(
    tasks: readonly Task[],
    most: number,
    startWorker: () => WorkerThread,
    onProgress: (progress: WorkerProgress) => void = () => {},
  ) {
    this.jobs = tasks.map(waitingJob)
    this.most = most
    this.startWorker = startWorker
    this.onProgress = onProgress
  }

  /** In the order of the captures. The one before counts as printed when the next is asked for. */
  async *deliveries(): AsyncGenerator<Delivery> {
    this.dispatch()
    for (; this.turn < this.jobs.length; this.turn++) {
      const job = this.jobs[this.turn] as Job
      while (job.state !== 'done' || job.deliveries.length > 0) {
        if (this.ending !== 'not yet' && job.state === 'waiting') return
        const next = job.deliveries.shift()
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            this.wake = resolve
          })
          continue
        }
        yield next.delivery
        const { buffer } = next.delivery.text
        next.from?.worker.postMessage({ type: 'taken', memory: buffer instanceof SharedArrayBuffer ? buffer : null })
      }
      if (this.ending !== 'not yet') return
    }
  }

  /** Captures that are being read end here, and no further ones are begun. */
  interrupt(): void {
    if (this.ending === 'not yet') this.ending = 'interrupted'
    for (const { worker } of this.places) worker.postMessage({ type: 'interrupt' })
    this.wake()
  }

  close(): void {
    this.ending = 'closed'
    for (const { worker } of this.places) void worker.terminate()
    this.wake()
  }

  private dispatch(): void {
    while (this.ending === 'not yet') {
      const idle = this.places.find(({ job }) => job === null)
      if (idle === undefined && this.places.length === this.most) return
      const job = this.next()
      if (job === null) return
      const place = idle ?? this.start()
      place.job = job
      job.state = 'running'
      place.worker.postMessage({ type: 'read', captures: job.task.captures })
    }
  }

  /**
   * The next in order; but one that takes as long as all others that wait, on the other workers, is begun at once, or
   * everything would wait for it in the end.
   */
  private next(): Job | null {
    const waiting = this.jobs.slice(this.turn).filter(({ state }) => state === 'waiting')
    const first = waiting[0] ?? null
    if (first === null || this.early !== null || this.most === 1) return first
    const longest = waiting.reduce((a, b) => (b.task.weight > a.task.weight ? b : a))
    const others = waiting.reduce((sum, { task }) => sum + task.weight, 0) - longest.task.weight
    if (longest === first || longest.task.weight * (this.most - 1) < others) return first
    this.early = longest
    return longest
  }

  private start(): Place {
    const worker = this.startWorker()
    const place: Place = { worker, job: null, error: null }
    this.places.push(place)
    worker.on('message', (message) => {
      if (message.type === 'delivery') this.delivered(place, message)
      else if (this.jobs[this.turn] === place.job) this.onProgress(message)
    })
    worker.on('error', (error) => {
      place.error = error
    })
    worker.on('exit', () => this.died(place))
    return place
  }

  private delivered(place: Place, delivery: Delivery): void {
    const { job } = place
    if (job === null) return
    job.deliveries.push({ delivery, from: place })
    job.ended += delivery.endedCount
    if (delivery.endedCount > 0 || delivery.text.length > 0) job.inParts = delivery.text.length > delivery.endedAt
    if (delivery.last) this.done(place, job)
    if (this.jobs[this.turn] === job) this.wake()
    this.dispatch()
  }

  private done(place: Place, job: Job): void {
    job.state = 'done'
    place.job = null
    if (this.early === job) this.early = null
  }

  /**
   * The worker is gone. Where it is plain which capture it died of, that one is given up; else the captures that were
   * left are read again, each alone.
   */
  private died(place: Place): void {
    this.places.splice(this.places.indexOf(place), 1)
    const { job, error } = place
    if (job === null || this.ending === 'closed') return
    this.done(place, job)
    const { captures, weight } = job.task
    const left = captures.slice(job.ended)
    const share = weight / captures.length
    const [culprit, ...others] = left
    const after = this.jobs.indexOf(job) + 1
    if (culprit !== undefined && (job.inParts || others.length === 0)) {
      job.deliveries.push({ delivery: givenUp(culprit, error), from: null })
      if (others.length > 0) this.jobs.splice(after, 0, waitingJob({ captures: others, weight: share * others.length }))
    } else this.jobs.splice(after, 0, ...left.map((capture) => waitingJob({ captures: [capture], weight: share })))
    this.wake()
    this.dispatch()
  }
}

function waitingJob(task: Task): Job {
  return { task, state: 'waiting', deliveries: [], ended: 0, inParts: false }
}

function givenUp(capture: string, error: (Error & { code?: string }) | null): Delivery {
  const why = error?.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : (error?.message ?? 'it ended')
  const record: CaptureRecord = {
    type: 'capture',
    capture,
    format: null,
    compression: null,
    packets: 0,
    bytes: 0,
    linkTypes: [],
    tcpStreams: 0,
    handshakes: 0,
    firstTime: null,
    lastTime: null,
    skipped: {},
    truncatedPackets: 0,
    notes: [],
    error: { code: 'worker-died', message: `cannot be read: the worker that read it died: ${why}`, offset: 0 },
  }
  const ended: CaptureEnd[] = [{ at: 0, keySharesAt: 0, record }]
  return {
    type: 'delivery',
    text: new Uint8Array(0),
    totals: new Totals(),
    ended: JSON.stringify(ended),
    endedCount: 1,
    endedAt: 0,
    keyShares: new Int32Array(0),
    last: true,
  }
}
