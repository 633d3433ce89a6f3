import { ipv4Text, ipv6Text } from '../bytes/text.js'
import { timeText } from '../bytes/time.js'
import type { SeenShares } from '../key-share/seen-shares.js'
import { alertDescription, alertLevel } from '../registry/alerts.js'
import { opposite } from '../registry/direction.js'
import type { StreamEndpoint } from '../stream/chunk.js'
import type { Handshake } from '../tls/handshake.js'
import { costOf } from './cost.js'
import { encryptionOf } from './encryption.js'
import { helloRecord, retryRecord, serverHelloRecord, serverKeyExchangeRecord } from './messages.js'
import { notesOf } from './notes.js'
import type { Endpoint, HandshakeRecord } from './record.js'
import { settlementOf } from './settlement.js'

/**
 * The record of a handshake: what was read, named, and what follows from it. `seen` holds the key shares of the capture
 * so far, and takes those of this handshake; without it none is called reused.
 */
export function judge(handshake: Handshake, capture: string, seen: SeenShares | null = null): HandshakeRecord {
  const { identity, clientDirection, serverHello, helloRetryRequest, certificate, serverKeyExchange } = handshake
  const clientHello = handshake.clientHello === null ? null : helloRecord(handshake.clientHello, handshake)
  const secondClientHello =
    handshake.secondClientHello === null ? null : helloRecord(handshake.secondClientHello, handshake)
  const settlement = settlementOf(handshake)
  const { verdict, exchange } = settlement

  return {
    type: 'handshake',
    capture,
    protocol: 'tls',
    stream: identity.stream,
    handshake: handshake.index,
    startTime: timeText(handshake.start),
    client: endpoint(identity.senders[clientDirection]),
    server: endpoint(identity.senders[opposite(clientDirection)]),
    serverName: serverNameOf(handshake),
    verdict,
    negotiated: exchange?.negotiated ?? null,
    clientHello,
    helloRetryRequest: helloRetryRequest === null ? null : retryRecord(helloRetryRequest, handshake),
    secondClientHello,
    serverHello: serverHello === null ? null : serverHelloRecord(serverHello, exchange?.resumed ?? false),
    certificate: certificate === null ? null : { frame: certificate.frame, bytes: certificate.bytes },
    serverKeyExchange: serverKeyExchange === null ? null : serverKeyExchangeRecord(serverKeyExchange),
    encryption: encryptionOf(handshake),
    alerts: handshake.alerts.map(({ frame, from, level, description }) => ({
      frame,
      from,
      level: alertLevel(level),
      description: alertDescription(description),
      id: description,
    })),
    cost: costOf(handshake, exchange?.resumed ?? false),
    notes: notesOf(handshake, settlement, seen),
  }
}

function serverNameOf({ clientHello, secondClientHello, cutHello }: Handshake): string | null {
  return clientHello?.serverName ?? secondClientHello?.serverName ?? cutHello?.serverName ?? null
}

function endpoint({ ipVersion, a, b, c, d, port }: StreamEndpoint): Endpoint {
  const address = ipVersion === 4 ? ipv4Text(d) : ipv6Text(a, b, c, d)
  return { address, port }
}
