import { createHash } from 'node:crypto'
import type { StreamEndpoint, StreamIdentity, StreamView } from '../src/stream/chunk.js'
import { TlsProtocol } from '../src/tls/protocol.js'

/** Bytes that a session was given in one direction, in order; a number is a hole of so many bytes. */
export type Log = (Uint8Array | number)[]

/** What the sessions of one stream were given. */
export interface StreamLog {
  readonly stream: number
  readonly senders: readonly [StreamEndpoint, StreamEndpoint]
  readonly directions: readonly [Log, Log]
  /** Where the bytes were said to stand in the capture. */
  readonly places: { readonly offset: number; readonly bytes: Uint8Array }[]
}

let logs: StreamLog[] = []

/** What has been given to sessions since the last call. */
export function takeLogs(): readonly StreamLog[] {
  const taken = logs
  logs = []
  return taken
}

const { open } = TlsProtocol.prototype
TlsProtocol.prototype.open = function (this: TlsProtocol, identity: StreamIdentity, stream: StreamView) {
  const session = open.call(this, identity, stream)
  const log: StreamLog = { stream: identity.stream, senders: identity.senders, directions: [[], []], places: [] }
  logs.push(log)
  const { data, missing } = session
  session.data = (direction, chunk) => {
    const bytes = Uint8Array.prototype.slice.call(chunk.bytes, chunk.start, chunk.end)
    log.directions[direction].push(bytes)
    if (chunk.offset >= 0) log.places.push({ offset: chunk.offset, bytes })
    data.call(session, direction, chunk)
  }
  session.missing = (direction, length, reason, frame) => {
    log.directions[direction].push(length)
    missing.call(session, direction, length, reason, frame)
  }
  return session
}

/** A ServerHello that stands in bytes: what it selects. */
interface Selection {
  readonly cipherSuite: number
  readonly groups: readonly number[]
}

/**
 * Whether a ServerHello, and no HelloRetryRequest, of which this holds may be read anywhere in a log: at any byte of the
 * handshake records, and from any piece on. Knows nothing of `src/tls`, so that it can contradict it.
 */
export function selects(log: Log, isWanted: (selection: Selection) => boolean): boolean {
  for (const rest of beginnings(log))
    for (const run of handshakeRuns(rest)) if (serverHellosIn(run).some(isWanted)) return true
  return false
}

/** Whether a log holds an ECDHE ServerKeyExchange that names this curve. */
export function namesCurve(log: Log, group: number): boolean {
  for (const rest of beginnings(log))
    for (const run of handshakeRuns(rest))
      for (let at = 0; at + 3 <= run.length; at++)
        if (run[at] === 3 && run[at + 1] === group >> 8 && run[at + 2] === (group & 255)) return true
  return false
}

/** A log from each of its pieces on; and from each record in a piece that may stand behind what was said before TLS. */
function* beginnings(log: Log): Generator<Log> {
  for (const [from, piece] of log.entries()) {
    yield log.slice(from)
    if (typeof piece === 'number') continue
    for (let at = piece.indexOf(22, 1); at > 0; at = piece.indexOf(22, at + 1))
      if (at + 1 === piece.length || piece[at + 1] === 3) yield [piece.subarray(at), ...log.slice(from + 1)]
  }
}

/** The contents of handshake records one after another, broken where bytes are missing. */
function handshakeRuns(log: Log): number[][] {
  const runs: number[][] = [[]]
  const header: number[] = []
  let type = 0
  let left = 0
  for (const piece of log) {
    if (typeof piece === 'number') {
      if (piece > left) break
      left -= piece
      runs.push([])
      continue
    }
    for (const byte of piece) {
      if (left > 0) {
        if (type === 22) runs.at(-1)?.push(byte)
        left--
      } else {
        header.push(byte)
        if (header.length < 5) continue
        type = header[0] as number
        left = (header[3] as number) * 256 + (header[4] as number)
        header.length = 0
      }
    }
  }
  return runs
}

/** SHA-256 of "HelloRetryRequest" (RFC 9846 §4.2.2). */
const RETRY_RANDOM = createHash('sha256').update('HelloRetryRequest').digest()

function serverHellosIn(run: readonly number[]): Selection[] {
  const found: Selection[] = []
  for (let at = 0; at + 42 <= run.length; at++) {
    if (run[at] !== 2 || (run[at + 1] as number) > 3) continue
    const end = at + 4 + u16(run, at + 1) * 256 + (run[at + 3] as number)
    if (end > run.length || RETRY_RANDOM.every((byte, i) => run[at + 6 + i] === byte)) continue
    const version = u16(run, at + 4)
    // Drafts before 22 had neither session id nor compression method.
    const suiteAt = version >> 8 === 0x7f && version < 0x7f16 ? at + 38 : at + 39 + (run[at + 38] as number)
    const extensionsAt = suiteAt === at + 38 ? suiteAt + 2 : suiteAt + 3
    if (suiteAt + 2 > end) continue
    found.push({ cipherSuite: u16(run, suiteAt), groups: sharesIn(run, extensionsAt + 2, end) })
  }
  return found
}

function sharesIn(run: readonly number[], start: number, end: number): number[] {
  const groups: number[] = []
  for (let at = start; at + 4 <= end; ) {
    const type = u16(run, at)
    const extensionEnd = at + 4 + u16(run, at + 2)
    if (extensionEnd > end) break
    const fits = at + 8 <= extensionEnd && at + 8 + u16(run, at + 6) <= extensionEnd
    if ((type === 51 || type === 40) && fits) groups.push(u16(run, at + 4))
    at = extensionEnd
  }
  return groups
}

function u16(run: readonly number[], at: number): number {
  return (run[at] as number) * 256 + (run[at + 1] as number)
}
