// Flows of the samples, taken apart so that many copies of them can be written quickly: addresses, ports and sequence
// numbers are out, and what the rest adds to the checksums is known.
import { readFileSync } from 'node:fs'

const SAMPLES = new URL('../samples/', import.meta.url)

/** Samples and how often each comes, by kind of traffic: shares of clients and servers as one might meet them. */
const MIXES = {
  handshakes: [
    ['hybrid-x25519mlkem768', 14],
    ['clients/curl-8.14-openssl-3.5', 6],
    ['grease-chromium', 22],
    ['clients/go-1.26', 6],
    ['clients/node-26', 4],
    ['clients/java-27', 2],
    ['clients/python-3.13', 2],
    ['clients/curl-8.22-nginx', 2],
    ['classical-x25519', 8],
    ['clients/curl-openssl-3.0', 4],
    ['clients/go-1.26-tlsmlkem-0', 4],
    ['clients/chromium-156-x25519-server', 3],
    ['clients/gnutls-3.8', 2],
    ['classical-secp256r1', 2],
    ['tls12-x25519', 4],
    ['tls12-secp256r1', 2],
    ['tls12-rsa', 1],
    ['clients/chromium-156-tls12-server', 3],
    ['resumed-tls13', 3],
    ['resumed-tls12', 1],
    ['retry-to-hybrid', 2],
    ['clients/botan-3.12', 1],
    ['retry-to-classical', 1],
    ['hybrid-secp384r1mlkem1024', 0.5],
    ['hybrid-secp256r1mlkem768', 0.5],
    ['rejected-group', 0.5],
    ['rejected-version', 0.5],
    ['hybrid-client-certificate', 0.5],
    ['hybrid-mldsa65-certificate', 0.5],
  ],
  bulk: [
    ['clients/curl-8.22-nginx', 50],
    ['classical-server-choice', 30],
    ['tls12-server-only', 20],
  ],
}

/** The sample with a response long enough to hold a whole record of full-size segments, and how often it is repeated. */
const BULK_SAMPLE = 'clients/curl-8.22-nginx'
const BULK_REPEATS = 39

/**
 * A packet of a template. `sequence` and `acknowledgment` count from the initial sequence number of their sender;
 * `ipSum` and `tcpSum` are the sums of the 16-bit words under each checksum with addresses, ports and numbers as 0.
 *
 * @typedef {object} TemplatePacket
 * @property {number} time microseconds since the flow's first packet
 * @property {boolean} fromClient
 * @property {Buffer} frame an Ethernet frame with IPv4 and TCP
 * @property {number} sequence
 * @property {number | null} acknowledgment null without the ACK flag
 * @property {number} randomAt index of the ClientHello's random in the frame, 0 where there is none
 * @property {readonly number[]} freshAt indices of 16 bytes of a ClientHello's key share that may be anything
 * @property {number} ipSum
 * @property {number} tcpSum
 */

/**
 * The templates of a kind of traffic with their weights. A template is one sample: a list of flows.
 *
 * @param {'handshakes' | 'bulk'} kind
 * @returns {{ name: string, weight: number, flows: TemplatePacket[][] }[]}
 */
export function templates(kind) {
  const run = kind === 'bulk' ? bulkRun(flowsOf(BULK_SAMPLE)[0]) : []
  return MIXES[kind].map(([name, weight]) => {
    const flows = flowsOf(name)
    return { name, weight, flows: kind === 'bulk' ? flows.map((flow) => lengthened(flow, run)) : flows }
  })
}

function flowsOf(name) {
  const bytes = readFileSync(new URL(`${name}.pcap`, SAMPLES))
  if (bytes.readUInt32LE(0) !== 0xa1b2c3d4 || bytes.readUInt32LE(20) !== 1) throw new Error(`${name}: not Ethernet`)
  const flows = new Map()
  for (let at = 24; at < bytes.length; ) {
    const time = bytes.readUInt32LE(at) * 1e6 + bytes.readUInt32LE(at + 4)
    const end = at + 16 + bytes.readUInt32LE(at + 8)
    const frame = bytes.subarray(at + 16, end)
    at = end
    if (frame.readUInt16BE(12) !== 0x0800 || frame[23] !== 6) continue
    const source = frame.toString('hex', 26, 30) + frame.toString('hex', 34, 36)
    const destination = frame.toString('hex', 30, 34) + frame.toString('hex', 36, 38)
    const key = [source, destination].sort().join()
    if (!flows.has(key)) flows.set(key, { client: source, start: time, first: {}, packets: [] })
    const flow = flows.get(key)
    const fromClient = source === flow.client
    flow.first[fromClient] ??= frame.readUInt32BE(38)
    flow.packets.push({ time: time - flow.start, fromClient, frame })
  }
  return [...flows.values()].map(({ first, packets }) => {
    const fresh = freshPlaces(packets, first)
    return packets.map((packet) => templatePacket(packet, first, fresh.get(packet) ?? []))
  })
}

function templatePacket({ time, fromClient, frame: captured }, first, freshAt) {
  const frame = Buffer.from(captured.subarray(0, 14 + captured.readUInt16BE(16)))
  const sequence = (frame.readUInt32BE(38) - first[fromClient]) >>> 0
  const acknowledges = (frame[47] & 0x10) !== 0
  const acknowledgment = acknowledges ? (frame.readUInt32BE(42) - first[!fromClient]) >>> 0 : null
  const payload = payloadStart(frame)
  const hello = fromClient && frame.length > payload + 43 && frame[payload] === 22 && frame[payload + 5] === 1
  // 30 of its 32 bytes: those that begin on a word of the checksum.
  const randomAt = hello && payload % 2 === 0 ? payload + 12 : 0
  frame.fill(0, 24, 38)
  frame.fill(0, 38, 46)
  frame.fill(0, 50, 52)
  if (randomAt > 0) frame.fill(0, randomAt, randomAt + 30)
  for (const at of freshAt) frame.fill(0, at, at + FRESH_LENGTH)
  const ipSum = wordSum(frame, 14, 34)
  const tcpSum = wordSum(frame, 34, frame.length) + 6 + (frame.length - 34)
  return { time, fromClient, frame, sequence, acknowledgment, randomAt, freshAt, ipSum, tcpSum }
}

/** Bytes of a key share that are new in each copy of a flow: enough for it to be another one. */
export const FRESH_LENGTH = 16

/**
 * Where a component lets bytes be anything, by group, from start to end of the share: the seed of an ML-KEM key, and a
 * point of X25519. The points of other curves stay as they were captured.
 */
const FREE_BYTES = {
  29: [0, 32],
  512: [768, 800],
  513: [1152, 1184],
  514: [1536, 1568],
  4587: [65 + 1152, 65 + 1184],
  4588: [1152, 1216],
  4589: [97 + 1536, 97 + 1568],
}

/** The places in packets of the client where its key shares may be made anew. */
function freshPlaces(packets, first) {
  const places = new Map()
  const segments = packets
    .filter(({ fromClient, frame }) => fromClient && 14 + frame.readUInt16BE(16) > payloadStart(frame))
    .map((packet) => {
      const { frame } = packet
      const start = payloadStart(frame)
      const at = (frame.readUInt32BE(38) - first.true - 1) >>> 0
      return { packet, start, at, length: 14 + frame.readUInt16BE(16) - start }
    })
  const stream = Buffer.alloc(Math.max(0, ...segments.map(({ at, length }) => at + length)))
  for (const { packet, start, at, length } of segments) packet.frame.copy(stream, at, start, start + length)
  for (const { group, at } of keyShares(stream)) {
    const [from, to] = FREE_BYTES[group] ?? [0, 0]
    for (const segment of segments) {
      const offset = segment.start - segment.at
      // On a word of the checksum, and in one packet.
      const begin = Math.max(at + from, segment.at) + offset
      const place = begin + (begin % 2)
      if (place + FRESH_LENGTH > Math.min(at + to, segment.at + segment.length) + offset) continue
      places.set(segment.packet, [...(places.get(segment.packet) ?? []), place])
      break
    }
  }
  return places
}

/** The key shares of the ClientHellos at the beginning of what a client sends, each in one record. */
function keyShares(stream) {
  const shares = []
  for (let record = 0; record + 5 <= stream.length; record += 5 + stream.readUInt16BE(record + 3)) {
    if (stream[record] === 20) continue
    if (stream[record] !== 22 || stream[record + 5] !== 1) break
    let at = record + 9 + 34
    at += 1 + stream[at]
    at += 2 + stream.readUInt16BE(at)
    at += 1 + stream[at]
    const end = Math.min(at + 2 + stream.readUInt16BE(at), stream.length)
    for (at += 2; at < end; at += 4 + stream.readUInt16BE(at + 2)) {
      if (stream.readUInt16BE(at) !== 51) continue
      const sharesEnd = at + 6 + stream.readUInt16BE(at + 4)
      for (let share = at + 6; share < sharesEnd; share += 4 + stream.readUInt16BE(share + 2))
        shares.push({ group: stream.readUInt16BE(share), at: share + 4 })
    }
  }
  return shares
}

/**
 * The packets that carry the first whole record in full-size segments, and the acknowledgment of its end alone: a fast
 * download acknowledges many segments at once. Numbers and times count from 0.
 */
function bulkRun(flow) {
  const start = flow.findIndex((packet) => !packet.fromClient && packet.frame.length === 1514 && beginsRecord(packet))
  const { frame, sequence, acknowledgment, time } = flow[start]
  const length = 5 + frame.readUInt16BE(payloadStart(frame) + 3)
  const end = flow.findIndex((packet) => packet.fromClient && packet.acknowledgment >= sequence + length)
  const kept = flow.slice(start, end + 1).filter((packet, index) => !packet.fromClient || start + index === end)
  const packets = kept.map((packet) => ({
    ...packet,
    time: packet.time - time,
    sequence: packet.sequence - (packet.fromClient ? acknowledgment : sequence),
    acknowledgment: packet.acknowledgment - (packet.fromClient ? sequence : acknowledgment),
  }))
  return { length, microseconds: packets.at(-1).time + 1, packets }
}

/** The flow with a run of application data repeated in front of its first response. */
function lengthened(flow, run) {
  const hello = flow.findIndex((packet) => !packet.fromClient && payloadLength(packet) > 0)
  const request = flow.findIndex((packet, index) => index > hello && packet.fromClient && payloadLength(packet) > 0)
  const at = flow.findIndex((packet, index) => index > request && !packet.fromClient && beginsRecord(packet))
  const before = flow.slice(0, at)
  const { sequence, time } = flow[at]
  const sent = before.filter((packet) => packet.fromClient).map((packet) => packet.sequence + payloadLength(packet))
  const clientSequence = Math.max(...sent)
  const bulk = Array.from({ length: BULK_REPEATS }, (_, count) =>
    run.packets.map((packet) => {
      const serverSequence = sequence + count * run.length
      return {
        ...packet,
        time: packet.time + time + count * run.microseconds,
        sequence: packet.sequence + (packet.fromClient ? clientSequence : serverSequence),
        acknowledgment: packet.acknowledgment + (packet.fromClient ? serverSequence : clientSequence),
      }
    }),
  ).flat()
  const added = BULK_REPEATS * run.length
  const after = flow.slice(at).map((packet) => ({
    ...packet,
    time: packet.time + BULK_REPEATS * run.microseconds,
    sequence: packet.sequence + (packet.fromClient ? 0 : added),
    acknowledgment: packet.acknowledgment === null ? null : packet.acknowledgment + (packet.fromClient ? added : 0),
  }))
  return [...before, ...bulk, ...after]
}

function payloadStart(frame) {
  return 34 + (frame[46] >> 4) * 4
}

function payloadLength({ frame }) {
  return frame.length - payloadStart(frame)
}

/** Whether the payload begins with an application data record. */
function beginsRecord({ frame }) {
  const at = payloadStart(frame)
  return frame.length > at + 5 && frame[at] === 23 && frame[at + 1] === 3
}

/** Sum of the 16-bit words of some bytes, the last of which may be half a word. */
export function wordSum(bytes, start, end) {
  let sum = 0
  let at = start
  for (; at + 1 < end; at += 2) sum += (bytes[at] << 8) | bytes[at + 1]
  return at < end ? sum + (bytes[at] << 8) : sum
}
