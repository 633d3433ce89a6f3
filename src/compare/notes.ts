import type { HandshakeRecord, Note } from '../verdict/record.js'
import type { SizeDifference, Sizes, SpreadDifference, SummarizedName } from './comparison.js'
import { LEAST_SAMPLE } from './statistics.js'

/** What limits the comparison of two handshakes. */
export function pairNotes(before: HandshakeRecord, after: HandshakeRecord, sizes: Sizes): Note[] {
  const notes: Note[] = []
  const resumed = [isResumed(before), isResumed(after)]
  if (resumed[0] !== resumed[1])
    notes.push({
      code: 'resumption-differs',
      message: `the ${resumed[0] ? 'first' : 'second'} handshake took a pre-shared key or resumed a session, which needs no certificate: sizes and times are not those of the same work`,
    })
  for (const [which, record] of [
    ['first', before],
    ['second', after],
  ] as const) {
    if (record.verdict.outcome === 'negotiated' && !record.cost.complete)
      notes.push({
        code: 'end-not-seen',
        message: `the end of the ${which} handshake is not in the capture: what it cost in all is not known`,
      })
  }
  if (before.negotiated === null || after.negotiated === null) return notes
  if (hasServerFinishedBehind(before) !== hasServerFinishedBehind(after)) notes.push(VERSIONS_DIFFER)
  if (sizes.milliseconds.difference !== null)
    notes.push({ code: 'one-sample', message: 'times are those of one handshake each: they vary from one to the next' })
  return [...notes, ...roundTripNotes(sizes.connectMilliseconds, sizes.milliseconds)]
}

/**
 * In a full handshake of TLS 1.2 or older the server's Finished follows the client's (RFC 5246 §7.3), with which the cost
 * of a handshake ends.
 */
function hasServerFinishedBehind({ negotiated }: HandshakeRecord): boolean {
  return negotiated !== null && !negotiated.version.startsWith('TLSv1.3') && negotiated.keyExchange !== 'resumed'
}

const VERSIONS_DIFFER: Note = {
  code: 'versions-differ',
  message:
    "in TLS 1.2 and older the server's ChangeCipherSpec and Finished come after the client's first encrypted record: bytes, packets and times end before them, round trips do not",
}

/** TLS 1.3 with a pre-shared key, or a session of TLS 1.2 or older. */
function isResumed({ serverHello, negotiated }: HandshakeRecord): boolean {
  return (
    serverHello !== null &&
    (serverHello.preSharedKey || serverHello.sessionResumed || negotiated?.keyExchange === 'PSK')
  )
}

/** How the round-trip times of the connections stand to what is to be compared. */
function roundTripNotes(connect: SizeDifference, handshake: SizeDifference): Note[] {
  if (handshake.difference === null) return []
  if (connect.difference === null)
    return [
      {
        code: 'round-trip-unknown',
        message: 'the opening of a connection is not whole in its capture: round-trip times cannot be compared',
      },
    ]
  if (!outweighs(connect.difference, handshake.difference)) return []
  return [
    {
      code: 'round-trips-differ',
      message: `the TCP round trips differ by ${milliseconds(connect.difference)}, the handshakes by ${milliseconds(handshake.difference)}: these times say more of the network than of the handshakes`,
    },
  ]
}

/** Half of the difference is enough: with a HelloRetryRequest a handshake takes the round trip twice. */
function outweighs(connect: number, handshake: number): boolean {
  return connect !== 0 && Math.abs(connect) * 2 >= Math.abs(handshake)
}

/** What limits a summary of pairs. */
export function summaryNotes(
  pairs: number,
  sizes: Readonly<Record<SummarizedName, SpreadDifference>>,
  versionsDiffer: boolean,
): Note[] {
  const notes: Note[] = versionsDiffer ? [VERSIONS_DIFFER] : []
  const { milliseconds: handshakes, connectMilliseconds: connects, totalBytes } = sizes
  const complete = totalBytes.difference?.n ?? 0
  if (complete < pairs)
    notes.push({
      code: 'end-not-seen',
      message: `in ${pairs - complete} of ${pairs} pairs a handshake failed, or its end is not in the capture: they do not count in the TLS bytes and times`,
    })
  if (handshakes.difference === null) return notes
  if (handshakes.difference.n < LEAST_SAMPLE)
    notes.push({
      code: 'small-sample',
      message: `${handshakes.difference.n === 1 ? '1 pair is' : `${handshakes.difference.n} pairs are`} fewer than ${LEAST_SAMPLE}: times vary more than so few can show, and their p95 is the largest`,
    })
  if (connects.difference === null) {
    notes.push({
      code: 'round-trip-unknown',
      message: 'no pair has the opening of both connections whole: round-trip times cannot be compared',
    })
    return notes
  }
  const connect = medianDifference(connects)
  const handshake = medianDifference(handshakes)
  if (outweighs(connect, handshake))
    notes.push({
      code: 'round-trips-differ',
      message: `the medians of the TCP round trips differ by ${milliseconds(connect)}, those of the handshakes by ${milliseconds(handshake)}: these times say more of the network than of the handshakes`,
    })
  return notes
}

function medianDifference({ before, after }: SpreadDifference): number {
  return before === null || after === null ? 0 : after.median - before.median
}

function milliseconds(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '-' : ''}${Math.round(Math.abs(value) * 1000) / 1000} ms`
}
