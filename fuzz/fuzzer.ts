import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Result, type Trial, tried } from './check.js'
import { compressed } from './compression.js'
import { type Find, keepFind } from './corpus.js'
import { MUTATION_KINDS, MUTATIONS, type MutationKind } from './mutate.js'
import { Random } from './random.js'
import { reduced } from './reduce.js'
import { traffic } from './traffic.js'
import { Watchdog } from './watchdog.js'
import { BUDGET, hits } from './work.js'

const MAX_INPUT_LENGTH = 96 * 1024
/** Inputs that reached something new, to be changed further. */
const MAX_POOL = 3000
const INPUTS_BETWEEN_CENSUSES = 2000
/** What may be held more after any number of inputs: caches have limits, and V8 needs room. */
const MAX_GROWTH = 40 * 1024 * 1024
/** Finds kept of one kind. */
const MAX_OF_A_KIND = 2

/** What inputs are made by. */
export type Kind = MutationKind | 'compression' | 'traffic'

export const KINDS: readonly string[] = [...MUTATION_KINDS, 'compression', 'traffic']

export interface FuzzerOptions {
  readonly seed: number
  readonly only: Kind | undefined
  readonly tight: boolean
  readonly folder: string
}

/** Makes inputs, those first that reach what no other has, and keeps what breaks a promise. */
export class Fuzzer {
  private readonly options: FuzzerOptions
  private readonly random: Random
  private readonly watchdog: Watchdog
  private readonly seeds: readonly Uint8Array[]
  private readonly pool: Uint8Array[] = []
  private poolBytes = 0
  /** Bit n: the branch was taken 2^n times or more, but less than 2^(n+1), by some input. */
  private readonly seen = new Uint32Array(hits.length)
  private reached = 0
  private inputs = 0
  private finds = 0
  private handshakes = 0
  private mostStepsPerByte = 0
  private mostAllocatedPerByte = 0
  private firstHeld = 0
  private readonly found = new Map<string, number>()

  constructor(seeds: readonly Uint8Array[], options: FuzzerOptions) {
    this.seeds = seeds
    this.options = options
    this.random = new Random(options.seed)
    this.watchdog = new Watchdog(options.folder)
  }

  async run(until: { readonly seconds: number } | { readonly inputs: number }): Promise<number> {
    const { seed, tight } = this.options
    process.stdout.write(`seed ${seed}${tight ? ', low limits' : ''}\n`)
    const start = performance.now()
    let reported = start
    for (;;) {
      const elapsed = (performance.now() - start) / 1000
      if ('inputs' in until ? this.inputs >= until.inputs : elapsed >= until.seconds) break
      const trial = this.next()
      await this.attempt(trial)
      if (this.inputs % INPUTS_BETWEEN_CENSUSES === 0) this.census()
      if (performance.now() - reported > 30_000) {
        reported = performance.now()
        process.stdout.write(`${this.summary(elapsed)}\n`)
      }
    }
    await this.watchdog.end()
    process.stdout.write(`${this.summary((performance.now() - start) / 1000)}\n`)
    return this.finds === 0 ? 0 : 1
  }

  private summary(seconds: number): string {
    return [
      `${this.inputs} inputs in ${seconds.toFixed(0)} s`,
      `${this.handshakes} handshakes`,
      `${this.reached} branch counts reached`,
      `${this.pool.length} inputs kept`,
      `at most ${this.mostStepsPerByte.toFixed(0)} steps and ${this.mostAllocatedPerByte.toFixed(0)} bytes of arrays a byte`,
      `${this.finds} finds`,
    ].join(', ')
  }

  /** The seeds as they are, one after the other, and then what random makes of them. */
  private next(): Trial {
    const { random, seeds } = this
    const chunkSeed = random.word()
    const reader = random.oneIn(24) ? 'pcap-ng-parser' : 'own'
    const seed = this.options.only === undefined ? seeds[this.inputs] : undefined
    return { bytes: seed ?? this.mutant(), chunkSeed, reader }
  }

  private mutant(): Uint8Array {
    const { random } = this
    const { only } = this.options
    let bytes = only === 'traffic' || (only === undefined && random.oneIn(5)) ? traffic(random) : this.base()
    if (only !== 'traffic') {
      const kinds = only === undefined || only === 'compression' ? MUTATION_KINDS : [only]
      for (let count = random.length(5) - random.below(2); count > 0; count--) {
        bytes = MUTATIONS[random.pick(kinds)](bytes, random, this.base())
        if (bytes.length === 0) bytes = this.base()
      }
    }
    if (bytes.length > MAX_INPUT_LENGTH) bytes = bytes.slice(0, MAX_INPUT_LENGTH)
    return only === 'compression' || (only === undefined && random.oneIn(30)) ? compressed(bytes, random) : bytes
  }

  private base(): Uint8Array {
    const { random, pool, seeds } = this
    return pool.length > 0 && !random.oneIn(4) ? random.pick(pool) : random.pick(seeds)
  }

  private async attempt(trial: Trial): Promise<void> {
    hits.fill(0)
    const result = await this.watched(trial)
    this.inputs++
    this.account(trial, result)
    if (this.reachesMore()) this.keep(trial.bytes)
    const { problem } = result
    if (problem === null) return
    this.finds++
    // What a record says is different each time; where an exception came from is not.
    const kind = `${problem.invariant}: ${/^[{[]/.test(problem.detail) ? '' : problem.detail.replace(/\d+/g, 'N').slice(0, 80)}`
    const count = this.found.get(kind) ?? 0
    this.found.set(kind, count + 1)
    if (count < MAX_OF_A_KIND) await this.report(trial, problem.invariant)
  }

  private watched(trial: Trial): Promise<Result> {
    this.watchdog.begin(trial.bytes)
    return tried(trial)
  }

  private account({ bytes }: Trial, { steps, allocated, handshakes }: Result): void {
    this.handshakes += Math.max(0, handshakes)
    this.mostStepsPerByte = Math.max(this.mostStepsPerByte, (steps - BUDGET.steps) / bytes.length)
    this.mostAllocatedPerByte = Math.max(this.mostAllocatedPerByte, (allocated - BUDGET.allocated) / bytes.length)
  }

  private reachesMore(): boolean {
    const { seen } = this
    let more = false
    for (let site = 0; site < hits.length; site++) {
      const count = hits[site] as number
      if (count === 0) continue
      const bit = 1 << Math.min(31 - Math.clz32(count), 12)
      if (((seen[site] as number) & bit) !== 0) continue
      seen[site] = (seen[site] as number) | bit
      this.reached++
      more = true
    }
    return more
  }

  private keep(bytes: Uint8Array): void {
    if (bytes.length > MAX_INPUT_LENGTH) return
    const place = this.pool.length < MAX_POOL ? this.pool.length : this.random.below(MAX_POOL)
    this.poolBytes += bytes.length - (this.pool[place]?.length ?? 0)
    this.pool[place] = bytes
  }

  private async report(trial: Trial, invariant: string): Promise<void> {
    const { seed, tight, folder } = this.options
    const small = await reduced(trial, invariant, (smaller) => this.watched(smaller))
    const { problem } = await this.watched(small)
    const name = `${invariant.replace(/\W+/g, '-').slice(0, 50).replace(/-$/, '')}-${seed}-${this.inputs}`
    const { bytes, chunkSeed, reader } = small
    const detail = problem?.detail.slice(0, 2000) ?? ''
    const find: Find = { name, bytes, broke: invariant, detail, seed, input: this.inputs, chunkSeed, reader, tight }
    keepFind(folder, find)
    process.stdout.write(`find: ${name}, ${bytes.length} bytes\n  ${invariant}\n  ${detail.slice(0, 600)}\n`)
  }

  /** What is still held after a collection, beside the inputs kept here. */
  private census(): void {
    collectGarbage()
    // What the first finds is given back by another thread; the second waits for that.
    collectGarbage()
    const { heapUsed, external } = process.memoryUsage()
    const held = heapUsed + external - this.poolBytes
    if (this.firstHeld === 0) this.firstHeld = held
    if (held - this.firstHeld <= MAX_GROWTH) return
    this.finds++
    const growth = ((held - this.firstHeld) / 1024 / 1024).toFixed(0)
    process.stdout.write(`find: memory grew by ${growth} MiB over ${this.inputs} inputs\n`)
    this.firstHeld = held
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
