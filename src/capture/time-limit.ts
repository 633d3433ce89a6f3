/** On a busy machine a process may have as little as this of the time: what can be ended is ended by the clock. */
const LEAST_SHARE = 1 / 3
/** With less than this of what it was given, a call has not been at work. */
const AT_WORK = 1 / 4

const LATE = 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/** What a call took too long for. */
export type Overrun =
  /** It took more of the processor's time than it was given. */
  | 'too-long'
  /** It did not, but was held up: a shell stops a process with Ctrl-Z, and what was ended meanwhile cannot go on. */
  | 'held-up'

/** Microseconds of the processor's time that this process took since an earlier answer, in all of its threads. */
export type ProcessorUse = (since?: NodeJS.CpuUsage) => NodeJS.CpuUsage

/**
 * Makes a function that calls another and ends it in its middle, for what has no other hold. It is given some milliseconds
 * of the processor's time, and returns how many it took.
 */
export async function timeLimit(
  processorUse?: ProcessorUse,
): Promise<(step: () => void, milliseconds: number) => number | Overrun> {
  const [{ createContext, Script }, { cpuUsage }] = await Promise.all([import('node:vm'), import('node:process')])
  const known = { step: () => {} }
  const context = createContext(known)
  const call = new Script('step()')
  const use = processorUse ?? cpuUsage
  return (step, milliseconds) => {
    const start = performance.now()
    const before = use()
    const taken = (): number => {
      const { user, system } = use(before)
      return Math.min((user + system) / 1000, performance.now() - start)
    }
    known.step = step
    try {
      call.runInContext(context, { timeout: Math.max(Math.ceil(milliseconds / LEAST_SHARE), 1) })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== LATE) throw error
      return taken() < milliseconds * AT_WORK ? 'held-up' : 'too-long'
    }
    return taken()
  }
}
