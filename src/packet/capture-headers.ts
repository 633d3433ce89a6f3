import { readU16Be, readU16Le, readU32Le } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { IP, LINK } from './step.js'
import type { Walk } from './walk.js'

/** LINKTYPE_PKTAP (Apple), little-endian: length of the header, type of record, link type of what follows. */
export function readPktap(walk: Walk): number {
  if (!walk.has(12)) return reason.TRUNCATED_HEADER
  const length = readU32Le(walk.bytes, walk.at)
  const linkType = readU32Le(walk.bytes, walk.at + 8)
  return readEmbedded(walk, length, 12, linkType)
}

/** LINKTYPE_PPI, little-endian: version, flags, length of the header, link type of what follows. */
export function readPpi(walk: Walk): number {
  if (!walk.has(8)) return reason.TRUNCATED_HEADER
  const length = readU16Le(walk.bytes, walk.at + 2)
  const linkType = readU32Le(walk.bytes, walk.at + 4)
  return readEmbedded(walk, length, 8, linkType)
}

function readEmbedded(walk: Walk, length: number, least: number, linkType: number): number {
  if (length < least || linkType > 0xffff || !walk.hasOnWire(length)) return reason.LINK_HEADER
  if (!walk.has(length)) return reason.TRUNCATED_HEADER
  walk.at += length
  walk.linkType = linkType
  return LINK
}

const NFULA_PAYLOAD = 9
/** The highest attribute type of the kernel is far below; more means the other byte order. */
const MAX_ATTRIBUTE_TYPE = 0xff

/**
 * LINKTYPE_NFLOG: family, version, resource, then attributes of length and type in the byte order of the capturing host,
 * padded to 4 bytes. The packet is the attribute of type 9.
 */
export function readNflog(walk: Walk): number {
  if (!walk.has(4)) return reason.TRUNCATED_HEADER
  const { bytes } = walk
  walk.at += 4
  while (walk.has(4)) {
    const littleEndian = readU16Le(bytes, walk.at + 2) <= MAX_ATTRIBUTE_TYPE
    const length = littleEndian ? readU16Le(bytes, walk.at) : readU16Be(bytes, walk.at)
    const type = littleEndian ? readU16Le(bytes, walk.at + 2) : readU16Be(bytes, walk.at + 2)
    if (length < 4) return reason.LINK_HEADER
    if (type === NFULA_PAYLOAD) {
      walk.narrow(walk.at + length)
      walk.at += 4
      return IP
    }
    const padded = (length + 3) & ~3
    if (!walk.has(padded)) break
    walk.at += padded
  }
  return walk.end < walk.wireEnd ? reason.TRUNCATED_HEADER : reason.LINK_HEADER
}
