import { ipv4Text, ipv6Text } from '../../src/bytes/text.js'
import { type PacketInput, readPackets } from '../../src/index.js'
import { PacketDecoder } from '../../src/packet/decode.js'
import type { CapturedPacket } from './captures.js'
import { Connection, type ConnectionOptions, FIN, type From, RST, SYN } from './connection.js'
import { decodePacket, type Found } from './decoding.js'
import { ethernet, ipv4, ipv6, tcp, udp } from './packets.js'

/** A TCP segment as it was captured. */
export interface SentSegment {
  readonly source: string
  readonly destination: string
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  readonly acknowledgment: number
  readonly flags: number
  readonly payload: Uint8Array
}

/** A frame of the original: a segment, or something else. */
export interface Frame {
  readonly time: bigint
  readonly segment: SentSegment | null
}

/** What one side sends before the other does, or how it ends. */
export interface Turn {
  readonly from: From
  readonly bytes: Uint8Array
  readonly ends?: 'fin' | 'rst'
}

/** A connection without its segments: who says what, in turn. */
export interface Dialogue {
  readonly clientPort: number
  readonly serverPort: number
  readonly ipv6: boolean
  readonly turns: readonly Turn[]
}

/** A capture without damage, taken apart so that it can be written in another way. */
export interface Original {
  readonly packets: readonly PacketInput[]
  readonly frames: readonly Frame[]
  readonly dialogues: readonly Dialogue[]
  readonly ipv6: boolean
}

/** Takes a capture apart. Throws where bytes are missing, as there is nothing then to compare with. */
export async function takeApart(file: Uint8Array): Promise<Original> {
  const decoder = new PacketDecoder()
  const packets: PacketInput[] = []
  const frames: Frame[] = []
  for await (const packet of readPackets(file)) {
    const { bytes, start, end, linkType, originalLength, seconds, fraction, clock } = packet
    const data = bytes.slice(start, end)
    const nanoseconds =
      BigInt(seconds) * 1_000_000_000n + (BigInt(fraction) * 1_000_000_000n) / BigInt(clock.unitsPerSecond)
    packets.push({ data, linkType, originalLength, nanoseconds })
    const found = decodePacket(data, { linkType, originalLength, decoder })
    frames.push({ time: nanoseconds, segment: found.reason === 'decoded' ? segmentOf(found) : null })
  }
  const dialogues = dialoguesOf(frames)
  return { packets, frames, dialogues, ipv6: dialogues.every((dialogue) => dialogue.ipv6) }
}

/** The segment as an IP packet; a frame that is none as a datagram that nobody follows, so that frame numbers stay. */
export function internetPacket({ segment }: Frame): Uint8Array {
  if (segment === null) return ipv4(udp({ destinationPort: 9 }, new Uint8Array(8)))
  const { source, destination, payload, ...fields } = segment
  const layer = tcp(fields, payload)
  return isIpv6(source) ? ipv6(layer, { source, destination }) : ipv4(layer, { source, destination })
}

export function ethernetFrame(frame: Frame): CapturedPacket {
  return { bytes: ethernet(internetPacket(frame)), time: frame.time }
}

/** The same frame with IPv6 addresses, which end in those that it had. */
export function overIpv6(frame: Frame): Frame {
  const { segment } = frame
  if (segment === null || isIpv6(segment.source)) return frame
  const mapped = (address: string): string => `2001:db8::${address.split('.').map(Number).map(hexadecimal).join(':')}`
  return {
    ...frame,
    segment: { ...segment, source: mapped(segment.source), destination: mapped(segment.destination) },
  }
}

export function isIpv6(address: string): boolean {
  return address.includes(':')
}

/** How a dialogue is spoken: what is left out is said in segments of 1460 bytes behind a SYN. */
export interface Manner {
  readonly options?: ConnectionOptions
  readonly open?: (connection: Connection) => unknown
  readonly say?: (connection: Connection, turn: Turn, index: number) => unknown
  readonly end?: (connection: Connection, turn: Turn) => unknown
}

/** Speaks every dialogue, one after the other. */
export function speak({ dialogues }: Pick<Original, 'dialogues'>, manner: Manner = {}): CapturedPacket[] {
  const into: CapturedPacket[] = []
  for (const dialogue of dialogues) speakOne(dialogue, { ...manner, options: { ...manner.options, into } })
  return into
}

/** Speaks one dialogue into a list of packets. */
export function speakOne({ clientPort, serverPort, ipv6, turns }: Dialogue, manner: Manner): Connection {
  const connection = new Connection({ clientPort, serverPort, ipv6, ...manner.options })
  const { open = opened, say = saidPlainly, end = ended } = manner
  open(connection)
  for (const [index, turn] of turns.entries()) {
    if (turn.ends === undefined) say(connection, turn, index)
    else end(connection, turn)
  }
  return connection
}

/** The turns with other bytes, as a rewriter of one direction's bytes has them. */
export function rewritten(original: Original, rewriter: () => (turn: Turn) => Uint8Array): Pick<Original, 'dialogues'> {
  const dialogues = original.dialogues.map((dialogue) => {
    const rewrite = rewriter()
    const turns = dialogue.turns.map((turn) => (turn.ends === undefined ? { ...turn, bytes: rewrite(turn) } : turn))
    return { ...dialogue, turns }
  })
  return { dialogues }
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** Bytes that begin nothing: high ones, in no order. */
export function noise(length: number, seed = 1): Uint8Array {
  const random = seeded(seed)
  return Uint8Array.from({ length }, () => 0x60 + Math.floor(random() * 0x60))
}

function opened(connection: Connection): void {
  connection.open()
}

function saidPlainly(connection: Connection, { from, bytes }: Turn): void {
  connection.send(from, bytes)
}

function ended(connection: Connection, { from, ends }: Turn): void {
  if (ends === 'rst') connection.reset(from)
  else connection.finish(from)
}

function segmentOf(found: Found): SentSegment {
  const { sourcePort, destinationPort, sequence, acknowledgment, flags, payload, payloadLength } = found
  if (payload.length < payloadLength) throw new Error('the original is cut by its snap length')
  const source = found.ipVersion === 4 ? ipv4Text(found.sourceD) : ipv6Text(...sourceWords(found))
  const destination = found.ipVersion === 4 ? ipv4Text(found.destinationD) : ipv6Text(...destinationWords(found))
  return { source, destination, sourcePort, destinationPort, sequence, acknowledgment, flags, payload }
}

function sourceWords(found: Found): [number, number, number, number] {
  return [found.sourceA, found.sourceB, found.sourceC, found.sourceD]
}

function destinationWords(found: Found): [number, number, number, number] {
  return [found.destinationA, found.destinationB, found.destinationC, found.destinationD]
}

/** One connection while it is put together. */
interface Speaking {
  readonly client: SentSegment
  readonly next: Record<From, number | null>
  readonly turns: { from: From; bytes: Uint8Array; ends?: 'fin' | 'rst' }[]
}

function dialoguesOf(frames: readonly Frame[]): Dialogue[] {
  const all = new Map<string, Speaking>()
  for (const { segment } of frames) {
    if (segment === null) continue
    const key = [endOf(segment, 'source'), endOf(segment, 'destination')].sort().join(' ')
    const speaking = all.get(key) ?? { client: segment, next: { client: null, server: null }, turns: [] }
    all.set(key, speaking)
    addSegment(speaking, segment)
  }
  return [...all.values()].map(({ client, turns }) => ({
    clientPort: client.sourcePort,
    serverPort: client.destinationPort,
    ipv6: isIpv6(client.source),
    turns,
  }))
}

function addSegment({ client, next, turns }: Speaking, segment: SentSegment): void {
  const from = endOf(segment, 'source') === endOf(client, 'source') ? 'client' : 'server'
  const sequence = (segment.sequence + (segment.flags & SYN ? 1 : 0)) | 0
  // Behind its FIN a side acknowledges with a number that is one higher.
  const passed = ((next[from] ?? sequence) - sequence) | 0
  if (passed < 0 && segment.payload.length > 0) throw new Error('bytes of the original are missing, or out of order')
  const bytes = segment.payload.subarray(Math.max(0, passed))
  next[from] = (sequence + Math.max(passed, segment.payload.length)) | 0
  const last = turns.at(-1)
  if (bytes.length > 0) {
    if (last?.from === from && last.ends === undefined) last.bytes = Buffer.concat([last.bytes, bytes])
    else turns.push({ from, bytes })
  }
  if (segment.flags & RST) turns.push({ from, bytes: new Uint8Array(0), ends: 'rst' })
  else if (segment.flags & FIN) turns.push({ from, bytes: new Uint8Array(0), ends: 'fin' })
}

function endOf(segment: SentSegment, end: 'source' | 'destination'): string {
  return `${segment[end]} ${segment[`${end}Port`]}`
}

function hexadecimal(value: number): string {
  return value.toString(16)
}
