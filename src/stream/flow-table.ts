import type { Segment } from '../packet/segment.js'
import type { Direction } from '../registry/direction.js'
import type { StreamEndpoint } from './chunk.js'

/** Words of a row: the last word of each address, ports and hash, then what is known of the stream. */
const LOW = 0
const HIGH = 1
const PORTS = 2
const HASH = 3
export const STREAM = 4
export const STATUS = 5
/** Index into the tracker's conversations, or -1. */
export const CONVERSATION = 6
/** Next sequence number expected, by direction. */
export const NEXT = 7
/** Initial sequence number, by direction. */
export const BASE = 9
/** Handshakes found in the stream. */
export const HANDSHAKES = 11
/** When the first SYN came: seconds (the low 32 bits) and nanoseconds. */
export const FIRST_SYN = 12
/** The same of the last SYN; once its sender has acknowledged the SYN/ACK, how long it took. */
export const ROUND_TRIP = 14
/** A row takes 16 words: 64 bytes, one cache line. */
export const ROW_SHIFT = 4
const ROW_WORDS = 1 << ROW_SHIFT
/** The other three words of both addresses, which only IPv6 has. */
const UPPER_WORDS = 6

/** Bits of STATUS. Where there are two for a direction, direction 1 has the next higher bit. */
export const SEEN = 1 << 0
export const BASE_KNOWN = 1 << 2
/** NEXT holds what the next segment must begin with. */
export const NEXT_KNOWN = 1 << 4
/** FIRST_SYN holds the time of a SYN of this direction. */
export const SYN_TIMED = 1 << 6
/** The answer is known, or will never be: packets of it are passed over. */
export const DONE = 1 << 8
/** A TLS record that is no hello was seen while nothing was known of the stream. */
export const RECORDS_SEEN = 1 << 9
const REFERENCED = 1 << 10
const IPV6 = 1 << 11
/** A SYN/ACK has answered the SYN. */
export const SYN_ANSWERED = 1 << 13
/** ROUND_TRIP holds a length of time. */
export const ROUND_TRIP_KNOWN = 1 << 14
/** A second SYN/ACK had another number than the first, and none has been acknowledged yet. */
export const SYN_CONTRADICTED = 1 << 15
/** A FIN ended this direction where NEXT stands, while nothing was followed in its stream. */
export const FINISHED = 1 << 16

/**
 * Live flows held at a time. Memory is what bounds it: 64 bytes a flow, 24 more for IPv6 and 8 of index make 25 MB. A
 * flood of connections pushes out the ones that were idle longest, each of which would start anew if it went on.
 */
export const MAX_FLOWS = 262_144

/** Of few flows, as most captures of a folder full of small ones have. */
const FIRST_CAPACITY = 8
/**
 * A table grows by this factor, and from `MANY_FLOWS` on to all that it may ever hold: copying it again and again took as long
 * as following a tenth of the segments, and memory that is not written to is not taken from the system.
 */
const GROWTH = 8
const MANY_FLOWS = 4096

/** Length of the index of flows that were found last: 4 kB, of the 32 that the nearest cache has at least. */
const MOST_FOUND = 1024

/**
 * TCP connections by their addresses and ports, both directions in one row. Open addressing over typed arrays, so that
 * a look-up makes no object. Rows are `rows[(id << ROW_SHIFT) + WORD]`.
 */
export class FlowTable {
  rows: Int32Array
  /** Made with the first IPv6 flow. */
  private upper: Int32Array | null = null
  /** Set by `find`: which way the segment goes. */
  direction: Direction = 0
  /** Set by `find`: the row is new. */
  created = false
  /** Flows pushed out to keep within the limit. */
  evicted = 0

  private readonly maxFlows: number
  /** Called with the id of a flow that is about to be pushed out. */
  private readonly onEvict: (id: number) => void
  /** Hash index: id + 1, or 0. Twice as long as there may be rows. */
  private slots: Int32Array
  private slotMask: number
  private capacity: number
  private used = 0
  private hand = 0
  /** id + 1 of the flow that was found last, by a hash that is cheap and both directions share; 0 where none was. */
  private found: Int32Array
  /** Keeps an attacker from choosing addresses that all hash alike. */
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0

  constructor(onEvict: (id: number) => void, maxFlows = MAX_FLOWS) {
    this.onEvict = onEvict
    this.maxFlows = maxFlows
    this.capacity = Math.min(FIRST_CAPACITY, maxFlows)
    this.rows = new Int32Array(this.capacity * ROW_WORDS)
    this.slots = new Int32Array(tableLength(this.capacity))
    this.slotMask = this.slots.length - 1
    this.found = new Int32Array(Math.min(this.slots.length, MOST_FOUND))
  }

  /** The id of the segment's flow, made where there is none. Sets `direction` and `created`. */
  find(segment: Segment): number {
    const swapped = isSwapped(segment)
    this.direction = swapped ? 1 : 0
    const ports = swapped
      ? (segment.destinationPort << 16) | segment.sourcePort
      : (segment.sourcePort << 16) | segment.destinationPort
    // The flows of the moment are few: an index of them alone stays in the cache that is nearest to the processor.
    const at = cheapHash(segment) & (this.found.length - 1)
    const last = (this.found[at] as number) - 1
    if (last >= 0 && this.matches(last, segment, swapped, ports)) {
      this.created = false
      this.markUsed(last)
      return last
    }
    const id = this.lookUp(segment, swapped, ports)
    this.found[at] = id + 1
    return id
  }

  private lookUp(segment: Segment, swapped: boolean, ports: number): number {
    const hash = this.hash(segment, swapped, ports)
    let slot = hash & this.slotMask
    for (;;) {
      const id = (this.slots[slot] as number) - 1
      if (id < 0) break
      if (this.rows[(id << ROW_SHIFT) + HASH] === hash && this.matches(id, segment, swapped, ports)) {
        this.created = false
        this.markUsed(id)
        return id
      }
      slot = (slot + 1) & this.slotMask
    }
    this.created = true
    return this.insert(segment, swapped, ports, hash)
  }

  private markUsed(id: number): void {
    const at = (id << ROW_SHIFT) + STATUS
    this.rows[at] = (this.rows[at] as number) | REFERENCED
  }

  /** Puts the row back to that of a new stream of the same addresses and ports. */
  restart(id: number): void {
    const row = id << ROW_SHIFT
    this.rows[row + STATUS] = (this.rows[row + STATUS] as number) & (IPV6 | REFERENCED)
    this.rows[row + CONVERSATION] = -1
    this.rows[row + HANDSHAKES] = 0
  }

  /** The endpoint that sends in a direction. */
  sender(id: number, direction: Direction): StreamEndpoint {
    const row = id << ROW_SHIFT
    const ports = this.rows[row + PORTS] as number
    const isIpv6 = ((this.rows[row + STATUS] as number) & IPV6) !== 0
    const at = id * UPPER_WORDS + (direction === 0 ? 0 : 3)
    const upper = isIpv6 ? this.upper : null
    return {
      ipVersion: isIpv6 ? 6 : 4,
      a: upper?.[at] ?? 0,
      b: upper?.[at + 1] ?? 0,
      c: upper?.[at + 2] ?? 0,
      d: this.rows[row + (direction === 0 ? LOW : HIGH)] as number,
      port: direction === 0 ? ports >>> 16 : ports & 0xffff,
    }
  }

  private insert(segment: Segment, swapped: boolean, ports: number, hash: number): number {
    let id: number
    if (this.used < this.maxFlows) {
      if (this.used === this.capacity) this.grow()
      id = this.used++
    } else id = this.evictIdle()
    const { rows } = this
    const row = id << ROW_SHIFT
    rows[row + (swapped ? HIGH : LOW)] = segment.sourceD
    rows[row + (swapped ? LOW : HIGH)] = segment.destinationD
    if (segment.ipVersion === 6) this.setUpper(id, segment, swapped)
    rows[row + PORTS] = ports
    rows[row + HASH] = hash
    rows[row + STATUS] = segment.ipVersion === 6 ? IPV6 : 0
    rows[row + CONVERSATION] = -1
    rows[row + HANDSHAKES] = 0
    this.place(id, hash)
    return id
  }

  private setUpper(id: number, segment: Segment, swapped: boolean): void {
    this.upper ??= new Int32Array(this.capacity * UPPER_WORDS)
    const { upper } = this
    const source = id * UPPER_WORDS + (swapped ? 3 : 0)
    const destination = id * UPPER_WORDS + (swapped ? 0 : 3)
    upper[source] = segment.sourceA
    upper[source + 1] = segment.sourceB
    upper[source + 2] = segment.sourceC
    upper[destination] = segment.destinationA
    upper[destination + 1] = segment.destinationB
    upper[destination + 2] = segment.destinationC
  }

  private place(id: number, hash: number): void {
    let slot = hash & this.slotMask
    while (this.slots[slot] !== 0) slot = (slot + 1) & this.slotMask
    this.slots[slot] = id + 1
  }

  private grow(): void {
    this.capacity = this.capacity >= MANY_FLOWS ? this.maxFlows : Math.min(this.capacity * GROWTH, this.maxFlows)
    const rows = new Int32Array(this.capacity * ROW_WORDS)
    rows.set(this.rows)
    this.rows = rows
    if (this.upper !== null) {
      const upper = new Int32Array(this.capacity * UPPER_WORDS)
      upper.set(this.upper)
      this.upper = upper
    }
    this.slots = new Int32Array(tableLength(this.capacity))
    this.slotMask = this.slots.length - 1
    if (this.found.length < MOST_FOUND) this.found = new Int32Array(Math.min(this.slots.length, MOST_FOUND))
    for (let id = 0; id < this.used; id++) this.place(id, rows[(id << ROW_SHIFT) + HASH] as number)
  }

  /** Second chance: the hand passes over rows used since it came by last, and takes the first that was not. */
  private evictIdle(): number {
    for (;;) {
      const id = this.hand
      this.hand = (this.hand + 1) % this.maxFlows
      const at = (id << ROW_SHIFT) + STATUS
      const status = this.rows[at] as number
      if ((status & REFERENCED) === 0) {
        this.onEvict(id)
        this.remove(id)
        this.evicted++
        return id
      }
      this.rows[at] = status & ~REFERENCED
    }
  }

  /** Takes a row out of the index, moving up those behind it whose place it took (no tombstones). */
  private remove(id: number): void {
    const { slots, slotMask } = this
    let hole = (this.rows[(id << ROW_SHIFT) + HASH] as number) & slotMask
    while (slots[hole] !== id + 1) hole = (hole + 1) & slotMask
    let slot = hole
    for (;;) {
      slot = (slot + 1) & slotMask
      const other = (slots[slot] as number) - 1
      if (other < 0) break
      const home = (this.rows[(other << ROW_SHIFT) + HASH] as number) & slotMask
      // It may move up when its home is not between the hole and where it stands.
      if (((slot - home) & slotMask) >= ((slot - hole) & slotMask)) {
        slots[hole] = other + 1
        hole = slot
      }
    }
    slots[hole] = 0
  }

  private matches(id: number, segment: Segment, swapped: boolean, ports: number): boolean {
    const { rows, upper } = this
    const row = id << ROW_SHIFT
    if (rows[row + PORTS] !== ports) return false
    if ((((rows[row + STATUS] as number) & IPV6) === 0) !== (segment.ipVersion === 4)) return false
    if (rows[row + (swapped ? HIGH : LOW)] !== segment.sourceD) return false
    if (rows[row + (swapped ? LOW : HIGH)] !== segment.destinationD) return false
    if (upper === null || segment.ipVersion === 4) return true
    const source = id * UPPER_WORDS + (swapped ? 3 : 0)
    const destination = id * UPPER_WORDS + (swapped ? 0 : 3)
    return (
      upper[source] === segment.sourceA &&
      upper[source + 1] === segment.sourceB &&
      upper[source + 2] === segment.sourceC &&
      upper[destination] === segment.destinationA &&
      upper[destination + 1] === segment.destinationB &&
      upper[destination + 2] === segment.destinationC
    )
  }

  private hash(segment: Segment, swapped: boolean, ports: number): number {
    let hash = this.seed
    if (segment.ipVersion === 6) {
      hash = mix(hash, swapped ? segment.destinationA : segment.sourceA)
      hash = mix(hash, swapped ? segment.destinationB : segment.sourceB)
      hash = mix(hash, swapped ? segment.destinationC : segment.sourceC)
      hash = mix(hash, swapped ? segment.sourceA : segment.destinationA)
      hash = mix(hash, swapped ? segment.sourceB : segment.destinationB)
      hash = mix(hash, swapped ? segment.sourceC : segment.destinationC)
    }
    hash = mix(hash, swapped ? segment.destinationD : segment.sourceD)
    hash = mix(hash, swapped ? segment.sourceD : segment.destinationD)
    hash = mix(hash, ports)
    hash ^= hash >>> 16
    hash = Math.imul(hash, 0x85ebca6b)
    hash ^= hash >>> 13
    return Math.imul(hash, 0xc2b2ae35) | 0
  }
}

/** The same for both directions. Many flows may share one: then they are looked up. */
function cheapHash({ sourceD, destinationD, sourcePort, destinationPort }: Segment): number {
  return Math.imul(Math.imul(sourceD ^ destinationD, 0x9e3779b1) ^ sourcePort ^ destinationPort, 0x85ebca6b) >>> 16
}

/** Murmur3's step. */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51)
  k = (k << 15) | (k >>> 17)
  let h = hash ^ Math.imul(k, 0x1b873593)
  h = (h << 13) | (h >>> 19)
  return (Math.imul(h, 5) + 0xe6546b64) | 0
}

/** Whether the source is the higher of the two endpoints; any fixed order serves. */
function isSwapped(segment: Segment): boolean {
  if (segment.sourceD !== segment.destinationD) return segment.sourceD > segment.destinationD
  if (segment.sourceC !== segment.destinationC) return segment.sourceC > segment.destinationC
  if (segment.sourceB !== segment.destinationB) return segment.sourceB > segment.destinationB
  if (segment.sourceA !== segment.destinationA) return segment.sourceA > segment.destinationA
  return segment.sourcePort > segment.destinationPort
}

/** A power of two at least twice the number of rows. */
function tableLength(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(rows, 4) * 2))
}
