import { readFileSync, truncateSync, writeFileSync } from 'node:fs'

/** Long enough that no machine reads it before it can be interrupted: half a thousand million packets. */
const LENGTH = 8 * 1024 ** 3

/** A capture, and behind its packets others without a byte: zeros, which take no room on the disk. */
export function writeLargeFile(path: string, capture: string): void {
  writeFileSync(path, readFileSync(capture))
  truncateSync(path, LENGTH)
}
