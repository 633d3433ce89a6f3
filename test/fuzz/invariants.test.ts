import { describe, expect, test } from 'vitest'
import { type StreamLog, takeLogs } from '../../fuzz/evidence.js'
import { brokenRule } from '../../fuzz/invariants.js'
import { analyze } from '../../src/analyze.js'
import type { CaptureRecord, HandshakeRecord, Label, PqcapRecord } from '../../src/verdict/record.js'
import { pcap } from '../support/captures.js'
import { handshakes } from '../support/handshakes.js'

interface Reading {
  readonly handshake: HandshakeRecord
  readonly capture: CaptureRecord
  readonly logs: readonly StreamLog[]
}

async function reading(name: string): Promise<Reading> {
  const records: PqcapRecord[] = []
  takeLogs()
  const make = handshakes[name] as NonNullable<(typeof handshakes)[string]>
  for await (const record of analyze([pcap(make())])) records.push(record)
  const [handshake, capture] = records as [HandshakeRecord, CaptureRecord]
  return { handshake, capture, logs: takeLogs() }
}

const labelled = (record: HandshakeRecord, label: Label): HandshakeRecord => ({
  ...record,
  verdict: { ...record.verdict, label },
})

describe('the rules that records are held against', () => {
  test.each(Object.keys(handshakes))('hold for %s', async (name) => {
    const { handshake, capture, logs } = await reading(name)
    expect(brokenRule([handshake, capture], logs)).toBeNull()
  })

  test('see a label that the group does not have', async () => {
    const { handshake, capture, logs } = await reading('TLS 1.3, hybrid')
    expect(brokenRule([labelled(handshake, 'classical'), capture], logs)?.invariant).toContain('verdict is consistent')
    const reason = { ...handshake.verdict, label: 'post-quantum', reason: 'post-quantum-selected' } as const
    expect(brokenRule([{ ...handshake, verdict: reason }, capture], logs)?.invariant).toContain('the kind of the group')
  })

  test('see a group that the server did not send', async () => {
    const { handshake, capture, logs } = await reading('TLS 1.3, hybrid')
    const group = { id: 0x11eb, name: 'SecP256r1MLKEM768', kind: 'hybrid', status: 'standard' } as const
    const negotiated = { ...(handshake.negotiated as NonNullable<HandshakeRecord['negotiated']>), group }
    expect(brokenRule([{ ...handshake, negotiated }, capture], logs)?.invariant).toBe(
      'a negotiated group stands in a ServerHello',
    )
    expect(brokenRule([handshake, capture], [])?.invariant).toBe('a negotiated group stands in a ServerHello')
  })

  test('see a curve that the server did not send', async () => {
    const { handshake, capture, logs } = await reading('TLS 1.2, ECDHE')
    const group = { id: 0x0019, name: 'secp521r1', kind: 'classical', status: 'standard' } as const
    const negotiated = { ...(handshake.negotiated as NonNullable<HandshakeRecord['negotiated']>), group }
    expect(brokenRule([{ ...handshake, negotiated }, capture], logs)?.invariant).toBe(
      'a negotiated curve stands in a ServerKeyExchange',
    )
  })

  test('see frames, streams, costs and totals that cannot be', async () => {
    const { handshake, capture, logs } = await reading('TLS 1.3, hybrid')
    const broken = (records: readonly PqcapRecord[]) => brokenRule(records, logs)?.invariant
    const cost = { ...handshake.cost, milliseconds: -1 }
    expect(broken([{ ...handshake, cost }, capture])).toBe('costs are not negative')
    expect(broken([handshake, { ...capture, packets: 2 }])).toBe('frames are in the capture')
    expect(broken([handshake, { ...capture, tcpStreams: 0 }])).toBe('streams are counted')
    expect(broken([handshake, handshake, { ...capture, handshakes: 2 }])).toBe('handshakes have their own numbers')
    expect(broken([handshake, { ...capture, handshakes: 2 }])).toBe('handshakes are counted')
    expect(broken([handshake])).toBe('one capture record, at the end')
    expect(broken([capture, handshake])).toBe('one capture record, at the end')
  })
})
