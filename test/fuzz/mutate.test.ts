import { describe, expect, test } from 'vitest'
import { packetUnits, unitsOf, withData } from '../../fuzz/container.js'
import { fieldsOf, packetFields } from '../../fuzz/fields.js'
import { MUTATION_KINDS, MUTATIONS } from '../../fuzz/mutate.js'
import { Random } from '../../fuzz/random.js'
import { traffic } from '../../fuzz/traffic.js'
import { counting } from '../support/bytes.js'
import { readCapture } from '../support/capture-reading.js'
import { pcap, simplePcapng } from '../support/captures.js'
import { conversation } from '../support/connection.js'
import * as tls from '../support/tls.js'

const { packets } = conversation([
  ['client', tls.record(22, tls.hybridClientHello())],
  ['server', tls.record(22, tls.serverHello13(tls.X25519, 32))],
])
const captures = { pcap: pcap(packets, { byteOrder: 'big' }), pcapng: simplePcapng(packets) }

describe.each(MUTATION_KINDS)('a change of %s', (kind) => {
  test('writes to neither capture, and is the same for the same seed', () => {
    const [one, other] = [captures.pcap.slice(), captures.pcapng.slice()]
    let changed = 0
    for (let seed = 0; seed < 50; seed++) {
      const result = MUTATIONS[kind](one, new Random(seed), other)
      expect(MUTATIONS[kind](one, new Random(seed), other)).toEqual(result)
      if (Buffer.compare(result, one) !== 0) changed++
    }
    expect([one, other]).toEqual([captures.pcap, captures.pcapng])
    expect(changed).toBeGreaterThan(35)
  })
})

describe.each(Object.entries(captures))('the units of a %s file', (_, file) => {
  const units = unitsOf(file)

  test('are its packets', () => {
    const data = packetUnits(units).map(({ dataStart, dataEnd }) => file.slice(dataStart, dataEnd))
    expect(data).toEqual(packets.map(({ bytes }) => bytes))
  })

  test('can be given other bytes', async () => {
    const [, second] = packetUnits(units) as [(typeof units)[0], (typeof units)[0]]
    const { packets: read, error } = await readCapture([withData(file, second, counting(33))])
    expect(error).toBeNull()
    expect(read[1]?.bytes).toEqual(counting(33))
    expect(read).toHaveLength(packets.length)
  })

  test('have fields, and so do the headers in their packets', () => {
    expect(fieldsOf(units).some(({ what }) => what === 'length')).toBe(true)
    const hello = packetUnits(units)[3] as (typeof units)[0]
    const kinds = new Set(packetFields(file, hello.dataStart, hello.dataEnd).map(({ what }) => what))
    for (const kind of ['etherType', 'ipProtocol', 'sequence', 'handshakeType', 'extensionType', 'group'] as const)
      expect([...kinds]).toContain(kind)
  })
})

test('traffic that is made up is the same for the same seed, and a capture', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const file = traffic(new Random(seed))
    expect(traffic(new Random(seed))).toEqual(file)
    expect((await readCapture([file])).error).toBeNull()
  }
})
