import { readU16Be, readU16Le, readU32Be, readU32Le } from '../bytes/cursor.js'
import type { Clock } from '../bytes/time.js'
import type { Packet } from './packet.js'
import { trimFcs } from './pcap.js'
import { readInterfaceOptions } from './pcapng-options.js'
import {
  FAILED,
  MAX_PACKET_LENGTH,
  MAX_SNAP_LENGTH,
  NEED_MORE,
  PACKET,
  type PacketReader,
  type ReadError,
  type ReadErrorCode,
  type ReadResult,
} from './reader.js'
import { setTime } from './timestamp.js'
import type { Window } from './window.js'

/** Block types of draft-ietf-opsawg-pcapng §11.1 that are read; all others are passed over. */
const SECTION_HEADER = 0x0a0d0d0a
export const INTERFACE_DESCRIPTION = 1
const PACKET_BLOCK = 2
const SIMPLE_PACKET = 3
export const ENHANCED_PACKET = 6

/**
 * Blocks without a packet that Wireshark numbers as it does packets (wiretap/pcapng.c): custom blocks, entries of the
 * systemd journal, and events of Sysdig.
 */
const NUMBERED: ReadonlySet<number> = new Set([0x0000_0bad, 0x4000_0bad, 9, 0x204, 0x216, 0x221])

const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Type, length, and length again. */
const MIN_BLOCK_LENGTH = 12
const MIN_SECTION_HEADER_LENGTH = 28
/** As libpcap and Wireshark: a longer block that must be held whole (packet, interface, section) is damage. */
const MAX_BLOCK_LENGTH = 16 * 1024 * 1024
/** A section with more interfaces than the obsolete packet block can number is hostile. */
const MAX_INTERFACES = 65_536

/** Block length up to the packet data or options: with type and length, without the length at the end. */
const PACKET_HEADER = 28
const SIMPLE_PACKET_HEADER = 12
const INTERFACE_DESCRIPTION_HEADER = 16

export interface Interface {
  readonly linkType: number
  /** 0 where there is no limit. */
  readonly snapLength: number
  readonly clock: Clock
  /** if_tsoffset, in seconds. */
  readonly offsetSeconds: number
  readonly fcsLength: number
}

/**
 * Reads pcapng (draft-ietf-opsawg-pcapng): any number of sections, of either byte order, each with its own interfaces.
 *
 * A subclass may decode blocks its own way: `sectionStarted`, `decodeInterface` and `decodeEnhancedPacket` are given
 * blocks that are whole in the window, with all lengths checked.
 */
export class PcapngReader implements PacketReader {
  readonly format = 'pcapng'
  readonly linkTypes = new Set<number>()
  error: ReadError | null = null

  protected littleEndian = true
  private inSection = false
  private readonly interfaces: Interface[] = []
  /** Wireshark's number of the last packet, or block that it numbers. */
  private frame = 0
  /** Bytes of a passed-over block that are still to come, its last 4 not counted; -1 where no block is being passed. */
  private passing = -1
  private passingLength = 0
  private passingOffset = 0
  private passingNumbered = false

  next(window: Window, packet: Packet): ReadResult {
    if (this.error !== null) return FAILED
    for (;;) {
      if (this.passing >= 0) {
        if (!this.passOn(window)) return this.error === null ? NEED_MORE : FAILED
        continue
      }
      if (window.available() < MIN_BLOCK_LENGTH) return NEED_MORE
      const { bytes, start } = window
      const type = this.u32(bytes, start)
      if (type === SECTION_HEADER && !this.readByteOrder(window)) return FAILED
      if (!this.inSection) return this.fail('corrupt', window, 'the first block is not a section header')

      const statedLength = this.u32(bytes, start + 4)
      if (statedLength < MIN_BLOCK_LENGTH)
        return this.fail('corrupt', window, `block length ${statedLength} is less than ${MIN_BLOCK_LENGTH}`)
      const held =
        type === ENHANCED_PACKET ||
        type === PACKET_BLOCK ||
        type === SIMPLE_PACKET ||
        type === INTERFACE_DESCRIPTION ||
        type === SECTION_HEADER
      if (!held) {
        this.startPassing(window, type, statedLength)
        continue
      }
      if (statedLength > MAX_BLOCK_LENGTH)
        return this.fail('corrupt', window, `block length ${statedLength} is more than ${MAX_BLOCK_LENGTH}`)
      const length = paddedLength(statedLength)
      if (window.available() < length) return NEED_MORE
      const lengthAtEnd = this.u32(bytes, start + length - 4)
      if (lengthAtEnd !== statedLength) return this.failOnTrailer(window.offset, statedLength, lengthAtEnd)

      if (type === SECTION_HEADER) {
        if (!this.readSectionHeader(window, length)) return FAILED
      } else if (type === INTERFACE_DESCRIPTION) {
        if (!this.readInterface(window, length)) return FAILED
      } else {
        if (!this.readPacket(window, type, length, packet)) return FAILED
        window.consume(length)
        return PACKET
      }
      window.consume(length)
    }
  }

  finish(window: Window): void {
    const have = window.available()
    if (this.error !== null || (have === 0 && this.passing < 0)) return
    const blockOffset = this.passing < 0 ? window.offset : this.passingOffset
    const need =
      this.passing >= 0
        ? paddedLength(this.passingLength)
        : have < MIN_BLOCK_LENGTH
          ? MIN_BLOCK_LENGTH
          : paddedLength(this.u32(window.bytes, window.start + 4))
    const left = window.offset + have - blockOffset
    this.error = {
      code: 'cut',
      message: `the capture is cut at offset ${blockOffset + left}: the block at ${blockOffset}, after frame ${this.frame}, needs ${need} bytes, ${left} are left`,
      offset: blockOffset,
    }
  }

  /** §4.1: the byte-order magic tells the byte order of the section, so also that of the length before it. */
  private readByteOrder(window: Window): boolean {
    const magic = readU32Le(window.bytes, window.start + 8)
    if (magic === BYTE_ORDER_MAGIC) this.littleEndian = true
    else if (readU32Be(window.bytes, window.start + 8) === BYTE_ORDER_MAGIC) this.littleEndian = false
    else {
      this.fail('corrupt', window, `byte-order magic 0x${magic.toString(16)} is not 0x1a2b3c4d in either byte order`)
      return false
    }
    this.inSection = true
    return true
  }

  private readSectionHeader(window: Window, length: number): boolean {
    const { bytes, start } = window
    if (length < MIN_SECTION_HEADER_LENGTH) {
      this.fail('corrupt', window, `section header length ${length} is less than ${MIN_SECTION_HEADER_LENGTH}`)
      return false
    }
    const major = this.u16(bytes, start + 12)
    if (major !== 1) {
      this.fail('unsupported', window, `pcapng version ${major}.${this.u16(bytes, start + 14)} is not 1.x`)
      return false
    }
    this.interfaces.length = 0
    this.sectionStarted(window, length)
    return true
  }

  protected sectionStarted(_window: Window, _length: number): void {}

  // §4.2
  private readInterface(window: Window, length: number): boolean {
    if (length < INTERFACE_DESCRIPTION_HEADER + 4) {
      this.fail(
        'corrupt',
        window,
        `interface description length ${length} is less than ${INTERFACE_DESCRIPTION_HEADER + 4}`,
      )
      return false
    }
    if (this.interfaces.length === MAX_INTERFACES) {
      this.fail('unsupported', window, `a section has more than ${MAX_INTERFACES} interfaces`)
      return false
    }
    const source = this.decodeInterface(window, length)
    this.interfaces.push(source)
    this.linkTypes.add(source.linkType)
    return true
  }

  protected decodeInterface({ bytes, start }: Window, length: number): Interface {
    const optionsStart = start + INTERFACE_DESCRIPTION_HEADER
    return {
      linkType: this.u16(bytes, start + 8),
      snapLength: this.u32(bytes, start + 12),
      ...readInterfaceOptions(bytes, optionsStart, start + length - 4, this.littleEndian),
    }
  }

  private readPacket(window: Window, type: number, length: number, packet: Packet): boolean {
    const { bytes, start } = window
    const headerLength = type === SIMPLE_PACKET ? SIMPLE_PACKET_HEADER : PACKET_HEADER
    const space = length - headerLength - 4
    if (space < 0) {
      this.fail('corrupt', window, `packet block length ${length} is less than ${headerLength + 4}`)
      return false
    }
    const interfaceId =
      type === ENHANCED_PACKET ? this.u32(bytes, start + 8) : type === PACKET_BLOCK ? this.u16(bytes, start + 8) : 0
    const source = this.interfaces[interfaceId]
    if (source === undefined) {
      this.fail('corrupt', window, `interface ${interfaceId} of a packet is not one of ${this.interfaces.length}`)
      return false
    }
    if (type !== SIMPLE_PACKET) {
      const capturedLength = this.u32(bytes, start + 20)
      const most = Math.min(space, Math.max(source.snapLength, MAX_PACKET_LENGTH), MAX_SNAP_LENGTH)
      if (capturedLength > most) {
        this.failOnCapturedLength(window, capturedLength, most)
        return false
      }
    }
    packet.clock = source.clock
    packet.frame = ++this.frame
    packet.linkType = source.linkType
    packet.offset = window.offset + headerLength
    if (type === ENHANCED_PACKET) this.decodeEnhancedPacket(window, length, packet)
    else if (type === PACKET_BLOCK) this.decodePacketBlock(window, packet)
    else this.decodeSimplePacket(window, space, source.snapLength, packet)
    if (type !== SIMPLE_PACKET) packet.seconds += source.offsetSeconds
    if (source.fcsLength > 0) trimFcs(packet, source.fcsLength)
    return true
  }

  /** §4.3: sets the packet's bytes, original length and time; its clock is set. */
  protected decodeEnhancedPacket(window: Window, _length: number, packet: Packet): void {
    this.decodePacketBlock(window, packet)
  }

  /** The obsolete block (appendix A) differs from the enhanced one only in how it names the interface. */
  private decodePacketBlock({ bytes, start }: Window, packet: Packet): void {
    setTime(packet, this.u32(bytes, start + 12), this.u32(bytes, start + 16))
    packet.bytes = bytes
    packet.start = start + PACKET_HEADER
    packet.end = packet.start + this.u32(bytes, start + 20)
    packet.originalLength = this.u32(bytes, start + 24)
  }

  /** §4.4: there is no time and no captured length; that is what the snap length leaves of the packet. */
  private decodeSimplePacket({ bytes, start }: Window, space: number, snapLength: number, packet: Packet): void {
    packet.seconds = 0
    packet.fraction = 0
    packet.bytes = bytes
    packet.start = start + SIMPLE_PACKET_HEADER
    packet.originalLength = this.u32(bytes, start + 8)
    packet.end = packet.start + Math.min(packet.originalLength, snapLength === 0 ? space : snapLength, space)
  }

  private startPassing(window: Window, type: number, length: number): void {
    this.passingNumbered = NUMBERED.has(type)
    this.passing = paddedLength(length) - MIN_BLOCK_LENGTH
    this.passingLength = length
    this.passingOffset = window.offset
    window.consume(8)
  }

  /** Consumes what is there of a block that is not read; its length at the end must still match. */
  private passOn(window: Window): boolean {
    const take = Math.min(this.passing, window.available())
    window.consume(take)
    this.passing -= take
    if (this.passing > 0 || window.available() < 4) return false
    const lengthAtEnd = this.u32(window.bytes, window.start)
    if (lengthAtEnd !== this.passingLength) {
      this.failOnTrailer(this.passingOffset, this.passingLength, lengthAtEnd)
      return false
    }
    window.consume(4)
    this.passing = -1
    if (this.passingNumbered) this.frame++
    return true
  }

  private failOnCapturedLength(window: Window, capturedLength: number, most: number): ReadResult {
    const what = `captured length ${capturedLength} of frame ${this.frame + 1} is more than the ${most} that its block can hold`
    return this.fail('corrupt', window, what)
  }

  private failOnTrailer(offset: number, lengthAtStart: number, lengthAtEnd: number): ReadResult {
    const what = `block length ${lengthAtStart} at the start of the block at offset ${offset}`
    this.error = {
      code: 'corrupt',
      // Behind a length without its padding stands no length, but anything.
      message: `${what} is not ${lengthAtStart % 4 === 0 ? `the ${lengthAtEnd} at its end` : 'a multiple of 4'}`,
      offset,
    }
    return FAILED
  }

  private fail(code: ReadErrorCode, window: Window, what: string): ReadResult {
    this.error = {
      code,
      message: `${what} (block at offset ${window.offset}, after frame ${this.frame})`,
      offset: window.offset,
    }
    return FAILED
  }

  private u32(bytes: Uint8Array, at: number): number {
    return this.littleEndian ? readU32Le(bytes, at) : readU32Be(bytes, at)
  }

  private u16(bytes: Uint8Array, at: number): number {
    return this.littleEndian ? readU16Le(bytes, at) : readU16Be(bytes, at)
  }
}

/** Some writers leave the padding out of the length: Wireshark reads those as if it were there. */
function paddedLength(statedLength: number): number {
  return statedLength + (-statedLength & 3)
}

/** Whether a section header block begins at `at`; the caller has checked for 12 bytes. */
export function isSectionHeader(bytes: Uint8Array, at: number): boolean {
  return (
    readU32Be(bytes, at) === SECTION_HEADER &&
    (readU32Le(bytes, at + 8) === BYTE_ORDER_MAGIC || readU32Be(bytes, at + 8) === BYTE_ORDER_MAGIC)
  )
}
