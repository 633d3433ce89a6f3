import type { CheckResult } from '../../policy/finding.js'
import { csvReport } from './csv.js'
import { junitReport } from './junit.js'
import { markdownReport } from './markdown.js'
import { ndjsonReport } from './ndjson.js'
import { sarifReport } from './sarif.js'

/** The formats of `--report FORMAT=FILE`, each the whole text of its file. */
export const CHECK_REPORTS = {
  junit: junitReport,
  sarif: sarifReport,
  markdown: markdownReport,
  csv: csvReport,
  ndjson: ndjsonReport,
} satisfies Readonly<Record<string, (result: CheckResult) => string>>

export { githubAnnotations, githubSummary } from './github.js'
