import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_PLAINTEXT_LENGTH, MAX_RECORD_LENGTH } from '../../src/tls/content-types.js'
import { Deframer, MAX_MESSAGE_LENGTH, type MessageProgress, type RecordSink } from '../../src/tls/deframer.js'
import { big, counting, join } from '../support/bytes.js'
import { chunkOf, cutAt } from '../support/chunks.js'
import { alert, applicationData, handshakeMessage, record } from '../support/tls.js'

interface Found {
  readonly type: number
  readonly length: number
  /** Of a message that is read. */
  readonly body: Uint8Array
  readonly records: number
  readonly segments: number
  readonly frame: number
}

/** Keeps what a deframer finds. */
class Finder implements RecordSink {
  readonly messages: Found[] = []
  readonly lost: { type: number; have: Uint8Array; length: number }[] = []
  readonly alerts: (readonly [level: number, description: number])[] = []
  readonly starts: number[] = []
  readonly ends: number[] = []
  broken = 0
  readonly deframer = new Deframer(this)
  private frame = 0

  /** Each piece is a chunk of its own, in a frame of its own from 1. */
  feed(...pieces: readonly Uint8Array[]): this {
    for (const piece of pieces) this.deframer.feed(chunkOf(piece, { frame: ++this.frame }))
    return this
  }

  recordStarts(type: number): void {
    this.starts.push(type)
  }

  recordEnds(type: number): void {
    this.ends.push(type)
  }

  message(type: number, bytes: Uint8Array, start: number, end: number, progress: MessageProgress, frame: number): void {
    const { length, records, segments } = progress
    this.messages.push({ type, length, body: bytes.slice(start, end), records, segments, frame })
  }

  messageLost(type: number, { buffer, filled, length }: MessageProgress): void {
    this.lost.push({ type, have: buffer.slice(0, filled), length })
  }

  alert(level: number, description: number): void {
    this.alerts.push([level, description])
  }

  framingLost(): void {
    this.broken++
  }
}

/** Types whose content is read (1, 2, 6, 12), and others. */
const anyMessage = fc
  .tuple(fc.constantFrom(1, 2, 6, 12, 4, 8, 11, 14, 16, 20), fc.oneof(fc.nat(8), fc.nat(3000)))
  .map(([type, length]) => handshakeMessage(type, counting(length)))

/** Handshake bytes in records cut at any places, with empty records and other records in between. */
function anyRecords(messages: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const bytes = join(...messages)
  const between = fc.constantFrom(
    new Uint8Array(0),
    record(22, []),
    alert(1, 112),
    record(20, [1]),
    applicationData(30),
    record(24, counting(9)),
  )
  return fc
    .tuple(fc.array(fc.nat(bytes.length), { maxLength: 10 }), fc.array(between, { minLength: 12, maxLength: 12 }))
    .map(([places, others]) =>
      join(...cutAt(bytes, places).flatMap((piece, i) => [others[i] as Uint8Array, record(22, piece)])),
    )
}

const anyFlight = fc
  .array(anyMessage, { minLength: 1, maxLength: 6 })
  .chain((messages) => fc.tuple(fc.constant(messages), anyRecords(messages)))

function typeOf(message: Uint8Array): number {
  return message[0] as number
}

function isRead(message: Uint8Array): boolean {
  return [1, 2, 6, 12].includes(typeOf(message))
}

describe('Deframer', () => {
  it('names the last frame of a message, also where its end was captured before its beginning', () => {
    const hello = record(22, handshakeMessage(1, counting(100)))
    const finder = new Finder()
    for (const [from, to, frame] of [
      [0, 50, 7],
      [50, 80, 9],
      [80, hello.length, 3],
    ] as const)
      finder.deframer.feed(chunkOf(hello.slice(from, to), { frame }))
    expect(finder.messages.map(({ frame }) => frame)).toEqual([9])
  })

  it('finds the same messages however they are split into records and chunks', () => {
    fc.assert(
      fc.property(anyFlight, fc.array(fc.nat(), { maxLength: 15 }), ([messages, bytes], places) => {
        const { messages: found, lost, broken, alerts } = new Finder().feed(...cutAt(bytes, places))
        expect(found.map(({ type, length }) => [type, length])).toEqual(messages.map((m) => [typeOf(m), m.length]))
        found.forEach(({ body }, i) => {
          const message = messages[i] as Uint8Array
          expect(body).toEqual(isRead(message) ? message.slice(4) : new Uint8Array(0))
        })
        expect(lost).toEqual([])
        expect(broken).toBe(0)
        expect(new Set(alerts.map(([level, description]) => `${level} ${description}`)).size).toBeLessThanOrEqual(1)
      }),
      { numRuns: 300 },
    )
  })

  it('finds the same when each byte comes alone', () => {
    fc.assert(
      fc.property(anyFlight, ([, bytes]) => {
        const whole = new Finder().feed(bytes)
        const single = new Finder().feed(...Array.from(bytes, (byte) => Uint8Array.of(byte)))
        const facts = (finder: Finder) =>
          finder.messages.map(({ type, length, body, records }) => ({ type, length, body, records }))
        expect(facts(single)).toEqual(facts(whole))
        expect(single.alerts).toEqual(whole.alerts)
        expect(single.starts).toEqual(whole.starts)
        expect(single.ends).toEqual(whole.ends)
        expect(single.starts).toEqual(single.ends)
        expect(single.messages.at(-1)?.frame).toBe(bytes.length)
      }),
      { numRuns: 50 },
    )
  })

  it('counts the records and the chunks that carried each message', () => {
    const hello = handshakeMessage(1, counting(100))
    const bytes = join(
      record(22, hello.slice(0, 30)),
      record(22, []),
      record(22, join(hello.slice(30), hello.slice(0, 2))),
      record(22, hello.slice(2)),
    )
    const { messages } = new Finder().feed(
      bytes.slice(0, 20),
      bytes.slice(20, 60),
      bytes.slice(60, 150),
      bytes.slice(150),
    )
    expect(messages.map(({ records, segments, frame }) => ({ records, segments, frame }))).toEqual([
      { records: 2, segments: 3, frame: 3 },
      { records: 2, segments: 2, frame: 4 },
    ])
  })

  it('reads several messages of one record, each as one segment and one record', () => {
    const message = handshakeMessage(2, counting(50))
    const { messages } = new Finder().feed(record(22, join(message, message, message)))
    expect(messages.map(({ records, segments }) => [records, segments])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ])
  })

  it('reads a message of 60 kB and one of the greatest length, and passes over a longer one', () => {
    for (const length of [60_000, MAX_MESSAGE_LENGTH - 4]) {
      const message = handshakeMessage(1, counting(length))
      const records: Uint8Array[] = []
      for (let at = 0; at < message.length; at += 16_384) records.push(record(22, message.slice(at, at + 16_384)))
      const finder = new Finder().feed(...records)
      expect(finder.messages).toMatchObject([{ length: length + 4, records: records.length, segments: records.length }])
      expect(finder.messages[0]?.body).toEqual(counting(length))
    }
    const long = handshakeMessage(1, counting(MAX_MESSAGE_LENGTH - 3))
    const finder = new Finder()
    for (let at = 0; at < long.length; at += 16_384) {
      finder.feed(record(22, long.slice(at, at + 16_384)))
      expect(finder.deframer.bufferedBytes).toBeLessThan(4096)
    }
    finder.feed(record(22, handshakeMessage(2, counting(9))))
    expect(finder.lost).toMatchObject([{ type: 1, length: long.length }])
    expect(finder.messages).toMatchObject([{ type: 2, length: 13 }])
  })

  it('holds what has come and no more, whatever a length claims', () => {
    const finder = new Finder().feed(record(22, join([1], big(150_000, 3), counting(10))))
    expect(finder.deframer.bufferedBytes).toBeLessThan(4096)
    expect(finder.deframer.unfinished).toMatchObject({ type: 1, progress: { filled: 14, length: 150_004 }, frame: 1 })
  })

  it('takes records as long as TLS 1.2 allows for ciphertext, and none that is longer', () => {
    const fits = new Finder().feed(record(23, new Uint8Array(MAX_RECORD_LENGTH)), record(22, handshakeMessage(1, [9])))
    expect(fits.messages).toHaveLength(1)
    expect(MAX_RECORD_LENGTH).toBe(MAX_PLAINTEXT_LENGTH + 2048)
    const long = new Finder().feed(
      join([23, 3, 3], big(MAX_RECORD_LENGTH + 1, 2)),
      record(22, handshakeMessage(1, [9])),
    )
    expect(long).toMatchObject({ broken: 1, messages: [], deframer: { lost: true } })
  })

  it.each([
    ['text', new TextEncoder().encode('HTTP/1.1 400')],
    ['a type below ChangeCipherSpec', Uint8Array.of(19, 3, 3, 0, 1, 0)],
    ['a type above Heartbeat', Uint8Array.of(25, 3, 3, 0, 1, 0)],
    ['another version', Uint8Array.of(22, 2, 0, 0, 1, 0)],
  ])('reads no further behind %s, in one piece or byte by byte', (_, garbage) => {
    const hello = record(22, handshakeMessage(1, counting(20)))
    for (const pieces of [
      [join(hello, garbage, hello)],
      Array.from(join(hello, garbage, hello), (b) => Uint8Array.of(b)),
    ]) {
      const finder = new Finder().feed(...pieces)
      expect(finder.messages).toHaveLength(1)
      expect(finder.broken).toBe(1)
    }
  })

  it('says that a message is lost where the framing breaks off in it', () => {
    const hello = handshakeMessage(1, counting(20))
    const { lost, messages } = new Finder().feed(record(22, hello.slice(0, 15)), new TextEncoder().encode('garbage'))
    expect(messages).toEqual([])
    expect(lost).toEqual([{ type: 1, have: hello.slice(0, 15), length: 24 }])
  })

  it('reads an alert in parts, and none that is encrypted or not two bytes long', () => {
    const warning = alert(1, 112)
    expect(new Finder().feed(warning.slice(0, 6), warning.slice(6)).alerts).toEqual([[1, 112]])
    expect(new Finder().feed(record(21, counting(24)), record(21, [2])).alerts).toEqual([])
    const encrypted = new Finder()
    encrypted.deframer.encrypted = true
    expect(encrypted.feed(warning, record(22, handshakeMessage(1, [1])))).toMatchObject({ alerts: [], messages: [] })
    expect(encrypted.starts).toEqual([21, 22])
  })

  it('finds nothing that is not there when any bytes are missing', () => {
    fc.assert(
      fc.property(anyFlight, fc.nat(), fc.integer({ min: 1, max: 4000 }), ([messages, bytes], place, size) => {
        const from = place % bytes.length
        const to = Math.min(bytes.length, from + size)
        const finder = new Finder()
        if (from > 0) finder.feed(bytes.slice(0, from))
        finder.deframer.missing(to - from, 1)
        if (to < bytes.length) finder.feed(bytes.slice(to))
        let next = 0
        for (const { type, length, body } of finder.messages) {
          const at = messages.findIndex((m, i) => i >= next && typeOf(m) === type && m.length === length)
          expect(at).toBeGreaterThanOrEqual(next)
          const message = messages[at] as Uint8Array
          expect(body).toEqual(isRead(message) ? message.slice(4) : new Uint8Array(0))
          next = at + 1
        }
        for (const { type, have } of finder.lost) {
          const begins = (m: Uint8Array) => typeOf(m) === type && Buffer.compare(m.slice(0, have.length), have) === 0
          expect(messages.some(begins)).toBe(true)
        }
        expect(finder.broken).toBeLessThanOrEqual(1)
      }),
      { numRuns: 1000 },
    )
  })

  it('goes on behind a hole within one message, with the next one', () => {
    const hello = handshakeMessage(1, counting(200))
    const next = handshakeMessage(2, counting(30))
    const bytes = record(22, join(hello, next))
    const finder = new Finder().feed(bytes.slice(0, 50))
    finder.deframer.missing(100, 2)
    finder.feed(bytes.slice(150))
    expect(finder.lost).toEqual([{ type: 1, have: hello.slice(0, 45), length: 204 }])
    expect(finder.messages).toMatchObject([{ type: 2, length: 34 }])
  })

  it('loses the boundaries of messages with a header, and keeps those of records', () => {
    const hello = handshakeMessage(1, counting(40))
    const bytes = join(record(22, join(hello, hello, hello)), alert(2, 40))
    const finder = new Finder().feed(bytes.slice(0, 40))
    finder.deframer.missing(20, 2)
    finder.feed(bytes.slice(60))
    expect(finder.messages).toEqual([])
    expect(finder.alerts).toEqual([[2, 40]])
    expect(finder.broken).toBe(0)
  })

  it('never throws, whatever the bytes', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.constantFrom(22, 3, 3, 0, 1, 2, 4, 21, 23, 255), { maxLength: 200 })
        .map((list) => Uint8Array.from(list)),
    )
    fc.assert(
      fc.property(anyBytes, fc.array(fc.nat(), { maxLength: 5 }), fc.nat(300), (bytes, places, hole) => {
        const finder = new Finder()
        for (const piece of cutAt(bytes, places)) {
          finder.feed(piece)
          if (hole < 50) finder.deframer.missing(hole, 1)
        }
        const claimed = finder.messages.reduce((sum, { body }) => sum + body.length, 0)
        expect(claimed).toBeLessThanOrEqual(bytes.length)
        expect(finder.broken).toBeLessThanOrEqual(1)
      }),
      { numRuns: 1000 },
    )
  })
})
