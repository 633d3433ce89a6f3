import type { Packet } from './packet.js'
import type { Window } from './window.js'

/** `next` filled the packet. */
export const PACKET = 0
/** The window holds no whole packet: append to it and call again, or call `finish` when there is no more. */
export const NEED_MORE = 1
/** The capture is damaged here: `error` says how. */
export const FAILED = 2

export type ReadResult = typeof PACKET | typeof NEED_MORE | typeof FAILED

/** Why a capture could not be read to its end. The message holds both numbers: what was found and what was expected. */
export interface ReadError {
  readonly code: ReadErrorCode
  readonly message: string
  /** Byte offset in the (decompressed) capture. */
  readonly offset: number
}

/** What is wrong with a capture. */
export type ReadErrorCode =
  /** It ends in the middle of a packet or block. */
  | 'cut'
  /** A length or field contradicts another. */
  | 'corrupt'
  /** It is a capture of a version or with a number of interfaces that is not read. */
  | 'unsupported'
  /** It is no capture: the message says what it looks like. */
  | 'not-a-capture'
  /** It cannot be opened or read. */
  | 'unreadable'
  /** The compressed stream is cut or corrupt. */
  | 'decompression'

/** Reads packets of one capture format out of a window. */
export interface PacketReader {
  readonly format: 'pcap' | 'pcapng'
  /** LINKTYPE_ values of the interfaces so far, in order of appearance. */
  readonly linkTypes: ReadonlySet<number>
  /** Set once `next` or `finish` has found damage. */
  readonly error: ReadError | null
  next(window: Window, packet: Packet): ReadResult
  /** Tells the reader that the window holds all that is left. It sets `error` where that is not a whole packet or block. */
  finish(window: Window): void
}

/**
 * The most bytes of one packet that are believed: what Wireshark and libpcap take (262,144), or the file's own snap
 * length where that is larger, up to 16 MiB. A larger length is damage, and reading it would take memory without bound.
 */
export const MAX_PACKET_LENGTH = 262_144
export const MAX_SNAP_LENGTH = 16 * 1024 * 1024
