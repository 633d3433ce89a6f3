import { NO_BYTES } from '../bytes/plain.js'
import type { Segment } from './segment.js'

/**
 * Datagrams held at once. With buffers of the largest size that IP allows this is 4 MiB, whatever a capture holds. The
 * fragments of one datagram travel close together; what 64 newer datagrams have passed lost a fragment, and giving it
 * up then also keeps it from mixing with a later datagram of the same identification.
 */
export const MAX_DATAGRAMS = 64

/** Bytes of a datagram behind its IP header: no more fits the 16-bit total length (RFC 791 §3.1, RFC 8200 §4.5). */
export const MAX_DATAGRAM_BYTES = 65535

/**
 * Seconds that a datagram waits for its fragments (RFC 8200 §4.5; RFC 1122 §3.3.2 says the same or more). What comes later
 * may have the same identification by chance: there are 65,536 of them in IPv4.
 */
export const MAX_WAITING_SECONDS = 60

/** Fragment offsets count units of 8 bytes. */
const UNIT = 8

/** An IP fragment (RFC 791 §3.2, RFC 8200 §4.5): its payload is `bytes[start, end)`. */
export interface Fragment {
  /** The addresses, the identification and, in IPv4, the protocol name the datagram that it is a part of. */
  readonly addresses: Segment
  readonly identification: number
  readonly keyProtocol: number
  /** What is in the datagram, as this fragment says. */
  readonly protocol: number
  /** Where its payload stands in the datagram, in bytes: a multiple of 8. */
  readonly offset: number
  /** More fragments follow it. */
  readonly more: boolean
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Beyond `end` where a part of it was not captured. */
  readonly wireEnd: number
  /** When it was captured. */
  readonly seconds: number
}

interface Datagram {
  /** Some fragments are there, and not all. */
  held: boolean
  /** All are there, and the bytes are still those of this datagram. */
  whole: boolean
  /** When the first of them came, in seconds. */
  seconds: number
  key: Int32Array
  bytes: Uint8Array
  /** For each unit of `bytes`, 1 where it was received. */
  present: Uint8Array
  /** Fragments received that were of use. */
  fragments: number
  /** Units received. */
  units: number
  /** Units up to the last one received. */
  highestUnit: number
  /** Length in bytes, known with the fragment without "more fragments"; -1 before. */
  length: number
  /** Protocol of the first fragment, which is what counts (RFC 8200 §4.5). */
  protocol: number
}

/**
 * Puts datagrams together from IP fragments that come in any order. The first copy of a byte wins. Each fragment costs
 * time in proportion to its length.
 *
 * Datagrams sit in a ring: a new one takes the place of the oldest, also of one that is complete, so that the bytes of
 * a completed datagram stay as they are for the next `MAX_DATAGRAMS - 1` new ones.
 */
export class FragmentTable {
  /** The datagram that the last `add` completed. */
  bytes = NO_BYTES
  length = 0
  protocol = 0
  /**
   * Datagrams that will never be whole: pushed out by newer ones, too old, cut by the snap length, or contradicting
   * themselves.
   */
  givenUp = 0
  /** Fragments that had to wait, of datagrams that were then completed, and those that came again after that. */
  joined = 0
  private readonly datagrams: Datagram[] = []
  private next = 0
  private readonly key = new Int32Array(10)

  /** Datagrams that wait for a fragment. */
  get waiting(): number {
    return this.datagrams.filter((datagram) => datagram.held).length
  }

  /** Adds a fragment, and says whether its datagram is complete now. */
  add(fragment: Fragment): boolean {
    const { offset, more, end, wireEnd, seconds } = fragment
    this.setKey(fragment)
    const datagram = this.find(seconds)
    const length = usefulLength(fragment)
    const contradicts = datagram !== undefined && contradictsLength(datagram, offset + length, more)
    if (end < wireEnd || offset + length > MAX_DATAGRAM_BYTES || contradicts) {
      if (datagram !== undefined) datagram.held = false
      this.givenUp++
      return false
    }
    if (datagram === undefined && this.cameAlready(fragment)) {
      this.joined++
      return false
    }
    return this.fill(datagram ?? this.start(seconds), fragment)
  }

  private fill(datagram: Datagram, fragment: Fragment): boolean {
    const { offset, more, bytes, start, protocol } = fragment
    const length = usefulLength(fragment)
    datagram.fragments++
    const firstUnit = offset / UNIT
    const endUnit = Math.ceil((offset + length) / UNIT)
    for (let unit = firstUnit; unit < endUnit; unit++) {
      if (datagram.present[unit] === 1) continue
      datagram.present[unit] = 1
      datagram.units++
      const from = start + (unit - firstUnit) * UNIT
      const count = Math.min(UNIT, start + length - from)
      for (let i = 0; i < count; i++) datagram.bytes[unit * UNIT + i] = bytes[from + i] as number
    }
    if (endUnit > datagram.highestUnit) datagram.highestUnit = endUnit
    if (offset === 0) datagram.protocol = protocol
    if (!more) datagram.length = offset + length
    if (datagram.length < 0 || datagram.units < Math.ceil(datagram.length / UNIT)) return false
    datagram.held = false
    datagram.whole = true
    this.joined += datagram.fragments - 1
    this.bytes = datagram.bytes
    this.length = datagram.length
    this.protocol = datagram.protocol
    return true
  }

  private setKey({ addresses, identification, keyProtocol }: Fragment): void {
    const { key } = this
    key[0] = addresses.sourceA
    key[1] = addresses.sourceB
    key[2] = addresses.sourceC
    key[3] = addresses.sourceD
    key[4] = addresses.destinationA
    key[5] = addresses.destinationB
    key[6] = addresses.destinationC
    key[7] = addresses.destinationD
    key[8] = identification
    key[9] = keyProtocol
  }

  private find(seconds: number): Datagram | undefined {
    for (const datagram of this.datagrams) {
      if (!datagram.held || !sameKey(datagram.key, this.key)) continue
      if (Math.abs(seconds - datagram.seconds) <= MAX_WAITING_SECONDS) return datagram
      datagram.held = false
      this.givenUp++
    }
    return undefined
  }

  /** Whether a datagram that is whole has this fragment in it: on two interfaces all packets are captured twice. */
  private cameAlready(fragment: Fragment): boolean {
    const { offset, more, bytes, start } = fragment
    const length = usefulLength(fragment)
    const end = offset + length
    return this.datagrams.some(
      (datagram) =>
        datagram.whole &&
        (more ? end <= datagram.length : end === datagram.length) &&
        sameKey(datagram.key, this.key) &&
        sameBytes(datagram.bytes, offset, bytes, start, length),
    )
  }

  private start(seconds: number): Datagram {
    // Of one name the last alone is kept to be compared with, so that a fragment is compared once.
    for (const datagram of this.datagrams) if (sameKey(datagram.key, this.key)) datagram.whole = false
    let datagram = this.datagrams[this.next]
    if (datagram === undefined) {
      datagram = emptyDatagram()
      this.datagrams[this.next] = datagram
    }
    this.next = (this.next + 1) % MAX_DATAGRAMS
    if (datagram.held) this.givenUp++
    datagram.held = true
    datagram.whole = false
    datagram.seconds = seconds
    datagram.fragments = 0
    datagram.key.set(this.key)
    datagram.present.fill(0, 0, datagram.highestUnit)
    datagram.units = 0
    datagram.highestUnit = 0
    datagram.length = -1
    datagram.protocol = 0
    return datagram
  }
}

/** Only the last fragment may end within a unit; Linux and others pass over the rest as well. */
function usefulLength({ more, start, end }: Fragment): number {
  return more ? (end - start) & -UNIT : end - start
}

/** A fragment that ends at `end` goes beyond the datagram's end, or ends it elsewhere than another did. */
function contradictsLength(datagram: Datagram, end: number, more: boolean): boolean {
  if (datagram.length >= 0) return more ? end > datagram.length : end !== datagram.length
  // Without the last fragment only whole units are there.
  return !more && end < datagram.highestUnit * UNIT
}

function emptyDatagram(): Datagram {
  return {
    held: false,
    whole: false,
    seconds: 0,
    key: new Int32Array(10),
    bytes: new Uint8Array(MAX_DATAGRAM_BYTES + 1),
    present: new Uint8Array(Math.ceil(MAX_DATAGRAM_BYTES / UNIT)),
    fragments: 0,
    units: 0,
    highestUnit: 0,
    length: -1,
    protocol: 0,
  }
}

function sameKey(a: Int32Array, b: Int32Array): boolean {
  // The identification differs most often.
  for (let i = 9; i >= 0; i--) if (a[i] !== b[i]) return false
  return true
}

function sameBytes(a: Uint8Array, atA: number, b: Uint8Array, atB: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[atA + i] !== b[atB + i]) return false
  return true
}
