/**
 * The records that `pqcap` prints, version 1 of the output contract (`schemas/pqcap-1.schema.json`).
 * A field keeps its name, type and meaning; new fields may be added. Code points are numbers, bytes are counts of
 * bytes, frames are Wireshark's frame numbers (from 1), times are RFC 3339 in UTC. What several records have in common is
 * one frozen object.
 */

import type { CipherSuite, Group, GroupKind, GroupStatus, KeyShare, KeySharePart } from '../registry/types.js'

export type { CipherSuite, Group, GroupKind, GroupStatus, KeyShare, KeySharePart }

/** An address and TCP port. IPv6 in RFC 5952 form. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** A ClientHello (RFC 9846 §4.2.2). Lists keep wire order and hold GREASE where it was sent. */
export interface Hello {
  /** The frame that completes the message. */
  readonly frame: number
  /** Length of the handshake message with its 4-byte header, in bytes. */
  readonly bytes: number
  /** TCP segments that carried it. */
  readonly segments: number
  /** TLS records that carried it. */
  readonly records: number
  /** The field legacy_version, as `TLSv1.2`. */
  readonly legacyVersion: string
  /** The extension supported_versions, by name; empty where it was not sent, as are the other lists. */
  readonly supportedVersions: readonly string[]
  /** Code points. */
  readonly cipherSuites: readonly number[]
  /** The first 256; a note says if there are more. */
  readonly supportedGroups: readonly Group[]
  /** The first 256; a note says if there are more. */
  readonly keyShares: readonly KeyShare[]
  /** Code points of signature_algorithms. */
  readonly signatureSchemes: readonly number[]
  readonly alpn: readonly string[]
  /** The extension psk_key_exchange_modes, by name: `psk_ke`, `psk_dhe_ke`. */
  readonly pskModes: readonly string[]
  /** The extension pre_shared_key was sent. */
  readonly preSharedKey: boolean
  /** The extension early_data was sent. */
  readonly earlyData: boolean
  /** The extension encrypted_client_hello was sent, which may be a decoy. */
  readonly encryptedClientHello: boolean
  /** Code points of all extensions. */
  readonly extensions: readonly number[]
}

/** A HelloRetryRequest (RFC 9846 §4.2.4). Frame and bytes as in `Hello`. */
export interface HelloRetryRequest {
  readonly frame: number
  readonly bytes: number
  /** The group asked for; null where only a cookie was sent. */
  readonly group: Group | null
  readonly cookie: boolean
}

/** A ServerHello (RFC 9846 §4.2.3; RFC 5246 §7.4.1.3). Frame, bytes and segments as in `Hello`. */
export interface ServerHello {
  readonly frame: number
  readonly bytes: number
  readonly segments: number
  readonly version: string
  readonly cipherSuite: CipherSuite
  /** The extension key_share; null where it was not sent. */
  readonly keyShare: KeyShare | null
  /** The extension pre_shared_key was sent: the server took one of the client's keys. */
  readonly preSharedKey: boolean
  /** A session of TLS 1.2 or older was resumed. */
  readonly sessionResumed: boolean
}

/** The server's Certificate message in the clear: TLS 1.2 and older (RFC 5246 §7.4.2). TLS 1.3 encrypts it. */
export interface Certificate {
  readonly frame: number
  /** Length of the handshake message with its 4-byte header and all certificates in it, in bytes. */
  readonly bytes: number
}

/** A ServerKeyExchange: TLS 1.2 and older (RFC 5246 §7.4.3, RFC 8422 §5.4). Frame and bytes as in `Hello`. */
export interface ServerKeyExchange {
  readonly frame: number
  readonly bytes: number
  readonly kind: 'ecdhe' | 'dhe' | 'other'
  /** The named curve, or the FFDHE group whose prime this is (RFC 7919). */
  readonly group: Group | null
  /** Length of the server's public value, in bytes; null where the message has no such field. */
  readonly publicBytes: number | null
  /** Size of the prime of a finite-field exchange, in bits, leading zeros not counted. */
  readonly primeBits: number | null
  /** The name of a well-known prime, as `modp2048 (RFC 3526)`; null where it is none, or no prime was sent. */
  readonly primeName: string | null
}

/** An alert in the clear (RFC 9846 §6). */
export interface Alert {
  /** The frame that completes it. */
  readonly frame: number
  readonly from: 'client' | 'server'
  /** `warning`, `fatal`, or another number as `unknown (3)`. */
  readonly level: string
  /** The registry's name, as `handshake_failure`, and `id` its number, 0 to 255. */
  readonly description: string
  readonly id: number
}

/**
 * Something that limits or qualifies the reading. `code` is stable, `message` is for people. With a severity it is a
 * finding: something that a peer sent is not as it must be.
 */
export interface Note {
  readonly code: string
  readonly message: string
  readonly frame?: number
  readonly severity?: NoteSeverity
  /** Where it is specified: `RFC 9846 §4.3.8`, `FIPS 203 §7.2`. */
  readonly section?: string
}

/** `error`: the peer must not, and the other is to refuse it. `warning`: it must or should not. `info`: allowed, unusual. */
export type NoteSeverity = 'error' | 'warning' | 'info'

/** Whether a ServerHello was read; `incomplete` where bytes that would decide are not in the capture. */
export type Outcome = 'negotiated' | 'rejected' | 'unanswered' | 'incomplete'
/** What the key exchange was. `psk`: none to label. `unknown`: a group or cipher suite that is in no registry known here. */
export type Label = 'hybrid' | 'post-quantum' | 'classical' | 'psk' | 'unknown'
/** The strongest kind of group that a client offered. */
export type Offer = 'hybrid' | 'post-quantum' | 'classical' | 'none'

/** The closed list of reasons; each has its sentence in `verdict/explain.ts`. */
export type Reason =
  | 'hybrid-selected'
  | 'hybrid-after-retry'
  | 'post-quantum-selected'
  | 'post-quantum-after-retry'
  | 'server-chose-classical'
  | 'retried-to-classical'
  | 'client-offered-no-post-quantum'
  | 'offer-not-seen'
  | 'tls12-or-older'
  | 'psk-only'
  | 'resumed'
  | 'unknown-group'
  | 'alert-before-server-hello'
  | 'closed-before-server-hello'
  | 'no-answer'
  | 'missing-bytes'
  | 'one-direction'
  | 'malformed'

/** What became of the handshake, and why. */
export interface Verdict {
  readonly outcome: Outcome
  /** null unless the outcome is `negotiated`. */
  readonly label: Label | null
  /** The strongest kind that the client listed in supported_groups; null where no ClientHello was read, or one that breaks off. */
  readonly offer: Offer | null
  /** The strongest kind among the key shares of the first ClientHello; null where it was not read, or breaks off. */
  readonly keyShareOffer: Offer | null
  readonly reason: Reason
  /** One plain sentence that says why, with the numbers. */
  readonly explanation: string
}

/** What both sides agreed on, by the ServerHello and, before TLS 1.3, the ServerKeyExchange. */
export interface Negotiated {
  readonly version: string
  readonly cipherSuite: CipherSuite
  readonly group: Group | null
  /** The group's name where there is one, else `DHE`, `RSA`, `PSK`, `resumed`, or the cipher suite's word. */
  readonly keyExchange: string
}

/**
 * What the server's first encrypted record follows; `plaintext` where a handshake message in the clear follows a
 * ServerHello of TLS 1.3, `not-seen` where no ServerHello or no such record was read.
 */
export type EncryptionBegins = 'after-server-hello' | 'after-change-cipher-spec' | 'plaintext' | 'not-seen'

/** Where encryption begins. A frame is that which completes the record; null where there was none. */
export interface Encryption {
  readonly begins: EncryptionBegins
  /** Frame of the server's first encrypted record. */
  readonly serverFrame: number | null
  /** Frame of the client's first encrypted record after the ServerHello (early data is `earlyDataFrame`). */
  readonly clientFrame: number | null
  /** Frames of the first ChangeCipherSpec of each side. */
  readonly changeCipherSpec: { readonly server: number | null; readonly client: number | null }
  /** Clear handshake records from the server after the ServerHello. */
  readonly plaintextAfterServerHello: number
  /** The first application data record that the client sent without waiting for the ServerHello. */
  readonly earlyDataFrame: number | null
}

/** From the first byte of the first ClientHello to the end of the client's first encrypted record. */
export interface Cost {
  /** TLS bytes, record headers in, retransmissions once. */
  readonly clientBytes: number
  readonly serverBytes: number
  /** TCP segments with payload, retransmissions in. */
  readonly clientSegments: number
  readonly serverSegments: number
  /** Until the client may send application data, without that of TCP; where it did not come so far, those that were made. */
  readonly roundTrips: number
  /** Of the whole span, with the digits that the capture's clock has; never negative. */
  readonly milliseconds: number
  /** false where the end was not seen, or bytes before it are not in the capture. */
  readonly complete: boolean
  /** TCP packets in that time: the segments and those without payload. */
  readonly clientPackets: number
  readonly serverPackets: number
  /**
   * From the connection's SYN, the last where it was sent again, to the client's ACK of the SYN/ACK: Wireshark's
   * `tcp.analysis.initial_rtt`. null where one of the three is not in the capture.
   */
  readonly connectMilliseconds: number | null
  /**
   * From the connection's first SYN to the end of the ServerHello, and of the client's first encrypted record. null
   * where either end is not in the capture, and for a handshake that is not the first of its stream.
   */
  readonly synToServerHelloMilliseconds: number | null
  readonly synToEncryptedMilliseconds: number | null
}

/** One TLS handshake. A message is null where it was not sent, or is not in the capture. */
export interface HandshakeRecord {
  readonly type: 'handshake'
  /** The name of the capture: `AnalyzeOptions.name`. */
  readonly capture: string
  readonly protocol: 'tls'
  /** Wireshark's `tcp.stream`, from 0. */
  readonly stream: number
  /** 0 for the first handshake of the stream. */
  readonly handshake: number
  /** The time of the packet with the first byte of the first message. */
  readonly startTime: string
  /** Who sent the ClientHello, and to whom. */
  readonly client: Endpoint
  readonly server: Endpoint
  /** From server_name (RFC 6066 §3) of the ClientHello; null where there is none. */
  readonly serverName: string | null
  readonly verdict: Verdict
  /** null unless the outcome is `negotiated`. */
  readonly negotiated: Negotiated | null
  /** The first ClientHello. */
  readonly clientHello: Hello | null
  readonly helloRetryRequest: HelloRetryRequest | null
  /** The ClientHello after a HelloRetryRequest. */
  readonly secondClientHello: Hello | null
  /** Never the HelloRetryRequest. */
  readonly serverHello: ServerHello | null
  readonly certificate: Certificate | null
  readonly serverKeyExchange: ServerKeyExchange | null
  readonly encryption: Encryption
  /** Those sent in the clear: the first 16, and a fatal one. */
  readonly alerts: readonly Alert[]
  readonly cost: Cost
  readonly notes: readonly Note[]
}

/** Why a capture could not be read to its end. `message` holds the position and both numbers. */
export interface CaptureError {
  /** A `ReadErrorCode`; of the command also `worker-died`: the thread that read the capture is gone. */
  readonly code: string
  readonly message: string
  /** Byte offset in the (decompressed) capture. */
  readonly offset: number
}

/** What was read of a capture, after its last handshake. */
export interface CaptureRecord {
  readonly type: 'capture'
  readonly capture: string
  /** null where the input is no capture (the error says what it looks like). */
  readonly format: 'pcap' | 'pcapng' | null
  readonly compression: 'gzip' | 'zstd' | null
  readonly packets: number
  /** Bytes of the (decompressed) capture that were read. */
  readonly bytes: number
  readonly linkTypes: readonly string[]
  /** TCP streams, as Wireshark counts them. */
  readonly tcpStreams: number
  readonly handshakes: number
  /** Times of the earliest and the latest packet; null where no packet has a time. */
  readonly firstTime: string | null
  readonly lastTime: string | null
  /** Packets not followed to TCP, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  /** Packets of which the capture holds fewer bytes than were on the wire (snap length). */
  readonly truncatedPackets: number
  readonly notes: readonly Note[]
  readonly error: CaptureError | null
}

/** What `analyze` gives: `type` tells which. */
export type PqcapRecord = HandshakeRecord | CaptureRecord
