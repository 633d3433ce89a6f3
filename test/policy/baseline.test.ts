import { describe, expect, test } from 'vitest'
import { type BaselineEntry, baselineText, KnownFailures, readBaseline } from '../../src/policy/baseline.js'

const entry = (fields: Partial<BaselineEntry> = {}): BaselineEntry => ({
  rule: 'label',
  capture: 'a.pcap',
  server: 'example.test',
  message: 'The label is classical.',
  fingerprint: 'f1',
  count: 1,
  ...fields,
})

const file = (...failures: unknown[]): string => JSON.stringify({ schema: 'pqcap-baseline/1', failures })

describe('readBaseline', () => {
  test('reads what baselineText wrote, sorted whatever came first', () => {
    const entries = [
      entry({ capture: 'b.pcap', fingerprint: 'f4' }),
      entry({ rule: 'offer', fingerprint: 'f3' }),
      entry({ fingerprint: 'f2' }),
      entry(),
    ]
    const texts = [entries, entries.toReversed(), [1, 3, 0, 2].map((at) => entries[at] as BaselineEntry)].map(
      baselineText,
    )
    expect(new Set(texts).size).toBe(1)
    expect(readBaseline(texts[0] as string).failures.map(({ fingerprint }) => fingerprint)).toEqual([
      'f1',
      'f2',
      'f3',
      'f4',
    ])
  })

  test.each<readonly [string, string]>([
    ['{', 'is not JSON: '],
    ['null', "is not a baseline: its schema is not 'pqcap-baseline/1'"],
    ['{"schema":"pqcap-baseline/2","failures":[]}', "is not a baseline: its schema is not 'pqcap-baseline/1'"],
    ['{"schema":"pqcap-baseline/1"}', 'has no list of failures'],
    ...[
      null,
      'label',
      { ...entry(), count: 0 },
      { ...entry(), count: 1.5 },
      { ...entry(), count: '1' },
      { ...entry(), rule: 1 },
      { ...entry(), fingerprint: undefined },
    ].map(
      (second) =>
        [
          file(entry(), second),
          'failure 2 is not whole: it needs rule, capture, server, message, fingerprint and a count',
        ] as const,
    ),
  ])('refuses %s', (text, message) => {
    expect(() => readBaseline(text)).toThrow(message)
  })
})

describe('KnownFailures', () => {
  test('knows a failure as often as all entries of it count, and tells of those that did not come', () => {
    const known = new KnownFailures(readBaseline(file(entry(), entry({ count: 2 }), entry({ fingerprint: 'f2' }))))
    expect(known.healed(() => true).map(({ message }) => message)).toEqual([
      'a.pcap, example.test (3 times): The label is classical.',
      'a.pcap, example.test: The label is classical.',
    ])
    expect([1, 2, 3, 4].map(() => known.take('f1'))).toEqual(['known', 'known', 'known', 'new'])
    expect(known.take('f3')).toBe('new')
    expect(known.healed(() => true).map(({ fingerprint }) => fingerprint)).toEqual(['f2'])
    expect(known.healed((capture) => capture !== 'a.pcap')).toEqual([])
  })
})
