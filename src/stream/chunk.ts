import type { Clock, Moment } from '../bytes/time.js'
import type { Detection } from '../registry/detection.js'
import type { Direction } from '../registry/direction.js'

/**
 * Bytes of one direction of a stream, in order and without a gap to what came before. One object, refilled for each
 * delivery and valid only during it.
 */
export interface Chunk {
  bytes: Uint8Array
  start: number
  end: number
  /**
   * The frame in which these bytes became readable: the one that held them, or the later one that filled the gap in
   * front of them, as Wireshark counts.
   */
  frame: number
  /** Time of the packet that held the bytes. */
  seconds: number
  fraction: number
  clock: Clock
  /** The segment that held these bytes has already given some from before them, with those of another in between. */
  continues: boolean
  /** Sequence number behind the last byte, and what the segment acknowledges; null where it acknowledges nothing. */
  nextSequence: number
  acknowledgment: number | null
  /** Byte offset of `start` in the (decompressed) capture; -1 where the bytes do not stand there in one piece. */
  offset: number
}

/** An endpoint as `Segment` holds it: an address of four words (IPv4 in the last) and a port. */
export interface StreamEndpoint {
  readonly ipVersion: 4 | 6
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly port: number
}

/** How a connection was opened, as far as that is in the capture. */
export interface StreamOpening {
  /** Time of the first SYN. */
  readonly syn: Moment
  /** From the last SYN to its sender's ACK of the SYN/ACK; null where one of the three is not in the capture. */
  readonly roundTripNanoseconds: number | null
}

/** Who talks in a stream, by direction of sending. */
export interface StreamIdentity {
  /** Wireshark's `tcp.stream`. */
  readonly stream: number
  /** Handshakes that earlier sessions found in this stream. */
  readonly earlierHandshakes: number
  /** `senders[0]` sends in direction 0. */
  readonly senders: readonly [StreamEndpoint, StreamEndpoint]
  /** null where no SYN was captured. */
  readonly opening: StreamOpening | null
}

/** What a session may ask of the stream that it follows. */
export interface StreamView {
  /** Whether a packet of a direction was captured so far. */
  isSeen(direction: Direction): boolean
  /** Whether the sender of a direction has sent FIN or RST so far, and all that it sent before was delivered. */
  hasClosed(direction: Direction): boolean
  /** Bytes of a direction that their receiver has acknowledged, and that were not delivered: lost, or behind a gap. */
  owed(direction: Direction): number
}

/** How a stream came to its end, or why no more of it will be seen. */
export type StreamEnd =
  /** FIN both ways, or RST, or a new connection on the same addresses and ports. */
  | 'closed'
  /** The capture ended first. */
  | 'capture-ended'
  /** The capture broke off first: it is cut or corrupt. */
  | 'capture-cut'
  /** It was given up to keep within a limit. */
  | 'given-up'
  /** It goes on, but what is told of ended before: another handshake began in it. */
  | 'next-handshake'

/** What the stream stage knows about a stream that has ended, by direction of sending. */
export interface StreamFacts {
  readonly end: StreamEnd
  /** A packet of this direction is in the capture. */
  readonly seen: readonly [boolean, boolean]
  /** FIN or RST was sent in this direction, and every byte before it is in the capture. */
  readonly closed: readonly ['fin' | 'rst' | null, 'fin' | 'rst' | null]
  /** Who sent FIN or RST first. */
  readonly closedFirst: Direction | null
  /**
   * Bytes behind the last that was captured of this direction, which were sent: its receiver acknowledged them, or they
   * come before its FIN or RST. 0 where all are there.
   */
  readonly unseen: readonly [number, number]
  /** Time of the last packet of the capture so far. */
  readonly captureTime: Moment
}

export type SessionState =
  /** Wants more bytes. */
  | 'open'
  /** All that it is there for is known: the rest of the stream is passed over. */
  | 'finished'
  /** It turned out not to be this protocol. */
  | 'refuted'

/** Follows one protocol in one stream. */
export interface StreamSession {
  readonly state: SessionState
  /** Bytes held for messages that are not whole yet. */
  readonly bufferedBytes: number
  /** Handshakes found in this stream so far, those of earlier sessions in. */
  readonly handshakes: number
  /** A segment with payload was captured, also a retransmission. */
  segment(direction: Direction): void
  /** A packet without payload was captured: mostly an acknowledgment. */
  emptyPacket(direction: Direction): void
  data(direction: Direction, chunk: Chunk): void
  /** `length` bytes are not in the capture; what follows them may still be given. */
  missing(direction: Direction, length: number, reason: MissingReason, frame: number): void
  /** Bytes came again with other content; the first copy was given. */
  conflict(direction: Direction, frame: number): void
  end(facts: StreamFacts): void
}

export type MissingReason =
  /** The snap length cut the packet. */
  | 'snap-length'
  /** No packet with these bytes is in the capture. */
  | 'gap'
  /** More arrived behind the gap than is held. */
  | 'limit'

/** A protocol that `stream/` hands bytes to. */
export interface StreamProtocol {
  detect(bytes: Uint8Array, start: number, end: number): Detection
  /** Whether it begins within these bytes, behind something else; `maybe` also where that goes on in the next. */
  detectWithin(bytes: Uint8Array, start: number, end: number): Detection
  /** Whether these bytes, which begin nothing, are from the middle of the protocol. */
  continues(bytes: Uint8Array, start: number, end: number): boolean
  open(identity: StreamIdentity, stream: StreamView): StreamSession
}
