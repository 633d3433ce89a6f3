import { type Moment, nanosecondsBetween } from '../bytes/time.js'
import { isTls13 } from '../registry/versions.js'
import type { Handshake } from '../tls/handshake.js'
import type { Cost } from './record.js'

/** What the handshake cost on the wire. */
export function costOf(handshake: Handshake, resumed: boolean): Cost {
  const { client, server } = handshake.sent
  const { opening } = handshake.identity
  // A later handshake of a stream does not begin with the connection.
  const syn = handshake.index === 0 ? (opening?.syn ?? null) : null
  const roundTrip = opening?.roundTripNanoseconds ?? null
  return {
    clientBytes: client.bytes,
    serverBytes: server.bytes,
    clientSegments: client.segments,
    serverSegments: server.segments,
    roundTrips: roundTrips(handshake, resumed),
    milliseconds: millisecondsBetween(handshake.start, handshake.last),
    complete: handshake.complete,
    clientPackets: client.packets,
    serverPackets: server.packets,
    connectMilliseconds: roundTrip === null ? null : roundTrip / 1e6,
    synToServerHelloMilliseconds: syn === null ? null : sinceSyn(syn, handshake.serverHelloTime),
    synToEncryptedMilliseconds: syn === null ? null : sinceSyn(syn, handshake.complete ? handshake.last : null),
  }
}

function sinceSyn(syn: Moment, moment: Moment | null): number | null {
  return moment === null ? null : millisecondsBetween(syn, moment)
}

/** A clock that was set back, or captures that were joined out of order, would make it negative. */
function millisecondsBetween(from: Moment, to: Moment): number {
  return Math.max(0, nanosecondsBetween(from, to)) / 1e6
}

/** Round trips until the client may send application data; of one that did not come so far, those that were made. */
function roundTrips(handshake: Handshake, resumed: boolean): number {
  const { serverHello, helloRetryRequest, secondClientHello, alerts } = handshake
  const retry = helloRetryRequest === null && secondClientHello === null ? 0 : 1
  if (serverHello === null) return retry + (alerts.some((alert) => alert.from === 'server') ? 1 : 0)
  return 1 + retry + (isTls13(serverHello.version) || resumed ? 0 : 1)
}
