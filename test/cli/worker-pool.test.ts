import { describe, expect, test } from 'vitest'
import type { CaptureEnd, Delivery, FromWorker, ToWorker } from '../../src/cli/worker-messages.js'
import { WorkerPool, type WorkerThread } from '../../src/cli/worker-pool.js'
import { Totals } from '../../src/report/totals.js'
import type { CaptureRecord } from '../../src/verdict/record.js'
import { captureRecord } from '../support/records.js'
import { textOf } from '../support/session.js'

/** A worker that does nothing but what a test makes it do. */
class FakeWorker implements WorkerThread {
  readonly told: ToWorker[] = []
  terminated = false
  private readonly listeners = new Map<string, (value: never) => void>()

  postMessage(message: ToWorker): void {
    this.told.push(message)
  }

  on(event: string, listener: (value: never) => void): void {
    this.listeners.set(event, listener)
  }

  terminate(): void {
    this.terminated = true
  }

  /** The captures it was told to read last. */
  get captures(): readonly string[] {
    return this.told.flatMap((message) => (message.type === 'read' ? [message.captures] : [])).at(-1) ?? []
  }

  get taken(): number {
    return this.told.filter(({ type }) => type === 'taken').length
  }

  post(message: FromWorker): void {
    this.listeners.get('message')?.(message as never)
  }

  /** Delivers text, and then the ends of captures. */
  deliver(text: string, ended: readonly string[] = [], last = false): void {
    const bytes = new TextEncoder().encode(text)
    const ends = ended.map((capture) => ({ at: bytes.length, record: captureRecord({ capture }) }))
    const endedAt = ends.length > 0 ? bytes.length : 0
    const delivery = { totals: new Totals(), ended: JSON.stringify(ends), endedCount: ends.length, endedAt, last }
    this.post({ type: 'delivery', text: bytes, keyShares: new Int32Array(0), ...delivery })
  }

  /** Ends all captures it was told to read. */
  finish(): void {
    this.deliver(`${this.captures.join(' ')};`, this.captures, true)
  }

  die(error?: Error & { code?: string }): void {
    if (error !== undefined) this.listeners.get('error')?.(error as never)
    this.listeners.get('exit')?.(1 as never)
  }
}

interface Started {
  readonly pool: WorkerPool
  readonly workers: FakeWorker[]
  readonly printed: Delivery[]
  /** Resolves when all deliveries were taken. */
  readonly end: Promise<void>
}

/** A pool whose deliveries are printed as they come. */
function started(tasks: readonly (readonly string[])[], jobs: number, weights: readonly number[] = []): Started {
  const { pool, workers } = idle(tasks, jobs, weights)
  const printed: Delivery[] = []
  const end = (async () => {
    for await (const delivery of pool.deliveries()) printed.push(delivery)
  })()
  return { pool, workers, printed, end }
}

function idle(
  tasks: readonly (readonly string[])[],
  jobs: number,
  weights: readonly number[] = [],
): { pool: WorkerPool; workers: FakeWorker[] } {
  const workers: FakeWorker[] = []
  const start = (): FakeWorker => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker
  }
  const weighed = tasks.map((captures, index) => ({ captures, weight: weights[index] ?? 1 }))
  return { pool: new WorkerPool(weighed, jobs, start), workers }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const textsOf = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ text }) => textOf(text))
const recordsOf = (delivery: Delivery | undefined): CaptureRecord[] =>
  (JSON.parse(delivery?.ended ?? '[]') as CaptureEnd[]).map(({ record }) => record)
const errorsOf = (deliveries: readonly Delivery[]): (string | undefined)[] =>
  deliveries.flatMap((delivery) => recordsOf(delivery).map(({ error }) => error?.message))

describe('a pool of workers', () => {
  test('gives what they deliver in the order of the captures, whoever is first', async () => {
    const { workers, printed, end } = started([['a'], ['b'], ['c']], 3)
    for (const worker of [...workers].reverse()) worker.finish()
    await end
    expect(textsOf(printed)).toEqual(['a;', 'b;', 'c;'])
  })

  test('passes on at once what the one whose turn it is delivers', async () => {
    const { workers, printed } = started([['a'], ['b']], 2)
    workers[0]?.deliver('a1')
    workers[1]?.deliver('b1')
    await turn()
    expect(textsOf(printed)).toEqual(['a1'])
    workers[0]?.deliver('a2')
    await turn()
    expect(textsOf(printed)).toEqual(['a1', 'a2'])
  })

  test('gives a worker the next captures as soon as it is done, and starts no more workers than there is work', async () => {
    const { workers, end } = started([['a'], ['b'], ['c']], 2)
    expect(workers.map(({ captures }) => captures)).toEqual([['a'], ['b']])
    workers[1]?.finish()
    expect(workers[1]?.captures).toEqual(['c'])
    workers[1]?.finish()
    workers[0]?.finish()
    await end
    expect(workers).toHaveLength(2)
  })

  test('tells a worker what was printed of its deliveries, and only that', async () => {
    const { workers } = started([['a'], ['b']], 2)
    for (const worker of workers) worker.deliver('x')
    await turn()
    expect(workers.map(({ taken }) => taken)).toEqual([1, 0])
  })

  test('begins early what takes as long as all the rest, but nothing else', () => {
    const tasks = [['a'], ['b'], ['c'], ['large']]
    expect(started(tasks, 2, [1, 1, 1, 5]).workers.map(({ captures }) => captures)).toEqual([['large'], ['a']])
    expect(started(tasks, 2, [1, 5, 5, 5]).workers.map(({ captures }) => captures)).toEqual([['a'], ['b']])
  })
})

describe('a worker that dies', () => {
  test('of its only capture gives it up, and the others go on with a new one', async () => {
    const { workers, printed, end } = started([['a'], ['b'], ['c']], 1)
    workers[0]?.finish()
    workers[0]?.die(Object.assign(new Error('heap'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }))
    expect(workers[1]?.captures).toEqual(['c'])
    workers[1]?.finish()
    await end
    expect(textsOf(printed)).toEqual(['a;', '', 'c;'])
    expect(errorsOf(printed)).toEqual([
      undefined,
      'cannot be read: the worker that read it died: it ran out of memory',
      undefined,
    ])
    expect(recordsOf(printed[1])[0]).toMatchObject({ capture: 'b', error: { code: 'worker-died' } })
  })

  test('in the middle of a capture keeps what was delivered of it', async () => {
    const { workers, printed, end } = started([['a', 'b', 'c']], 1)
    workers[0]?.deliver('a;', ['a'])
    workers[0]?.deliver('half of b')
    workers[0]?.die(new Error('broken'))
    expect(workers[1]?.captures).toEqual(['c'])
    workers[1]?.finish()
    await end
    expect(textsOf(printed)).toEqual(['a;', 'half of b', '', 'c;'])
    expect(errorsOf(printed)).toEqual([undefined, 'cannot be read: the worker that read it died: broken', undefined])
  })

  test('of one of several captures lets each be read alone, to tell which', async () => {
    const { workers, printed, end } = started([['a', 'b', 'c'], ['d']], 1)
    workers[0]?.deliver('a;', ['a'])
    workers[0]?.die()
    expect(workers[1]?.captures).toEqual(['b'])
    workers[1]?.die()
    expect(workers[2]?.captures).toEqual(['c'])
    workers[2]?.finish()
    workers[2]?.finish()
    await end
    expect(textsOf(printed)).toEqual(['a;', '', 'c;', 'd;'])
    expect(recordsOf(printed[1]).map(({ capture }) => capture)).toEqual(['b'])
  })

  test('while it has nothing to do is replaced when there is something', async () => {
    const { workers, printed, end } = started([['a'], ['b']], 2)
    workers[1]?.finish()
    workers[1]?.die()
    workers[0]?.finish()
    await end
    expect(textsOf(printed)).toEqual(['a;', 'b;'])
  })
})

describe('an interruption of the pool', () => {
  test('ends with the captures whose turn it is', async () => {
    const { pool, workers, printed, end } = started([['a'], ['b'], ['c']], 2)
    workers[1]?.deliver('b')
    pool.interrupt()
    expect(workers[0]?.told.at(-1)).toEqual({ type: 'interrupt' })
    workers[0]?.finish()
    await end
    expect(textsOf(printed)).toEqual(['a;'])
    expect(workers[0]?.captures).toEqual(['a'])
  })

  test('before anything is read ends at once', async () => {
    const { pool } = idle([['a']], 2)
    pool.interrupt()
    expect((await pool.deliveries().next()).done).toBe(true)
  })

  test('takes all threads with it when the pool is closed', () => {
    const { pool, workers } = started([['a'], ['b']], 2)
    pool.close()
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true])
  })
})
