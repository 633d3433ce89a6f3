import { EXIT_FAILED } from './exit.js'
import { run } from './run.js'
import type { Session } from './session.js'
import { standardError, standardInput, standardOutput } from './standard-streams.js'

const interruption = new AbortController()
/** Ctrl-C, `kill` or `timeout`, and a terminal that is closed: what was read is told, and a document gets its end. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
for (const signal of INTERRUPTIONS) process.on(signal, interrupt)
let stdinUsed = false
const session: Session = {
  // Opened only where it is wanted: that takes a millisecond.
  get stdin() {
    stdinUsed = true
    return standardInput()
  },
  stdout: standardOutput(),
  stderr: standardError(),
  env: process.env,
  interrupted: interruption.signal,
  now: () => performance.now(),
  loadAnalyze: async () => (await import('../analyze.js')).analyzeInBatches,
  loadShow: async () => (await import('../show.js')).show,
  loadWorkers: async () => (await import('./start-worker.js')).startWorker,
}

/**
 * V8 lets what has outlived the young generation grow to four times what is in use before it collects it: hundreds of
 * megabytes, where hostile hellos are held for a while and given up. Half as much again is enough, and costs nothing that
 * was measured elsewhere.
 */
const COLLECT_SOONER = '--heap-growing-percent=50'
/** So little outlives the young generation that to wake threads for it takes longer than to collect it. */
const COLLECT_YOUNG_ALONE = '--no-parallel-scavenge'
/** Loading takes a millisecond, which a small capture need not wait for. */
const SET_FLAGS_AFTER_MS = 100
setTimeout(() => {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  for (const flag of [COLLECT_SOONER, COLLECT_YOUNG_ALONE]) setFlagsFromString(flag)
}, SET_FLAGS_AFTER_MS).unref()

void main()

/** Once: a second signal ends the process at once, as usual. */
function interrupt(): void {
  for (const signal of INTERRUPTIONS) process.off(signal, interrupt)
  interruption.abort()
}

async function main(): Promise<void> {
  try {
    process.exitCode = await run(process.argv.slice(2), session)
  } catch (error) {
    // A defect of pqcap: not to be taken for status 1, which says that a check failed.
    console.error(error)
    process.exitCode = EXIT_FAILED
  }
  // A pipe that was not read to its end would keep the process alive.
  if (stdinUsed) process.stdin.destroy()
}
