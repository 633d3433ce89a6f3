import { beforeAll, describe, expect, test } from 'vitest'
import type { PairComparison } from '../../src/compare/comparison.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { pairOf } from '../support/comparisons.js'
import { onlyHandshake } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'

/** One handshake of every kind that is known here. */
let records: (readonly [name: string, record: HandshakeRecord])[] = []

beforeAll(async () => {
  records = await Promise.all(
    Object.entries(handshakes).map(async ([name, make]) => [name, await onlyHandshake(make())] as const),
  )
})

function everyPair(broken: (pair: PairComparison, mirrored: PairComparison) => boolean): string[] {
  return records.flatMap(([name, before]) =>
    records.flatMap(([other, after]) =>
      broken(pairOf(before, after), pairOf(after, before)) ? [`${name} / ${other}`] : [],
    ),
  )
}

describe('any two handshakes', () => {
  test('are of many kinds', () => {
    expect(records.length).toBeGreaterThan(50)
  })

  test('have a verdict in whole sentences', () => {
    expect(everyPair(({ verdict }) => !/^[A-Z].*\.$/s.test(verdict) || /undefined|null|NaN/.test(verdict))).toEqual([])
  })

  test('stand to each other the other way round when they change places', () => {
    // Where the exchange rises and the version falls, or the other way round, both ways are a downgrade.
    const opposites = {
      upgrade: ['downgrade'],
      downgrade: ['upgrade', 'downgrade'],
      equal: ['equal'],
      'not-comparable': ['not-comparable'],
    }
    expect(everyPair(({ judgement }, mirrored) => !opposites[judgement].includes(mirrored.judgement))).toEqual([])
  })

  test('are as different from one another as the other from the one', () => {
    expect(everyPair(({ different }, mirrored) => different !== mirrored.different)).toEqual([])
  })

  test('are the same as themselves, and as strong where they can be compared', () => {
    const broken = records.filter(([, record]) => {
      const { different, judgement } = pairOf(record, record)
      return different || (judgement !== 'equal' && judgement !== 'not-comparable')
    })
    expect(broken.map(([name]) => name)).toEqual([])
  })

  test('cannot be compared where one of them is not known', () => {
    const isOpen = ({ outcome }: HandshakeRecord['verdict']) => outcome === 'incomplete' || outcome === 'unanswered'
    const broken = records.flatMap(([name, before]) =>
      records
        .filter(([, after]) => isOpen(before.verdict) || isOpen(after.verdict))
        .filter(([, after]) => pairOf(before, after).judgement !== 'not-comparable')
        .map(([other]) => `${name} / ${other}`),
    )
    expect(broken).toEqual([])
  })
})
