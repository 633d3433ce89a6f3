import type { Analyze, Session, TextStream } from '../../src/cli/session.js'
import type { Text } from '../../src/report/reporter.js'
import type { PqcapRecord } from '../../src/verdict/record.js'

/** A stream that keeps what is written to it, or refuses it. */
export class KeptStream implements TextStream {
  text = ''
  isTTY = false
  columns = 80
  /** The error that writes end with. */
  failure: Error | null = null
  writes = 0

  write(text: string | Uint8Array, written: (error?: Error | null) => void): boolean {
    this.writes++
    if (this.failure === null) this.text += textOf(text)
    queueMicrotask(() => written(this.failure))
    return true
  }
}

/** Text of what a reporter gives or a stream is given. */
export function textOf(text: Text): string {
  return typeof text === 'string' ? text : new TextDecoder().decode(text)
}

export interface FakeSession extends Session {
  readonly stdout: KeptStream
  readonly stderr: KeptStream
  readonly interruption: AbortController
  readonly clock: { milliseconds: number }
}

/** A session whose captures are made of the records given under their names. */
export function fakeSession(captures: Readonly<Record<string, readonly PqcapRecord[]>> = {}): FakeSession {
  return sessionWith(async function* (_input, options) {
    yield* captures[options?.name ?? ''] ?? []
  })
}

/** `analyze` as the library has it: one record at a time. */
type AnalyzeOneByOne = (...args: Parameters<Analyze>) => AsyncIterable<PqcapRecord>

export function sessionWith(analyze: AnalyzeOneByOne, stdin: Iterable<Uint8Array> = []): FakeSession {
  const interruption = new AbortController()
  const clock = { milliseconds: 0 }
  return {
    stdin: (async function* () {
      yield* stdin
    })(),
    stdout: new KeptStream(),
    stderr: new KeptStream(),
    env: {},
    interrupted: interruption.signal,
    interruption,
    clock,
    now: () => clock.milliseconds,
    loadShow: async () => (await import('../../src/show.js')).show,
    loadWorkers: () => Promise.reject(new Error('a test that wants workers brings them')),
    loadAnalyze: async () =>
      async function* (input, options) {
        for await (const record of analyze(input, options)) yield [record]
      },
  }
}

export function errorWithCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
