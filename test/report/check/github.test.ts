import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { githubAnnotations, githubSummary } from '../../../src/report/check/github.js'
import { checkedCapture, checkedHandshake, checkResult, finding, wholeRun } from '../../support/check-result.js'

interface Command {
  readonly level: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

/** Reads commands as GitHub's runner does: to the first `::`, properties at commas, and then unescapes. */
function commands(text: string): Command[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, level, list, message] = /^::(\w+) (.*?)::(.*)$/.exec(line) as unknown as [string, string, string, string]
      const properties = list.split(',').map((pair) => {
        const at = pair.indexOf('=')
        return [
          pair.slice(0, at),
          unescaped(pair.slice(at + 1))
            .replaceAll('%3A', ':')
            .replaceAll('%2C', ','),
        ]
      })
      return { level, properties: Object.fromEntries(properties), message: unescaped(message).replaceAll('%25', '%') }
    })
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n')
}

describe('annotations', () => {
  test('tell unread captures first, then failures, warnings, and the baseline in one notice', () => {
    const read = commands(githubAnnotations(wholeRun()))
    expect(read.map(({ level, properties }) => [level, properties['title'], properties['file']])).toEqual([
      ['error', 'pqcap: not read whole', 'captures/cut.pcap'],
      ['error', 'pqcap: label', 'captures/login.pcap'],
      ['error', 'pqcap: expectation', undefined],
      ['warning', 'pqcap: hello-retry-requests', 'captures/nightly batch.pcapng'],
      ['notice', 'pqcap: baseline', undefined],
      ['notice', 'pqcap: policy', undefined],
    ])
    expect(read.at(-2)?.message).toBe('1 known failure, 1 failure of the baseline healed')
  })

  test('are none where nothing was found', () => {
    expect(githubAnnotations(checkResult({ findings: [], outcome: 'passed' }))).toBe('')
  })

  test('are at most 10 of a level, of which the last says what is left out', () => {
    const findings = ['error', 'warning'].flatMap((severity) =>
      Array.from({ length: 10_000 }, () => finding({ severity: severity as 'error' | 'warning' })),
    )
    const captures = Array.from({ length: 3 }, () => checkedCapture({ error: 'cut' }))
    const read = commands(githubAnnotations(checkResult({ findings, captures })))
    const levels = read.map(({ level }) => level)
    expect(levels).toEqual([...Array(10).fill('error'), ...Array(10).fill('warning')])
    expect(read.slice(0, 4).map(({ properties }) => properties['title'])).toEqual([
      ...Array(3).fill('pqcap: not read whole'),
      'pqcap: label',
    ])
    expect(read[9]?.message).toBe('9,994 more errors: the summary and the log have the first of them')
    expect(read[19]?.message).toBe('9,991 more warnings: the summary and the log have the first of them')
  })

  test('have 10 without a word of more where there are 10', () => {
    const findings = Array.from({ length: 10 }, () => finding())
    expect(commands(githubAnnotations(checkResult({ findings }))).map(({ properties }) => properties['title'])).toEqual(
      Array(10).fill('pqcap: label'),
    )
  })

  test.each([
    ['a line that is a command', 'a\n::error::x', 'a\\x0a::error::x'],
    ['an escaped line feed', 'a%0A::error::x', 'a%0A::error::x'],
    ['properties', 'a,file=b::c', 'a,file=b::c'],
    ['a carriage return', 'a\rb', 'a\\x0db'],
  ])('give back %s as text', (_, text, shown) => {
    const one = checkResult({ findings: [finding({ capture: text, message: text, handshake: null, frames: [] })] })
    expect(githubAnnotations(one).match(/\n/g)).toHaveLength(1)
    const [read] = commands(githubAnnotations(one)) as [Command]
    expect(read.message).toBe(shown)
    expect(Object.keys(read.properties)).toEqual(['file', 'title'])
    expect(read.properties['file']?.replaceAll('%25', '%')).toBe(shown)
  })

  test('of any text are the same commands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const handshake = checkedHandshake({ serverName: text })
        const captures = [checkedCapture({ capture: text, error: text })]
        const findings = [finding({ capture: text, handshake, message: text })]
        const read = commands(githubAnnotations(checkResult({ captures, findings })))
        expect(read.map(({ level, properties }) => [level, ...Object.keys(properties)])).toEqual([
          ['error', 'file', 'title'],
          ['error', 'file', 'title'],
        ])
      }),
    )
  })
})

test('the summary stays within what GitHub takes', () => {
  const findings = Array.from({ length: 20_000 }, (_, stream) => finding({ handshake: checkedHandshake({ stream }) }))
  const summary = githubSummary(checkResult({ findings }))
  const bytes = new TextEncoder().encode(summary).length
  expect(bytes).toBeLessThan(1024 * 1024)
  expect(bytes).toBeGreaterThan(900 * 1024)
  expect(summary).toContain('### Failures (20,000)'.replace('### ', '<details><summary>'))
})
