import type { Moment } from '../bytes/time.js'
import type { Fingerprint } from '../key-share/fingerprint.js'
import type { Flaw } from '../key-share/flaw.js'
import type { Direction } from '../registry/direction.js'
import type { Role } from '../registry/types.js'
import type { StreamFacts, StreamIdentity } from '../stream/chunk.js'

/** Where a handshake message stands in the capture. */
export interface MessagePlace {
  /** The frame that completes the message. */
  readonly frame: number
  /** Length with its 4-byte header (an SSLv2 hello: as its record says), in bytes. */
  readonly bytes: number
  /** TCP segments that carried it. */
  readonly segments: number
  /** TLS records that carried it. */
  readonly records: number
}

/** A KeyShareEntry; the key itself is not kept. */
export interface ShareEntry {
  readonly group: number
  readonly bytes: number
}

/** The key shares of a hello beyond their groups and lengths. */
export interface SharedKeys {
  /** What is wrong with their bytes, in wire order; one and the same empty list where nothing is. */
  readonly flaws: readonly Flaw[]
  /**
   * Of the first shares, in wire order; null for one that is too short to be told from others. Empty where there are no
   * shares, or no random.
   */
  readonly shareFingerprints: readonly (Fingerprint | null)[]
  /** Two signed 32-bit numbers of the random: they tell hellos apart. */
  readonly randomA: number
  readonly randomB: number
}

/** A ClientHello, code points as sent. */
export interface ClientHello extends MessagePlace, SharedKeys {
  readonly legacyVersion: number
  /**
   * random (32 bytes) and legacy_session_id; empty where they are cut. The two hellos of a retried handshake have the
   * same (RFC 9846 §4.2.2).
   */
  readonly randomAndSessionId: Uint8Array
  readonly cipherSuites: readonly number[]
  readonly extensions: readonly number[]
  readonly serverName: string | null
  readonly supportedVersions: readonly number[]
  readonly supportedGroups: readonly number[]
  readonly keyShares: readonly ShareEntry[]
  readonly signatureSchemes: readonly number[]
  readonly alpn: readonly string[]
  readonly pskModes: readonly number[]
  readonly preSharedKey: boolean
  readonly earlyData: boolean
  readonly encryptedClientHello: boolean
  /** Length of the session ticket sent (RFC 5077); 0 for an empty extension, null where there is none. */
  readonly sessionTicketBytes: number | null
  readonly problem: MessageProblem | null
}

/** A ServerHello or HelloRetryRequest, code points as sent. */
export interface ServerHello extends MessagePlace, SharedKeys {
  readonly isHelloRetryRequest: boolean
  /** The version agreed on: supported_versions where it is there, else legacy_version. */
  readonly version: number
  readonly legacyVersion: number
  readonly cipherSuite: number
  /** As in a ClientHello; empty for TLS 1.3, where an echoed session id means nothing. */
  readonly randomAndSessionId: Uint8Array
  /** Group and length of the server's share; of a HelloRetryRequest the group asked for, with length 0. */
  readonly keyShare: ShareEntry | null
  readonly preSharedKey: boolean
  readonly cookie: boolean
  readonly extensions: readonly number[]
  readonly downgradeMark: DowngradeMark | null
  readonly problem: MessageProblem | null
}

/**
 * The last 8 bytes of ServerHello.random (RFC 9846 §4.2.3): `DOWNGRD` and 1 of a server that could do TLS 1.3, or
 * `DOWNGRD` and 0 of one that could do TLS 1.2 at least.
 */
export type DowngradeMark = 'from-tls13' | 'from-tls12'

/** A ServerKeyExchange of TLS 1.2 and older. */
export interface ServerKeyExchange extends MessagePlace {
  readonly kind: 'ecdhe' | 'dhe' | 'other'
  /** The named curve, or the FFDHE group whose prime was sent. */
  readonly group: number | null
  readonly publicBytes: number | null
  readonly primeBits: number | null
  readonly primeName: string | null
  /** What is wrong with the server's public value. */
  readonly flaws: readonly Flaw[]
  readonly problem: MessageProblem | null
}

export type MessageProblem =
  /** A length runs past the end of the message or of the vector around it. */
  | 'length-overrun'
  /** Bytes are left behind the last field. */
  | 'trailing-bytes'

/** A two-byte alert in the clear. */
export interface ClearAlert {
  readonly frame: number
  readonly from: Role
  readonly level: number
  readonly description: number
  /** The other end had closed the connection when it was sent, or so it looks where the capture was made. */
  readonly afterClose: boolean
}

/** Something that was not as it should be, while a handshake was followed; the same thing once for each direction. */
export interface Incident {
  readonly code: IncidentCode
  readonly from: Role
  /** The frame where it was noticed first. */
  readonly frame: number
  /** Bytes concerned in all; 0 where the code needs none. */
  readonly bytes: number
}

export type IncidentCode =
  /** The snap length cut bytes off. */
  | 'snap-length'
  /** Bytes are in no packet of the capture. */
  | 'gap'
  /** More arrived behind a gap than is held, so the gap was given up. */
  | 'gap-limit'
  /** Bytes came again with other content; the first copy counts. */
  | 'overlap-conflict'
  /** The answer, or what was said before TLS began, is no TLS record. */
  | 'not-tls'
  /** What should be a TLS record header is none. */
  | 'not-a-record'
  /** A handshake message says that it is longer than any can be. */
  | 'message-too-long'
  /** A ServerHello or HelloRetryRequest that has no place in the handshake; it is passed over. */
  | 'unexpected-server-hello'
  /** A second ClientHello, but the HelloRetryRequest that asked for it is not in the capture. */
  | 'retry-not-seen'
  /** More alerts in the clear than are kept. */
  | 'alerts-left-out'

/** TLS bytes, and TCP segments that carried them, that one side has sent; `packets` counts those without payload too. */
export interface Sent {
  readonly bytes: number
  readonly segments: number
  readonly packets: number
}

/** What was seen of one handshake in one stream: facts only, no judgement. */
export interface Handshake {
  readonly identity: StreamIdentity
  /** Direction in which the client sends. */
  readonly clientDirection: Direction
  /** 0 for the first handshake of the stream. */
  readonly index: number
  readonly start: Moment
  readonly clientHello: ClientHello | null
  readonly helloRetryRequest: ServerHello | null
  readonly secondClientHello: ClientHello | null
  readonly serverHello: ServerHello | null
  /** When the ServerHello was complete. */
  readonly serverHelloTime: Moment | null
  /** The server's Certificate in the clear: TLS 1.2 and older. */
  readonly certificate: MessagePlace | null
  readonly serverKeyExchange: ServerKeyExchange | null
  /** Where a hello could not be read whole: how much of it is there, and how long it says it is. */
  readonly cutHello: CutMessage | null
  readonly alerts: readonly ClearAlert[]
  /** Frames of the first record that is encrypted, once the ServerHello has been seen. */
  readonly encryptedFrame: { readonly server: number | null; readonly client: number | null }
  readonly changeCipherSpecFrame: { readonly server: number | null; readonly client: number | null }
  /** Handshake records from the server, in the clear, after the one with the ServerHello. */
  readonly clearRecordsAfterServerHello: number
  /** A clear handshake message came after a TLS 1.3 ServerHello, before any encrypted record. */
  readonly clearAfterServerHello: boolean
  /** The frame that completes the client's first record of early data. */
  readonly earlyDataFrame: number | null
  /** Something that a server sends only behind a ServerHello, while none had been read: application data, Certificate. */
  readonly serverWentOnFrame: number | null
  /**
   * In TLS 1.2 or older the server sent its Certificate, ServerKeyExchange or ServerHelloDone, or the client its
   * ClientKeyExchange: a full handshake.
   */
  readonly fullHandshake: boolean
  /**
   * Nothing that the server sent between its ServerHello and its ChangeCipherSpec is missing, so that what was not seen
   * was not sent.
   */
  readonly serverWholeUntilChangeCipherSpec: boolean
  readonly sent: { readonly client: Sent; readonly server: Sent }
  /** When the client's first encrypted record ended; or when the last byte of the handshake was seen. */
  readonly last: Moment
  /** The end of the client's first encrypted record was seen, and all that both sides sent before it. */
  readonly complete: boolean
  readonly incidents: readonly Incident[]
  /** How the stream ended; null where the handshake was decided before. */
  readonly streamFacts: StreamFacts | null
}

export interface CutMessage {
  readonly from: Role
  /** `server-hello` also where the part that is there does not tell a HelloRetryRequest from a ServerHello. */
  readonly type: 'client-hello' | 'hello-retry-request' | 'server-hello'
  /** Bytes of the message in the capture, and its length as it says. */
  readonly haveBytes: number
  readonly needBytes: number
  /** The frame that holds the last of them. */
  readonly frame: number
  /** server_name, where the part of a ClientHello that is there has it. */
  readonly serverName: string | null
  /** The group that the part of a ServerHello that is there names. */
  readonly group: number | null
}
