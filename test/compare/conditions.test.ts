import { describe, expect, it } from 'vitest'
import { ConditionCount, parseCondition } from '../../src/compare/conditions.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { pairOf, plainRecord } from '../support/comparisons.js'
import { handshakeRecord, incompleteRecord } from '../support/records.js'

function counted(text: string, pairs: readonly (readonly [HandshakeRecord, HandshakeRecord])[], leftOver = 0) {
  const condition = parseCondition(text)
  if (condition === null) throw new Error(`no condition: ${text}`)
  const count = new ConditionCount(text, condition)
  for (const [before, after] of pairs) count.add(pairOf(before, after))
  const { failed, notComparable } = count.result(leftOver)
  return { failed, notComparable }
}

describe('parseCondition', () => {
  it.each([
    ['downgrade', { kind: 'downgrade' }],
    ['any', { kind: 'any' }],
    ['cost:+20%', { kind: 'cost', percent: 20 }],
    ['cost:+0.5%', { kind: 'cost', percent: 0.5 }],
    ['cost:20%', null],
    ['cost:+20', null],
    ['cost:-20%', null],
    ['cost:+1e9%', null],
    ['Downgrade', null],
    ['', null],
  ])('reads %j', (text, condition) => {
    expect(parseCondition(text)).toEqual(condition)
  })
})

describe('a condition', () => {
  const [plain, hybrid] = [plainRecord(), handshakeRecord()]

  it('holds for downgrades, and cannot be told where there is nothing to compare', () => {
    const pairs = [
      [plain, hybrid],
      [hybrid, plain],
      [hybrid, incompleteRecord()],
      [hybrid, hybrid],
    ] as const
    expect(counted('downgrade', pairs)).toEqual({ failed: 1, notComparable: 1 })
  })

  it('holds for any difference and for what is left over, and not for sizes and times', () => {
    const slower = { ...hybrid, cost: { ...hybrid.cost, clientBytes: 9000, milliseconds: 70 } }
    expect(
      counted(
        'any',
        [
          [plain, hybrid],
          [hybrid, slower],
        ],
        2,
      ),
    ).toEqual({ failed: 3, notComparable: 0 })
    const unread = incompleteRecord({ clientHello: hybrid.clientHello })
    expect(counted('any', [[unread, unread]])).toEqual({ failed: 0, notComparable: 1 })
  })

  it('holds for TLS bytes above the limit, and not at it', () => {
    const bytes = (clientBytes: number) => ({ ...hybrid, cost: { ...hybrid.cost, clientBytes, serverBytes: 0 } })
    expect(counted('cost:+20%', [[bytes(1000), bytes(1200)]])).toEqual({ failed: 0, notComparable: 0 })
    expect(counted('cost:+20%', [[bytes(1000), bytes(1201)]])).toEqual({ failed: 1, notComparable: 0 })
    expect(counted('cost:+0%', [[bytes(1000), bytes(999)]])).toEqual({ failed: 0, notComparable: 0 })
    const open = { ...hybrid, cost: { ...hybrid.cost, complete: false } }
    expect(counted('cost:+20%', [[open, hybrid]])).toEqual({ failed: 0, notComparable: 1 })
  })
})
