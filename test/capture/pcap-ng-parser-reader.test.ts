import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { big, counting, join } from '../support/bytes.js'
import { inChunks, readCapture, text, texts } from '../support/capture-reading.js'
import { type Block, block, enhancedPacket, interfaceDescription, pcapng, sectionHeader } from '../support/captures.js'
import { everyKindOfBlock } from '../support/pcapng-kinds.js'

const SAMPLES = new URL('../../samples/', import.meta.url)
const samples = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pcapng'))

/** Reads with pcap-ng-parser and with the own reader, expects the same of both, and returns it. */
async function readWithBoth(bytes: Uint8Array, chunkSize = bytes.length) {
  const own = await readCapture(inChunks(bytes, chunkSize), 'own')
  expect(await readCapture(inChunks(bytes, chunkSize), 'pcap-ng-parser')).toEqual(own)
  return own
}

describe('PcapNgParserReader', () => {
  it.each(samples)('reads the packets of %s as the own reader does', async (name) => {
    const { packets, error } = await readWithBoth(readFileSync(new URL(name, SAMPLES)), 4096)
    expect(packets.length).toBeGreaterThan(0)
    expect(error).toBeNull()
  })

  it('has samples to compare', () => {
    expect(samples.length).toBeGreaterThan(0)
  })

  it('reads every kind of block and several sections of different byte order', async () => {
    for (const first of ['big', 'little'] as const) {
      const { bytes, packetsAt } = everyKindOfBlock(first)
      const reading = await readWithBoth(bytes)
      expect(reading.packets.length).toBe(packetsAt.at(-1))
      expect(reading.error).toBeNull()
    }
  })

  it.each([1, 7, 4096])('reads chunks of %i bytes', async (size) => {
    await readWithBoth(everyKindOfBlock('little').bytes, size)
  })

  it('reads captures cut at every byte', async () => {
    const { bytes } = everyKindOfBlock('big')
    for (let length = 0; length <= bytes.length; length++) await readWithBoth(bytes.subarray(0, length))
  })

  it('reads captures with a corrupt length anywhere', async () => {
    const { bytes } = everyKindOfBlock('big')
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      for (const value of [0, 13, 0x1000, 0xffff_ffff]) {
        const damaged = bytes.slice()
        damaged.set(big(value, 4), at)
        await readWithBoth(damaged)
      }
    }
  })

  it('reads captures with bytes changed, inserted and left out', async () => {
    const { bytes } = everyKindOfBlock('little')
    const place = fc.nat(bytes.length - 1)
    const change = fc.tuple(place, fc.nat(8), fc.uint8Array({ maxLength: 8 }))
    const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      let damaged = bytes
      for (const [at, removed, added] of changes)
        damaged = join(damaged.subarray(0, at), added, damaged.subarray(at + removed))
      await readWithBoth(damaged)
    })
    await fc.assert(property, { numRuns: 500 })
  })

  it('reads interfaces in whose options the package throws', async () => {
    const options: readonly (readonly Block[])[] = [
      [interfaceDescription({ name: 'eth0', options: [{ code: 12, value: 'Linux 6.12' }] })],
      [interfaceDescription({ options: [{ code: 11, value: counting(300) }] })],
      [block(1, join([1, 0, 0, 0], [0, 0, 0, 0], [2, 0, 255, 255]))],
      [block(1, join([1, 0, 0, 0], [0, 0, 0, 0], [2, 0]))],
    ]
    for (const interfaces of options) {
      const bytes = pcapng([sectionHeader(), ...interfaces, enhancedPacket({ bytes: text('packet') })])
      expect(texts(await readWithBoth(bytes))).toEqual(['packet'])
    }
  })
})
