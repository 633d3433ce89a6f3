import { expect, it } from 'vitest'
import { analyzePackets, readPackets } from '../../src/analyze.js'
import type { PacketInput } from '../../src/capture/packet-iterable.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'

const sample = new URL('../../samples/retry-to-classical.pcap', import.meta.url).pathname

it('a ServerHello captured before the second ClientHello that it answers is of the same handshake', async () => {
  const packets: PacketInput[] = []
  for await (const { bytes, start, end, linkType } of readPackets(sample))
    packets.push({ data: bytes.slice(start, end), linkType })
  const found: HandshakeRecord[][] = []
  for (const swapped of packets.keys()) {
    const order = [...packets]
    order.splice(swapped, 2, ...packets.slice(swapped, swapped + 2).reverse())
    const records: HandshakeRecord[] = []
    for await (const record of analyzePackets(order)) if (record.type === 'handshake') records.push(record)
    found.push(records)
  }
  expect(found.map((records) => records.map(({ verdict }) => verdict.label))).toEqual(packets.map(() => ['classical']))
})
