import { Buffer } from 'node:buffer'
import type { Text } from '../report/reporter.js'
import type { TextStream } from './session.js'

/** Bytes gathered before a write: more than a pipe holds, so that a write costs little a record. */
const BATCH = 128 * 1024
/** From here on a write of its own costs less than a copy. */
const LASTING_LENGTH = BATCH / 4
/** Batches kept for use again: one that is filled while the other is written. */
const SPARE_BATCHES = 2
/** Text that has waited this long is written although the input keeps coming. */
const LONGEST_WAIT_MS = 200

/**
 * Standard output, in batches. What was gathered is written when a batch is full, when it has waited, and as soon as
 * the input is idle, so that what is known is on the screen while a pipe waits for packets.
 */
export class Output {
  /** The reader has gone (EPIPE): nothing more can be written, and that is nobody's fault. */
  closed = false
  /** Any other error of a write: the disk is full, for one. */
  error: Error | null = null

  private readonly stream: TextStream
  private readonly now: () => number
  private readonly beforeWrite: () => void
  private batch: Buffer = Buffer.allocUnsafeSlow(0)
  /** Bytes of `batch` that are filled. */
  private gathered = 0
  private readonly spare: Buffer[] = []
  private since = 0
  private scheduled = false
  /** The write that is under way, or the last. */
  private writing: Promise<void> = Promise.resolve()
  private underWay = 0

  /** `beforeWrite` is called when text is about to appear. */
  constructor(stream: TextStream, now: () => number, beforeWrite: () => void = () => {}) {
    this.stream = stream
    this.now = now
    this.beforeWrite = beforeWrite
  }

  /** Nothing more need be produced. */
  get done(): boolean {
    return this.closed || this.error !== null
  }

  /** Takes text; returns a promise only where the reader is slower, to be awaited before more is given. */
  write(text: Text): Promise<void> | undefined {
    if (text.length === 0 || this.done) return undefined
    this.add(text)
    return this.added()
  }

  /** The same for text whose bytes stay as they are until the promise is settled: where it is long, it is not copied. */
  writeLasting(text: Text): Promise<void> | undefined {
    if (typeof text === 'string' || text.length < LASTING_LENGTH) return this.write(text)
    if (this.done) return undefined
    void this.flush()
    this.send(text, null)
    return this.writing
  }

  /** To be called now and then while nothing is written. */
  tick(): Promise<void> | undefined {
    return this.gathered > 0 && this.now() - this.since >= LONGEST_WAIT_MS ? this.flush() : undefined
  }

  /** Writes what was gathered, and resolves when all of it has left or failed. */
  flush(): Promise<void> {
    if (this.gathered === 0 || this.done) return this.writing
    const { batch, gathered } = this
    this.batch = this.spare.pop() ?? Buffer.allocUnsafeSlow(BATCH)
    this.gathered = 0
    this.send(batch.subarray(0, gathered), batch)
    return this.writing
  }

  private add(text: Text): void {
    // UTF-8 takes at most three bytes for a UTF-16 code unit.
    const most = typeof text === 'string' ? text.length * 3 : text.length
    if (most > this.batch.length - this.gathered) {
      void this.flush()
      if (most > BATCH) {
        this.send(typeof text === 'string' ? Buffer.from(text) : text.slice(), null)
        return
      }
      if (this.batch.length === 0) this.batch = Buffer.allocUnsafeSlow(BATCH)
    }
    if (this.gathered === 0) this.since = this.now()
    if (typeof text === 'string') this.gathered += this.batch.write(text, this.gathered)
    else {
      this.batch.set(text, this.gathered)
      this.gathered += text.length
    }
  }

  /** What has been added leaves when it is much, or has waited, or else once the event loop turns. */
  private added(): Promise<void> | undefined {
    if (this.underWay > 0) return this.writing
    if (this.gathered > 0 && !this.scheduled) {
      this.scheduled = true
      // The loop turns when the input is waited for.
      setImmediate(() => {
        this.scheduled = false
        void this.flush()
      })
    }
    return this.tick()
  }

  /** `batch` is free again when the write is over. */
  private send(bytes: Uint8Array, batch: Buffer | null): void {
    this.beforeWrite()
    this.underWay++
    const sent = this.put(bytes).then(() => {
      this.underWay--
      if (batch !== null && this.spare.length < SPARE_BATCHES) this.spare.push(batch)
    })
    this.writing = Promise.all([this.writing, sent]).then(() => {})
  }

  private put(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const written = (error?: Error | null): void => {
        if (error) this.fail(error)
        resolve()
      }
      try {
        this.stream.write(bytes, written)
      } catch (error) {
        written(error instanceof Error ? error : new Error(String(error)))
      }
    })
  }

  private fail(error: Error & { code?: string }): void {
    // A stream that was destroyed by the first error refuses later writes; the first error is the one to tell.
    if (this.done) return
    if (error.code === 'EPIPE') this.closed = true
    else this.error = error
  }
}
