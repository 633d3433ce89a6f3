import { type BigIntStats, fstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Links that lead to one another before a path leads nowhere: what Linux follows. */
const MAX_LINKS = 40

/**
 * The same text for every path of one file, through whatever links: by device and inode where it is there, else by where
 * it would be written. What is there and is no file, as `/dev/null` and pipes are, is known by its path alone: nothing is
 * lost where it is written to twice.
 */
export function fileIdentity(path: string, linksLeft = MAX_LINKS): string {
  const status = attempt(() => statSync(path, { bigint: true }))
  if (status !== null) return identityOf(status) ?? resolve(path)
  const target = attempt(() => readlinkSync(path))
  if (target !== null && linksLeft > 0) return fileIdentity(resolve(dirname(path), target), linksLeft - 1)
  return placeOf(resolve(path))
}

/** Of standard input (0), output (1) or error (2), where it is a file. */
export function standardIdentity(descriptor: 0 | 1 | 2): string | null {
  const status = attempt(() => fstatSync(descriptor, { bigint: true }))
  return status === null ? null : identityOf(status)
}

function identityOf(status: BigIntStats): string | null {
  return status.isFile() ? `${status.dev}:${status.ino}` : null
}

/** Where a file would be made: the folders that are there may be links. */
function placeOf(path: string): string {
  const above = dirname(path)
  if (above === path) return path
  return join(attempt(() => realpathSync(above)) ?? placeOf(above), basename(path))
}

function attempt<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch {
    return null
  }
}
