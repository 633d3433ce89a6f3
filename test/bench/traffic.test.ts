import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { analyze, type CaptureRecord, type HandshakeRecord } from '../../src/index.js'

const TRAFFIC = fileURLToPath(new URL('../../bench/traffic.mjs', import.meta.url))

test.each(['handshakes', 'bulk'])('makes a capture of %s in which every handshake is whole', async (kind) => {
  const { handshakes, capture } = await recordsOf(traffic(kind))
  expect(handshakes.length).toBeGreaterThan(1)
  expect(handshakes.filter(({ verdict }) => !['negotiated', 'rejected'].includes(verdict.outcome))).toEqual([])
  expect(handshakes.filter(({ cost, verdict }) => cost.complete !== (verdict.outcome === 'negotiated'))).toEqual([])
  expect({ ...capture.skipped }).toEqual({})
  expect(capture.error).toBeNull()
})

test('makes bulk mostly of application data', async () => {
  const { handshakes } = await recordsOf(traffic('bulk'))
  const handshakeBytes = handshakes.reduce((sum, { cost }) => sum + cost.clientBytes + cost.serverBytes, 0)
  expect(handshakeBytes).toBeLessThan(traffic('bulk').length / 50)
})

test('makes the same bytes again', () => {
  expect(traffic('handshakes').equals(traffic('handshakes'))).toBe(true)
})

function traffic(kind: string): Buffer {
  const { status, stdout } = spawnSync(process.execPath, [TRAFFIC, kind, '2', '-'], { maxBuffer: 64 * 1024 * 1024 })
  expect(status).toBe(0)
  return stdout
}

async function recordsOf(bytes: Uint8Array): Promise<{ handshakes: HandshakeRecord[]; capture: CaptureRecord }> {
  const handshakes: HandshakeRecord[] = []
  for await (const record of analyze(bytes)) {
    if (record.type === 'capture') return { handshakes, capture: record }
    handshakes.push(record)
  }
  throw new Error('no record of the capture')
}
