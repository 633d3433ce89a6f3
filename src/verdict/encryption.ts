import { isTls12OrOlder, isTls13 } from '../registry/versions.js'
import type { Handshake } from '../tls/handshake.js'
import { isMissing } from './outcome.js'
import type { Encryption, EncryptionBegins } from './record.js'

/** Where encryption begins, from the records that follow the ServerHello (RFC 9846 §5, RFC 5246 §7.1). */
export function encryptionOf(handshake: Handshake): Encryption {
  const { encryptedFrame, changeCipherSpecFrame, clientHello, secondClientHello } = handshake
  // Without the extension (RFC 9846 §4.3.10), or where the server's bytes are missing, it may have come after a
  // ServerHello that is not in the capture.
  const offered = clientHello?.earlyData ?? secondClientHello === null
  const isEarly = offered && (handshake.serverHello !== null || !isMissing(handshake, 'server'))
  return {
    begins: begins(handshake),
    serverFrame: encryptedFrame.server,
    clientFrame: encryptedFrame.client,
    changeCipherSpec: { server: changeCipherSpecFrame.server, client: changeCipherSpecFrame.client },
    plaintextAfterServerHello: handshake.clearRecordsAfterServerHello,
    earlyDataFrame: isEarly ? handshake.earlyDataFrame : null,
  }
}

function begins(handshake: Handshake): EncryptionBegins {
  const { serverHello, encryptedFrame, changeCipherSpecFrame, clearAfterServerHello } = handshake
  if (serverHello === null) return 'not-seen'
  if (clearAfterServerHello) return 'plaintext'
  if (encryptedFrame.server === null) return 'not-seen'
  // Of a version that is not known, what is there counts.
  const isAnnounced = isTls12OrOlder(serverHello.version) || changeCipherSpecFrame.server !== null
  return isTls13(serverHello.version) || !isAnnounced ? 'after-server-hello' : 'after-change-cipher-spec'
}
