import { describe, expect, it } from 'vitest'
import { judgePair, KEY_EXCHANGE_ORDER, keyExchangeRank, VERSION_ORDER } from '../../src/compare/strength.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { agreedOn, plainRecord } from '../support/comparisons.js'
import {
  handshakeRecord,
  incompleteRecord,
  negotiated,
  rejectedRecord,
  tls12Record,
  verdict,
} from '../support/records.js'

const exchange = (label: 'hybrid' | 'classical' | 'psk' | 'unknown', keyExchange: string): HandshakeRecord =>
  handshakeRecord({ verdict: verdict(label), negotiated: negotiated(null, { version: 'TLSv1.2', keyExchange }) })

describe('the order of key exchanges', () => {
  it.each([
    ['a hybrid that is a standard', agreedOn('hybrid', 'standard'), 'hybrid or post-quantum'],
    ['a hybrid of a current draft', agreedOn('hybrid', 'draft'), 'hybrid or post-quantum'],
    ['ML-KEM alone', agreedOn('post-quantum', 'draft'), 'hybrid or post-quantum'],
    ['an obsolete draft', agreedOn('hybrid', 'obsolete'), 'hybrid or post-quantum, obsolete or private'],
    [
      'a code point for private use',
      agreedOn('post-quantum', 'private'),
      'hybrid or post-quantum, obsolete or private',
    ],
    ['CECPQ1', exchange('hybrid', 'CECPQ1'), 'hybrid or post-quantum, obsolete or private'],
    ['a broken hybrid', agreedOn('hybrid', 'broken'), 'classical, or a hybrid that is broken'],
    ['ECDHE_SIKE', exchange('hybrid', 'ECDHE_SIKE'), 'classical, or a hybrid that is broken'],
    ['a curve', agreedOn('classical', 'standard'), 'classical, or a hybrid that is broken'],
    ['an obsolete curve', agreedOn('classical', 'obsolete'), 'classical, or a hybrid that is broken'],
    ['RSA', exchange('classical', 'RSA'), 'classical, without forward secrecy'],
    ['SIKE alone', agreedOn('post-quantum', 'broken'), 'post-quantum, broken'],
    ['a rejected handshake', rejectedRecord(), 'rejected'],
    ['a pre-shared key', exchange('psk', 'PSK'), null],
    ['a resumed session', exchange('psk', 'resumed'), null],
    ['an unknown group', agreedOn('unknown', 'unassigned'), null],
    ['an incomplete one', incompleteRecord(), null],
  ])('has %s where it belongs', (_, record, rank) => {
    expect(keyExchangeRank(record)).toBe(rank)
  })

  it('is written from the weakest to the strongest', () => {
    const rank = (record: HandshakeRecord) => KEY_EXCHANGE_ORDER.indexOf(keyExchangeRank(record) as never)
    const ranks = [
      rejectedRecord(),
      agreedOn('post-quantum', 'broken'),
      exchange('classical', 'RSA'),
      agreedOn('hybrid', 'broken'),
      agreedOn('hybrid', 'obsolete'),
      agreedOn('hybrid', 'standard'),
    ].map(rank)
    expect(ranks).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('judgePair', () => {
  const hybrid = agreedOn('hybrid', 'standard')
  it.each([
    ['classical to hybrid', plainRecord(), hybrid, 'upgrade'],
    ['hybrid to classical', hybrid, plainRecord(), 'downgrade'],
    ['hybrid to ML-KEM alone', hybrid, agreedOn('post-quantum', 'draft'), 'equal'],
    ['standard to obsolete', hybrid, agreedOn('hybrid', 'obsolete'), 'downgrade'],
    ['obsolete to standard', agreedOn('hybrid', 'obsolete'), hybrid, 'upgrade'],
    ['classical to a broken hybrid', plainRecord(), agreedOn('hybrid', 'broken'), 'equal'],
    ['classical to SIKE alone', plainRecord(), agreedOn('post-quantum', 'broken'), 'downgrade'],
    ['an older version', plainRecord(), tls12Record(), 'downgrade'],
    ['a newer version', tls12Record(), plainRecord(), 'upgrade'],
    [
      'a stronger exchange in an older version',
      agreedOn('classical', 'standard'),
      agreedOn('hybrid', 'standard', 'TLSv1.2'),
      'downgrade',
    ],
    ['a draft of TLS 1.3 to TLS 1.3', agreedOn('classical', 'standard', 'TLSv1.3-draft23'), plainRecord(), 'upgrade'],
    ['TLS 1.2 to a draft of TLS 1.3', tls12Record(), agreedOn('classical', 'standard', 'TLSv1.3-draft28'), 'upgrade'],
    ['an unknown version', plainRecord(), agreedOn('classical', 'standard', 'unknown (0x7e02)'), 'not-comparable'],
    ['hybrid to rejected', hybrid, rejectedRecord(), 'downgrade'],
    ['rejected to hybrid', rejectedRecord(), hybrid, 'upgrade'],
    ['a pre-shared key to rejected', exchange('psk', 'PSK'), rejectedRecord(), 'downgrade'],
    ['rejected to an unknown group', rejectedRecord(), agreedOn('unknown', 'unassigned'), 'upgrade'],
    ['rejected to incomplete', rejectedRecord(), incompleteRecord(), 'not-comparable'],
    ['rejected both times', rejectedRecord(), rejectedRecord(), 'equal'],
    ['hybrid to incomplete', hybrid, incompleteRecord(), 'not-comparable'],
    ['hybrid to a pre-shared key', hybrid, exchange('psk', 'PSK'), 'not-comparable'],
    ['hybrid to an unknown group', hybrid, agreedOn('unknown', 'unassigned'), 'not-comparable'],
    ['the same', hybrid, hybrid, 'equal'],
  ])('tells %s', (_, before, after, judgement) => {
    expect(judgePair(before, after)).toBe(judgement)
  })

  it('knows every version that pqcap names', () => {
    expect(VERSION_ORDER.indexOf('TLSv1.3')).toBe(VERSION_ORDER.length - 1)
    for (const version of VERSION_ORDER)
      expect(judgePair(agreedOn('classical', 'standard', version), agreedOn('classical', 'standard', version))).toBe(
        'equal',
      )
  })
})
