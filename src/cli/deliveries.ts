import { Buffer } from 'node:buffer'
import type { Preparer } from '../report/index.js'
import type { Text } from '../report/reporter.js'
import { Totals } from '../report/totals.js'
import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import { type CaptureEnd, DELIVERY_LENGTH, type Delivery, deliveryLength } from './worker-messages.js'

/** With room for the handshake that makes a delivery full; a hostile ClientHello makes the buffer grow. */
const BUFFER_LENGTH = DELIVERY_LENGTH + 64 * 1024
/** Shared memory for one delivery. Text that is longer, or fills less than half of it, is copied with its message. */
const SHARED_LENGTH = DELIVERY_LENGTH + 4 * 1024

/**
 * Gathers what a worker reads, and hands it over when it is much, or else once the event loop turns, which it does
 * while input is waited for.
 *
 * A capture of which a part has been handed over ends with a delivery of its own. So when a worker dies, all captures
 * that are neither printed in part nor ended can be read again by another one.
 */
export class Deliveries {
  private readonly preparer: Preparer
  private readonly post: (delivery: Delivery) => void
  private text: Buffer = Buffer.allocUnsafeSlow(BUFFER_LENGTH)
  /** Memory that has come back and waits for text: new memory costs more than what is written to it. */
  private readonly spare: SharedArrayBuffer[] = []
  private length = 0
  private totals = new Totals()
  private ended: CaptureEnd[] = []
  private keyShares: Int32Array[] = []
  private keyShareWords = 0
  /** Handshakes of the capture at hand have been handed over. */
  private inParts = false
  private scheduled = false
  private readonly maxAhead: number
  /** Lengths of the deliveries that are not printed yet, and their sum. */
  private readonly lengths: number[] = []
  private ahead = 0
  /** Settled when there is room for more. */
  private room: Promise<void> | undefined
  private makeRoom: () => void = () => {}

  /** At most `maxAhead` bytes are ahead of the printing, and one delivery. */
  constructor(preparer: Preparer, maxAhead: number, post: (delivery: Delivery) => void) {
    this.preparer = preparer
    this.maxAhead = maxAhead
    this.post = post
  }

  /** Returns a promise where too much is ahead of the printing, to be awaited before more is given. */
  handshake(record: HandshakeRecord): Promise<void> | undefined {
    this.totals.add(record)
    this.add(this.preparer.handshake(record))
    if (this.length >= DELIVERY_LENGTH) return this.handOver()
    this.schedule()
    return undefined
  }

  /** The end of a capture, and the key shares in it. */
  capture(record: CaptureRecord, keyShares: Int32Array = new Int32Array(0)): Promise<void> | undefined {
    this.add(this.preparer.rest())
    this.keyShares.push(keyShares)
    this.keyShareWords += keyShares.length
    this.ended.push({ at: this.length, keySharesAt: this.keyShareWords, record })
    return this.inParts ? this.handOver() : undefined
  }

  /** The captures that were asked for are done. */
  end(): Promise<void> | undefined {
    return this.handOver(true)
  }

  /** A delivery was printed, and this is the memory that its text was in where that is to be used again. */
  taken(memory: SharedArrayBuffer | null): void {
    if (memory !== null) this.spare.push(memory)
    this.ahead -= this.lengths.shift() ?? 0
    if (this.ahead >= this.maxAhead) return
    this.makeRoom()
    this.room = undefined
  }

  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      if (this.totals.handshakes > 0) void this.handOver()
    })
  }

  private handOver(last = false): Promise<void> | undefined {
    this.add(this.preparer.rest())
    const { length, totals, ended } = this
    const text = this.takeText()
    const keyShares = this.takeKeyShares()
    const endedAt = ended.at(-1)?.at ?? 0
    this.inParts = !last && length > endedAt
    this.length = 0
    this.totals = new Totals()
    this.ended = []
    const delivery: Delivery = {
      type: 'delivery',
      text,
      totals,
      ended: JSON.stringify(ended),
      endedCount: ended.length,
      endedAt,
      keyShares,
      last,
    }
    const bytes = deliveryLength(delivery)
    this.post(delivery)
    this.lengths.push(bytes)
    this.ahead += bytes
    if (this.ahead >= this.maxAhead) {
      this.room ??= new Promise((resolve) => {
        this.makeRoom = resolve
      })
    }
    return this.room
  }

  /**
   * A copy of the text. It is in shared memory where it is long: a buffer that were handed over instead would be detached,
   * from when on V8 looks at each access to any buffer of the thread whether that is still there.
   */
  private takeText(): Uint8Array {
    const { text, length } = this
    if (text.length > BUFFER_LENGTH) this.text = Buffer.allocUnsafeSlow(BUFFER_LENGTH)
    if (length < SHARED_LENGTH / 2 || length > SHARED_LENGTH) return new Uint8Array(text.subarray(0, length))
    const shared = new Uint8Array(this.spare.pop() ?? new SharedArrayBuffer(SHARED_LENGTH), 0, length)
    shared.set(text.subarray(0, length))
    return shared
  }

  /** Those of all captures that ended, in one piece. */
  private takeKeyShares(): Int32Array {
    const all = new Int32Array(this.keyShareWords)
    let at = 0
    for (const rows of this.keyShares) {
      all.set(rows, at)
      at += rows.length
    }
    this.keyShares = []
    this.keyShareWords = 0
    return all
  }

  private add(piece: Text): void {
    // UTF-8 takes at most three bytes for a UTF-16 code unit.
    const most = typeof piece === 'string' ? piece.length * 3 : piece.length
    if (this.length + most > this.text.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.text.length * 2, this.length + most))
      this.text.copy(grown, 0, 0, this.length)
      this.text = grown
    }
    if (typeof piece === 'string') this.length += this.text.write(piece, this.length)
    else {
      this.text.set(piece, this.length)
      this.length += piece.length
    }
  }
}
