import { readClientHello } from './client-hello.js'
import { CLIENT_HELLO } from './content-types.js'
import type { MessageProgress } from './deframer.js'
import type { ClientHello, CutMessage } from './handshake.js'
import { readServerHello } from './server-hello.js'

/** The second hello of a retried handshake has the random and session id of the first (RFC 9846 §4.2.2). */
export function isSameClient(first: ClientHello, second: ClientHello): boolean {
  return first.randomAndSessionId.length > 0 && sameBytes(first.randomAndSessionId, second.randomAndSessionId)
}

/**
 * Bytes for the lists of a hello, and for the record that will be made of them. The lists of usual hellos are shared
 * with others (`interned.ts`) and count for nothing.
 */
export function weightOf({
  cipherSuites,
  extensions,
  supportedGroups,
  signatureSchemes,
  keyShares,
  alpn,
}: ClientHello): number {
  const entries = cipherSuites.length + extensions.length + supportedGroups.length + signatureSchemes.length
  const weight = entries * 16 + (keyShares.length + alpn.length) * 512
  return weight > USUAL_WEIGHT ? weight : 0
}

/** That of about 1,000 code points, or 32 key shares. */
const USUAL_WEIGHT = 16 * 1024

/** What the part of a hello that is there says, from its first byte on. */
export function readCutHello(type: number, progress: MessageProgress): CutMessage {
  const cut = {
    from: type === CLIENT_HELLO ? 'client' : 'server',
    haveBytes: progress.filled,
    needBytes: progress.length,
    frame: progress.frame,
  } as const
  const place = { frame: 0, bytes: progress.length, segments: progress.segments, records: progress.records }
  if (type === CLIENT_HELLO) {
    const { serverName } = readClientHello(progress.buffer, 4, progress.filled, place, true)
    return { ...cut, type: 'client-hello', serverName, group: null }
  }
  const hello = readServerHello(type, progress.buffer, 4, progress.filled, place, true)
  if (hello.isHelloRetryRequest) return { ...cut, type: 'hello-retry-request', serverName: null, group: null }
  return { ...cut, type: 'server-hello', serverName: null, group: hello.keyShare?.group ?? null }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
