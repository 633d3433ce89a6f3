// The captures that are measured, made once and kept in bench/captures/.
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeTraffic } from './traffic.mjs'

const FOLDER = new URL('captures/', import.meta.url)

/** Path of a capture of a kind and size, in megabytes; written if it is not there. */
export function capture(kind, megabytes) {
  const path = fileURLToPath(new URL(`${kind}-${megabytes}.pcap`, FOLDER))
  if (existsSync(path)) return path
  mkdirSync(FOLDER, { recursive: true })
  const start = performance.now()
  const { bytes, packets, flows } = writeTraffic(kind, megabytes, `${path}.part`)
  renameSync(`${path}.part`, path)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.error(`made ${path}: ${bytes} bytes, ${packets} packets, ${flows} connections, in ${seconds} s`)
  return path
}
