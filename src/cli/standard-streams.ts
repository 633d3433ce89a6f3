import { fstatSync, readSync, writeSync } from 'node:fs'
import type { Session, TextStream } from './session.js'

const STANDARD_INPUT = 0
const STANDARD_OUTPUT = 1

/** Standard input. Node's own stream of a folder is empty, without a word. */
export function standardInput(): Session['stdin'] {
  return isFolder(STANDARD_INPUT) ? unreadable(STANDARD_INPUT) : process.stdin
}

function isFolder(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isDirectory()
  } catch {
    return false
  }
}

/** Throws what the system says of it. */
async function* unreadable(descriptor: number): AsyncGenerator<Uint8Array> {
  const byte = new Uint8Array(1)
  readSync(descriptor, byte)
  yield byte
}

/**
 * Standard output. Node's own stream for a file or a device counts a write that the disk had room for only in part as done; here
 * the rest is written too, so that a full disk is noticed.
 */
export function standardOutput(): TextStream {
  if (isFile())
    return { write: (text, written) => writeWhole(typeof text === 'string' ? Buffer.from(text) : text, written) }
  // Each write hears of its own error; without a listener the event would end the process.
  process.stdout.on('error', () => {})
  return process.stdout
}

/** Standard error, opened once there is something to say: that takes some milliseconds, and mostly there is nothing. */
export function standardError(): TextStream {
  let stream: typeof process.stderr | null = null
  const open = (): typeof process.stderr => {
    // Whoever read the messages may have gone; the status still tells.
    stream ??= process.stderr.on('error', () => {})
    return stream
  }
  return {
    write: (text, written) => open().write(text, written),
    get isTTY() {
      return open().isTTY
    },
    get columns() {
      return open().columns
    },
  }
}

function isFile(): boolean {
  try {
    const status = fstatSync(STANDARD_OUTPUT)
    return status.isFile() || (status.isCharacterDevice() && process.stdout.isTTY !== true)
  } catch {
    return false
  }
}

function writeWhole(bytes: Uint8Array, written: (error?: Error | null) => void): boolean {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(STANDARD_OUTPUT, bytes, at)
    written()
  } catch (error) {
    written(error instanceof Error ? error : new Error(String(error)))
  }
  return true
}
