import type { CheckedHandshake } from '../../policy/finding.js'

/** What a report of a check holds at most, where somebody or something that reads it has a limit. */

/** Names in DNS have at most 253 characters (RFC 1035 §2.3.4); a longer one is an attack, and its start tells enough. */
export const MAX_NAME = 255
/** The longest sentence that is shown whole; code scanning cuts at 1,024 characters. */
export const MAX_SENTENCE = 1000
/** What PATH_MAX allows on Linux. */
export const MAX_PATH = 4096
/** Frames listed for one finding: enough for every message of a handshake. */
export const MAX_FRAMES = 20
/** UTF-16 units of a report that is read by programs; a JavaScript string holds four times as much. */
export const MAX_REPORT_LENGTH = 128 * 1024 * 1024

/** The text, or its start with `...` after it, of at most `length` UTF-16 units. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text
  const start = text.slice(0, length - 3)
  // Half of a pair of surrogates is no character.
  return `${/[\ud800-\udbff]$/.test(start) ? start.slice(0, -1) : start}...`
}

/** The handshake with a server name of at most `MAX_NAME` UTF-16 units. */
export function cutName(handshake: CheckedHandshake): CheckedHandshake {
  const { serverName } = handshake
  return serverName === null ? handshake : { ...handshake, serverName: cutText(serverName, MAX_NAME) }
}

/** `4, 6, 9`, and how many more there are. */
export function framesText(frames: readonly number[]): string {
  const rest = frames.length - MAX_FRAMES
  return `${frames.slice(0, MAX_FRAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** As many pieces as have room, joined, and how many have not. `pieces` is not read further than one piece past it. */
export function joined(pieces: Iterable<string>, count: number, room: number): { text: string; leftOut: number } {
  const taken: string[] = []
  let length = 0
  for (const piece of pieces) {
    length += piece.length
    if (length > room) break
    taken.push(piece)
  }
  return { text: taken.join(''), leftOut: count - taken.length }
}
