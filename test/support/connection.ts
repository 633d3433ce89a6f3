import { type AnalyzeOptions, analyze } from '../../src/analyze.js'
import { ACK, FIN, RST, SYN } from '../../src/registry/tcp-flags.js'
import type { CaptureRecord, HandshakeRecord } from '../../src/verdict/record.js'
import { join } from './bytes.js'
import { type CapturedPacket, type PcapOptions, pcap } from './captures.js'
import { ethernet, ipv4, ipv6, tcp } from './packets.js'

export { ACK, FIN, RST, SYN }
export const PSH = 0x08

export type From = 'client' | 'server'

export interface ConnectionOptions {
  readonly clientPort?: number
  readonly serverPort?: number
  readonly ipv6?: boolean
  /** Initial sequence numbers. */
  readonly clientSequence?: number
  readonly serverSequence?: number
  /** The list that packets are added to: share one to interleave connections. */
  readonly into?: CapturedPacket[]
  /** Payload bytes of a segment at most. */
  readonly segmentSize?: number
}

/** One millisecond a packet, from 2026-01-01. */
const FIRST_TIME = 1_767_225_600_000_000_000n
const BETWEEN = 1_000_000n

/** A TCP connection that is written packet by packet. */
export class Connection {
  readonly packets: CapturedPacket[]
  /** The next sequence number of each side. */
  readonly next: Record<From, number>
  private readonly options: ConnectionOptions

  constructor(options: ConnectionOptions = {}) {
    this.options = options
    this.packets = options.into ?? []
    this.next = { client: options.clientSequence ?? 1000, server: options.serverSequence ?? 900_000 }
  }

  /** SYN, SYN/ACK, ACK. */
  open(): this {
    this.packet('client', SYN).packet('server', SYN | ACK)
    return this.packet('client', ACK)
  }

  client(bytes: Uint8Array, segmentSize?: number): this {
    return this.send('client', bytes, segmentSize)
  }

  server(bytes: Uint8Array, segmentSize?: number): this {
    return this.send('server', bytes, segmentSize)
  }

  /** Bytes in segments of at most `segmentSize`. */
  send(from: From, bytes: Uint8Array, segmentSize = this.options.segmentSize ?? 1460): this {
    for (let at = 0; at < bytes.length; at += segmentSize)
      this.packet(from, ACK | PSH, bytes.slice(at, at + segmentSize))
    return this
  }

  /** Bytes that are sent, but are in no packet of the capture. */
  lose(from: From, bytes: Uint8Array): this {
    this.next[from] = (this.next[from] + bytes.length) >>> 0
    return this
  }

  acknowledge(from: From): this {
    return this.packet(from, ACK)
  }

  finish(from: From): this {
    return this.packet(from, FIN | ACK)
  }

  /** FIN from the client, FIN from the server, and the last ACK. */
  close(): this {
    return this.finish('client').finish('server').acknowledge('client')
  }

  reset(from: From): this {
    return this.packet(from, RST | ACK)
  }

  /** One packet with the next sequence number, which moves on behind it. */
  packet(from: From, flags: number, payload: Uint8Array = new Uint8Array(0)): this {
    this.place(from, flags, this.next[from], payload)
    const taken = payload.length + (flags & (SYN | FIN) ? 1 : 0)
    this.next[from] = (this.next[from] + taken) >>> 0
    return this
  }

  /** One packet at any sequence number; nothing moves on. */
  place(from: From, flags: number, sequence: number, payload: Uint8Array = new Uint8Array(0)): this {
    const { clientPort = 50_000, serverPort = 443 } = this.options
    const other = from === 'client' ? 'server' : 'client'
    const segment = tcp(
      {
        sourcePort: from === 'client' ? clientPort : serverPort,
        destinationPort: from === 'client' ? serverPort : clientPort,
        sequence: sequence >>> 0,
        acknowledgment: flags & ACK ? this.next[other] : 0,
        flags,
      },
      payload,
    )
    const addresses = this.options.ipv6
      ? { client: '2001:db8::c', server: '2001:db8::5' }
      : { client: '192.0.2.1', server: '198.51.100.2' }
    const ends = { source: addresses[from], destination: addresses[other] }
    this.add(ethernet(this.options.ipv6 ? ipv6(segment, ends) : ipv4(segment, ends)))
    return this
  }

  private add(bytes: Uint8Array): void {
    this.packets.push({ bytes, time: FIRST_TIME + BigInt(this.packets.length) * BETWEEN })
  }
}

/** What an analysis found: the handshakes in the order in which they were decided, and the capture's record. */
export interface Analysis {
  readonly handshakes: readonly HandshakeRecord[]
  readonly capture: CaptureRecord
}

/** Analyzes a capture file; every analysis ends with exactly one capture record. */
export async function analyzed(file: Uint8Array, options: AnalyzeOptions = {}): Promise<Analysis> {
  const handshakes: HandshakeRecord[] = []
  let capture: CaptureRecord | null = null
  for await (const found of analyze(file, { name: 'test.pcap', ...options })) {
    if (capture !== null) throw new Error('a record follows the capture record')
    if (found.type === 'handshake') handshakes.push(found)
    else capture = found
  }
  if (capture === null) throw new Error('the capture record is missing')
  return { handshakes, capture }
}

/** Analyzes packets as a pcap file. */
export function analyzedPackets(packets: readonly CapturedPacket[], options: PcapOptions = {}): Promise<Analysis> {
  return analyzed(pcap(packets, options))
}

/** Analyzes packets in which exactly one handshake is expected. */
export async function onlyHandshake(
  packets: readonly CapturedPacket[],
  options: PcapOptions = {},
): Promise<HandshakeRecord> {
  const { handshakes } = await analyzedPackets(packets, options)
  const [handshake] = handshakes
  if (handshake === undefined || handshakes.length !== 1) throw new Error(`${handshakes.length} handshakes, not 1`)
  return handshake
}

/** The codes of a record's notes. */
export function noteCodes(handshake: Pick<HandshakeRecord, 'notes'>): string[] {
  return handshake.notes.map((note) => note.code)
}

/** A client's flight and a server's, one after the other, in a connection that opens and closes. */
export function conversation(flights: readonly (readonly [From, ...Uint8Array[]])[], options: ConnectionOptions = {}) {
  const connection = new Connection(options).open()
  for (const [from, ...parts] of flights) connection.send(from, join(...parts))
  return connection.close()
}
