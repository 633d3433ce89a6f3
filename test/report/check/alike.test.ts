import { describe, expect, test } from 'vitest'
import { distinctFingerprints } from '../../../src/report/check/alike.js'
import { sarifReport } from '../../../src/report/check/sarif.js'
import { checkedCapture, checkedHandshake, checkResult, finding } from '../../support/check-result.js'

const inStream = (stream: number, overrides: Parameters<typeof finding>[0] = {}) =>
  finding({
    handshake: checkedHandshake({
      stream,
      client: { address: '198.51.100.2', port: 40000 + stream },
      startTime: `2026-11-22T10:00:0${stream}.000000Z`,
    }),
    frames: [stream],
    ...overrides,
  })

describe('findings with one fingerprint', () => {
  test('are numbered in their order, and others are not', () => {
    const findings = [inStream(0), inStream(1), inStream(2, { fingerprint: 'b7715e0c3394fd20' }), inStream(5)]
    expect([...distinctFingerprints(findings).values()]).toEqual([
      '3f1c9a52d07be846',
      '3f1c9a52d07be846:2',
      'b7715e0c3394fd20',
      '3f1c9a52d07be846:3',
    ])
  })

  test('have the same numbers in another run, with other streams, ports and times', () => {
    const prints = (streams: readonly number[]): string[] => {
      const findings = streams.map((stream) => inStream(stream))
      return findings.map((one) => distinctFingerprints(findings).get(one) as string)
    }
    expect(prints([0, 1, 2])).toEqual(prints([3, 7, 9]))
    expect(prints([0, 1])).toEqual(prints([0, 1, 2]).slice(0, 2))
  })

  test('keep the numbers of what is known where one more comes before them', () => {
    const known = [inStream(3, { state: 'known' }), inStream(4, { state: 'known' })]
    const prints = distinctFingerprints([inStream(1), ...known])
    expect(known.map((one) => prints.get(one))).toEqual(['3f1c9a52d07be846', '3f1c9a52d07be846:2'])
    expect(new Set(prints.values()).size).toBe(3)
  })

  test('are several alerts in SARIF, each with a fingerprint of its own', () => {
    const findings = [0, 1, 2].map((stream) => inStream(stream))
    const { runs } = JSON.parse(sarifReport(checkResult({ findings, captures: [checkedCapture({ failed: 3 })] })))
    const prints = runs[0].results.map((one: { partialFingerprints: object }) => one.partialFingerprints)
    expect(prints).toEqual(
      ['', ':2', ':3'].map((end) => ({
        'pqcapFinding/v1': `3f1c9a52d07be846${end}`,
        primaryLocationLineHash: `3f1c9a52d07be846${end}`,
      })),
    )
  })
})
