import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CHECK_REPORTS, githubAnnotations } from '../../src/report/check/index.js'
import { wholeRun } from '../support/check-result.js'

const document = readFileSync(new URL('../../docs/reports.md', import.meta.url), 'utf8')

/** The report that is shown under a heading. */
function shown(heading: string): string {
  const [, section] = document.split(`\n## ${heading}\n`) as [string, string]
  const [, text] = /\n````\w+\n([\s\S]*?)````\n/.exec(section) as unknown as [string, string]
  return text
}

describe('docs/reports.md', () => {
  test.each([
    ['JUnit', 'junit'],
    ['Markdown', 'markdown'],
    ['CSV', 'csv'],
    ['NDJSON', 'ndjson'],
  ] as const)('shows %s as it is', (heading, format) => {
    expect(shown(heading)).toBe(CHECK_REPORTS[format](wholeRun()).replaceAll('\r\n', '\n'))
  })

  test('shows SARIF as it is, but for line breaks', () => {
    expect(JSON.parse(shown('SARIF'))).toEqual(JSON.parse(CHECK_REPORTS.sarif(wholeRun())))
  })

  test('shows annotations as they are', () => {
    expect(shown('GitHub Actions')).toBe(githubAnnotations(wholeRun()))
  })

  test('has every format in its table', () => {
    for (const format of Object.keys(CHECK_REPORTS)) expect(document).toContain(`| [\`${format}\`](#${format}) |`)
  })
})
