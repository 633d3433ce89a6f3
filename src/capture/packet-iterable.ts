import { plainBytes } from '../bytes/plain.js'
import { NANOSECONDS } from '../bytes/time.js'
import { checkPacket, checkPackets } from './arguments.js'
import { emptyPacket } from './packet.js'
import type { PacketSource } from './packet-source.js'
import type { ReadError } from './reader.js'

/** A packet from elsewhere: another parser, a capture library, a test. */
export interface PacketInput {
  readonly data: Uint8Array
  /** LINKTYPE_ value: 1 for Ethernet, 113 for Linux cooked, 101 for raw IP. */
  readonly linkType: number
  /** Length on the wire, in bytes, where the packet was cut; by default that of `data`. */
  readonly originalLength?: number | undefined
  /** Nanoseconds since 1970-01-01 UTC; without it the packet has no time. */
  readonly nanoseconds?: bigint | undefined
  /** Number of the frame, from 1, if it is not the next: in pcapng Wireshark also counts some blocks that are no packets. */
  readonly frame?: number | undefined
}

/** Packets given one by one, as a source like that of a file. Frames are numbered in the order given, from 1, unless they have numbers. */
export class IterablePackets implements PacketSource {
  readonly packet = emptyPacket()
  readonly format = null
  readonly compression = null
  readonly linkTypes = new Set<number>()
  readonly totalBytes = null
  readonly ended = false
  error: ReadError | null = null
  bytes = 0
  private readonly iterator: Iterator<PacketInput> | AsyncIterator<PacketInput>
  private waiting: PacketInput | null = null
  private taken = 0

  constructor(packets: Iterable<PacketInput> | AsyncIterable<PacketInput>) {
    checkPackets(packets)
    this.iterator = Symbol.asyncIterator in packets ? packets[Symbol.asyncIterator]() : packets[Symbol.iterator]()
  }

  get bytesRead(): number {
    return this.bytes
  }

  next(): boolean {
    const { packet, waiting } = this
    if (waiting === null) return false
    this.waiting = null
    const { data, linkType, originalLength = data.length, nanoseconds = 0n, frame = packet.frame + 1 } = waiting
    packet.bytes = plainBytes(data)
    packet.start = 0
    packet.end = data.length
    packet.originalLength = Math.max(originalLength, data.length)
    packet.frame = frame
    packet.linkType = linkType
    packet.clock = NANOSECONDS
    packet.seconds = Number(nanoseconds / 1_000_000_000n)
    packet.fraction = Number(nanoseconds % 1_000_000_000n)
    packet.offset = this.bytes
    this.bytes += data.length
    this.linkTypes.add(linkType)
    return true
  }

  async fill(): Promise<boolean> {
    let result: IteratorResult<PacketInput>
    try {
      result = await this.iterator.next()
    } catch (error) {
      this.error = { code: 'unreadable', message: `the packets end with an error: ${error}`, offset: this.bytes }
      return false
    }
    if (result.done === true) return false
    this.taken++
    checkPacket(result.value, this.taken)
    this.waiting = result.value
    return true
  }

  async close(): Promise<void> {
    await this.iterator.return?.()
  }
}
