#!/usr/bin/env node
// Writes a capture that is meant to exhaust whoever reads it, to standard output.
//
//   node bench/attacks.mjs NAME COUNT > FILE
//
// After each attack comes a whole handshake, which must still be read right.
import { readFileSync, writeSync } from 'node:fs'
import { createGzip } from 'node:zlib'

const SAMPLE = new URL('../samples/hybrid-x25519mlkem768.pcap', import.meta.url)
const FILE_HEADER = 24

/** What each attack is, and how many of what make it one at full size. */
export const ATTACKS = {
  'syn-flood': { what: 'SYNs from different four-tuples', full: 5_000_000, write: synFlood },
  'half-hellos': { what: 'connections that send half a ClientHello', full: 1_000_000, write: halfHellos },
  'every-other-byte': { what: 'segments that leave out every other byte', full: 4_000_000, write: everyOtherByte },
  fragments: { what: 'IP fragments that never complete', full: 2_000_000, write: fragments },
  'block-length': { what: 'pcapng block that claims 2 GB', full: 1, write: blockLength },
  'interface-options': { what: 'options of one interface', full: 1_000_000, write: interfaceOptions },
  'gzip-bomb': { what: 'megabytes of zeros in a gzip stream', full: 10_000, write: gzipBomb },
  'key-shares': { what: 'ClientHellos with 16,000 key shares', full: 400, write: keyShares },
  'different-hellos': { what: 'ClientHellos of 2 kB, no two alike', full: 50_000, write: differentHellos },
  'one-byte-records': { what: 'ClientHellos in 60,000 one-byte records', full: 100, write: oneByteRecords },
}

const batch = Buffer.allocUnsafe(1 << 20)
let filled = 0

function put(bytes) {
  if (filled + bytes.length > batch.length) flush()
  if (bytes.length > batch.length) writeAll(bytes)
  else filled += bytes.copy(batch, filled)
}

function flush() {
  writeAll(batch.subarray(0, filled))
  filled = 0
}

function writeAll(bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if (error.code === 'EPIPE') process.exit(0)
      if (error.code !== 'EAGAIN') throw error
    }
  }
}

function fileHeader() {
  put(readFileSync(SAMPLE).subarray(0, FILE_HEADER))
}

/** The packets of a sample: the handshake that is read right after an attack. */
function goodHandshake() {
  put(readFileSync(SAMPLE).subarray(FILE_HEADER))
}

let microseconds = 0

function packet(frame) {
  const header = Buffer.alloc(16)
  microseconds++
  header.writeUInt32LE(1_600_000_000 + Math.floor(microseconds / 1e6), 0)
  header.writeUInt32LE(microseconds % 1e6, 4)
  header.writeUInt32LE(frame.length, 8)
  header.writeUInt32LE(frame.length, 12)
  put(header)
  put(frame)
}

/** Ethernet, IPv4 and, where it is TCP, its header. Checksums are left out: nobody looks at them. */
function ip(host, protocol, payload, { identification = 0, fragment = 0 } = {}) {
  const frame = Buffer.alloc(34 + payload.length)
  frame.writeUInt16BE(0x0800, 12)
  frame[14] = 0x45
  frame.writeUInt16BE(20 + payload.length, 16)
  frame.writeUInt16BE(identification & 0xffff, 18)
  frame.writeUInt16BE(fragment, 20)
  frame[22] = 64
  frame[23] = protocol
  frame.writeUInt32BE(0x0a000000 + (host & 0xffffff), 26)
  frame.writeUInt32BE(0xc6336401, 30)
  payload.copy(frame, 34)
  return frame
}

function tcp(host, port, flags, sequence, payload = Buffer.alloc(0)) {
  const segment = Buffer.alloc(20 + payload.length)
  segment.writeUInt16BE(port, 0)
  segment.writeUInt16BE(443, 2)
  segment.writeUInt32BE(sequence >>> 0, 4)
  segment[12] = 0x50
  segment[13] = flags
  payload.copy(segment, 20)
  return ip(host, 6, segment)
}

const SYN = 2
const ACK = 16

function synFlood(count) {
  fileHeader()
  for (let i = 0; i < count; i++) packet(tcp(i, 1024 + (i >>> 24), SYN, i))
  goodHandshake()
}

function halfHellos(count) {
  fileHeader()
  const half = record(clientHello(1500)).subarray(0, 700)
  for (let i = 0; i < count; i++) packet(tcp(i, 1024 + (i >>> 24), ACK, 1, half))
  goodHandshake()
}

function everyOtherByte(count) {
  fileHeader()
  packet(tcp(1, 1024, SYN, 0))
  for (let i = 0; i < count; i++) packet(tcp(1, 1024, ACK, 2 + 2 * i, Buffer.from([0x16])))
  goodHandshake()
}

function fragments(count) {
  fileHeader()
  const MORE_FRAGMENTS = 0x2000
  for (let i = 0; i < count; i++)
    packet(ip(i >>> 16, 6, Buffer.alloc(64), { identification: i, fragment: MORE_FRAGMENTS | (i & 7) }))
  goodHandshake()
}

function blockLength() {
  const header = sectionHeader()
  put(header)
  const block = Buffer.alloc(28)
  block.writeUInt32LE(6, 0)
  block.writeUInt32LE(0x8000_0000, 4)
  put(block)
}

function sectionHeader() {
  const block = Buffer.alloc(28)
  block.writeUInt32LE(0x0a0d0d0a, 0)
  block.writeUInt32LE(28, 4)
  block.writeUInt32LE(0x1a2b3c4d, 8)
  block.writeUInt16LE(1, 12)
  block.writeUInt32LE(28, 24)
  return block
}

function interfaceOptions(count) {
  put(sectionHeader())
  const length = 16 + 4 * count + 4
  const block = Buffer.alloc(length)
  block.writeUInt32LE(1, 0)
  block.writeUInt32LE(length, 4)
  block.writeUInt16LE(1, 8)
  for (let i = 0; i < count; i++) block.writeUInt16LE(0x7fff, 16 + 4 * i)
  block.writeUInt32LE(length, length - 4)
  put(block)
  const sample = readFileSync(SAMPLE)
  for (let at = FILE_HEADER; at < sample.length; ) {
    const captured = sample.readUInt32LE(at + 8)
    const padded = (captured + 3) & ~3
    const enhanced = Buffer.alloc(32 + padded)
    enhanced.writeUInt32LE(6, 0)
    enhanced.writeUInt32LE(enhanced.length, 4)
    enhanced.writeUInt32LE(captured, 20)
    enhanced.writeUInt32LE(captured, 24)
    sample.copy(enhanced, 28, at + 16, at + 16 + captured)
    enhanced.writeUInt32LE(enhanced.length, enhanced.length - 4)
    put(enhanced)
    at += 16 + captured
  }
}

/** Records of zero bytes: packets of length 0, 16 bytes each. */
function gzipBomb(megabytes) {
  const gzip = createGzip({ level: 1 })
  gzip.on('data', put)
  gzip.on('end', flush)
  gzip.write(readFileSync(SAMPLE).subarray(0, FILE_HEADER))
  const zeros = Buffer.alloc(1_000_000)
  let left = megabytes
  const more = () => {
    while (left > 0) {
      left--
      if (!gzip.write(zeros)) {
        gzip.once('drain', more)
        return
      }
    }
    gzip.end(readFileSync(SAMPLE).subarray(FILE_HEADER))
  }
  more()
}

function keyShares(count) {
  fileHeader()
  const shares = Buffer.alloc(2 + 4 * 16_000)
  shares.writeUInt16BE(4 * 16_000, 0)
  for (let i = 0; i < 16_000; i++) shares.writeUInt16BE(i, 2 + 4 * i)
  const hello = clientHello(0, [[51, shares]])
  for (let i = 0; i < count; i++) sendInSegments(i, recordsOf(hello, 16_384))
  goodHandshake()
}

/** Each with a list of extensions of its own, and as many groups and key shares as are named in a record. */
function differentHellos(count) {
  fileHeader()
  const LISTED = 256
  const groups = Buffer.alloc(2 + 2 * LISTED)
  groups.writeUInt16BE(2 * LISTED, 0)
  const shares = Buffer.alloc(2 + 4 * LISTED)
  shares.writeUInt16BE(4 * LISTED, 0)
  for (let i = 0; i < LISTED; i++) {
    groups.writeUInt16BE(0xa000 + i, 2 + 2 * i)
    shares.writeUInt16BE(0xa000 + i, 2 + 4 * i)
  }
  for (let i = 0; i < count; i++) {
    const own = [...(i >>> 3).toString(2).padStart(16, '0')].map((bit, place) => [
      0x4000 + 2 * place + Number(bit),
      Buffer.alloc(0),
    ])
    shares.writeUInt16BE((0x9000 + i) & 0xffff, 2)
    sendInSegments(i, recordsOf(clientHello(0, [[10, groups], [51, shares], ...own]), 16_384))
  }
  goodHandshake()
}

function oneByteRecords(count) {
  fileHeader()
  for (let i = 0; i < count; i++) sendInSegments(i, recordsOf(clientHello(60_000), 1))
  goodHandshake()
}

function sendInSegments(host, stream) {
  packet(tcp(host, 2000, SYN, 0))
  for (let at = 0; at < stream.length; at += 1400)
    packet(tcp(host, 2000, ACK, 1 + at, stream.subarray(at, Math.min(at + 1400, stream.length))))
}

/** A ClientHello (RFC 9846 §4.2.1) with a padding extension of some bytes, and others. */
function clientHello(padding, extensions = []) {
  const all = [...extensions, ...(padding > 0 ? [[21, Buffer.alloc(padding)]] : [])]
  const list = Buffer.concat(all.map(([type, body]) => Buffer.concat([u16(type), u16(body.length), body])))
  const body = Buffer.concat([
    u16(0x0303),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    u16(2),
    u16(0x1301),
    Buffer.from([1, 0]),
    u16(list.length),
    list,
  ])
  return Buffer.concat([Buffer.from([1, body.length >>> 16, (body.length >>> 8) & 255, body.length & 255]), body])
}

function record(fragment) {
  return Buffer.concat([Buffer.from([22, 3, 1]), u16(fragment.length), fragment])
}

function recordsOf(message, size) {
  const records = []
  for (let at = 0; at < message.length; at += size) records.push(record(message.subarray(at, at + size)))
  return Buffer.concat(records)
}

function u16(value) {
  return Buffer.from([value >>> 8, value & 255])
}

if (process.argv[1]?.endsWith('attacks.mjs')) {
  const [name, count] = process.argv.slice(2)
  const attack = ATTACKS[name]
  if (attack === undefined) {
    console.error(`attacks: one of ${Object.keys(ATTACKS).join(', ')}`)
    process.exit(2)
  }
  attack.write(count === undefined ? attack.full : Number(count))
  if (name !== 'gzip-bomb') flush()
}
