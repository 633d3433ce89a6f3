import { type Dirent, readdirSync, realpathSync } from 'node:fs'
import { join, normalize, posix, relative, resolve } from 'node:path'
import { UsageError } from './exit.js'
import { hasCaptureName, isFileOrNowhere, isFolder, linkToFolder, NOT_ENTERED, noFile, pathIn } from './files-below.js'

export interface PatternFiles {
  /** The part of the path that stands before the first wildcard. */
  readonly root: string
  /** Sorted. A folder that cannot be read stands for itself, so that reading it fails. */
  readonly files: readonly string[]
  /** What the pattern fits, or fits something in, and nobody looks at; each with the reason. */
  readonly passedOver: readonly string[]
}

/** Whether it has a wildcard in it. */
export function isPattern(input: string): boolean {
  return /[*?[\]{}()!]/.test(input)
}

/**
 * The files that a pattern fits. As in a folder that is given, links to files are followed, and those to folders not.
 * @throws UsageError where it has `**` beside something else
 */
export async function filesOfPattern(pattern: string): Promise<PatternFiles> {
  const parts = pattern.split('/')
  const first = parts.findIndex(isPattern)
  const fixed = parts.slice(0, first).join('/')
  const root = first > 0 ? fixed || '/' : ''
  const cwd = root === '' ? '.' : root
  // tinyglobby searches for it so: without `.`, `..` and slashes at its end.
  const below = posix.normalize(parts.slice(first).join('/')).replace(/\/+$/, '')
  const [{ globSync }, { default: picomatch }] = await Promise.all([import('tinyglobby'), import('picomatch')])
  const fits = picomatch(below, { dot: true })
  const steps = picomatch.scan(below, { parts: true }).parts ?? [below]
  refuseOddStars(pattern, steps)
  const base = normalize(cwd)
  const inBase = (path: string): string => relative(resolve(cwd), resolve(cwd, path))
  const met: Met = { closed: [], folders: [], noFiles: [], nowhere: [], linked: [] }

  const found = globSync(below, {
    cwd,
    dot: true,
    expandDirectories: false,
    // Without, it leaves out links to files, too.
    followSymbolicLinks: true,
    ignore: [...NOT_ENTERED].map((name) => `**/${name}/**`),
    fs: { readdirSync: noting(met), realpathSync: following(met) },
  })
  const fitting = (paths: readonly string[]): string[] => paths.map(inBase).filter((path) => fits(path))
  const inLinked = met.linked.map(inBase).filter((path) => leadsInto(steps, path, picomatch))
  const named = (path: string): string => pathIn(base, path)
  const files = [...found, ...fitting(met.nowhere)].map(named)
  // One that the pattern goes into has been looked through.
  const notEntered = steps.some((step) => step === '**' || step.includes('/')) ? [] : fitting(met.folders)
  return {
    root: base === '.' ? '' : base,
    // What cannot be looked into stands for itself: it passes nothing over without a word.
    files: [...files.filter(isFileOrNowhere), ...met.closed.map(inBase).map(named).filter(isFolder)].sort(),
    passedOver: [
      ...inLinked.map(named).map(linkToFolder),
      ...notEntered.map(named).map((path) => `${path}: a folder, which the pattern does not go into`),
      ...[...fitting(met.noFiles).map(named), ...files.filter((path) => !isFileOrNowhere(path))]
        .filter(hasCaptureName)
        .map(noFile),
    ],
  }
}

/** In `out/**.pcap` it would be no more than `*`, and all folders below would be passed over. */
function refuseOddStars(pattern: string, steps: readonly string[]): void {
  const step = steps.find((one) => one.includes('**') && one !== '**' && !one.includes('/'))
  if (step === undefined) return
  const meant = /[{}()]/.test(step) ? '' : `: **/${step.replace(/\*{2,}/g, '*')} in place of ${step}`
  throw new UsageError(`'${pattern}': ** stands for folders by itself, between slashes${meant}`)
}

/** What is come across on the way, by its absolute path. */
interface Met {
  /** Folders that cannot be read. */
  readonly closed: string[]
  readonly folders: string[]
  /** Pipes, sockets and devices. */
  readonly noFiles: string[]
  /** Links that lead nowhere, and those that lead to folders. */
  readonly nowhere: string[]
  readonly linked: string[]
}

/** Reads folders. */
function noting(met: Met): typeof readdirSync {
  const read = (path: string, options: { withFileTypes: true }): Dirent[] => {
    let entries: Dirent[]
    try {
      entries = readdirSync(path, options)
    } catch (error) {
      met.closed.push(path)
      throw error
    }
    for (const entry of entries) {
      if (entry.isDirectory()) {
        if (!NOT_ENTERED.has(entry.name)) met.folders.push(join(path, entry.name))
      } else if (!entry.isFile() && !entry.isSymbolicLink()) met.noFiles.push(join(path, entry.name))
    }
    return entries
  }
  return read as typeof readdirSync
}

/** Follows links, but for those that lead to folders. */
function following(met: Met): typeof realpathSync {
  const follow = (path: string): string => {
    let target: string
    try {
      target = realpathSync(path)
    } catch (error) {
      met.nowhere.push(path)
      throw error
    }
    if (!isFolder(target)) return target
    met.linked.push(path)
    throw new Error('a link to a folder')
  }
  return follow as typeof realpathSync
}

/** Whether a pattern fits the path of a folder, or may fit something in it: step by step, as far as the path goes. */
function leadsInto(
  steps: readonly string[],
  path: string,
  picomatch: (glob: string, options: { dot: boolean }) => (text: string) => boolean,
): boolean {
  for (const [index, name] of path.split(/[\\/]/).entries()) {
    const step = steps[index]
    if (step === undefined) return false
    // A step with a slash in it, as in {a,b/c}, stands for several.
    if (step === '**' || step.includes('/')) return true
    if (!picomatch(step, { dot: true })(name)) return false
  }
  return true
}
