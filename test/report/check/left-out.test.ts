import { describe, expect, test } from 'vitest'
import { CHECK_REPORTS, githubAnnotations, githubSummary } from '../../../src/report/check/index.js'
import { checkedCapture, checkedHandshake, checkResult } from '../../support/check-result.js'

/** Three handshakes of which two fail; but one finding alone is listed. */
const result = checkResult({
  captures: [
    checkedCapture({
      handshakes: 3,
      passed: 1,
      failed: 2,
      checked: [0, 1, 2].map((stream) => checkedHandshake({ stream })),
    }),
  ],
  leftOut: 1,
})

describe('findings that a check does not list', () => {
  test.each([
    ['junit', 'a case', '<system-out>1 more finding without a case here</system-out>'],
    ['sarif', 'a result', '1 finding left out: there are more than a reader takes.'],
    ['markdown', 'a row', '\nand 1 more\n'],
    ['markdown', 'a place in the count', '1 of 3 handshakes in 1 capture passed, 2 failures.'],
    ['csv', 'a row', 'left-out,,,,,,,,,,,,,1 row left out,,,\r\n'],
    ['ndjson', 'a line', '"failures":2,"warnings":0,"known":0,"healed":0,"passedOver":0,"leftOut":1}'],
  ] as const)('are told by %s where they would have %s', (format, _, told) => {
    expect(CHECK_REPORTS[format](result)).toContain(told)
  })

  test('are told by annotations and the summary', () => {
    const commands = githubAnnotations(result).split('\n')
    expect(commands[1]).toBe(
      '::error title=pqcap%3A more::1 more error: the summary and the log have the first of them',
    )
    expect(githubSummary(result)).toContain('### Failures (2)')
  })

  test('make no handshake pass in junit', () => {
    const report = CHECK_REPORTS.junit(result)
    expect(report).toContain('<testsuite name="captures/login.pcap" tests="4" failures="2" errors="0" skipped="0">')
    expect(report).toContain('name="a handshake without a finding that fails"/>')
    expect(report).not.toContain('name="kms.example.test 198.51.100.1:443"/>')
  })
})
