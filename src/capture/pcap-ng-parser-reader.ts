import PCAPNGParser from 'pcap-ng-parser'
import { plainBytes } from '../bytes/plain.js'
import type { Packet } from './packet.js'
import { ENHANCED_PACKET, INTERFACE_DESCRIPTION, type Interface, PcapngReader } from './pcapng.js'
import { type InterfaceOptions, readInterfaceOptions } from './pcapng-options.js'
import { setTime } from './timestamp.js'
import type { Window } from './window.js'

/**
 * Reads pcapng with the package pcap-ng-parser, packet for packet as `PcapngReader` does, but slower.
 *
 * The package decodes section headers (their byte order), interface descriptions (link type and snap length) and
 * Enhanced Packet Blocks. It checks no length, throws in the options of most interfaces, keeps to the byte order and
 * interfaces of the first section, and reads neither Simple nor obsolete Packet Blocks nor the time's resolution. So
 * the framing, all checks, options, the other block types and the end of the capture stay with `PcapngReader`: the
 * package sees whole blocks only, whose lengths hold, and its stream is not used.
 */
export class PcapNgParserReader extends PcapngReader {
  private readonly parser = new BlockParser()

  protected override sectionStarted(window: Window, length: number): void {
    this.parser.readHeaderBlockFromBuffer(blockOf(window, length))
  }

  protected override decodeInterface(window: Window, length: number): Interface {
    const { parser } = this
    parser.littleEndian = this.littleEndian
    parser.processRawBlock(blockOf(window, length), INTERFACE_DESCRIPTION)
    const { linkType, snapLen } = parser.interfaces.pop() as PCAPNGParser.InterfaceDescription
    return { linkType, snapLength: snapLen, ...parser.options }
  }

  protected override decodeEnhancedPacket(window: Window, length: number, packet: Packet): void {
    const block = this.parser.processRawBlock(blockOf(window, length), ENHANCED_PACKET)
    setTime(packet, block.timestampHigh, block.timestampLow)
    packet.bytes = plainBytes(block.data)
    packet.start = 0
    packet.end = block.data.length
    packet.originalLength = block.originalPacketLength
  }
}

/** The package's parser, with options read within their bounds and into what they mean. */
class BlockParser extends PCAPNGParser {
  littleEndian = true
  options: InterfaceOptions = readInterfaceOptions(new Uint8Array(0), 0, 0, true)

  override readOptions(options: Buffer): [] {
    this.options = readInterfaceOptions(options, 0, options.length - 4, this.littleEndian)
    return []
  }
}

function blockOf({ bytes, start }: Window, length: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length)
}
