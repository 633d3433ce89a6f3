/** TLS record content types (RFC 9846 §5.1). */
export const CHANGE_CIPHER_SPEC = 20
export const ALERT = 21
export const HANDSHAKE = 22
export const APPLICATION_DATA = 23
export const HEARTBEAT = 24

/** Handshake message types (RFC 9846 §4; HelloRetryRequest had one of its own in drafts up to 21). */
export const CLIENT_HELLO = 1
export const SERVER_HELLO = 2
export const HELLO_RETRY_REQUEST = 6
export const CERTIFICATE = 11
export const SERVER_KEY_EXCHANGE = 12
export const CERTIFICATE_REQUEST = 13
export const SERVER_HELLO_DONE = 14
export const CLIENT_KEY_EXCHANGE = 16

/** Content type, legacy_record_version, length. */
export const RECORD_HEADER_LENGTH = 5
/** Handshake type, 24-bit length. */
export const HANDSHAKE_HEADER_LENGTH = 4

/** The random of a ClientHello or ServerHello (RFC 9846 §4.2.2, §4.2.3). */
export const RANDOM_LENGTH = 32

/** RFC 9846 §5.1: at most 2^14 bytes of plaintext; TLS 1.2 ciphertext may be 2048 longer (RFC 5246 §6.2.3). */
export const MAX_PLAINTEXT_LENGTH = 1 << 14
export const MAX_RECORD_LENGTH = MAX_PLAINTEXT_LENGTH + 2048

/** What a record version's two bytes may be: SSLv3 to TLS 1.3 (RFC 9846 §5.1: the rest is to be ignored), or TLCP 1.1. */
export function isRecordVersion(major: number, minor: number): boolean {
  return (major === 3 && minor <= 4) || (major === 1 && minor === 1)
}

/** Whether the content of a handshake message is read; of the others only the length is. */
export function isReadMessage(type: number): boolean {
  return type === CLIENT_HELLO || type === SERVER_HELLO || type === SERVER_KEY_EXCHANGE || type === HELLO_RETRY_REQUEST
}

/** Whether a server sends such a message in the clear in TLS 1.2 and older alone. */
export function isTls12ServerMessage(type: number): boolean {
  return (
    type === CERTIFICATE || type === SERVER_KEY_EXCHANGE || type === CERTIFICATE_REQUEST || type === SERVER_HELLO_DONE
  )
}
