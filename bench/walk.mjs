#!/usr/bin/env node
// The least that a program in Node must do with a capture: read it, step from packet to packet, and find the flow of
// each. A yardstick beside `capinfos -c`, which is C: how much faster C is than Node is not the same on all machines.
//
//   node bench/walk.mjs CAPTURE     a pcap file, little-endian, of Ethernet with IPv4 and TCP
import { openSync, readSync } from 'node:fs'

const CHUNK = 256 * 1024
const RECORD_HEADER = 16
const FILE_HEADER = 24
const SLOTS = 2 ** 19

const chunk = new Uint8Array(CHUNK)
const view = new DataView(chunk.buffer)
/** Addresses and ports of a flow, by its number; the first is 1. */
const flows = new Int32Array(SLOTS * 3)
const slots = new Int32Array(SLOTS)
let flowCount = 0
let packets = 0

const file = openSync(process.argv[2])
let start = FILE_HEADER
let end = readSync(file, chunk, 0, CHUNK, null)
for (;;) {
  while (end - start >= RECORD_HEADER) {
    const length = view.getUint32(start + 8, true)
    if (end - start < RECORD_HEADER + length) break
    packets++
    const ip = start + RECORD_HEADER + 14
    if (length >= 54)
      findFlow(view.getInt32(ip + 12), view.getInt32(ip + 16), view.getUint16(ip + 20), view.getUint16(ip + 22))
    start += RECORD_HEADER + length
  }
  chunk.copyWithin(0, start, end)
  end -= start
  start = 0
  const count = readSync(file, chunk, end, CHUNK - end, null)
  if (count === 0) break
  end += count
}
console.log(`${packets} packets, ${flowCount} flows`)

/** The number of a flow, the same in both directions. */
function findFlow(source, destination, sourcePort, destinationPort) {
  const swapped = source > destination || (source === destination && sourcePort > destinationPort)
  const low = swapped ? destination : source
  const high = swapped ? source : destination
  const ports = swapped ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort
  let hash = Math.imul(Math.imul(low, 0x9e3779b1) ^ high, 0x85ebca6b) ^ Math.imul(ports, 0xc2b2ae35)
  hash ^= hash >>> 15
  for (let slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
    const flow = slots[slot]
    const row = flow * 3
    if (flow === 0) {
      slots[slot] = ++flowCount
      flows.set([low, high, ports], flowCount * 3)
      return flowCount
    }
    if (flows[row] === low && flows[row + 1] === high && flows[row + 2] === ports) return flow
  }
}
