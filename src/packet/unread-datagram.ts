import { readU16Be, readU32Be } from '../bytes/cursor.js'

/**
 * Datagrams of protocols that agree on keys and are not read, counted so that nobody takes their silence for an answer.
 * Told by their bytes; by a port alone only where that is said.
 */
export interface UnreadDatagrams {
  /** With a long header, which the packets of a QUIC handshake have (RFC 9000 §17.2). */
  quic: number
  /** With a DTLS record (RFC 6347 §4.1, RFC 9147 §4). */
  dtls: number
  /** With the first or second message of a WireGuard handshake. */
  wireguard: number
  /** With an IKE header (RFC 7296 §3.1). */
  ike: number
  /** Others from or to port 443: QUIC once its handshake is over, or a VPN. */
  port443: number
}

export function noUnreadDatagrams(): UnreadDatagrams {
  return { quic: 0, dtls: 0, wireguard: 0, ike: 0, port443: 0 }
}

const HTTPS = 443
const ISAKMP = 500
const IPSEC_NAT_T = 4500

/** Counts the datagram with the payload `bytes[start, end)`, which was `wireLength` bytes long on the wire. */
export function countUnread(
  counts: UnreadDatagrams,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
  source: number,
  destination: number,
): void {
  if (isQuicLongHeader(bytes, start, end)) counts.quic++
  else if (isDtlsRecord(bytes, start, end, wireLength)) counts.dtls++
  else if (isWireguardHandshake(bytes, start, end, wireLength)) counts.wireguard++
  else if ((source === ISAKMP || destination === ISAKMP) && isIke(bytes, start, end, wireLength)) counts.ike++
  else if ((source === IPSEC_NAT_T || destination === IPSEC_NAT_T) && isIkeBehindMarker(bytes, start, end, wireLength))
    counts.ike++
  else if (source === HTTPS || destination === HTTPS) counts.port443++
}

const QUIC_V1 = 0x0000_0001
const QUIC_V2 = 0x6b33_43cf
/** The versions of drafts are 0xff0000 and the number of the draft. */
const QUIC_DRAFTS = 0xff_0000
/** Connection ids of versions 1 and 2 have at most 20 bytes (RFC 9000 §17.2). */
const MAX_CONNECTION_ID = 20

/** Long header form and fixed bit, a version that is in use, and lengths of two connection ids. */
function isQuicLongHeader(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 7 || ((bytes[start] as number) & 0xc0) !== 0xc0) return false
  const version = readU32Be(bytes, start + 1)
  if (version !== QUIC_V1 && version !== QUIC_V2 && version >>> 8 !== QUIC_DRAFTS) return false
  const destinationLength = bytes[start + 5] as number
  if (destinationLength > MAX_CONNECTION_ID) return false
  const sourceLengthAt = start + 6 + destinationLength
  return sourceLengthAt >= end || (bytes[sourceLengthAt] as number) <= MAX_CONNECTION_ID
}

const DTLS_HEADER_LENGTH = 13
const DTLS_CHANGE_CIPHER_SPEC = 20
const DTLS_ACK = 26
const DTLS_10 = 0xfeff
const DTLS_12 = 0xfefd

/** A content type, a version, and a length that fits. */
function isDtlsRecord(bytes: Uint8Array, start: number, end: number, wireLength: number): boolean {
  if (end - start < DTLS_HEADER_LENGTH) return false
  const type = bytes[start] as number
  if (type < DTLS_CHANGE_CIPHER_SPEC || type > DTLS_ACK) return false
  const version = readU16Be(bytes, start + 1)
  if (version !== DTLS_12 && version !== DTLS_10) return false
  return DTLS_HEADER_LENGTH + readU16Be(bytes, start + 11) <= wireLength
}

const WIREGUARD_INITIATION_LENGTH = 148
const WIREGUARD_RESPONSE_LENGTH = 92

/** A type of 1 or 2, three reserved bytes of 0, and the one length that such a message has. */
function isWireguardHandshake(bytes: Uint8Array, start: number, end: number, wireLength: number): boolean {
  if (end - start < 4) return false
  const type = readU32Be(bytes, start)
  return (
    (type === 0x0100_0000 && wireLength === WIREGUARD_INITIATION_LENGTH) ||
    (type === 0x0200_0000 && wireLength === WIREGUARD_RESPONSE_LENGTH)
  )
}

const IKE_HEADER_LENGTH = 28
const NON_ESP_MARKER_LENGTH = 4

/** An initiator's SPI that is not 0, version 1.0 or 2.0, and its own length. */
function isIke(bytes: Uint8Array, start: number, end: number, wireLength: number): boolean {
  if (end - start < IKE_HEADER_LENGTH) return false
  const version = bytes[start + 17] as number
  if (version !== 0x10 && version !== 0x20) return false
  const isSpi = readU32Be(bytes, start) !== 0 || readU32Be(bytes, start + 4) !== 0
  return isSpi && readU32Be(bytes, start + 24) === wireLength
}

/** Where ESP may come on the same port, four bytes of 0 stand in front of IKE (RFC 3948 §2.2). */
function isIkeBehindMarker(bytes: Uint8Array, start: number, end: number, wireLength: number): boolean {
  if (end - start < NON_ESP_MARKER_LENGTH || readU32Be(bytes, start) !== 0) return false
  return isIke(bytes, start + NON_ESP_MARKER_LENGTH, end, wireLength - NON_ESP_MARKER_LENGTH)
}
