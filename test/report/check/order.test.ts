import { describe, expect, test } from 'vitest'
import { cutText, framesText } from '../../../src/report/check/limits.js'
import { byCapture, endedEarly, mostImportant } from '../../../src/report/check/order.js'
import { checkedCapture, checkResult, finding } from '../../support/check-result.js'

describe('the most important findings', () => {
  const findings = [
    finding({ message: 'known', state: 'known' }),
    finding({ message: 'warning', severity: 'warning' }),
    finding({ message: 'failure' }),
    finding({ message: 'known warning', severity: 'warning', state: 'known' }),
  ]

  test.each([
    [1, ['failure']],
    [2, ['warning', 'failure']],
    [3, ['known', 'warning', 'failure']],
    [4, ['known', 'warning', 'failure', 'known warning']],
  ])('are, of four, %i in their order: %j', (count, messages) => {
    expect(mostImportant(findings, count).map(({ message }) => message)).toEqual(messages)
  })
})

test('findings about no capture of the check are with the others', () => {
  const findings = [finding(), finding({ capture: null }), finding({ capture: 'elsewhere.pcap' })]
  const { captures, others } = byCapture(checkResult({ findings, captures: [checkedCapture()] }))
  expect(captures.map((one) => one.findings)).toEqual([[findings[0]]])
  expect(others).toEqual(findings.slice(1))
})

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['more than ten', 10, 'more th...'],
  ['1234567🔒89012', 11, '1234567...'],
])('%j in %i units is %j', (text, length, cut) => {
  expect(cutText(text, length)).toBe(cut)
})

test('frames beyond the first twenty are counted', () => {
  expect(framesText([4, 6])).toBe('4, 6')
  expect(framesText(Array.from({ length: 22 }, (_, i) => i + 1))).toMatch(/^1, .*, 20 and 2 more$/)
})

test('a check ended early where something was not read and no capture says so', () => {
  expect(endedEarly(checkResult({ outcome: 'trouble' }))).toBe('The check ended before all captures were read.')
  expect(endedEarly(checkResult({ outcome: 'failed' }))).toBeNull()
  expect(endedEarly(checkResult({ outcome: 'trouble', captures: [checkedCapture({ error: 'cut' })] }))).toBeNull()
})
