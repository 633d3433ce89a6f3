import type { Format } from '../report/index.js'

/** What `pqcap analyze` is told. */
export interface AnalyzeCommandOptions {
  /** Paths, and `-` for standard input. */
  readonly captures: readonly string[]
  readonly format: Format
  readonly all: boolean
  /** Expressions that must all hold. */
  readonly filter: readonly string[]
  readonly reader: 'own' | 'pcap-ng-parser'
  /** Captures that are read at a time, each in a thread; undefined: as many as there are cores, where they are of use. */
  readonly jobs?: number
  /** undefined: as the environment and the terminal say. */
  readonly color?: boolean
}
