// The captures that are measured, made once and kept in bench/captures/.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { splitByConnection } from './split.mjs'
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

/** Connections of a capture of a megabyte of handshakes, at least. */
const CONNECTIONS_OF_MEGABYTE = 100

/**
 * Captures of one connection each; written if they are not there.
 *
 * @returns {{ paths: string[], whole: string }} the small captures, and one of all their packets
 */
export function smallCaptures(count) {
  const folder = fileURLToPath(new URL(`small-${count}/`, FOLDER))
  const whole = fileURLToPath(new URL(`small-${count}.pcap`, FOLDER))
  if (!existsSync(folder)) {
    const part = fileURLToPath(new URL(`small-${count}.part/`, FOLDER))
    rmSync(part, { recursive: true, force: true })
    mkdirSync(part, { recursive: true })
    splitByConnection(capture('handshakes', Math.ceil(count / CONNECTIONS_OF_MEGABYTE)), count, part, whole)
    renameSync(part, folder)
    console.error(`made ${folder}: ${count} captures of one connection each`)
  }
  return {
    paths: readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
    whole,
  }
}
