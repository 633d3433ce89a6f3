import { expect, test } from 'vitest'
import { CHECK_REPORTS, githubAnnotations } from '../../../src/report/check/index.js'
import { checkResult } from '../../support/check-result.js'

/** Interrupted: what was read passed, and that is no pass. */
const result = checkResult({ findings: [], captures: [], outcome: 'trouble' })

test.each([
  ['junit', '<error type="unread-capture" message="The check ended before all captures were read.">'],
  ['sarif', '{"level":"error","message":{"text":"The check ended before all captures were read."}}'],
  ['markdown', '## pqcap check: not everything could be read\n'],
  ['csv', 'unread-capture,,error,,,,,,,,,,,The check ended before all captures were read.,,,\r\n'],
  ['ndjson', '"outcome":"trouble"'],
] as const)('%s tells of a check that ended early', (format, told) => {
  expect(CHECK_REPORTS[format](result)).toContain(told)
})

test('annotations tell of a check that ended early', () => {
  expect(githubAnnotations(result)).toBe(
    '::error title=pqcap%3A not read whole::The check ended before all captures were read.\n',
  )
})
