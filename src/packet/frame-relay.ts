import { readTyped } from './ethernet.js'
import * as reason from './reason.js'
import { IP } from './step.js'
import type { Walk } from './walk.js'

/** RFC 2427 §4.1: a Q.922 address of 2 to 4 bytes, and 03 with an NLPID or, as Cisco frames it, an EtherType. */
export function readFrameRelay(walk: Walk): number {
  const { bytes } = walk
  let addressBytes = 2
  while (addressBytes < 4 && walk.has(addressBytes) && ((bytes[walk.at + addressBytes - 1] as number) & 1) === 0) {
    addressBytes++
  }
  if (!walk.has(addressBytes + 2)) return reason.TRUNCATED_HEADER
  walk.at += addressBytes
  if (bytes[walk.at] !== 0x03) return readTyped(walk, 0, 2)
  walk.at += bytes[walk.at + 1] === 0 ? 2 : 1
  if (!walk.has(1)) return reason.TRUNCATED_HEADER
  switch (bytes[walk.at]) {
    case 0xcc:
    case 0x8e:
      walk.at += 1
      return IP
    case 0x80:
      return readTyped(walk, 4, 6)
    default:
      return reason.LINK_HEADER
  }
}
