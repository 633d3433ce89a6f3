import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const LAUNCHER = fileURLToPath(new URL('../../bin/pqcap', import.meta.url))

/** The command as a process of its own, which is waited for by what it prints. */
export class Command {
  stdout = ''
  stderr = ''
  readonly process: ChildProcess
  private readonly closed: Promise<unknown>

  constructor(argv: readonly string[], stdio: StdioOptions = 'pipe', cwd?: string) {
    this.process = spawn(process.execPath, [LAUNCHER, ...argv], {
      stdio,
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '' },
    })
    this.closed = once(this.process, 'close')
    this.process.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text
    })
    this.process.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text
    })
    // The command may end before it has read all.
    this.process.stdin?.on('error', () => {})
  }

  /** Resolves when standard output has what is looked for; rejects when the process ends without. */
  async prints(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.stdout)) {
      if (this.process.exitCode !== null) throw new Error(`ended without ${wanted}: ${this.stdout}${this.stderr}`)
      await Promise.race([once(this.process.stdout as NodeJS.EventEmitter, 'data'), this.closed])
    }
  }

  /** Resolves with the exit status. */
  async ends(): Promise<number | null> {
    await this.closed
    return this.process.exitCode
  }
}
