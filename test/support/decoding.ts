import { PacketDecoder, skipReasonText } from '../../src/packet/decode.js'
import type { Segment } from '../../src/packet/segment.js'

export const ETHERNET = 1
export const RAW = 101

/** What a decode found: `decoded` or the reason why not, and the segment's fields with a copy of the payload. */
export interface Found extends Omit<Segment, 'bytes'> {
  readonly reason: string
  readonly payload: Uint8Array
}

export interface Decoding {
  readonly linkType?: number
  readonly originalLength?: number
  /** Keeps fragments from one packet to the next; a new one where left out. */
  readonly decoder?: PacketDecoder
  /** The byte that all around the packet are. */
  readonly behind?: number
}

/** Decodes one packet, which lies between other bytes so that a read past its end would be seen. */
export function decodePacket(packet: Uint8Array, decoding: Decoding = {}): Found {
  const { linkType = ETHERNET, originalLength = packet.length, decoder = new PacketDecoder(), behind = 0x45 } = decoding
  const around = new Uint8Array(packet.length + 128).fill(behind)
  around.set(packet, 64)
  const reason = skipReasonText(decoder.decode(around, 64, 64 + packet.length, originalLength, linkType))
  const { bytes, ...fields } = decoder.segment
  return { ...fields, reason, payload: bytes.slice(fields.payloadStart, fields.payloadEnd) }
}
