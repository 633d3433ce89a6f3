import { describe, expect, it } from 'vitest'
import { comparisonOf, plainRecord } from '../support/comparisons.js'
import { classicalRecord, handshakeRecord, rejectedRecord, tls12Record } from '../support/records.js'

const timed = (stream: number, connectMilliseconds: number, milliseconds: number) =>
  ({ stream, cost: { ...handshakeRecord().cost, connectMilliseconds, milliseconds } }) as const

describe('compare', () => {
  it('counts transitions, the most frequent first, and how the pairs were found', () => {
    const { summary, pairedBy, servers } = comparisonOf(
      [handshakeRecord(), plainRecord({ stream: 1 }), plainRecord({ stream: 2, serverName: 'b.test' })],
      [rejectedRecord(), handshakeRecord({ stream: 1 }), classicalRecord({ stream: 2, serverName: 'b.test' })],
    )
    expect(summary.transitions).toEqual([
      { before: 'hybrid', after: 'rejected', pairs: 1 },
      { before: 'classical', after: 'hybrid', pairs: 1 },
      { before: 'classical', after: 'classical', pairs: 1 },
    ])
    expect(summary.judgements).toEqual({ upgrade: 1, equal: 1, downgrade: 1, 'not-comparable': 0 })
    expect(pairedBy).toEqual({ selection: 0, 'server-name': 3, 'server-endpoint': 0, order: 0 })
    expect(servers.map(({ serverName, pairs }) => [serverName, pairs])).toEqual([
      ['server.example.test', 2],
      ['b.test', 1],
    ])
  })

  it('sums up by server name, however that is written', () => {
    const { servers } = comparisonOf(
      [handshakeRecord({ serverName: 'A.test' }), handshakeRecord({ stream: 1, serverName: 'a.test.' })],
      [handshakeRecord({ serverName: 'a.test' }), handshakeRecord({ stream: 1, serverName: 'a.test' })],
    )
    expect(servers.map(({ serverName, pairs }) => [serverName, pairs])).toEqual([['A.test', 2]])
  })

  it('leaves handshakes without an end out of the sums, and says so', () => {
    const { summary } = comparisonOf([plainRecord(), plainRecord()], [handshakeRecord(), rejectedRecord()])
    expect(summary.sizes.totalBytes.difference).toEqual({ n: 1, median: 2308, p95: 2308 })
    expect(summary.sizes.clientHelloBytes.difference?.n).toBe(2)
    expect(summary.notes.map(({ code }) => code)).toContain('end-not-seen')
  })

  it('has nothing to say of a large sample with the same round trips', () => {
    const before = Array.from({ length: 20 }, (_, i) => handshakeRecord(timed(i, 1, 5)))
    const after = Array.from({ length: 20 }, (_, i) => handshakeRecord(timed(i, 1, 9)))
    expect(comparisonOf(before, after).summary.notes).toEqual([])
    expect(comparisonOf(before.slice(1), after.slice(1)).summary.notes.map(({ code }) => code)).toEqual([
      'small-sample',
    ])
  })

  it('says where the round trips differ more than the handshakes', () => {
    const before = Array.from({ length: 20 }, (_, i) => handshakeRecord(timed(i, 1, 5)))
    const after = Array.from({ length: 20 }, (_, i) => handshakeRecord(timed(i, 9, 9)))
    expect(comparisonOf(before, after).summary.notes.map(({ code }) => code)).toEqual(['round-trips-differ'])
  })

  it('says that versions end their handshakes in other places, where one pair of many has them', () => {
    const before = [tls12Record(), handshakeRecord({ stream: 1 }), handshakeRecord({ stream: 2 })]
    const after = [0, 1, 2].map((stream) => handshakeRecord({ stream }))
    const [note] = comparisonOf(before, after).summary.notes
    expect(note?.code).toBe('versions-differ')
    expect(note?.message).toContain('round trips do not')
    expect(comparisonOf(before.slice(1), after.slice(1)).summary.notes.map(({ code }) => code)).toEqual([
      'small-sample',
    ])
  })

  it('says how small a sample is, and what is not known of it', () => {
    const [before, after] = [[plainRecord()], [handshakeRecord()]]
    expect(comparisonOf(before, after).summary.notes[0]?.message).toMatch(/^1 pair is fewer than 20: /)
    const unopened = { cost: { ...handshakeRecord().cost, connectMilliseconds: null } }
    const { notes } = comparisonOf(
      [plainRecord(), plainRecord()],
      [handshakeRecord(unopened), handshakeRecord(unopened)],
    ).summary
    expect(notes.map(({ code }) => code)).toEqual(['small-sample', 'round-trip-unknown'])
    expect(notes[0]?.message).toMatch(/^2 pairs are fewer than 20: /)
  })

  it('names a server by whichever side sent its name', () => {
    const named = comparisonOf([plainRecord({ serverName: null })], [handshakeRecord({ serverName: 'a.test' })])
    expect(named.servers.map(({ serverName }) => serverName)).toEqual(['a.test'])
    const other = comparisonOf([plainRecord({ serverName: 'a.test' })], [handshakeRecord({ serverName: null })])
    expect(other.servers.map(({ serverName }) => serverName)).toEqual(['a.test'])
  })

  it('counts the most frequent transition first', () => {
    const before = [handshakeRecord(), plainRecord({ stream: 1 }), plainRecord({ stream: 2 })]
    const after = [0, 1, 2].map((stream) => handshakeRecord({ stream }))
    expect(comparisonOf(before, after).summary.transitions).toEqual([
      { before: 'classical', after: 'hybrid', pairs: 2 },
      { before: 'hybrid', after: 'hybrid', pairs: 1 },
    ])
  })

  it('gives the pairs as often as they are asked for', () => {
    const { pairs } = comparisonOf([plainRecord()], [handshakeRecord()])
    expect([...pairs]).toEqual([...pairs])
  })
})
