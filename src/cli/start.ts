import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Script } from 'node:vm'

/**
 * Where, beside the chunks of the command, the build keeps what V8 makes of them when it compiles them
 * (`scripts/make-code-cache.mjs`). Only the Node that made it can use it; the package that is published has none.
 */
export const CODE_CACHE = join('code-cache', `${process.version}-${process.platform}-${process.arch}`)
/** What the names of its files have after the name of the chunk. */
export const CODE_CACHE_ENDING = '.cache'

const ENTRY = 'pqcap.cjs'

/** What loads a module: Node's own function, with which the launcher was loaded. */
type Require = (id: string) => unknown

interface Chunk {
  readonly exports: unknown
}

/**
 * Runs the command. Where the build has left a code cache, its chunks are loaded with that: to find, parse and compile
 * them takes longer than to read a small capture. What is of another version of V8 or of other flags V8 does not take,
 * and compiles anew.
 *
 * @param folder - where the chunks are
 * @param nodeRequire - for modules of Node and packages
 */
export function start(folder: string, nodeRequire: Require): void {
  const cached = filesIn(join(folder, CODE_CACHE))
  if (cached.size === 0) nodeRequire(join(folder, ENTRY))
  else startFrom(folder, nodeRequire, cached)
}

function filesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder))
  } catch {
    return new Set()
  }
}

/**
 * Loads the entry of the command and, as they are asked for, its other chunks.
 *
 * @param cached - names of files in the code cache
 * @param compiled - called with the name of each chunk before it runs
 */
export function startFrom(
  folder: string,
  nodeRequire: Require,
  cached: ReadonlySet<string>,
  compiled: (name: string, script: Script) => void = () => {},
): void {
  const vm = process.getBuiltinModule('node:vm')
  const chunks = new Map<string, Chunk>()
  load(ENTRY)

  function load(name: string): unknown {
    const loaded = chunks.get(name)
    if (loaded !== undefined) return loaded.exports
    const filename = join(folder, name)
    const code = readFileSync(filename, 'utf8')
    const entry = `${name}${CODE_CACHE_ENDING}`
    const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, {
      filename,
      ...(cached.has(entry) ? { cachedData: readFileSync(join(folder, CODE_CACHE, entry)) } : {}),
    })
    compiled(name, script)
    const chunk: Chunk = { exports: {} }
    chunks.set(name, chunk)
    const require: Require = (id) => (id.startsWith('./') ? load(id.slice('./'.length)) : nodeRequire(id))
    script.runInThisContext()(chunk.exports, require, chunk, filename, folder)
    return chunk.exports
  }
}
