import type { AnalyzeOptions, CaptureInput } from '../analyze.js'
import type { ShowOptions, ShowResult } from '../show.js'
import type { PqcapRecord } from '../verdict/record.js'
import type { WorkerOptions } from './worker-messages.js'
import type { WorkerThread } from './worker-pool.js'

/** Where text goes: a Node stream, or what stands in for one. */
export interface TextStream {
  write(text: string | Uint8Array, written: (error?: Error | null) => void): boolean
  readonly isTTY?: boolean
  /** Width of the terminal, where it is one. */
  readonly columns?: number
}

/** Environment variables: NO_COLOR, FORCE_COLOR, TERM and COLUMNS are followed, and those of GitHub Actions. */
export type Environment = Readonly<Partial<Record<string, string>>>

/** Reads captures into records, several at a time; `analyzeInBatches` of the library. */
export type Analyze = (input: CaptureInput, options?: AnalyzeOptions) => AsyncIterable<readonly PqcapRecord[]>

/** Takes one handshake apart; `show` of the library. */
export type Show = (input: CaptureInput, options?: ShowOptions) => Promise<ShowResult>

/** All that a command touches of the world around it. */
export interface Session {
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean }
  readonly stdout: TextStream
  readonly stderr: TextStream
  readonly env: Environment
  /** Aborted when the person wants to see what there is so far, and no more (SIGINT). */
  readonly interrupted: AbortSignal
  /** Milliseconds, from any start. */
  readonly now: () => number
  /** Loads the pipeline, which the help does not need. */
  readonly loadAnalyze: () => Promise<Analyze>
  /** Loads what takes one handshake apart. */
  readonly loadShow: () => Promise<Show>
  /** Loads what starts worker threads. */
  readonly loadWorkers: () => Promise<(options: WorkerOptions) => WorkerThread>
}
