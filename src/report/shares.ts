import type { HandshakeRecord } from '../verdict/record.js'

/** Sizes of the two public values that made the key, in bytes; null where that side's was not read. */
export interface SelectedShares {
  readonly client: number | null
  readonly server: number | null
}

/**
 * The key shares of the selected group. In TLS 1.3 the client's is the one for the server's group, in the second
 * ClientHello where there was a HelloRetryRequest (RFC 9846 §4.2.4); in TLS 1.2 and older only the server's public
 * value is read, from its ServerKeyExchange.
 */
export function selectedShares(record: HandshakeRecord): SelectedShares {
  if (record.negotiated === null) return { client: null, server: null }
  const server = record.serverHello?.keyShare
  if (server === null || server === undefined) {
    return { client: null, server: record.serverKeyExchange?.publicBytes ?? null }
  }
  const hello = record.secondClientHello ?? record.clientHello
  const client = hello?.keyShares.find((share) => share.id === server.id)
  return { client: client?.bytes ?? null, server: server.bytes }
}
