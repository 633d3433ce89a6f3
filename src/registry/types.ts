/** One of the two ends of a connection (RFC 9846 §1.1). */
export type Role = 'client' | 'server'

/** What a named group is, whatever its standing. */
export type GroupKind = 'hybrid' | 'post-quantum' | 'classical' | 'grease' | 'reserved' | 'unknown'

/** The standing of a code point. `broken`: SIDH and SIKE, whose post-quantum part protects nothing. */
export type GroupStatus = 'standard' | 'draft' | 'obsolete' | 'broken' | 'private' | 'unassigned'

/** A TLS named group (RFC 9846 §4.3.7). `name` is the IANA spelling, `GREASE (0x2a2a)` or `unknown (0x1234)`. */
export interface Group {
  readonly id: number
  readonly name: string
  readonly kind: GroupKind
  readonly status: GroupStatus
}

/** One component of a key share, in wire order. */
export interface KeySharePart {
  readonly name: string
  readonly bytes: number
}

/** A KeyShareEntry (RFC 9846 §4.3.8). `expectedBytes` and `parts` are there where the group is known. */
export interface KeyShare extends Group {
  /** Length of key_exchange as sent, in bytes. */
  readonly bytes: number
  /** Length that the group's definition demands of this end, in bytes. */
  readonly expectedBytes?: number
  /** The components in wire order; their bytes sum up to `expectedBytes`. */
  readonly parts?: readonly KeySharePart[]
}

/** A cipher suite; `name` is the IANA spelling, or `unknown (0x1234)`. */
export interface CipherSuite {
  readonly id: number
  readonly name: string
}
