import { describe, expect, it } from 'vitest'
import { analyzePackets, readPackets } from '../../src/analyze.js'
import type { PacketInput } from '../../src/capture/packet-iterable.js'

const sample = new URL('../../samples/classical-x25519.pcap', import.meta.url).pathname

async function verdictWithout(...frames: readonly number[]): Promise<unknown> {
  const packets: PacketInput[] = []
  for await (const { frame, bytes, start, end, linkType, seconds } of readPackets(sample))
    if (!frames.includes(frame))
      packets.push({ data: bytes.slice(start, end), linkType, nanoseconds: BigInt(seconds) * 1_000_000_000n })
  for await (const record of analyzePackets(packets)) if (record.type === 'handshake') return record.verdict
  return null
}

describe('Conversation', () => {
  it('knows where the server goes on from what the client acknowledged, where the SYN/ACK is not there', async () => {
    expect(await verdictWithout(2)).toMatchObject({ outcome: 'negotiated', label: 'classical' })
    expect(await verdictWithout(2, 6)).toMatchObject({ outcome: 'incomplete', label: null, reason: 'missing-bytes' })
    expect(await verdictWithout(1, 2, 3, 6)).toMatchObject({ outcome: 'incomplete', reason: 'missing-bytes' })
  })
})
