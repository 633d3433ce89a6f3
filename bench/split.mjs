// One capture as many: each connection in a file of its own, and all of these packets in one file, in the order of the files.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const FILE_HEADER = 24
const RECORD_HEADER = 16

/**
 * Writes the first connections of a capture as `writeTraffic` makes them (pcap, Ethernet, IPv4), all of their packets.
 *
 * @returns {string[]} the paths of the small captures
 */
export function splitByConnection(capture, count, folder, whole) {
  const bytes = readFileSync(capture)
  const header = bytes.subarray(0, FILE_HEADER)
  const connections = [...packetsByConnection(bytes).values()].slice(0, count)
  const file = openSync(whole, 'w')
  writeSync(file, header)
  const paths = connections.map((packets, index) => {
    const path = join(folder, `${String(index).padStart(5, '0')}.pcap`)
    writeFileSync(path, Buffer.concat([header, ...packets]))
    for (const packet of packets) writeSync(file, packet)
    return path
  })
  closeSync(file)
  return paths
}

/** Records of packets by addresses and ports, the same in both directions. */
function packetsByConnection(bytes) {
  const connections = new Map()
  for (let at = FILE_HEADER; at < bytes.length; ) {
    const end = at + RECORD_HEADER + bytes.readUInt32LE(at + 8)
    const ip = at + RECORD_HEADER + 14
    const ends = [endpoint(bytes, ip + 12, ip + 20), endpoint(bytes, ip + 16, ip + 22)].sort((a, b) => a - b)
    const key = ends.join(' ')
    if (!connections.has(key)) connections.set(key, [])
    connections.get(key).push(bytes.subarray(at, end))
    at = end
  }
  return connections
}

function endpoint(bytes, addressAt, portAt) {
  return bytes.readUInt32BE(addressAt) * 0x10000 + bytes.readUInt16BE(portAt)
}
