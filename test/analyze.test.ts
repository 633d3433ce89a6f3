import { getEventListeners } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type AnalyzeOptions, analyze, type CaptureInput } from '../src/analyze.js'
import { show } from '../src/show.js'
import type { CaptureRecord, HandshakeRecord, PqcapRecord } from '../src/verdict/record.js'
import { pcap } from './support/captures.js'
import { Connection } from './support/connection.js'
import { tcp } from './support/packets.js'
import { hybridClientHello, record } from './support/tls.js'

const SAMPLES = fileURLToPath(new URL('../samples', import.meta.url))

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

  async function interrupted(input: CaptureInput, by: AbortController): Promise<[HandshakeRecord, CaptureRecord]> {
    const onProgress = (): void => by.abort()
    return (await recordsOf(input, { signal: by.signal, onProgress })) as [HandshakeRecord, CaptureRecord]
  }

  test('in a file says so, and blames no peer for what may be in the rest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pqcap-interrupted-'))
    try {
      const path = join(folder, 'large.pcap')
      writeFileSync(path, capture)
      const [handshake, { packets: read, notes, error }] = await interrupted(path, new AbortController())
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
    const interruption = new AbortController()
    async function* live(): AsyncGenerator<Uint8Array> {
      yield capture.slice(0, 200_000)
      interruption.abort()
      yield capture.slice(200_000)
    }
    const [handshake, { notes }] = await interrupted(live(), interruption)
    expect(notes).toEqual([])
    expect(handshake.verdict.outcome).toBe('unanswered')
  })
})

describe('an aborted signal', () => {
  const bytes = readFileSync(join(SAMPLES, 'resumed-tls13.pcap'))

  /** Some chunks, and then nothing more for ever. */
  function stuck(...chunks: readonly Uint8Array[]): { input: CaptureInput; abort: AbortController; closed: boolean } {
    const given = { input: [] as CaptureInput, abort: new AbortController(), closed: false }
    given.input = {
      [Symbol.asyncIterator]: () => {
        const left = [...chunks]
        return {
          next: () => {
            const value = left.shift()
            if (value !== undefined) return Promise.resolve({ done: false, value })
            setImmediate(() => given.abort.abort())
            return new Promise(() => {})
          },
          // As a generator: it answers once the chunk is there that is waited for.
          return: () => {
            given.closed = true
            return new Promise(() => {})
          },
        }
      },
    }
    return given
  }

  test('ends an analysis that waits for a stream, as if the capture ended there', async () => {
    const waiting = stuck(bytes.subarray(0, bytes.length - 100))
    const records = await recordsOf(waiting.input, { signal: waiting.abort.signal })
    expect(records.map(({ type }) => type)).toEqual(['handshake', 'handshake', 'capture'])
    expect(records.at(-1)).toMatchObject({ format: 'pcap', error: null })
    expect(waiting.closed).toBe(true)
  })

  test.each([
    ['before the first byte', 0],
    ['within the header of the file', 10],
  ])('ends one that waits for a stream %s', async (_, length) => {
    const waiting = length === 0 ? stuck() : stuck(bytes.subarray(0, length))
    const records = await recordsOf(waiting.input, { signal: waiting.abort.signal })
    expect(records).toMatchObject([{ type: 'capture', packets: 0, error: null }])
  })

  test('ends one before it begins', async () => {
    const path = join(SAMPLES, 'resumed-tls13.pcap')
    const records = await recordsOf(path, { signal: AbortSignal.abort() })
    expect(records).toMatchObject([{ type: 'capture', capture: path, packets: 0, error: null }])
    expect(records).toMatchObject([{ notes: [{ code: 'interrupted' }] }])
  })

  test('ends what is to be shown', async () => {
    const waiting = stuck(bytes)
    const { capture, matching } = await show(waiting.input, { signal: waiting.abort.signal })
    expect({ error: capture.error, matching }).toEqual({ error: null, matching: 2 })
  })

  test('that is not aborted is given no listener that stays', async () => {
    const { signal } = new AbortController()
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100)
    }
    await recordsOf(chunks(), { signal })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('records', () => {
  test('hold nothing in common that can be changed', async () => {
    const holders = new Map<object, PqcapRecord>()
    const changeable: string[] = []
    const visit = (value: unknown, path: string, record: PqcapRecord): void => {
      if (typeof value !== 'object' || value === null) return
      const holder = holders.get(value)
      if (holder === undefined) holders.set(value, record)
      else if (holder !== record && !Object.isFrozen(value)) changeable.push(path)
      for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`, record)
    }
    for (const name of readdirSync(SAMPLES).filter((file) => file.includes('.pcap'))) {
      // Twice: what is kept from one capture to the next is shared, too.
      for (const input of [join(SAMPLES, name), join(SAMPLES, name)])
        for (const record of await recordsOf(input)) visit(record, `${name} ${record.type}`, record)
    }
    expect(holders.size).toBeGreaterThan(1000)
    expect(changeable).toEqual([])
  })

  test('of two analyses at once are those of each alone', async () => {
    const paths = ['lossy.pcap.gz', 'resumed-tls12.pcap', 'grease-chromium.pcap'].map((name) => join(SAMPLES, name))
    const alone: (readonly PqcapRecord[])[] = []
    for (const path of paths) alone.push(await recordsOf(path))
    expect(await Promise.all(paths.map((path) => recordsOf(path)))).toEqual(alone)
  })
})

async function recordsOf(input: CaptureInput, options: AnalyzeOptions = {}): Promise<PqcapRecord[]> {
  const records: PqcapRecord[] = []
  for await (const record of analyze(input, options)) records.push(record)
  return records
}
