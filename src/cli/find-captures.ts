import { normalize, resolve } from 'node:path'
import { UsageError } from './exit.js'
import { filesBelow, hasCaptureName, statusOf } from './files-below.js'
import { filesOfPattern, isPattern } from './files-of-pattern.js'

/** The captures of a check, in order. */
export interface FoundCaptures {
  /** As inputs were given, what is in a folder by its path below; each file once. */
  readonly captures: readonly string[]
  /** Folders that were looked through. */
  readonly roots: readonly string[]
  /** Those that may turn out to be none: they were not named by themselves, and have no name of a capture. */
  readonly maybe: ReadonlySet<string>
  /** What lies in a folder that was given, or fits a pattern, and is left out; each with the reason, sorted. */
  readonly notRead: readonly string[]
}

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
  const seen = new Map<string, string>()
  const add = (capture: string, isNamed: boolean): void => {
    const path = capture === '-' ? capture : resolve(capture)
    const before = seen.get(path)
    // One that is named by itself, too, must be a capture, whichever came first.
    if (before !== undefined) {
      if (isNamed) maybe.delete(before)
      return
    }
    seen.set(path, capture)
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
      const { root, files, passedOver } = await filesOfPattern(input)
      roots.push(root)
      notRead.push(...passedOver)
      if (files.length === 0) throw new UsageError([`no file matches '${input}'`, ...passedOver.slice(0, 1)].join('; '))
      for (const path of files) add(path, false)
    } else add(input, true)
  }
  // A folder may be left out of one input, and be given as another.
  const left = new Set(notRead.filter((what) => !roots.some((root) => what.startsWith(`${root}: a `))))
  return { captures, roots, maybe, notRead: [...left].sort() }
}
