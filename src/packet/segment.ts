import { NO_BYTES } from '../bytes/plain.js'

/**
 * A TCP segment of the innermost IP packet. One object, refilled by each decode and valid until the next: what must
 * last longer is copied out of it.
 *
 * An address is four 32-bit words in network order, as signed integers; an IPv4 address is in the last word and the
 * others are 0.
 */
export interface Segment {
  /** The array that holds the payload: the packet's own, or a datagram put together from fragments. */
  bytes: Uint8Array
  ipVersion: 4 | 6
  sourceA: number
  sourceB: number
  sourceC: number
  sourceD: number
  destinationA: number
  destinationB: number
  destinationC: number
  destinationD: number
  sourcePort: number
  destinationPort: number
  /** Sequence number, as a signed 32-bit integer: sequence numbers are compared with `(b - a) | 0`. */
  sequence: number
  /** Acknowledgment number, as a signed 32-bit integer; has a meaning where the ACK flag is set. */
  acknowledgment: number
  /** The TCP flags, those of `registry/tcp-flags.ts` and the others. */
  flags: number
  /** Index in `bytes` of the first payload byte. */
  payloadStart: number
  /** Index in `bytes` past the last payload byte that was captured. */
  payloadEnd: number
  /** Payload length on the wire, from the IP header: more than `payloadEnd - payloadStart` where the snap length cut it. */
  payloadLength: number
}

export function emptySegment(): Segment {
  return {
    bytes: NO_BYTES,
    ipVersion: 4,
    sourceA: 0,
    sourceB: 0,
    sourceC: 0,
    sourceD: 0,
    destinationA: 0,
    destinationB: 0,
    destinationC: 0,
    destinationD: 0,
    sourcePort: 0,
    destinationPort: 0,
    sequence: 0,
    acknowledgment: 0,
    flags: 0,
    payloadStart: 0,
    payloadEnd: 0,
    payloadLength: 0,
  }
}
