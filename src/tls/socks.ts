import { readU16Be, readU32Be } from '../bytes/cursor.js'

/** VER of SOCKS 5 (RFC 1928 §3) and VN of SOCKS 4; the answers of SOCKS 4 have 0 there. */
const SOCKS5 = 5
const SOCKS4 = 4
const SOCKS4_ANSWER = 0
/** CMD of both. */
const CONNECT = 1
/** CD of SOCKS 4: request granted. */
const GRANTED = 0x5a

/** A user name or host name of SOCKS 4 ends with a zero byte; this long they may be. */
const MAX_NAME_LENGTH = 255

/**
 * Where the SOCKS messages end that bytes begin with: up to a request or its answer, behind which comes what it was
 * asked for. Past `end` where they are cut, and null where they are none. `end` is more than `start`.
 */
export function socksEnd(bytes: Uint8Array, start: number, end: number): number | null {
  const first = bytes[start]
  if (first === SOCKS5) return socks5End(bytes, start, end)
  if (first === SOCKS4) return socks4RequestEnd(bytes, start, end)
  if (first === SOCKS4_ANSWER && (end - start < 2 || bytes[start + 1] === GRANTED)) return start + 8
  return null
}

/** A request or answer (RFC 1928 §4, §6), alone or behind the choice of a method, which the client did not wait for. */
function socks5End(bytes: Uint8Array, start: number, end: number): number | null {
  const request = addressedEnd(bytes, start, end)
  if (request !== null) return request
  const methods = bytes[start + 1] as number
  // A greeting lists its methods; an answer to it names the one that was chosen, and the next message follows.
  for (const next of [start + 2 + methods, start + 2]) {
    if (next > end) return methods <= MAX_METHODS ? next : null
    if (next === end) return next
    if (bytes[next] === SOCKS5) {
      const after = addressedEnd(bytes, next, end)
      if (after !== null) return after
    }
  }
  return null
}

/** Methods of RFC 1928 and IANA's registry that a client lists at a time. */
const MAX_METHODS = 16

/** VER, CMD or REP, RSV, ATYP, address, port; one that was not asked for or not granted is none. */
function addressedEnd(bytes: Uint8Array, start: number, end: number): number | null {
  const have = end - start
  if (have > 1 && (bytes[start + 1] as number) > CONNECT) return null
  if (have > 2 && bytes[start + 2] !== 0) return null
  if (have < 5) return have > 3 && !isAddressType(bytes[start + 3] as number) ? null : end + 1
  const type = bytes[start + 3] as number
  if (!isAddressType(type)) return null
  return start + 4 + (type === 1 ? 4 : type === 4 ? 16 : 1 + (bytes[start + 4] as number)) + 2
}

/** IPv4, a host name with its length before it, IPv6. */
function isAddressType(type: number): boolean {
  return type === 1 || type === 3 || type === 4
}

/** VN, CD, port, address, user name; and a host name where the address is 0.0.0.x (SOCKS 4A). */
function socks4RequestEnd(bytes: Uint8Array, start: number, end: number): number | null {
  if (end - start > 1 && bytes[start + 1] !== CONNECT) return null
  if (end - start < 8) return end + 1
  if (readU16Be(bytes, start + 2) === 0) return null
  const address = readU32Be(bytes, start + 4)
  const user = nameEnd(bytes, start + 8, end)
  if (user === null || user > end || address === 0 || address > 0xff) return user
  return nameEnd(bytes, user, end)
}

function nameEnd(bytes: Uint8Array, start: number, end: number): number | null {
  const zero = bytes.subarray(start, Math.min(end, start + MAX_NAME_LENGTH + 1)).indexOf(0)
  if (zero >= 0) return start + zero + 1
  return end - start > MAX_NAME_LENGTH ? null : end + 1
}
