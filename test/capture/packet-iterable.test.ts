import { describe, expect, test } from 'vitest'
import { analyze, analyzePackets, readPackets } from '../../src/analyze.js'
import type { PacketInput } from '../../src/capture/packet-iterable.js'
import type { PqcapRecord } from '../../src/verdict/record.js'

const sample = new URL('../../samples/hybrid-x25519mlkem768.pcap', import.meta.url).pathname

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

async function samplePackets(): Promise<PacketInput[]> {
  const packets: PacketInput[] = []
  for await (const { bytes, start, end, linkType, originalLength, seconds, fraction } of readPackets(sample)) {
    const nanoseconds = BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * 1000n
    packets.push({ data: bytes.slice(start, end), linkType, originalLength, nanoseconds })
  }
  return packets
}

const handshakesOf = (records: readonly PqcapRecord[]) => records.filter((record) => record.type === 'handshake')

describe('packets from elsewhere', () => {
  test('may stand in one Buffer that is used again and again', async () => {
    const buffer = Buffer.alloc(65_536)
    const packets = await samplePackets()
    // The second half of the ClientHello comes first, and has to wait.
    const swapped = packets.map((packet, i) => packets[i === 3 ? 4 : i === 4 ? 3 : i] ?? packet)
    async function* reused(): AsyncGenerator<PacketInput> {
      for (const packet of swapped) {
        buffer.fill(0xff).set(packet.data)
        yield { ...packet, data: buffer.subarray(0, packet.data.length) }
      }
    }
    const expected = handshakesOf(await collect(analyzePackets(swapped, { name: 'x' })))
    expect(handshakesOf(await collect(analyzePackets(reused(), { name: 'x' })))).toEqual(expected)
    expect(expected[0]?.verdict.label).toBe('hybrid')
  })

  test('give the handshakes that their file gives', async () => {
    const ofFile = handshakesOf(await collect(analyze(sample, { name: 'x' })))
    const ofPackets = handshakesOf(await collect(analyzePackets(await samplePackets(), { name: 'x' })))
    const withTimeOfFile = ofPackets.map((record, i) => ({ ...record, startTime: ofFile[i]?.startTime }))
    expect(withTimeOfFile).toEqual(ofFile)
    expect(ofPackets[0]?.startTime).toBe(ofFile[0]?.startTime.replace('Z', '000Z'))
  })

  test('have the frame numbers that they are given, and go on from there', async () => {
    const packets = await samplePackets()
    const frameOf = async (given: readonly PacketInput[]) =>
      handshakesOf(await collect(analyzePackets(given)))[0]?.serverHello?.frame
    const frame = (await frameOf(packets)) as number
    expect(await frameOf(packets.map((packet, i) => ({ ...packet, frame: 2 * i + 1 })))).toBe(2 * frame - 1)
    expect(await frameOf(packets.map((packet, i) => (i === 1 ? { ...packet, frame: 12 } : packet)))).toBe(frame + 10)
  })

  test('may come asynchronously, and count as a capture without a format', async () => {
    const packets = await samplePackets()
    const records = await collect(
      analyzePackets(
        (async function* () {
          yield* packets
        })(),
      ),
    )
    expect(records.at(-1)).toMatchObject({ type: 'capture', format: null, packets: packets.length, error: null })
  })

  test('that end with an error leave what came before', async () => {
    const packets = await samplePackets()
    const records = await collect(
      analyzePackets(
        (function* () {
          yield* packets
          throw new Error('the tap is gone')
        })(),
      ),
    )
    expect(handshakesOf(records)).toHaveLength(1)
    expect(records.at(-1)).toMatchObject({ error: { code: 'unreadable' } })
  })

  test('of a file that is cut end with an error that says where', async () => {
    const { readFileSync } = await import('node:fs')
    const cut = readFileSync(sample).subarray(0, 1000)
    let count = 0
    await expect(async () => {
      for await (const _ of readPackets(cut)) count++
    }).rejects.toThrow(/cut at offset 1000/)
    expect(count).toBe(3)
  })
})
