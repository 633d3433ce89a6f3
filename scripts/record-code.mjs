// Runs the command with the arguments given and then adds to the code cache what V8 has compiled of chunks that are not
// in it (make-code-cache.mjs).

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

const require = createRequire(import.meta.url)
const folder = dirname(require.resolve('../dist/bin/start.cjs'))
const { CODE_CACHE, CODE_CACHE_ENDING, startFrom } = require('../dist/bin/start.cjs')

const scripts = []
process.on('exit', () => {
  // V8 takes only what was made with the same flags, and a run of some length sets these (main.ts).
  for (const flag of ['--heap-growing-percent=0', '--parallel-scavenge']) setFlagsFromString(flag)
  mkdirSync(join(folder, CODE_CACHE), { recursive: true })
  for (const [name, script] of scripts) {
    const file = join(folder, CODE_CACHE, `${name}${CODE_CACHE_ENDING}`)
    if (!existsSync(file)) writeFileSync(file, script.createCachedData())
  }
})
startFrom(folder, require, new Set(), (name, script) => scripts.push([name, script]))
