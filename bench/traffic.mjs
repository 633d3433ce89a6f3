#!/usr/bin/env node
// Writes a capture of any size out of the samples: many connections of real clients to real servers, interleaved as they
// would be on a busy link. Each copy of a flow has addresses, ports, initial sequence numbers, a ClientHello random and (but
// for points of secp256r1 and its like) key shares of its own, and right checksums. The same arguments give the same bytes.
//
//   node bench/traffic.mjs handshakes|bulk MEGABYTES FILE      FILE may be - for standard output
import { closeSync, openSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FRESH_LENGTH, templates, wordSum } from './templates.mjs'

/** Mean time between the starts of two connections, in microseconds. */
const MEAN_GAP = { handshakes: 2000, bulk: 20_000 }
const SEED = 20250101
const START = 1_750_000_000 * 1e6
const CHUNK_LENGTH = 1024 * 1024
/** No frame of the samples is longer. */
const MAX_FRAME_LENGTH = 65_536
const SERVERS = 400

/** @returns {{ bytes: number, packets: number, flows: number }} */
export function writeTraffic(kind, megabytes, file) {
  const sink = new Sink(file)
  const random = randomNumbers(SEED)
  const pool = templates(kind)
  const totalWeight = pool.reduce((sum, { weight }) => sum + weight, 0)
  const targetBytes = megabytes * 1e6
  const underWay = new Schedule()
  let planned = 0
  let next = START
  let flows = 0
  let packets = 0

  const startConnections = () => {
    for (const flow of pick(pool, random() * totalWeight)) {
      underWay.push(new Connection(flow, next, flows, random))
      planned += bytesOf(flow)
      flows++
    }
    next += Math.round(-Math.log(1 - random()) * MEAN_GAP[kind])
  }

  for (;;) {
    while (planned < targetBytes && (underWay.size === 0 || next <= underWay.first.time)) startConnections()
    if (underWay.size === 0) break
    sink.room(MAX_FRAME_LENGTH)
    sink.length = underWay.first.write(sink.bytes, sink.length)
    packets++
    if (underWay.first.done) underWay.removeFirst()
    else underWay.firstChanged()
  }
  sink.close()
  return { bytes: sink.written, packets, flows }
}

/** The flows of the template in whose share of the weights a number falls. */
function pick(pool, number) {
  let above = 0
  for (const { weight, flows } of pool) {
    above += weight
    if (number < above) return flows
  }
  return pool[0].flows
}

const lengths = new Map()

function bytesOf(flow) {
  if (!lengths.has(flow))
    lengths.set(
      flow,
      flow.reduce((sum, { frame }) => sum + 16 + frame.length, 0),
    )
  return lengths.get(flow)
}

/** One copy of a flow under way. */
class Connection {
  at = 0

  constructor(flow, start, order, random) {
    this.flow = flow
    this.start = start
    this.order = order
    const client = 0x0a000000 + 1 + Math.floor(random() * 0xfffff)
    const clientPort = 1024 + Math.floor(random() * 64_511)
    const server = 0xc6120001 + Math.floor(random() * SERVERS)
    // Bytes 26 to 38 of a frame: addresses and ports, in the order of each direction.
    this.fromClient = endpoints(client, server, clientPort, 443)
    this.fromServer = endpoints(server, client, 443, clientPort)
    this.addressSum = wordSum(this.fromClient, 0, 8)
    this.endpointSum = wordSum(this.fromClient, 0, 12)
    this.clientSequence = Math.floor(random() * 2 ** 32)
    this.serverSequence = Math.floor(random() * 2 ** 32)
    this.random = Buffer.from(Array.from({ length: 30 }, () => Math.floor(random() * 256)))
    this.randomSum = wordSum(this.random, 0, 30)
    this.fresh = this.random.subarray(0, FRESH_LENGTH)
    this.freshSum = wordSum(this.fresh, 0, FRESH_LENGTH)
    this.time = start + flow[0].time
  }

  get done() {
    return this.at === this.flow.length
  }

  /** Appends the next packet with its record header, and returns where it ends. */
  write(bytes, offset) {
    const packet = this.flow[this.at++]
    const { frame, fromClient } = packet
    const time = this.time
    bytes.writeUInt32LE(Math.floor(time / 1e6), offset)
    bytes.writeUInt32LE(time % 1e6, offset + 4)
    bytes.writeUInt32LE(frame.length, offset + 8)
    bytes.writeUInt32LE(frame.length, offset + 12)
    const start = offset + 16
    bytes.set(frame, start)
    bytes.set(fromClient ? this.fromClient : this.fromServer, start + 26)

    const [own, other] = fromClient
      ? [this.clientSequence, this.serverSequence]
      : [this.serverSequence, this.clientSequence]
    const sequence = (packet.sequence + own) >>> 0
    const acknowledgment = packet.acknowledgment === null ? 0 : (packet.acknowledgment + other) >>> 0
    bytes.writeUInt32BE(sequence, start + 38)
    bytes.writeUInt32BE(acknowledgment, start + 42)

    let tcpSum = packet.tcpSum + this.endpointSum
    tcpSum += (sequence >>> 16) + (sequence & 0xffff) + (acknowledgment >>> 16) + (acknowledgment & 0xffff)
    if (packet.randomAt > 0) {
      bytes.set(this.random, start + packet.randomAt)
      tcpSum += this.randomSum
    }
    for (const at of packet.freshAt) {
      bytes.set(this.fresh, start + at)
      tcpSum += this.freshSum
    }
    bytes.writeUInt16BE(checksum(packet.ipSum + this.addressSum), start + 24)
    bytes.writeUInt16BE(checksum(tcpSum), start + 50)

    if (!this.done) this.time = this.start + this.flow[this.at].time
    return start + frame.length
  }
}

function endpoints(source, destination, sourcePort, destinationPort) {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(source, 0)
  bytes.writeUInt32BE(destination, 4)
  bytes.writeUInt16BE(sourcePort, 8)
  bytes.writeUInt16BE(destinationPort, 10)
  return bytes
}

/** The Internet checksum (RFC 1071) of words with this sum. */
function checksum(sum) {
  let folded = sum
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return ~folded & 0xffff
}

/** Connections by the time of their next packet: a binary heap. */
class Schedule {
  items = []

  get size() {
    return this.items.length
  }

  get first() {
    return this.items[0]
  }

  push(connection) {
    const { items } = this
    let at = items.push(connection) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (before(items[parent], connection)) break
      items[at] = items[parent]
      at = parent
    }
    items[at] = connection
  }

  removeFirst() {
    const last = this.items.pop()
    if (this.items.length === 0) return
    this.items[0] = last
    this.firstChanged()
  }

  firstChanged() {
    const { items } = this
    const connection = items[0]
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= items.length) break
      if (child + 1 < items.length && before(items[child + 1], items[child])) child++
      if (before(connection, items[child])) break
      items[at] = items[child]
      at = child
    }
    items[at] = connection
  }
}

function before(a, b) {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}

/** A pcap file, written in large pieces. */
class Sink {
  bytes = Buffer.alloc(CHUNK_LENGTH + 2 * MAX_FRAME_LENGTH)
  length = 24
  written = 0

  constructor(file) {
    this.descriptor = file === '-' ? 1 : openSync(file, 'w')
    this.bytes.writeUInt32LE(0xa1b2c3d4, 0)
    this.bytes.writeUInt16LE(2, 4)
    this.bytes.writeUInt16LE(4, 6)
    this.bytes.writeUInt32LE(262_144, 16)
    this.bytes.writeUInt32LE(1, 20)
  }

  room(count) {
    if (this.length + count > this.bytes.length) this.flush()
  }

  flush() {
    for (let at = 0; at < this.length; ) at += writeSync(this.descriptor, this.bytes, at, this.length - at)
    this.written += this.length
    this.length = 0
  }

  close() {
    this.flush()
    if (this.descriptor !== 1) closeSync(this.descriptor)
  }
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind, megabytes, file] = process.argv.slice(2)
  if (!(kind in MEAN_GAP) || !(Number(megabytes) > 0) || file === undefined) {
    console.error('usage: node bench/traffic.mjs handshakes|bulk MEGABYTES FILE')
    process.exit(2)
  }
  const { bytes, packets, flows } = writeTraffic(kind, Number(megabytes), file)
  console.error(`${file}: ${bytes} bytes, ${packets} packets, ${flows} connections`)
}
