import type { DiffFormat } from '../report/diff/index.js'

/** What `pqcap diff` is told. */
export interface DiffCommandOptions {
  /** A capture, a folder, or a stream of a capture; `-` for standard input. */
  readonly before: string
  readonly after: string
  readonly format: DiffFormat
  readonly all: boolean
  /** `A=B`. */
  readonly pair: readonly string[]
  readonly failOn: readonly string[]
  /** Expressions that must all hold. */
  readonly filter: readonly string[]
  readonly reader: 'own' | 'pcap-ng-parser'
  /** undefined: as the environment and the terminal say. */
  readonly color?: boolean
}
