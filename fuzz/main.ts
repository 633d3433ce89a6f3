import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { tried } from './check.js'
import { corpus, type Find } from './corpus.js'
import { Fuzzer, KINDS, type Kind } from './fuzzer.js'
import type { Problem } from './invariants.js'
import { seedCaptures } from './seeds.js'
import { isWatchdog } from './watchdog.js'

const USAGE = `Usage: npm run fuzz -- [options]

Changes captures at random and holds what pqcap makes of them against its promises. What breaks one is made small and
kept in fuzz/corpus/.

  --seconds N   how long (default: 60)
  --inputs N    how many, in place of how long
  --seed S      the seed of a run, to have it again (default: a new one)
  --only KIND   this kind of change alone: ${KINDS.join(', ')}
  --tight       with limits so low that small captures reach them
  --corpus      runs what was found before, and nothing else
  --folder PATH where finds are kept (default: fuzz/corpus)
`

/** Other ways in which each find is read. */
const CORPUS_WAYS = 30

/** From the bundle in fuzz/build/. */
const CORPUS = fileURLToPath(new URL('../corpus/', import.meta.url))
const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url))

if (!isWatchdog()) process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      inputs: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      folder: { type: 'string', default: CORPUS },
      tight: { type: 'boolean', default: false },
      corpus: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return 0
  }
  // The flow table's hash is seeded with it: a run is the same each time.
  const seed = values.seed === undefined ? (Math.random() * 0x1_0000_0000) >>> 0 : Number(values.seed)
  Math.random = () => 0.5
  if (values.corpus) return runCorpus(values.folder, values.tight)
  const only = values.only as Kind | undefined
  if (only !== undefined && !KINDS.includes(only)) {
    process.stderr.write(USAGE)
    return 2
  }
  const fuzzer = new Fuzzer(seedCaptures(SAMPLES), { seed, only, tight: values.tight, folder: values.folder })
  const until = values.inputs === undefined ? { seconds: Number(values.seconds) } : { inputs: Number(values.inputs) }
  return fuzzer.run(until)
}

/** Every find, one line each; the exit status is 1 where one still breaks something. */
async function runCorpus(folder: string, tight: boolean): Promise<number> {
  const finds = existsSync(folder) ? corpus(folder).filter((find) => find.tight === tight) : []
  let broken = 0
  for (const find of finds) {
    const problem = await problemOf(find)
    if (problem !== null) broken++
    const line =
      problem === null ? `holds ${find.name}` : `BREAKS ${find.name}: ${problem.invariant}: ${problem.detail}`
    process.stdout.write(`${line}\n`)
  }
  return broken === 0 ? 0 : 1
}

/** Reads a find as it was read, and in other ways, as these change with the fuzzer. */
async function problemOf(find: Find): Promise<Problem | null> {
  for (const chunkSeed of [find.chunkSeed, ...Array.from({ length: CORPUS_WAYS }, (_, i) => i)]) {
    const { problem } = await tried({ ...find, chunkSeed })
    if (problem !== null) return problem
  }
  return null
}
