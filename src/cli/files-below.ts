import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'

/** Folders that tools fill with files of their own, and nobody with captures. */
export const NOT_ENTERED: ReadonlySet<string> = new Set(['.git', 'node_modules'])

/**
 * `a.pcap`, `a.pcapng.gz`, `a.cap`, `a.pcap3` as tcpdump -C numbers them, and `a.pcap.1` as logrotate does: a file of such
 * a name ought to be one. Also where its format, or what it is packed with, is not read: what is in it was not looked at.
 */
const CAPTURE_NAME =
  /\.(?:p?cap(?:ng)?|dmp|snoop|erf|etl)\d*(?:\.\d+)?(?:\.tar)?(?:\.(?:gz|tgz|zst|xz|lzma|bz2|lz4|br|7z|zip|z))?$/i

/**
 * Files in a folder and those below. Links to folders are not followed, as they may lead in circles. A folder that
 * cannot be read stands for itself, so that reading it fails. What else is left out is added to `notRead`: also what is
 * no file but has a capture's name.
 */
export function filesBelow(folder: string, notRead: string[] = []): string[] {
  const files: string[] = []
  const waiting = [folder]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entries = entriesOf(next)
    if (entries === null) files.push(next)
    for (const entry of entries ?? []) {
      const path = pathIn(next, entry.name)
      if (entry.isDirectory()) {
        if (!NOT_ENTERED.has(entry.name)) waiting.push(path)
      } else if (entry.isFile() || (entry.isSymbolicLink() && isFileOrNowhere(path))) files.push(path)
      else if (isFolder(path)) notRead.push(linkToFolder(path))
      else if (hasCaptureName(path)) notRead.push(noFile(path))
    }
  }
  return files
}

/** The path of what a folder holds: a file called `-` is not standard input. */
export function pathIn(folder: string, name: string): string {
  const path = join(folder, name)
  return path === '-' ? './-' : path
}

/** null where there is nothing, or it cannot be seen. */
export function statusOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    // Why it cannot be seen is told by whoever reads it.
    return null
  }
}

/** Not of pipes and devices, whose end may never come; what leads nowhere is told of when it is read. */
export function isFileOrNowhere(path: string): boolean {
  const status = statusOf(path)
  return status === null || status.isFile()
}

function entriesOf(folder: string): Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return null
  }
}

/** A file of such a name ought to be a capture. */
export function hasCaptureName(path: string): boolean {
  return CAPTURE_NAME.test(path)
}

export function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() === true
}

/** What is said of a link to a folder. It may lead in circles, or out of what was given, so it is not followed. */
export function linkToFolder(path: string): string {
  return `${path}: a link to a folder, which is not followed`
}

/** What is said of a pipe, a device or a socket that is named as a capture would be. */
export function noFile(path: string): string {
  return `${path}: not a regular file, and not read`
}
