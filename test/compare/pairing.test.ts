import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, pairHandshakes } from '../../src/compare/pairing.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { handshakeRecord } from '../support/records.js'

let streams = 0

function candidate(serverName: string | null, address = '198.51.100.1', path: string | null = null): Candidate {
  const record = handshakeRecord({ serverName, server: { address, port: 443 }, stream: streams++ })
  return { record, path }
}

/** `1=2 server-name`: places on both sides, and what they were paired by; then what was left over. */
function paired(before: readonly Candidate[], after: readonly Candidate[]): string[] {
  const place = (side: readonly Candidate[], record: HandshakeRecord) => side.findIndex((one) => one.record === record)
  const { pairs, leftOver } = pairHandshakes(before, after)
  return [
    ...pairs.map((pair) => `${place(before, pair.before)}=${place(after, pair.after)} ${pair.by}`),
    ...leftOver.before.map((record) => `${place(before, record)}=`),
    ...leftOver.after.map((record) => `=${place(after, record)}`),
  ]
}

describe('pairHandshakes', () => {
  it('pairs by server name, case and the dot at the end aside, whatever the order', () => {
    const before = [candidate('a.test.'), candidate('b.test')]
    const after = [candidate('B.TEST'), candidate('a.test')]
    expect(paired(before, after)).toEqual(['0=1 server-name', '1=0 server-name'])
  })

  it('prefers the same endpoint among those of one name, and else takes them in order', () => {
    const before = [
      candidate('a.test', '192.0.2.1'),
      candidate('a.test', '192.0.2.2'),
      candidate('a.test', '192.0.2.3'),
    ]
    const after = [candidate('a.test', '192.0.2.9'), candidate('a.test', '192.0.2.1'), candidate('a.test', '192.0.2.8')]
    expect(paired(before, after)).toEqual(['0=1 server-name', '1=0 server-name', '2=2 server-name'])
  })

  it('prefers the same file of two folders', () => {
    const before = ['one.pcap', 'two.pcap', 'three.pcap'].map((path) => candidate('a.test', '192.0.2.1', path))
    const after = ['two.pcap', 'three.pcap'].map((path) => candidate('a.test', '192.0.2.1', path))
    expect(paired(before, after)).toEqual(['1=0 server-name', '2=1 server-name', '0='])
  })

  it('pairs by endpoint where one of two sent no name', () => {
    const before = [candidate(null, '192.0.2.1'), candidate('b.test', '192.0.2.2')]
    const after = [candidate(null, '192.0.2.2'), candidate('c.test', '192.0.2.1')]
    expect(paired(before, after)).toEqual(['0=1 server-endpoint', '1=0 server-endpoint'])
  })

  it('pairs the rest in order where no name speaks against it', () => {
    const before = [candidate(null, '192.0.2.1'), candidate('b.test', '192.0.2.2')]
    const after = [candidate('c.test', '192.0.2.3'), candidate(null, '192.0.2.4')]
    expect(paired(before, after)).toEqual(['0=1 order', '1=', '=0'])
  })

  it('leaves different names alone, unless they are the only ones', () => {
    expect(paired([candidate('a.test')], [candidate('b.test')])).toEqual(['0=0 order'])
    expect(paired([candidate('a.test'), candidate('x.test')], [candidate('b.test'), candidate('x.test')])).toEqual([
      '1=1 server-name',
      '0=',
      '=0',
    ])
  })

  it('takes what was selected first, in the order of the selection', () => {
    const before = [candidate('a.test'), candidate('b.test'), candidate('b.test')]
    const after = [candidate('a.test'), candidate('b.test')]
    const records = (side: readonly Candidate[]) => side.map(({ record }) => record)
    const [a, b] = [records(before), records(after)]
    const selection = { before: [a[2] as HandshakeRecord], after: [b[0] as HandshakeRecord] }
    const { pairs } = pairHandshakes(before, after, [selection, selection])
    expect(pairs.map((pair) => [a.indexOf(pair.before), b.indexOf(pair.after), pair.by])).toEqual([
      [1, 1, 'server-name'],
      [2, 0, 'selection'],
    ])
  })

  const side = fc
    .array(
      fc.tuple(
        fc.constantFrom(null, 'a.test', 'b.test', 'c.test'),
        fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3'),
      ),
      { maxLength: 12 },
    )
    .map((ends) => ends.map(([name, address]) => candidate(name, address)))

  it('has every handshake once, in a pair or left over', () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        const { pairs, leftOver } = pairHandshakes(before, after)
        const all = (which: 'before' | 'after') => [...pairs.map((pair) => pair[which]), ...leftOver[which]]
        expect(new Set(all('before'))).toEqual(new Set(before.map(({ record }) => record)))
        expect(all('before')).toHaveLength(before.length)
        expect(new Set(all('after'))).toEqual(new Set(after.map(({ record }) => record)))
        expect(all('after')).toHaveLength(after.length)
      }),
    )
  })

  it('joins no two names, and leaves no name on both sides', () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        const { pairs, leftOver } = pairHandshakes(before, after)
        const only = before.length === 1 && after.length === 1
        for (const { before: a, after: b } of pairs)
          if (!only && a.serverName !== null && b.serverName !== null) expect(a.serverName).toBe(b.serverName)
        const names = new Set(leftOver.before.map(({ serverName }) => serverName))
        for (const { serverName } of leftOver.after)
          expect(serverName === null ? false : names.has(serverName)).toBe(false)
      }),
    )
  })

  it('pairs a side with itself, each with its own', () => {
    fc.assert(
      fc.property(side, (one) => {
        const { pairs, leftOver } = pairHandshakes(one, one)
        expect(leftOver.before).toEqual([])
        for (const { before, after } of pairs) {
          expect(after.serverName).toBe(before.serverName)
          expect(after.server).toEqual(before.server)
        }
      }),
    )
  })
})
