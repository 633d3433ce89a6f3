import { nanosecondsBetween } from '../bytes/time.js'
import { isTls13 } from '../registry/versions.js'
import type { Handshake } from '../tls/handshake.js'
import type { Cost } from './record.js'

/** What the handshake cost on the wire. */
export function costOf(handshake: Handshake, resumed: boolean): Cost {
  const { client, server } = handshake.sent
  return {
    clientBytes: client.bytes,
    serverBytes: server.bytes,
    clientSegments: client.segments,
    serverSegments: server.segments,
    roundTrips: roundTrips(handshake, resumed),
    // A clock that was set back, or captures that were joined out of order, would make it negative.
    milliseconds: Math.max(0, nanosecondsBetween(handshake.start, handshake.last)) / 1e6,
    complete: handshake.complete,
  }
}

/** Round trips until the client may send application data; of one that did not come so far, those that were made. */
function roundTrips(handshake: Handshake, resumed: boolean): number {
  const { serverHello, helloRetryRequest, secondClientHello, alerts } = handshake
  const retry = helloRetryRequest === null && secondClientHello === null ? 0 : 1
  if (serverHello === null) return retry + (alerts.some((alert) => alert.from === 'server') ? 1 : 0)
  return 1 + retry + (isTls13(serverHello.version) || resumed ? 0 : 1)
}
