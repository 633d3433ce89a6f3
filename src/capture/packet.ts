import { NO_BYTES } from '../bytes/plain.js'
import { type Clock, MICROSECONDS } from '../bytes/time.js'

/**
 * A captured packet: `bytes` from `start` to `end`. One object, refilled for each packet and valid until the next; its bytes
 * are those of the reader, and are overwritten.
 */
export interface Packet {
  bytes: Uint8Array
  /** Index in `bytes` of the first captured byte. */
  start: number
  /** Index past the last captured byte. */
  end: number
  /** Length on the wire, in bytes: more than `end - start` where the snap length cut the packet. */
  originalLength: number
  /** Wireshark's frame number, from 1. */
  frame: number
  /** LINKTYPE_ value of the interface. */
  linkType: number
  /** Whole seconds since 1970-01-01 UTC. */
  seconds: number
  /** The rest of the time, in units of `clock`. Seconds and fraction are both 0 where the packet has no time. */
  fraction: number
  clock: Clock
  /** Byte offset of `start` in the (decompressed) capture. */
  offset: number
}

export function emptyPacket(): Packet {
  return {
    bytes: NO_BYTES,
    start: 0,
    end: 0,
    originalLength: 0,
    frame: 0,
    linkType: 0,
    seconds: 0,
    fraction: 0,
    clock: MICROSECONDS,
    offset: 0,
  }
}
