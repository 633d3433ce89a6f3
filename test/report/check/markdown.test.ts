import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../../src/policy/finding.js'
import { markdownReport, markdownWithin } from '../../../src/report/check/markdown.js'
import {
  checkedCapture,
  checkedHandshake,
  checkResult,
  finding,
  unusedOverride,
  wholeRun,
} from '../../support/check-result.js'

const HEADINGS = /^(?:#{2,3} (.*)|<details><summary>(.*)<\/summary>)$/gm

function headings(text: string): string[] {
  return [...text.matchAll(HEADINGS)].map(([, open, folded]) => open ?? `folded: ${folded}`)
}

/** Any text in every place of a result that a capture, a path or a policy decides. */
function holding(text: string): CheckResult {
  const handshake = checkedHandshake({ serverName: text })
  return checkResult({
    policy: text,
    captures: [checkedCapture({ capture: text, error: text })],
    findings: [finding({ capture: text, handshake, message: text, show: `pqcap show ${text}` })],
    healed: [{ rule: 'label', message: text, fingerprint: '00' }],
    passedOver: [text],
    unusedOverrides: [unusedOverride({ place: text, where: text })],
  })
}

describe('markdown', () => {
  test('shows what is bad first and openly, and folds the rest', () => {
    expect(headings(markdownReport(wholeRun()))).toEqual([
      'pqcap check: failed, and not everything could be read',
      'Captures that could not be read whole (1)',
      'Failures (2)',
      'folded: Commands that show the evidence (1)',
      'folded: Warnings (1)',
      'folded: Known failures (1)',
      'folded: Healed failures (1)',
      'folded: Overrides that nothing that was read came under (2)',
      'folded: Captures (3)',
      'folded: Files that are not captures (1)',
    ])
  })

  test('says of a check that passed what was looked at', () => {
    const captures = [checkedCapture({ handshakes: 1, passed: 1, failed: 0 })]
    const text = markdownReport(checkResult({ captures, findings: [], outcome: 'passed' }))
    expect(text).toMatch(
      /^## pqcap check: passed\n\nPolicy `hybrid`: 1 of 1 handshake in 1 capture passed, 0 failures\.\n/,
    )
    expect(headings(text)).toEqual(['pqcap check: passed', 'folded: Captures (1)'])
  })

  test('prints a failure as a row', () => {
    expect(markdownReport(checkResult())).toContain(
      '| `captures/login.pcap` | `kms.example.test`<br><code>198.51.100.2:43850 -&#62; 198.51.100.1:443</code>' +
        '<br>stream 0 | `label` | The label is classical; allowed: hybrid and post-quantum. ' +
        'The client offered no post-quantum group. | 4, 6 |\n',
    )
  })

  test('folds a long list of failures', () => {
    const findings = Array.from({ length: 21 }, () => finding())
    expect(headings(markdownReport(checkResult({ findings })))[1]).toBe('folded: Failures (21)')
  })

  test('is never longer than a comment may be, and counts what is left out', () => {
    const findings = Array.from({ length: 3000 }, (_, stream) =>
      finding({ handshake: checkedHandshake({ stream, serverName: '\u202e\ud83d\udd12'.repeat(200) }) }),
    )
    const captures = Array.from({ length: 5000 }, (_, i) => checkedCapture({ capture: `captures/${i}-größe.pcap` }))
    const text = markdownReport(checkResult({ findings, captures }))
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(65_536)
    expect(text.length).toBeGreaterThan(50_000)
    const shown = text.match(/stream \d+ \|/g)?.length ?? 0
    expect(text).toContain(`\nand ${(3000 - shown).toLocaleString('en')} more\n`)
    expect(text.trimEnd()).toMatch(/<\/details>$/)
  })

  test('keeps its limit also where nothing has room', () => {
    const text = markdownWithin(holding('😀|'.repeat(5000)), 16_384)
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(16_384)
  })

  test.each([
    ['a|b', '<code>a&#124;b</code>'],
    ['a\\|b', '<code>a&#92;&#124;b</code>'],
    ['`id`', '<code>&#96;id&#96;</code>'],
    ['<script>alert(1)</script>', '<code>&#60;script&#62;alert&#40;1&#41;&#60;/script&#62;</code>'],
    ['a&lt;b', '<code>a&#38;lt&#59;b</code>'],
    ['@somebody', '<code>&#64;somebody</code>'],
    ['\u202egro.elpmaxe', '<code>&#92;u&#123;202e&#125;gro.elpmaxe</code>'],
    ['a\nb', '<code>a&#92;x0ab</code>'],
    [' kms.example.test', '<code> kms.example.test</code>'],
    ['kms_1.example.test', '`kms_1.example.test`'],
  ])('writes the name %j as %s', (serverName, code) => {
    const handshake = checkedHandshake({ serverName })
    expect(markdownReport(checkResult({ findings: [finding({ handshake })] }))).toContain(`| ${code}<br>`)
  })

  test.each([
    ['see https://example.test/', '`see https://example.test/`'],
    ['*bold* _x_ [y](z)', '&#42;bold&#42; &#95;x&#95; &#91;y&#93;(z)'],
    ['- a list', '&#45; a list'],
    ['closes #1', '`closes #1`'],
  ])('writes the sentence %j as %s', (message, shown) => {
    const text = markdownReport(checkResult({ findings: [finding({ message })] }))
    expect(text).toContain(`| ${shown} |`)
  })

  test('of any text keeps its lines, cells and elements', () => {
    const plain = markdownReport(holding('x'))
    const shape = (text: string): unknown =>
      text.split('\n').map((line) => [
        line.startsWith('    ') ? 'code' : line.split('|').length,
        // `<code>` comes and goes with the text.
        line.startsWith('    ') ? [] : line.match(/<(?!\/?code>)/g),
      ])
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        expect(shape(markdownReport(holding(text)))).toEqual(shape(plain))
        expect(markdownReport(holding(text)).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })

  test('of any text has backticks only around code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), (text) => {
        const lines = markdownReport(holding(text)).split('\n')
        const table = lines.filter((line) => line.startsWith('|')).join('\n')
        // Spans of one backtick each side, and nothing of one between them.
        expect(table.replace(/`[^`|\n]+`/g, '')).not.toContain('`')
      }),
    )
  })
})
