import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptySegment, type Segment } from '../../src/packet/segment.js'
import { CONVERSATION, FlowTable, HANDSHAKES, ROW_SHIFT, STATUS, STREAM } from '../../src/stream/flow-table.js'

interface Ends {
  readonly ipVersion: 4 | 6
  readonly source: readonly number[]
  readonly destination: readonly number[]
  readonly sourcePort: number
  readonly destinationPort: number
}

function segmentOf({ ipVersion, source, destination, sourcePort, destinationPort }: Ends): Segment {
  const [sourceA = 0, sourceB = 0, sourceC = 0, sourceD = 0] = source
  const [destinationA = 0, destinationB = 0, destinationC = 0, destinationD = 0] = destination
  const addresses = { sourceA, sourceB, sourceC, sourceD, destinationA, destinationB, destinationC, destinationD }
  return { ...emptySegment(), ipVersion, ...addresses, sourcePort, destinationPort }
}

function reversed(ends: Ends): Ends {
  const { source, destination, sourcePort, destinationPort } = ends
  return {
    ...ends,
    source: destination,
    destination: source,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
  }
}

function endsOf(ipVersion: 4 | 6, source: readonly number[], destination: readonly number[]): Ends {
  return { ipVersion, source, destination, sourcePort: 1, destinationPort: 2 }
}

/** One of many hosts that connect to the same. */
function hostEnds(host: number): Ends {
  return endsOf(4, [0, 0, 0, host], [0, 0, 0, 7])
}

/** One text for both directions of a connection. */
function keyOf(ends: Ends): string {
  const from = `${ends.source.join()}:${ends.sourcePort}`
  const to = `${ends.destination.join()}:${ends.destinationPort}`
  return `${ends.ipVersion} ${[from, to].sort().join(' ')}`
}

/** Few addresses and ports, so that many connections share some of them, and ports are often the same at both ends. */
const anyWord = fc.constantFrom(0, 1, -1, 0x7fffffff, -2147483648)
const anyPort = fc.constantFrom(0, 1, 443, 50_000, 65_535)
const anyEnds: fc.Arbitrary<Ends> = fc.constantFrom(4 as const, 6 as const).chain((ipVersion) => {
  const address =
    ipVersion === 4 ? anyWord.map((word) => [0, 0, 0, word]) : fc.tuple(anyWord, anyWord, anyWord, anyWord)
  return fc.record({
    ipVersion: fc.constant(ipVersion),
    source: address,
    destination: address,
    sourcePort: anyPort,
    destinationPort: anyPort,
  })
})

describe('FlowTable', () => {
  it('knows each connection again in both directions, and no other', () => {
    fc.assert(
      fc.property(fc.array(anyEnds, { maxLength: 200 }), (connections) => {
        const table = new FlowTable(() => expect.unreachable())
        const model = new Map<string, number>()
        for (const ends of connections) {
          const known = model.get(keyOf(ends))
          const id = table.find(segmentOf(ends))
          expect(table.created).toBe(known === undefined)
          if (known !== undefined) expect(id).toBe(known)
          model.set(keyOf(ends), id)
          const { direction } = table
          expect(table.sender(id, direction)).toEqual(endpointOf(ends))
          expect(table.find(segmentOf(reversed(ends)))).toBe(id)
          expect(table.created).toBe(false)
          expect(table.sender(id, table.direction)).toEqual(endpointOf(reversed(ends)))
        }
        expect(new Set(model.values()).size).toBe(model.size)
      }),
    )
  })

  it('tells a segment from the one before it, of which it differs in one thing alone', () => {
    const first = endsOf(4, [0, 0, 0, 5], [0, 0, 0, 7])
    const others: Ends[] = [
      { ...first, ipVersion: 6 },
      { ...first, source: [0, 0, 0, 6] },
      { ...first, destination: [0, 0, 0, 6] },
      { ...first, sourcePort: 3 },
      { ...first, destinationPort: 3 },
    ]
    const table = new FlowTable(() => expect.unreachable())
    const id = table.find(segmentOf(first))
    for (const other of others) {
      expect(table.find(segmentOf(first))).toBe(id)
      expect(table.find(segmentOf(other))).not.toBe(id)
      expect(table.created).toBe(true)
    }
    expect(table.find(segmentOf(reversed(first)))).toBe(id)
    expect(table.sender(id, table.direction)).toEqual(endpointOf(reversed(first)))
  })

  it('tells two connections over IPv6 apart of which an address differs in one word alone', () => {
    const first = endsOf(6, [1, 2, 3, 5], [1, 2, 3, 7])
    const table = new FlowTable(() => expect.unreachable())
    const id = table.find(segmentOf(first))
    const changed = (words: readonly number[], at: number) => words.with(at, 9)
    for (const at of [0, 1, 2, 3])
      for (const other of [
        { ...first, source: changed(first.source, at) },
        { ...first, destination: changed(first.destination, at) },
      ]) {
        expect(table.find(segmentOf(first))).toBe(id)
        expect(table.find(segmentOf(other))).not.toBe(id)
        expect(table.sender(table.find(segmentOf(other)), table.direction)).toEqual(endpointOf(other))
      }
  })

  it('loses no connection but the one that it pushes out, whatever comes and goes', () => {
    const connection = fc.nat(60).map((host) => endsOf(host % 2 === 0 ? 4 : 6, [0, 0, 0, host], [0, 0, 0, -1]))
    fc.assert(
      fc.property(
        fc.array(connection, { maxLength: 400 }),
        fc.integer({ min: 1, max: 16 }),
        (connections, maxFlows) => {
          const idOfKey = new Map<string, number>()
          const keyOfId = new Map<number, string>()
          let evictions = 0
          const table = new FlowTable((id) => {
            const key = keyOfId.get(id)
            expect(key).toBeDefined()
            idOfKey.delete(key as string)
            keyOfId.delete(id)
            evictions++
          }, maxFlows)
          for (const ends of connections) {
            const known = idOfKey.get(keyOf(ends))
            const id = table.find(segmentOf(ends))
            expect(table.created).toBe(known === undefined)
            if (known === undefined) {
              expect(keyOfId.has(id)).toBe(false)
              expect(table.rows[(id << ROW_SHIFT) + CONVERSATION]).toBe(-1)
              idOfKey.set(keyOf(ends), id)
              keyOfId.set(id, keyOf(ends))
            } else expect(id).toBe(known)
            expect(keyOfId.size).toBeLessThanOrEqual(maxFlows)
          }
          expect(table.evicted).toBe(evictions)
        },
      ),
    )
  })

  it('finds all of a full table again after a hundred thousand evictions', () => {
    const table = new FlowTable(() => undefined, 512)
    for (let host = 0; host < 100_000; host++) table.find(segmentOf(hostEnds(host)))
    let found = 0
    for (let host = 100_000 - 512; host < 100_000; host++) {
      table.find(segmentOf(hostEnds(host)))
      if (!table.created) found++
    }
    expect(found).toBe(512)
    expect(table.evicted).toBe(100_000 - 512)
  })

  it('keeps a connection that is in use, and pushes out an idle one', () => {
    const table = new FlowTable(() => undefined, 64)
    table.find(segmentOf(hostEnds(-5)))
    for (let host = 0; host < 1000; host++) {
      table.find(segmentOf(hostEnds(host)))
      table.find(segmentOf(hostEnds(-5)))
      expect(table.created).toBe(false)
    }
  })

  it('pushes one out though all are in use', () => {
    const table = new FlowTable(() => undefined, 4)
    for (let host = 10; host < 14; host++) for (let i = 0; i < 2; i++) table.find(segmentOf(hostEnds(host)))
    table.find(segmentOf(hostEnds(14)))
    expect(table.created).toBe(true)
    expect(table.evicted).toBe(1)
  })

  it('grows past its first size without losing a row', () => {
    const table = new FlowTable(() => expect.unreachable())
    const ends = (host: number): Ends => endsOf(6, [1, 2, 3, host], [1, 2, 3, 4])
    for (let host = 10; host < 5000; host++) {
      const id = table.find(segmentOf(ends(host)))
      table.rows[(id << ROW_SHIFT) + STREAM] = host
    }
    for (let host = 10; host < 5000; host++) {
      const id = table.find(segmentOf(ends(host)))
      expect(table.created).toBe(false)
      expect(table.rows[(id << ROW_SHIFT) + STREAM]).toBe(host)
    }
  })

  it('puts a row back to the beginning, and still finds it', () => {
    const table = new FlowTable(() => expect.unreachable())
    const ends = endsOf(6, [1, 2, 3, 4], [5, 6, 7, 8])
    const id = table.find(segmentOf(ends))
    const before = table.rows[(id << ROW_SHIFT) + STATUS] as number
    table.rows[(id << ROW_SHIFT) + STATUS] = before | 0x3ff
    table.rows[(id << ROW_SHIFT) + HANDSHAKES] = 3
    table.rows[(id << ROW_SHIFT) + CONVERSATION] = 9
    table.restart(id)
    expect((table.rows[(id << ROW_SHIFT) + STATUS] as number) & 0x3ff).toBe(0)
    expect(table.rows[(id << ROW_SHIFT) + HANDSHAKES]).toBe(0)
    expect(table.rows[(id << ROW_SHIFT) + CONVERSATION]).toBe(-1)
    expect(table.find(segmentOf(reversed(ends)))).toBe(id)
    expect(table.created).toBe(false)
    expect(table.sender(id, 0).ipVersion).toBe(6)
  })
})

function endpointOf({ ipVersion, source, sourcePort }: Ends) {
  const [a, b, c, d] = source
  return { ipVersion, a, b, c, d, port: sourcePort }
}
