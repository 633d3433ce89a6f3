import { describe, expect, test } from 'vitest'
import { type ShownConnection, show } from '../../src/index.js'
import { join } from '../support/bytes.js'
import { type CapturedPacket, pcap } from '../support/captures.js'
import { Connection } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'
import { CLIENT_PREAMBLES, SERVER_PREAMBLES, text } from '../support/preambles.js'
import * as tls from '../support/tls.js'

const hello = tls.record(22, tls.hybridClientHello({ serverName: 'show.test' }), 0x0301)
const serverHello = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120))
const answer = join(serverHello, tls.changeCipherSpec, tls.applicationData(900))
const finished = join(tls.changeCipherSpec, tls.applicationData(53))

type Step = ShownConnection['timeline'][number]

async function stepsOf(packets: readonly CapturedPacket[]): Promise<readonly Step[]> {
  const { shown } = await show(pcap(packets))
  if (shown === null) throw new Error('nothing is shown')
  return shown.connection.timeline
}

/** `4: client bytes before TLS, clear, 45 bytes`, of the steps from the first that is no SYN on. */
function told(steps: readonly Step[]): string[] {
  return steps
    .filter(({ items }) => !/^(?:SYN|FIN|RST)/.test(items[0] ?? ''))
    .map(({ from, firstFrame, lastFrame, items, protection, bytes }) => {
      const frames = firstFrame === lastFrame ? firstFrame : `${firstFrame}-${lastFrame}`
      return `${frames}: ${from} ${items.join(', ')}, ${protection}, ${bytes} bytes`
    })
}

const opened = (): Connection => new Connection({ segmentSize: 3000 }).open()

describe.each(CLIENT_PREAMBLES)('%s', (_, preamble) => {
  const { length } = preamble

  test('in the segment of the hello is a step in front of it, and can be read', async () => {
    const { packets } = opened().client(join(preamble, hello)).server(answer).client(finished).close()
    const steps = await stepsOf(packets)
    expect(told(steps).slice(0, 2)).toEqual([
      `4: client bytes before TLS, clear, ${length} bytes`,
      `4: client ClientHello, clear, ${hello.length} bytes`,
    ])
    expect(steps[2]).toMatchObject({ kind: 'before', nanoseconds: 3e6, records: [] })
  })

  test('in a segment of its own is one as well', async () => {
    const { packets } = opened().client(preamble).client(hello).server(answer).client(finished).close()
    const steps = await stepsOf(packets)
    const before = steps.filter(({ kind }) => kind === 'before')
    expect(before.length).toBe(1)
    expect(before[0]).toMatchObject({
      firstFrame: 4,
      lastFrame: 4,
      nanoseconds: 3e6,
      protection: 'clear',
      bytes: length,
    })
  })
})

describe.each(SERVER_PREAMBLES)('%s', (_, preamble) => {
  test('in the segment of the ServerHello is a step in front of it', async () => {
    const { packets } = opened().client(hello).server(join(preamble, answer)).client(finished).close()
    expect(told(await stepsOf(packets)).slice(1, 3)).toEqual([
      `5: server bytes before TLS, clear, ${preamble.length} bytes`,
      '5: server ServerHello, ChangeCipherSpec, clear, 1221 bytes',
    ])
  })
})

test('a PROXY header in two segments is one step, and can be read', async () => {
  const header = CLIENT_PREAMBLES.find(([name]) => name === 'a PROXY header')?.[1] as Uint8Array
  const { packets } = opened()
    .client(header.subarray(0, 9))
    .client(join(header.subarray(9), hello))
    .server(answer)
    .close()
  expect(told(await stepsOf(packets))[0]).toBe('4-5: client bytes before TLS, clear, 28 bytes')
})

test('segments from the middle of a connection are not said to be readable where they are no text', async () => {
  const noise = Uint8Array.from({ length: 40 }, (_, i) => (i * 89 + 200) & 255)
  for (const [bytes, protection] of [
    [noise, null],
    [text('STARTTLS'), 'clear'],
  ] as const) {
    const { packets } = new Connection().client(bytes).client(hello, 3000).server(answer).client(finished)
    expect((await stepsOf(packets))[0]).toMatchObject({ kind: 'before', protection, bytes: bytes.length })
  }
})

test('the rest of a ClientHello whose beginning is not captured is not said to be before TLS', async () => {
  const rest = hello.subarray(1000)
  const lost = opened().lose('client', hello.subarray(0, 1000)).client(rest).server(answer).client(finished)
  const late = new Connection().client(rest).server(answer, 3000).client(finished)
  expect(told(await stepsOf(lost.packets)).slice(0, 2)).toEqual([
    '4: client not in the capture, null, 1000 bytes',
    `4: client bytes whose record is not known, null, ${rest.length} bytes`,
  ])
  expect(told(await stepsOf(late.packets))[0]).toBe(
    `1: null 1 segment before the first record, null, ${rest.length} bytes`,
  )
})

test('bytes from the middle of a connection are not said to be no TLS, or before it, unless they are text', async () => {
  const noise = Uint8Array.from({ length: 40 }, (_, i) => (i * 89 + 200) & 255)
  for (const [bytes, what] of [
    [noise, 'bytes whose record is not known, null, 40 bytes'],
    [text('HTTP/1.1 200 OK', ''), 'bytes that are not TLS, clear, 19 bytes'],
  ] as const) {
    const { packets } = new Connection().client(hello, 3000).server(bytes).acknowledge('client')
    expect(told(await stepsOf(packets)).at(-1)).toBe(`2: server ${what}`)
  }
})

test('a HelloRequest in front of the ClientHello is not said to be before TLS', async () => {
  const request = tls.record(22, tls.handshakeMessage(0, new Uint8Array(0)))
  const { packets } = opened().server(request).client(hello).server(answer).client(finished)
  expect(told(await stepsOf(packets))[0]).toBe('4: null 1 segment before the first record, null, 9 bytes')
})

test('a record that is neither a part of a message nor protected is told by its name', async () => {
  const heartbeat = tls.record(24, new Uint8Array(19))
  const { packets } = opened().client(join(hello, heartbeat)).server(answer).client(finished)
  expect(told(await stepsOf(packets))[0]).toBe(
    `4: client ClientHello, heartbeat, clear, ${hello.length + heartbeat.length} bytes`,
  )
})

test('an answer that is no TLS is a step', async () => {
  const line = text('HTTP/1.1 400 Bad Request', '')
  expect(told(await stepsOf(opened().client(hello).server(line).close().packets)).at(-1)).toBe(
    `5: server bytes that are not TLS, clear, ${line.length} bytes`,
  )
})

test('what comes in place of a record header is a step, and is not said to be readable or encrypted', async () => {
  const noise = new Uint8Array(100).fill(0xee)
  // The first two bytes of the header are in a segment of their own.
  const { packets } = opened()
    .client(hello)
    .server(join(answer, [0x17, 3]))
    .server(noise)
    .server(noise)
    .close()
  expect(told(await stepsOf(packets)).at(-1)).toBe('5-7: server bytes whose record is not known, null, 202 bytes')
})

test('a record header that the capture breaks off in is a step', async () => {
  const { packets } = opened()
    .client(hello)
    .server(join(answer, [0x17, 3, 3]))
  expect(told(await stepsOf(packets)).at(-1)).toBe('5: server bytes whose record is not known, null, 3 bytes')
})

test('what is missing stands in front of what came behind it in the same frame', async () => {
  const lost = tls.applicationData(200)
  const connection = opened().client(hello).lose('server', lost).server(answer).client(finished).close()
  const steps = told(await stepsOf(connection.packets))
  const gap = steps.findIndex((step) => step.includes('not in the capture'))
  expect(steps[gap]).toBe(`5: server not in the capture, null, ${lost.length} bytes`)
  expect(steps[gap + 1]).toMatch(/^5: server ServerHello/)
})

test('records beyond those that are told apart are counted', async () => {
  const small = join(...Array.from({ length: 5000 }, () => tls.applicationData(20)))
  const { packets } = opened().client(hello).server(answer).client(finished).server(small).close()
  const steps = await stepsOf(packets)
  expect(steps.find(({ items }) => items[0] === 'bytes of further records')).toMatchObject({ protection: null })
  expect(sentBytes(steps)).toBe(hello.length + answer.length + finished.length + small.length)
})

test('steps that are summed up are encrypted only where all are', async () => {
  for (const [last, protection] of [
    [tls.applicationData(20), 'encrypted'],
    [new Uint8Array(10).fill(0xee), null],
  ] as const) {
    const connection = opened().client(hello).server(answer).client(finished)
    for (let i = 0; i < 40; i++) connection.server(tls.applicationData(20)).client(tls.applicationData(20))
    const steps = await stepsOf(connection.server(last).close().packets)
    const rest = steps.find(({ kind }) => kind === 'rest')
    expect(rest?.protection).toBe(protection)
    const length = hello.length + answer.length + finished.length + 80 * 25 + last.length
    expect(sentBytes(steps)).toBe(length)
  }
})

test('what a cipher suite without encryption leaves in the clear is not said to be encrypted', async () => {
  const hello12 = tls.classicalClientHello()
  const mac = tls.record(22, new Uint8Array(36))
  const data = tls.applicationData(40)
  const { packets } = opened()
    .client(tls.record(22, hello12, 0x0301))
    .server(tls.record(22, join(tls.serverHello({ cipherSuite: 0x003b }), tls.certificate, tls.serverHelloDone)))
    .client(join(tls.record(22, tls.handshakeMessage(16, new Uint8Array(258))), tls.changeCipherSpec, mac))
    .server(join(tls.changeCipherSpec, mac, data, data))
    .close()
  const steps = told(await stepsOf(packets))
  expect(steps.slice(2)).toEqual([
    '6: client ClientKeyExchange, ChangeCipherSpec, unencrypted handshake message, clear, 314 bytes',
    '7: server ChangeCipherSpec, unencrypted handshake message, unencrypted data, clear, 137 bytes',
  ])
})

function sentBytes(steps: readonly Step[]): number {
  return steps.reduce((sum, { kind, bytes }) => sum + (kind === 'gap' ? 0 : bytes), 0)
}

describe.each(Object.entries(handshakes))('%s', (_, make) => {
  test('has every byte of its segments in one step', async () => {
    const packets = make()
    const payload = packets.reduce((sum, { bytes }) => sum + payloadLength(bytes), 0)
    expect(sentBytes(await stepsOf(packets))).toBe(payload)
  })
})

/** Of a frame of Ethernet with IP and TCP. */
function payloadLength(frame: Uint8Array): number {
  const isIpv6 = frame[12] === 0x86
  const ipLength = isIpv6 ? 40 + word(frame, 18) : word(frame, 16)
  const ipHeader = isIpv6 ? 40 : ((frame[14] as number) & 15) * 4
  return ipLength - ipHeader - ((frame[14 + ipHeader + 12] as number) >> 4) * 4
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) + (bytes[at + 1] as number)
}

describe('what is encrypted behind a ChangeCipherSpec, where the ServerHello is not in the capture,', () => {
  // Of a Finished no byte is a handshake type by more than chance.
  const finish = join(tls.changeCipherSpec, tls.record(22, new Uint8Array(40).fill(0xa8)))
  const clear = tls.record(22, tls.classicalClientHello())
  const lost = tls.record(22, join(tls.serverHello(), tls.certificate))

  test('is not said to be readable, as what the other side sent tells the version', async () => {
    const exchange = tls.record(22, tls.clientKeyExchange)
    const ticket = tls.record(22, tls.newSessionTicket)
    const connection = opened().client(clear).lose('server', lost).client(join(exchange, finish))
    const steps = told(await stepsOf(connection.server(join(ticket, finish)).packets))
    expect(steps).toContain(`6: server NewSessionTicket, ChangeCipherSpec, clear, ${ticket.length + 6} bytes`)
    expect(steps.at(-1)).toBe('6: server encrypted handshake message, encrypted, 45 bytes')
  })

  test('is not said to be readable, as it is no hello', async () => {
    const connection = opened().client(clear).lose('server', lost).client(finish).server(finish)
    expect(told(await stepsOf(connection.packets)).filter((step) => step.includes('encrypted,'))).toEqual([
      '5: client encrypted handshake message, encrypted, 45 bytes',
      '6: server encrypted handshake message, encrypted, 45 bytes',
    ])
  })

  test('is told from the second ClientHello of a retry', async () => {
    const second = tls.handshakeRecords(tls.hybridClientHello(), 1)
    const connection = opened().client(clear).client(join(tls.changeCipherSpec, second), 60_000)
    expect(told(await stepsOf(connection.packets)).join()).toMatch(/ChangeCipherSpec, ClientHello, clear/)
  })
})
