import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { dirname, join, normalize, relative, resolve } from 'node:path'
import { UsageError } from './exit.js'

/** The captures of a check, in order. */
export interface FoundCaptures {
  /** As inputs were given, what is in a folder by its path below; each file once. */
  readonly captures: readonly string[]
  /** Folders that were looked through. */
  readonly roots: readonly string[]
  /** Those that may turn out to be none: they were not named by themselves, and have no name of a capture. */
  readonly maybe: ReadonlySet<string>
  /** What lies in a folder that was given and is left out, each with the reason, sorted. */
  readonly notRead: readonly string[]
}

/** Folders that tools fill with files of their own, and nobody with captures. */
const NOT_ENTERED: ReadonlySet<string> = new Set(['.git', 'node_modules'])

/**
 * `a.pcap`, `a.pcapng.gz`, `a.cap`, and `a.pcap3` as tcpdump -C numbers them: a file of such a name ought to be one. Also
 * where it is compressed in a way that is not read: what is in it was not looked at.
 */
const CAPTURE_NAME = /\.(?:p?cap(?:ng)?|dmp)\d*(?:\.(?:gz|zst|xz|lzma|bz2|lz4|br|7z|zip|z))?$/i

/**
 * Finds captures. What is found is told by its bytes when it is read; a file that cannot be read is given as well, to
 * be told of then.
 * @throws UsageError where a pattern fits no file
 */
export async function findCaptures(inputs: readonly string[]): Promise<FoundCaptures> {
  const captures: string[] = []
  const roots: string[] = []
  const maybe = new Set<string>()
  const notRead: string[] = []
  const seen = new Set<string>()
  const add = (capture: string, isNamed: boolean): void => {
    const path = capture === '-' ? capture : resolve(capture)
    if (seen.has(path)) return
    seen.add(path)
    captures.push(capture)
    if (!isNamed && !hasCaptureName(capture)) maybe.add(capture)
  }
  for (const input of inputs) {
    const status = input === '-' ? null : statusOf(input)
    if (status?.isDirectory() === true) {
      const root = normalize(input).replace(/(?<=.)[/\\]+$/, '')
      roots.push(root === '.' ? '' : root)
      for (const path of filesBelow(root, notRead).sort()) add(path, false)
    } else if (status === null && input !== '-' && isPattern(input)) {
      const { root, files } = await filesOfPattern(input)
      roots.push(root)
      if (files.length === 0) throw new UsageError(`no file fits '${input}'`)
      for (const path of files) add(path, false)
    } else add(input, true)
  }
  return { captures, roots, maybe, notRead: notRead.sort() }
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
      const path = join(next, entry.name)
      if (entry.isDirectory()) {
        if (!NOT_ENTERED.has(entry.name)) waiting.push(path)
      } else if (entry.isFile() || (entry.isSymbolicLink() && isFileOrNowhere(path))) files.push(path)
      else if (isFolder(path)) notRead.push(`${path}: a link to a folder, which is not followed`)
      else if (hasCaptureName(path)) notRead.push(`${path}: no file, and not read`)
    }
  }
  return files
}

/** Not of pipes and devices, whose end may never come; what leads nowhere is told of when it is read. */
function isFileOrNowhere(path: string): boolean {
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

function isPattern(input: string): boolean {
  return /[*?[\]{}()!]/.test(input)
}

async function filesOfPattern(pattern: string): Promise<{ root: string; files: string[] }> {
  const parts = pattern.split('/')
  const first = parts.findIndex(isPattern)
  const fixed = parts.slice(0, first).join('/')
  const root = first > 0 ? fixed || '/' : ''
  const cwd = root === '' ? '.' : root
  const below = parts.slice(first).join('/')
  const [{ globSync }, { default: picomatch }] = await Promise.all([import('tinyglobby'), import('picomatch')])
  const failed: { folders: string[]; links: string[] } = { folders: [], links: [] }
  const found = globSync(below, {
    cwd,
    dot: true,
    expandDirectories: false,
    // Without, it leaves out links to files, too.
    followSymbolicLinks: true,
    ignore: [...NOT_ENTERED].map((name) => `**/${name}/**`),
    fs: {
      readdirSync: noting(readdirSync, failed.folders),
      realpathSync: noting(realpathSync, failed.links),
    },
  })
  const base = normalize(root === '' ? '.' : root)
  const isReached = withoutLinkedFolders(base)
  // What cannot be looked into stands for itself, so that reading it fails: it passes nothing over without a word.
  const inBase = (path: string): string => relative(resolve(cwd), resolve(cwd, path))
  const fits = picomatch(below, { dot: true })
  const nowhere = failed.links.map(inBase).filter((path) => fits(path))
  const closed = failed.folders.map((path) => join(base, inBase(path))).filter(isFolder)
  const files = [...[...found, ...nowhere].map((path) => join(base, path)).filter(isFileOrNowhere), ...closed].filter(
    isReached,
  )
  return { root: base === '.' ? '' : base, files: files.sort() }
}

function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() === true
}

/** The function, which also keeps the paths that it fails for. */
function noting<Read>(read: Read, failed: string[]): Read {
  const call = read as (path: string, options?: unknown) => unknown
  const noted = (path: string, options?: unknown): unknown => {
    try {
      return call(path, options)
    } catch (error) {
      failed.push(path)
      throw error
    }
  }
  return noted as Read
}

/** Whether no folder on the way from the root to a file is a link. */
function withoutLinkedFolders(root: string): (path: string) => boolean {
  const known = new Map<string, boolean>([[root, true]])
  const isReached = (folder: string): boolean => {
    const before = known.get(folder)
    if (before !== undefined) return before
    // The way up ends where there is no folder above.
    const above = dirname(folder)
    const reached = above === folder || (isReached(above) && !lstatSync(folder).isSymbolicLink())
    known.set(folder, reached)
    return reached
  }
  return (path) => isReached(dirname(path))
}
