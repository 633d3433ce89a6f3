import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MICROSECONDS } from '../../src/bytes/time.js'
import { dissect, MAX_ALIKE } from '../../src/dissect/dissect.js'
import type { RecordedBytes, Recording } from '../../src/dissect/recording.js'
import { type DissectedMessage, show } from '../../src/index.js'
import { join } from '../support/bytes.js'
import { analyzed } from '../support/connection.js'
import { gapIn } from '../support/field-gaps.js'
import * as tls from '../support/tls.js'
import { variantsOf } from '../support/variants.js'
import { takeApart } from '../support/variants-original.js'

/** What the client sent, each piece in a frame of its own. */
function recorded(...pieces: readonly Uint8Array[]): Recording {
  let offset = 0
  const items = pieces.map((bytes, i): RecordedBytes => {
    const at = offset
    offset += bytes.length
    const time = { seconds: 0, fraction: 0, clock: MICROSECONDS }
    const frame = i + 1
    return { kind: 'bytes', from: 'client', bytes, frame, heldIn: frame, time, offset: at, begins: i === 0 }
  })
  return { items, controls: [], start: null, before: null, outOfOrder: false, cutShort: null }
}

function expectWholeTrees(messages: readonly DissectedMessage[]): void {
  for (const { fields, bytes } of messages) expect(gapIn(fields, 0, bytes.length)).toBeNull()
}

const hello = tls.hybridClientHello({ serverName: 'x.test', alpn: ['h2', 'http/1.1'] })
const MESSAGES: Readonly<Record<string, Uint8Array>> = {
  'a ClientHello': hello,
  'a ServerHello': tls.serverHello13(tls.X25519MLKEM768, 1120),
  'a HelloRetryRequest': tls.helloRetryRequest({ group: tls.X25519, cookie: true }),
  'a Certificate': tls.certificate,
  'a NewSessionTicket': tls.newSessionTicket,
  'a ServerKeyExchange': tls.ecdheKeyExchange(tls.SECP256R1, 65),
  'a ClientKeyExchange': tls.clientKeyExchange,
}

describe.each(Object.entries(MESSAGES))('%s', (_, message) => {
  test('is dissected at every length that it may be cut to', () => {
    for (let length = 1; length <= message.length; length++) {
      const cut = message.slice(0, length)
      const { messages } = dissect(recorded(tls.record(22, message).slice(0, 5 + length)))
      expect(messages.length).toBe(1)
      expect(Uint8Array.from(messages[0]?.bytes ?? [])).toEqual(cut)
      expect(messages[0]?.complete).toBe(length === message.length)
      // Of a cut message Wireshark shows no field.
      expect(messages[0]?.filter.includes('&&')).toBe(length === message.length)
      expectWholeTrees(messages)
    }
  })

  test('has a field for each of its bytes also where its own length says less', () => {
    for (let length = 5; length < message.length; length++) {
      const prefix = message.slice(0, length)
      prefix.set([0, (length - 4) >> 8, (length - 4) & 255], 1)
      const [shown] = dissect(recorded(tls.record(22, prefix))).messages
      expectWholeTrees([shown as DissectedMessage])
    }
  })

  test('has a field for each of its bytes, whatever they are', () => {
    const changes = fc.array(fc.tuple(fc.nat(message.length - 5), fc.integer({ min: 0, max: 255 })), { maxLength: 12 })
    fc.assert(
      fc.property(changes, (changed) => {
        const bytes = message.slice()
        for (const [at, value] of changed) bytes[4 + at] = value
        const { messages } = dissect(recorded(tls.record(22, bytes)))
        expect(messages.length).toBe(1)
        expectWholeTrees(messages)
      }),
      { numRuns: 200 },
    )
  })
})

test('random bytes are dissected, or not, and never throw', () => {
  const types = fc.constantFrom(20, 21, 22, 23, 24)
  fc.assert(
    fc.property(fc.array(fc.tuple(types, fc.uint8Array({ maxLength: 300 })), { maxLength: 8 }), (records) => {
      const bytes = join(...records.map(([type, content]) => tls.record(type, content)))
      expectWholeTrees(dissect(recorded(bytes)).messages)
    }),
    { numRuns: 300 },
  )
})

test('the same bytes in other pieces give the same messages', () => {
  const bytes = join(tls.handshakeRecords(hello, 400), tls.changeCipherSpec, tls.alert(2, 40))
  const facts = (recording: Recording) =>
    dissect(recording).messages.map(({ name, bytes, fields }) => ({ name, bytes, fields }))
  const whole = facts(recorded(bytes))
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (places) => {
      const cuts = [0, ...places.sort((a, b) => a - b), bytes.length]
      const pieces = cuts.slice(1).map((end, i) => bytes.slice(cuts[i], end))
      expect(facts(recorded(...pieces.filter((piece) => piece.length > 0)))).toEqual(whole)
    }),
  )
})

test('a list of more entries than anybody reads is folded', () => {
  const groups = Array.from({ length: 5000 }, (_, i) => i)
  const [message] = dissect(recorded(tls.record(22, tls.clientHello({ supportedGroups: groups })))).messages
  const named = JSON.stringify(message?.fields).match(/"Supported Group"/g)
  expect(named?.length).toBe(1024)
  expectWholeTrees([message as DissectedMessage])
})

test('alerts are kept up to a limit, and do not hide a hello', () => {
  const alerts = Array.from({ length: 1000 }, () => tls.alert(1, 90))
  const { messages, leftOut } = dissect(recorded(join(...alerts, tls.record(22, hello))))
  expect(messages.map(({ name }) => name)).toEqual([...Array(MAX_ALIKE).fill('Alert'), 'ClientHello'])
  expect(leftOut).toBe(1000 - MAX_ALIKE)
})

test('a hello in two records that alerts stand between is one message', () => {
  const [first, second] = [hello.slice(0, 500), hello.slice(500)]
  const { messages, records } = dissect(recorded(join(tls.record(22, first), tls.alert(1, 90), tls.record(22, second))))
  expect(messages.map(({ name, records: carriers }) => [name, carriers])).toEqual([
    ['Alert', [1]],
    ['ClientHello', [0, 2]],
  ])
  expect(records.map(({ messages: carried }) => carried)).toEqual([[1], [0], [1]])
})

test('what follows a ChangeCipherSpec is in the clear where a HelloRetryRequest tells TLS 1.3, whatever it is', () => {
  const strange = hello.slice()
  strange[4] = 9
  const retry = tls.record(22, tls.helloRetryRequest({ group: tls.X25519 }))
  const { items, ...rest } = recorded(retry, join(tls.changeCipherSpec, tls.record(22, strange)))
  const { messages } = dissect({
    ...rest,
    items: items.map((item, i) => (i === 0 ? { ...item, from: 'server' } : item)),
  })
  expect(messages.map(({ name }) => name)).toEqual(['HelloRetryRequest', 'ChangeCipherSpec', 'ClientHello'])
})

test('a message does not go on behind what is in no record', () => {
  const { items, ...rest } = recorded(
    tls.record(22, hello.slice(0, 500)),
    tls.applicationData(9).slice(3),
    tls.record(22, hello),
  )
  const recording = { ...rest, items: items.map((item, i) => (i === 2 ? { ...item, begins: true } : item)) }
  const { messages } = dissect(recording)
  expect(messages.map(({ name, bytes, complete }) => [name, bytes.length, complete])).toEqual([
    ['ClientHello', 500, false],
    ['ClientHello', hello.length, true],
  ])
  expectWholeTrees(messages)
})

test('variants of a capture are shown with the messages that their records name', async () => {
  const file = readFileSync(new URL('../../samples/rejected-group.pcap', import.meta.url))
  for (const variant of variantsOf(await takeApart(file))) {
    const bytes = variant.make()
    for (const record of (await analyzed(bytes)).handshakes.slice(0, 2)) {
      const { shown } = await show(bytes, {
        choose: ({ stream, handshake }) => stream === record.stream && handshake === record.handshake,
      })
      const messages = shown?.connection.messages ?? []
      expectWholeTrees(messages)
      const { clientHello, secondClientHello } = record
      for (const hello of [clientHello, secondClientHello])
        if (hello !== null)
          expect(
            messages.map(({ name, frame }) => `${name} ${frame}`),
            variant.name,
          ).toContain(`ClientHello ${hello.frame}`)
    }
  }
})
