import type { Moment } from '../bytes/time.js'
import type { Role } from '../registry/types.js'
import type { MissingReason } from '../stream/chunk.js'

/** Bytes of one direction, copied, in the order in which they became readable. */
export interface RecordedBytes {
  readonly kind: 'bytes'
  readonly from: Role
  readonly bytes: Uint8Array
  /** The frame in which they became readable, as Wireshark counts. */
  readonly frame: number
  /** The frame that holds them: another where they waited behind a gap. */
  readonly heldIn: number
  readonly time: Moment
  readonly offset: number | null
  /** A TLS handshake may begin with them. */
  readonly begins: boolean
}

/** Bytes of one direction that are not in the capture. */
export interface RecordedGap {
  readonly kind: 'gap'
  readonly from: Role
  readonly length: number
  readonly reason: MissingReason
  readonly frame: number
}

/** A segment that opens or closes the connection: the first of its kind from its sender. */
export interface RecordedControl {
  readonly flag: 'SYN' | 'SYN, ACK' | 'FIN' | 'RST'
  readonly from: Role
  readonly frame: number
  readonly time: Moment
}

/** Segments of both sides, from before TLS began. */
export interface SegmentsBefore {
  readonly segments: number
  readonly firstFrame: number
  readonly lastFrame: number
  /** Time of the first. */
  readonly time: Moment
  /** Bytes of their payload that were captured. */
  readonly bytes: number
  /** They follow the SYN that opened the connection. */
  readonly isFromOpening: boolean
  /** They hold nothing but text. */
  readonly isText: boolean
  /** One of them may begin with a TLS record, as a HelloRequest. */
  readonly mayBeRecords: boolean
}

/** What a capture holds of one connection, from its first TLS byte on, and how it was opened and closed. */
export interface Recording {
  readonly items: readonly (RecordedBytes | RecordedGap)[]
  readonly controls: readonly RecordedControl[]
  /** Time of the connection's first packet; null where it was not found. */
  readonly start: Moment | null
  /** Segments with payload that came before TLS began, other than those in `items`; null where there are none. */
  readonly before: SegmentsBefore | null
  /** Some bytes were captured before those in front of them. */
  readonly outOfOrder: boolean
  /** The limit that ended the recording before the connection did; null where none did. */
  readonly cutShort: 'bytes' | 'chunks' | null
}

/**
 * Bytes recorded of one direction: more than any handshake has, and enough for what follows it to be seen. A connection
 * may go on for gigabytes, all of them encrypted.
 */
export const MAX_RECORDED_BYTES = 1024 * 1024
/** Chunks recorded, both directions: a connection in segments of one byte takes 100 bytes of memory for each. */
export const MAX_RECORDED_CHUNKS = 16_384
