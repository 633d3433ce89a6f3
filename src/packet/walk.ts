import { NO_BYTES } from '../bytes/plain.js'
import { type Moment, wholeSeconds } from '../bytes/time.js'
import { FragmentTable } from './fragment.js'
import { TRUNCATED_HEADER } from './reason.js'
import { emptySegment, type Segment } from './segment.js'
import { noUnreadDatagrams, type UnreadDatagrams } from './unread-datagram.js'

/**
 * Where the way through the layers of one packet stands. Each layer reads its header at `at`, checks with `has`, and
 * moves `at` past it.
 *
 * Invariant: `at <= end <= wireEnd` and `end <= bytes.length`; within one array of bytes `end` only shrinks.
 */
export class Walk {
  bytes = NO_BYTES
  /** Index of the first byte of the layer to be read. */
  at = 0
  /** Index past the last byte that was captured and belongs to the layer. */
  end = 0
  /** Index past the last byte of the layer on the wire: beyond `end` where the snap length cut the packet. */
  wireEnd = 0
  /** The link type that `LINK` reads: the capture's, or one that a capture-side header names. */
  linkType = 0
  readonly segment: Segment = emptySegment()
  readonly unread: UnreadDatagrams = noUnreadDatagrams()
  /** Made with the first fragment. */
  fragments: FragmentTable | null = null
  /** When the packet was captured: one object, that of whoever reads packets. */
  private readonly time: Moment

  constructor(time: Moment) {
    this.time = time
  }

  /** The next n bytes were captured. */
  has(n: number): boolean {
    return n <= this.end - this.at
  }

  /** The next n bytes were on the wire, captured or not. */
  hasOnWire(n: number): boolean {
    return n <= this.wireEnd - this.at
  }

  /** Why a header of n bytes is not captured: the snap length cut it, or else `otherwise`, for it is not there at all. */
  missing(n: number, otherwise: number): number {
    return this.hasOnWire(n) ? TRUNCATED_HEADER : otherwise
  }

  /** The layer ends at `wireEnd`, by its own header: captured bytes past it are padding. */
  endAt(wireEnd: number): void {
    this.wireEnd = wireEnd
    if (wireEnd < this.end) this.end = wireEnd
  }

  /** As `endAt`, of a header that can only shorten the layer. */
  narrow(wireEnd: number): void {
    if (wireEnd < this.wireEnd) this.endAt(wireEnd)
  }

  /**
   * Hands the rest of the layer to the fragment table as a fragment of the IP packet whose addresses `segment` holds.
   * Returns the protocol of the datagram where that is whole now, and goes on in its bytes; else -1.
   */
  reassemble(identification: number, keyProtocol: number, protocol: number, offset: number, more: boolean): number {
    this.fragments ??= new FragmentTable()
    const { fragments } = this
    const whole = fragments.add({
      addresses: this.segment,
      identification,
      keyProtocol,
      protocol,
      offset,
      more,
      bytes: this.bytes,
      start: this.at,
      end: this.end,
      wireEnd: this.wireEnd,
      seconds: wholeSeconds(this.time),
    })
    if (!whole) return -1
    this.bytes = fragments.bytes
    this.at = 0
    this.end = fragments.length
    this.wireEnd = fragments.length
    return fragments.protocol
  }
}
