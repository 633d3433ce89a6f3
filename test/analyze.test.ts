import { describe, expect, test } from 'vitest'
import { analyze } from '../src/analyze.js'
import { pcap } from './support/captures.js'
import { tcp } from './support/packets.js'

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
