import { resolve } from 'node:path'
import type { CheckCommandOptions } from './check-options.js'
import { UsageError } from './exit.js'
import { fileIdentity, standardIdentity } from './file-identity.js'
import type { FoundCaptures } from './find-captures.js'
import type { Session } from './session.js'

/**
 * A slip on the command line must not cost a capture, a policy or a baseline: what is read is not written over, by
 * whatever path or link. A report of the last run may lie beside the captures and be replaced, since it is no capture.
 * @throws UsageError before anything is written
 */
export async function refuseToWriteOver(
  { captures, maybe }: FoundCaptures,
  policyFiles: readonly string[],
  { baseline, writeBaseline: writes, report: reports }: CheckCommandOptions,
  session: Session,
): Promise<void> {
  const baselines = baseline === undefined ? [] : [baseline]
  const written = [...reports.map(({ path }) => path), ...(writes ? baselines : [])].map(fileOf)
  if (written.length === 0) return
  const places = new Set(written.flatMap(({ place, identity }) => [place, identity]))
  for (const path of [...captures, ...policyFiles, ...(writes ? [] : baselines)]) {
    const kept = fileOf(path)
    if (!places.has(kept.place) && !places.has(kept.identity)) continue
    const taken = written.find((file) => isSame(file, kept))
    if (taken === undefined || (maybe.has(path) && !(await isCapture(path, session)))) continue
    const it = taken.place === kept.place ? taken.path : `${taken.path} is the same file as ${nameOf(path)}, which`
    throw new UsageError(`${it} is read by this check, and would be overwritten`)
  }
  // Both would write from the start of the file, and nothing of either be left whole.
  const printed = [standardIdentity(1), standardIdentity(2)]
  for (const [index, file] of written.entries()) {
    if (printed.includes(file.identity))
      throw new UsageError(`${file.path} is where the output goes; a report needs a file of its own`)
    const other = written.slice(0, index).find((before) => isSame(before, file))
    if (other === undefined) continue
    throw new UsageError(
      other.place === file.place
        ? `two files cannot both be written to ${file.path}`
        : `two files cannot both be written to ${other.path}, which ${file.path} is, too`,
    )
  }
}

interface NamedFile {
  readonly path: string
  /** The path, whatever links are in it. */
  readonly place: string
  readonly identity: string
}

function fileOf(path: string): NamedFile {
  if (path === '-') return { path, place: '-', identity: standardIdentity(0) ?? '-' }
  return { path, place: resolve(path), identity: fileIdentity(path) }
}

function isSame(a: NamedFile, b: NamedFile): boolean {
  return a.place === b.place || a.identity === b.identity
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path
}

/** Told by its bytes, as all captures are. */
async function isCapture(path: string, session: Session): Promise<boolean> {
  const analyze = await session.loadAnalyze()
  for await (const [record] of analyze(path, { name: path }))
    if (record !== undefined) return record.type !== 'capture' || record.error?.code !== 'not-a-capture'
  return false
}
