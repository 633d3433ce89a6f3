import { Buffer } from 'node:buffer'
import type { Preparer } from '../report/index.js'
import type { Text } from '../report/reporter.js'
import { Totals } from '../report/totals.js'
import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import { type CaptureEnd, DELIVERY_LENGTH, type Delivery, deliveryLength } from './worker-messages.js'

/** With room for the handshake that makes a delivery full; a hostile ClientHello makes the buffer grow. */
const BUFFER_LENGTH = DELIVERY_LENGTH + 64 * 1024
/** Buffers that have come back and wait to be filled: new memory costs more than the text in it. */
const SPARE_BUFFERS = 64

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
  private readonly spare: Buffer[] = []
  private length = 0
  private totals = new Totals()
  private ended: CaptureEnd[] = []
  private keyShares: Int32Array[] = []
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
    this.ended.push({ at: this.length, record })
    this.keyShares.push(keyShares)
    return this.inParts ? this.handOver() : undefined
  }

  /** The captures that were asked for are done. */
  end(): Promise<void> | undefined {
    return this.handOver(true)
  }

  /** A delivery was printed, and this is the memory that its text was in. */
  taken(buffer: ArrayBuffer): void {
    if (buffer.byteLength === BUFFER_LENGTH && this.spare.length < SPARE_BUFFERS) this.spare.push(Buffer.from(buffer))
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
    const { length, totals, ended, keyShares } = this
    const text = this.takeText()
    const endedAt = ended.at(-1)?.at ?? 0
    this.inParts = !last && length > endedAt
    this.length = 0
    this.totals = new Totals()
    this.ended = []
    this.keyShares = []
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

  /** The text, in memory that goes with it: its own buffer where that is mostly full. */
  private takeText(): Uint8Array {
    const { text, length } = this
    if (length < text.length / 2) return new Uint8Array(text.subarray(0, length))
    this.text = this.spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_LENGTH)
    return text.subarray(0, length)
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
