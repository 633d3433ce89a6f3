import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { analyze } from '../src/analyze.js'
import type { CaptureRecord, HandshakeRecord, PqcapRecord } from '../src/verdict/record.js'
import { pcap } from './support/captures.js'
import { Connection } from './support/connection.js'
import { tcp } from './support/packets.js'
import { hybridClientHello, record } from './support/tls.js'

describe('many captures, of which none is waited for', () => {
  test('let timers and signals have their turn', async () => {
    const capture = pcap(Array.from({ length: 100 }, () => tcp()))
    const signal = AbortSignal.timeout(1)
    let read = 0
    while (!signal.aborted && read < 1_000_000) {
      for await (const _ of analyze(capture)) read++
    }
    expect(signal.aborted).toBe(true)
  })
})

describe('an analysis that is interrupted', () => {
  const { packets } = new Connection().open().client(record(22, hybridClientHello()))
  new Connection({ clientPort: 4000, into: packets }).open().client(new Uint8Array(4_000_000))
  const capture = pcap(packets)
  const signal = AbortSignal.abort()

  async function interrupted(input: string | AsyncIterable<Uint8Array>): Promise<[HandshakeRecord, CaptureRecord]> {
    const records: PqcapRecord[] = []
    for await (const one of analyze(input, { signal })) records.push(one)
    return records as [HandshakeRecord, CaptureRecord]
  }

  test('in a file says so, and blames no peer for what may be in the rest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pqcap-interrupted-'))
    try {
      const path = join(folder, 'large.pcap')
      writeFileSync(path, capture)
      const [handshake, { packets: read, notes, error }] = await interrupted(path)
      expect(read).toBeLessThan(packets.length)
      expect(notes).toEqual([
        { code: 'interrupted', message: `reading was interrupted after ${read} packets: the rest was not read` },
      ])
      expect(error).toBeNull()
      expect(handshake.verdict.outcome).toBe('incomplete')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('in what is still being written ends the capture there', async () => {
    async function* live(): AsyncGenerator<Uint8Array> {
      yield capture.slice(0, 200_000)
      yield capture.slice(200_000)
    }
    const [handshake, { notes }] = await interrupted(live())
    expect(notes).toEqual([])
    expect(handshake.verdict.outcome).toBe('unanswered')
  })
})
