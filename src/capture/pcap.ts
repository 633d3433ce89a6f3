import { readU16Be, readU16Le, readU32Be, readU32Le } from '../bytes/cursor.js'
import { type Clock, MICROSECONDS, NANOSECONDS } from '../bytes/time.js'
import { viewOf } from '../bytes/view.js'
import type { Packet } from './packet.js'
import {
  FAILED,
  MAX_PACKET_LENGTH,
  MAX_SNAP_LENGTH,
  NEED_MORE,
  PACKET,
  type PacketReader,
  type ReadError,
  type ReadResult,
} from './reader.js'
import type { Window } from './window.js'

/** draft-ietf-opsawg-pcap §4: magic number, version, two reserved words, snap length, link type. */
export const FILE_HEADER_LENGTH = 24
const RECORD_HEADER_LENGTH = 16

const MAGIC_MICROSECONDS = 0xa1b2c3d4
const MAGIC_NANOSECONDS = 0xa1b23c4d
/** Alexey Kuznetzov's "modified" libpcap: 8 more bytes a record (interface, protocol, packet type, padding). */
const MAGIC_MODIFIED = 0xa1b2cd34
const MODIFIED_RECORD_HEADER_LENGTH = 24

/** The link-type word: link type below, then a flag that says whether the top four bits hold the FCS length. */
const LINK_TYPE_MASK = 0x03ff_ffff
const FCS_LENGTH_PRESENT = 0x0400_0000

/** The byte order of a magic number at `at`: little, big, or none of a pcap. */
export function pcapByteOrder(bytes: Uint8Array, at: number): 'little' | 'big' | null {
  if (isPcapMagic(readU32Le(bytes, at))) return 'little'
  return isPcapMagic(readU32Be(bytes, at)) ? 'big' : null
}

function isPcapMagic(magic: number): boolean {
  return magic === MAGIC_MICROSECONDS || magic === MAGIC_NANOSECONDS || magic === MAGIC_MODIFIED
}

/** Reads classic pcap (draft-ietf-opsawg-pcap), both byte orders. */
export class PcapReader implements PacketReader {
  readonly format = 'pcap'
  readonly linkTypes = new Set<number>()
  error: ReadError | null = null

  private readonly littleEndian: boolean
  private readonly clock: Clock
  private readonly linkType: number
  private readonly headerLength: number
  private readonly fcsLength: number
  private readonly maxPacketLength: number
  /** Versions below 2.3 wrote original length before captured length; 2.3 came both ways (libpcap, sf-pcap.c). */
  private readonly lengthsSwapped: 'never' | 'always' | 'maybe'
  private frame = 0
  /** The first two or more packet headers in a row that are all zeros: where they begin, and how many they are. */
  private zerosOffset = 0
  private zeros = 0
  /** Where the header behind them would be. */
  private zerosEnd = 0

  /** The window starts with a whole file header whose magic number is a pcap's; it is consumed. */
  constructor(window: Window) {
    const { bytes, start } = window
    this.littleEndian = pcapByteOrder(bytes, start) === 'little'
    const u32 = this.littleEndian ? readU32Le : readU32Be
    const u16 = this.littleEndian ? readU16Le : readU16Be

    const magic = u32(bytes, start)
    const versionMajor = u16(bytes, start + 4)
    const versionMinor = u16(bytes, start + 6)
    const snapLength = u32(bytes, start + 16)
    const linkTypeWord = u32(bytes, start + 20)
    window.consume(FILE_HEADER_LENGTH)

    this.clock = magic === MAGIC_NANOSECONDS ? NANOSECONDS : MICROSECONDS
    this.headerLength = magic === MAGIC_MODIFIED ? MODIFIED_RECORD_HEADER_LENGTH : RECORD_HEADER_LENGTH
    this.linkType = linkTypeWord & LINK_TYPE_MASK
    this.fcsLength = linkTypeWord & FCS_LENGTH_PRESENT ? (linkTypeWord >>> 28) * 2 : 0
    this.linkTypes.add(this.linkType)
    this.maxPacketLength = Math.min(Math.max(snapLength, MAX_PACKET_LENGTH), MAX_SNAP_LENGTH)
    // 543.0 is DG/UX's tcpdump, which swapped them as well.
    if (versionMajor === 543 || (versionMajor === 2 && versionMinor < 3)) this.lengthsSwapped = 'always'
    else this.lengthsSwapped = versionMajor === 2 && versionMinor === 3 ? 'maybe' : 'never'
    if (versionMajor !== 2 && versionMajor !== 543)
      this.error = {
        code: 'unsupported',
        message: `pcap version ${versionMajor}.${versionMinor} at offset 4 is not 2.0 to 2.4`,
        offset: 4,
      }
  }

  next(window: Window, packet: Packet): ReadResult {
    if (this.error !== null) return FAILED
    const available = window.end - window.start
    if (available < this.headerLength) return NEED_MORE
    const { bytes, start } = window

    const view = viewOf(bytes)
    const { littleEndian } = this
    let capturedLength = view.getUint32(start + 8, littleEndian)
    let originalLength = view.getUint32(start + 12, littleEndian)
    if (this.lengthsSwapped !== 'never' && (this.lengthsSwapped === 'always' || capturedLength > originalLength)) {
      const swapped = capturedLength
      capturedLength = originalLength
      originalLength = swapped
    }
    if (capturedLength > this.maxPacketLength) return this.failOnLength(capturedLength, window.offset)
    if (available < this.headerLength + capturedLength) return NEED_MORE
    if (capturedLength === 0 && originalLength === 0 && !this.takeEmpty(window)) return FAILED

    const dataStart = start + this.headerLength
    packet.seconds = view.getUint32(start, littleEndian)
    packet.fraction = view.getUint32(start + 4, littleEndian)
    packet.bytes = bytes
    packet.start = dataStart
    packet.end = dataStart + capturedLength
    packet.originalLength = originalLength
    packet.frame = ++this.frame
    packet.linkType = this.linkType
    packet.clock = this.clock
    packet.offset = window.offset + this.headerLength
    if (this.fcsLength > 0) trimFcs(packet, this.fcsLength)
    window.start = dataStart + capturedLength
    window.offset += this.headerLength + capturedLength
    return PACKET
  }

  finish(window: Window): void {
    if (this.error !== null) return
    this.error = this.zerosError()
    if (this.error !== null || window.available() === 0) return
    const have = window.available()
    const need = have < this.headerLength ? this.headerLength : this.headerLength + this.capturedLengthAt(window)
    this.error = {
      code: 'cut',
      message: `the capture is cut at offset ${window.offset + have}: packet ${this.frame + 1} begins at ${window.offset} and needs ${need} bytes, ${have} are left`,
      offset: window.offset,
    }
  }

  private capturedLengthAt(window: Window): number {
    const u32 = this.littleEndian ? readU32Le : readU32Be
    const first = u32(window.bytes, window.start + 8)
    const second = u32(window.bytes, window.start + 12)
    return this.lengthsSwapped === 'always' || (this.lengthsSwapped === 'maybe' && first > second) ? second : first
  }

  /** A packet of no bytes may be none: a file header, or the zeros of a file that was not written to its end. */
  private takeEmpty({ bytes, start, offset }: Window): boolean {
    // The fields of a file header that stand where the lengths of a packet do are always zero.
    if (pcapByteOrder(bytes, start) !== null) {
      this.error = this.zerosError() ?? {
        code: 'corrupt',
        message: `another pcap file begins at offset ${offset}, after packet ${this.frame}: mergecap joins captures, cat does not`,
        offset,
      }
      return false
    }
    if (readU32Le(bytes, start) !== 0 || readU32Le(bytes, start + 4) !== 0) return true
    if (offset !== this.zerosEnd) {
      if (this.zeros > 1) return true
      this.zerosOffset = offset
      this.zeros = 0
    }
    this.zeros++
    this.zerosEnd = offset + this.headerLength
    return true
  }

  private zerosError(): ReadError | null {
    if (this.zeros < 2) return null
    return {
      code: 'corrupt',
      message: `${this.zeros} packet headers in a row, from offset ${this.zerosOffset} on, are all zeros: nothing was written there`,
      offset: this.zerosOffset,
    }
  }

  private failOnLength(capturedLength: number, offset: number): ReadResult {
    this.error = this.zerosError() ?? {
      code: 'corrupt',
      message: `captured length ${capturedLength} of packet ${this.frame + 1} at offset ${offset} is more than the ${this.maxPacketLength} that a packet can have`,
      offset,
    }
    return FAILED
  }
}

/** Leaves the frame check sequence out of a packet that holds it: its bytes are at the end of the packet on the wire. */
export function trimFcs(packet: Packet, fcsLength: number): void {
  if (packet.originalLength < fcsLength) return
  const missing = packet.originalLength - (packet.end - packet.start)
  packet.end -= Math.min(Math.max(fcsLength - missing, 0), packet.end - packet.start)
  packet.originalLength -= fcsLength
}
