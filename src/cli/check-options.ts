import type { Label } from '../verdict/record.js'

/** Reports that `--report` writes. */
export const REPORT_FORMATS = ['junit', 'sarif', 'markdown', 'csv', 'ndjson'] as const

export type ReportFormat = (typeof REPORT_FORMATS)[number]

export interface ReportFile {
  readonly format: ReportFormat
  readonly path: string
}

/** What `pqcap check` is told. */
export interface CheckCommandOptions {
  /** Files, folders and patterns, and `-` for standard input. */
  readonly inputs: readonly string[]
  /** Where the policy is from: one of the three. */
  readonly policy?: string
  readonly preset?: string
  readonly require?: readonly Label[]
  readonly printPolicy: boolean
  readonly allowEmpty: boolean
  readonly baseline?: string
  readonly writeBaseline: boolean
  readonly report: readonly ReportFile[]
  /** Every finding on the terminal. */
  readonly all: boolean
  readonly reader: 'own' | 'pcap-ng-parser'
  readonly jobs?: number
  readonly color?: boolean
}
