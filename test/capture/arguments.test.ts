import { describe, expect, test } from 'vitest'
import { analyze, analyzePackets, readPackets } from '../../src/analyze.js'
import { show } from '../../src/show.js'
import { pcapng } from '../support/captures.js'

const INPUTS: readonly (readonly [name: string, input: unknown, message: string])[] = [
  ['undefined', undefined, 'not undefined'],
  ['null', null, 'not null'],
  ['a number', 3, 'not the number 3'],
  ['an object', {}, 'not an object'],
  ['a URL', new URL('file:///a.pcap'), 'not a URL; fileURLToPath of node:url makes it a path'],
  ['an ArrayBuffer', new ArrayBuffer(8), 'not an ArrayBuffer; give new Uint8Array(buffer)'],
  ['a Blob', new Blob([]), 'not a Blob; give blob.stream()'],
  ['a promise', Promise.resolve(''), 'not a Promise; await it'],
  ['another view', new Uint16Array(4), 'not a Uint16Array'],
]

describe('what is no input at all', () => {
  test.each(INPUTS)('throws a TypeError that says what it is: %s', async (_, input, message) => {
    const wrong = input as Uint8Array
    const wanted = { name: 'TypeError', message: expect.stringContaining(message) }
    await expect(analyze(wrong).next()).rejects.toMatchObject(wanted)
    await expect(readPackets(wrong).next()).rejects.toMatchObject(wanted)
    await expect(show(wrong)).rejects.toMatchObject(wanted)
  })

  test('is told apart from a capture that cannot be read', async () => {
    const [record] = await all(analyze(new Uint8Array(0)))
    expect(record).toMatchObject({ type: 'capture', error: { code: 'not-a-capture' } })
  })

  test('is a reader that there is not', async () => {
    const reader = 'bogus' as 'own'
    await expect(analyze(pcapng([]), { reader }).next()).rejects.toThrow("reader must be 'own' or 'pcap-ng-parser'")
  })
})

const PACKETS: readonly (readonly [name: string, packet: unknown, message: string])[] = [
  ['null', null, 'packet 2: it must be { data, linkType }, not null'],
  ['bytes alone', new Uint8Array(4), 'packet 2: data must be a Uint8Array, not undefined'],
  ['text', { data: 'abc', linkType: 1 }, 'packet 2: data must be a Uint8Array, not a string'],
  ['no link type', { data: new Uint8Array(4) }, 'packet 2: linkType must be a number from 0, not undefined'],
  [
    'a time that is no bigint',
    { data: new Uint8Array(4), linkType: 1, nanoseconds: 3 },
    'nanoseconds must be a bigint',
  ],
  ['a length that is none', { data: new Uint8Array(4), linkType: 1, originalLength: '9' }, 'not a string'],
  ['a frame that is none', { data: new Uint8Array(4), linkType: 1, frame: -1 }, 'not the number -1'],
  ['a frame before the first', { data: new Uint8Array(4), linkType: 1, frame: 0 }, 'not the number 0'],
]

describe('packets from elsewhere', () => {
  test.each(PACKETS)('throw a TypeError with their number where they are none: %s', async (_, packet, message) => {
    const packets = [{ data: new Uint8Array(4), linkType: 1 }, packet as { data: Uint8Array; linkType: number }]
    await expect(all(analyzePackets(packets))).rejects.toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining(message),
    })
  })

  test.each([[undefined], [null], ['a.pcap'], [new Uint8Array(4)]])('are no %o', async (packets) => {
    await expect(analyzePackets(packets as unknown as []).next()).rejects.toThrow('packets must be an iterable of')
  })

  test('may leave out what need not be there, also by undefined', async () => {
    const packet = { data: new Uint8Array(4), linkType: 1, originalLength: undefined, nanoseconds: undefined }
    expect(await all(analyzePackets([packet]))).toMatchObject([{ packets: 1, error: null }])
  })
})

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}
