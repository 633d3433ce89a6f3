import { readU16Be } from '../bytes/cursor.js'
import * as reason from './reason.js'
import { readTeredo } from './teredo.js'
import { readGeneve, readGtpU, readL2tp, readVxlan, readVxlanGpe } from './udp-tunnels.js'
import { countUnread } from './unread-datagram.js'
import type { Walk } from './walk.js'

const HEADER = 8

const L2TP = 1701
const GTP_U = 2152
const TEREDO = 3544
const VXLAN = 4789
const VXLAN_GPE = 4790
const GENEVE = 6081
/** The port of Linux before IANA assigned one, still its default. */
const VXLAN_LINUX = 8472

/**
 * RFC 768. Goes on into a tunnel by port, where a plausible header of that tunnel stands there; all other UDP is not
 * followed, and counted by what it is. A length of 0 stands for a jumbogram or segmentation left to the network card.
 */
export function readUdp(walk: Walk): number {
  if (!walk.has(HEADER)) return walk.missing(HEADER, reason.UDP)
  const { bytes, at } = walk
  const source = readU16Be(bytes, at)
  const destination = readU16Be(bytes, at + 2)
  const length = readU16Be(bytes, at + 4)
  if (length >= HEADER) walk.narrow(at + length)
  walk.at = at + HEADER
  switch (destination) {
    case VXLAN:
    case VXLAN_LINUX:
      return readVxlan(walk)
    case VXLAN_GPE:
      return readVxlanGpe(walk)
    case GENEVE:
      return readGeneve(walk)
    case GTP_U:
      return readGtpU(walk)
    case TEREDO:
      return readTeredo(walk)
    case L2TP:
      return readL2tp(walk)
  }
  // Answers: the far side of these chooses its port.
  if (source === TEREDO) return readTeredo(walk)
  if (source === GTP_U) return readGtpU(walk)
  if (source === L2TP) return readL2tp(walk)
  countUnread(walk.unread, bytes, walk.at, walk.end, walk.wireEnd - walk.at, source, destination)
  return reason.UDP
}
