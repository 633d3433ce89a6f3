import { timeText } from '../bytes/time.js'
import type { PacketSource } from '../capture/packet-source.js'
import type { CaptureSummary } from '../capture/summary.js'
import { linkTypeName } from '../registry/link-types.js'
import type { CaptureRecord, Note } from './record.js'

/** What was counted while a capture was read. */
export interface CaptureCounts {
  readonly source: PacketSource
  /** The analysis was ended before the capture was. */
  readonly interrupted: boolean
  readonly summary: CaptureSummary
  readonly tcpStreams: number
  readonly handshakes: number
  /** Packets not followed to TCP, by reason. */
  readonly skipped: ReadonlyMap<string, number>
  /** Streams that carry TLS records but no handshake. */
  readonly streamsWithoutHandshake: number
  /** Streams whose first packet is no SYN. */
  readonly streamsBegunBefore: number
  /** Streams given up to keep within a limit, with a handshake under way. */
  readonly handshakesGivenUp: number
  readonly streamsGivenUp: number
  /** IP datagrams of which a fragment is missing. */
  readonly datagramsIncomplete: number
  /** Packets of protocols that agree on keys and are not read. */
  readonly unreadPackets: Readonly<Record<'quic' | 'dtls' | 'wireguard' | 'ike' | 'port443', number>>
  readonly hasSeenSsh: boolean
}

/** Reasons listed one by one: a hostile capture could hold one for each of 65,536 ethertypes. */
const MAX_SKIP_REASONS = 64

export function captureRecord(capture: string, counts: CaptureCounts): CaptureRecord {
  const { source, summary } = counts
  const { firstTime, lastTime } = summary
  return {
    type: 'capture',
    capture,
    format: source.format,
    compression: source.compression,
    packets: summary.packets,
    bytes: source.bytes,
    linkTypes: [...source.linkTypes].map(linkTypeName),
    tcpStreams: counts.tcpStreams,
    handshakes: counts.handshakes,
    firstTime: firstTime === null ? null : timeText(firstTime),
    lastTime: lastTime === null ? null : timeText(lastTime),
    skipped: listed(counts.skipped),
    truncatedPackets: summary.truncatedPackets,
    notes: notesOf(counts),
    error: source.error,
  }
}

/** The most frequent reasons, and `other` for the rest. */
function listed(skipped: ReadonlyMap<string, number>): Record<string, number> {
  if (skipped.size === 0) return {}
  const sorted = [...skipped].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const rest = sorted.slice(MAX_SKIP_REASONS).reduce((sum, [, count]) => sum + count, 0)
  const shown = Object.fromEntries(sorted.slice(0, MAX_SKIP_REASONS))
  return rest === 0 ? shown : { ...shown, other: rest }
}

/** A note where what it counts is not 0: its code, the count, and the sentence. */
type CountedNote = readonly [
  code: string,
  count: (counts: CaptureCounts) => number,
  sentence: (count: number) => string,
]

const COUNTED_NOTES: readonly CountedNote[] = [
  [
    'tls-without-handshake',
    (counts) => counts.streamsWithoutHandshake,
    (count) =>
      `${count} ${count === 1 ? 'stream carries' : 'streams carry'} TLS records, but no handshake was found in ${count === 1 ? 'it' : 'them'}`,
  ],
  [
    'streams-begun-before',
    // Elsewhere it would only say what most captures of a running machine begin with.
    ({ handshakes, streamsWithoutHandshake, streamsBegunBefore }) =>
      handshakes === 0 && streamsWithoutHandshake === 0 ? streamsBegunBefore : 0,
    (count) =>
      `${count} TCP ${count === 1 ? 'stream began' : 'streams began'} before the capture, with no SYN in it: a TLS handshake from before is not in it either`,
  ],
  [
    'packets-cut',
    // Elsewhere it is told of each handshake that it concerns.
    ({ handshakes, streamsWithoutHandshake, tcpStreams, summary }) =>
      handshakes === 0 && streamsWithoutHandshake === 0 && tcpStreams > 0 ? summary.truncatedPackets : 0,
    (count) =>
      `${count} ${count === 1 ? 'packet was' : 'packets were'} cut by the snap length, and no TLS handshake was found: one may be in what was cut off`,
  ],
  [
    'handshakes-given-up',
    (counts) => counts.handshakesGivenUp,
    (count) =>
      `${count} ${count === 1 ? 'handshake under way was' : 'handshakes under way were'} given up to keep within the limits, those idle longest first`,
  ],
  [
    'streams-given-up',
    (counts) => counts.streamsGivenUp,
    (count) =>
      `${count} ${count === 1 ? 'stream was' : 'streams were'} given up to keep within the limit of streams held, those idle longest first: a later packet of one counts as a new stream`,
  ],
  [
    'fragments-incomplete',
    (counts) => counts.datagramsIncomplete,
    (count) =>
      `${count} fragmented IP ${count === 1 ? 'datagram' : 'datagrams'} could not be put together: a fragment is missing or was cut`,
  ],
  [
    'quic-not-read',
    (counts) => counts.unreadPackets.quic,
    (count) =>
      `${count} ${count === 1 ? 'packet has' : 'packets have'} a long header of QUIC: the TLS handshakes in QUIC are not read, so what was agreed on there is not known`,
  ],
  [
    'dtls-not-read',
    (counts) => counts.unreadPackets.dtls,
    (count) =>
      `${count} ${count === 1 ? 'packet holds' : 'packets hold'} DTLS, which is not read, so what was agreed on there is not known`,
  ],
  [
    'ssh-not-read',
    (counts) => (counts.hasSeenSsh ? 1 : 0),
    () => 'SSH was spoken: it is not read, so what was agreed on there is not known',
  ],
  [
    'wireguard-not-read',
    (counts) => counts.unreadPackets.wireguard,
    (count) =>
      `${count} ${count === 1 ? 'packet is' : 'packets are'} of a WireGuard handshake: neither that nor what is in the tunnel is read`,
  ],
  [
    'ike-not-read',
    (counts) => counts.unreadPackets.ike,
    (count) =>
      `${count} ${count === 1 ? 'packet holds' : 'packets hold'} IKE: neither that nor what is in IPsec is read`,
  ],
  [
    'udp-443-not-read',
    // Where QUIC begins in the capture, its note has said so.
    ({ unreadPackets: { quic, port443 } }) => (quic === 0 ? port443 : 0),
    (count) =>
      `${count} UDP ${count === 1 ? 'packet is' : 'packets are'} from or to port 443, most likely of QUIC connections that began before the capture: they are not read`,
  ],
  [
    'no-timestamps',
    (counts) => counts.summary.untimedPackets,
    (count) => `${count} ${count === 1 ? 'packet has' : 'packets have'} no time: what is measured from them is 0`,
  ],
]

function notesOf(counts: CaptureCounts): Note[] {
  const notes: Note[] = []
  if (counts.interrupted)
    notes.push({
      code: 'interrupted',
      message: `reading was interrupted after ${counts.summary.packets} packets: the rest was not read`,
    })
  for (const [code, countOf, sentence] of COUNTED_NOTES) {
    const count = countOf(counts)
    if (count > 0) notes.push({ code, message: sentence(count) })
  }
  return notes
}
