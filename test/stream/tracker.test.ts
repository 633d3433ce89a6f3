import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyPacket } from '../../src/capture/packet.js'
import { emptySegment } from '../../src/packet/segment.js'
import { NO, YES } from '../../src/registry/detection.js'
import { ACK, FIN, RST, SYN } from '../../src/registry/tcp-flags.js'
import type { StreamEnd, StreamFacts, StreamIdentity, StreamProtocol, StreamSession } from '../../src/stream/chunk.js'
import { StreamTracker, type TrackerLimits } from '../../src/stream/tracker.js'
import { analyzedPackets, type From, noteCodes } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'
import { streams } from '../support/streams.js'

/**
 * How many streams there are, and the handshakes in them as `stream/handshake ClientHello/ServerHello reason [notes]`,
 * the hellos by their frames. The stream numbers are those of tshark 4.0.17, save where a comment says otherwise.
 */
const STREAMS: readonly (readonly [name: string, streams: number, handshakes: readonly string[]])[] = [
  ['one connection', 1, ['0/0 4/5 client-offered-no-post-quantum']],
  [
    'the same addresses and ports again, with other sequence numbers',
    2,
    ['0/0 4/5 client-offered-no-post-quantum', '1/0 13/14 client-offered-no-post-quantum'],
  ],
  [
    'the same again, though the first did not end',
    2,
    ['0/0 4/5 client-offered-no-post-quantum', '1/0 10/11 client-offered-no-post-quantum'],
  ],
  [
    'the same again, while the first waits for an answer',
    2,
    ['0/0 4/- no-answer', '1/0 8/9 client-offered-no-post-quantum'],
  ],
  // To tshark, too, the same number means the same connection: the client's bytes are taken for ones sent again.
  [
    'the same sequence number again, after FIN',
    1,
    ['0/0 4/5 client-offered-no-post-quantum', '0/1 -/14 offer-not-seen [client-hello-not-seen]'],
  ],
  [
    'the same sequence number again, after RST',
    1,
    ['0/0 4/5 client-offered-no-post-quantum', '0/1 -/12 offer-not-seen [client-hello-not-seen]'],
  ],
  ['the same sequence number again, after a FIN of the client alone', 1, ['0/0 8/9 client-offered-no-post-quantum']],
  ['a SYN sent twice', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  ['a SYN sent again after the connection was opened', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  ['a SYN in a connection that was captured from its middle', 2, ['1/0 6/7 client-offered-no-post-quantum']],
  ['a SYN that stands before a connection captured from its middle', 1, ['0/0 3/4 client-offered-no-post-quantum']],
  ['a SYN/ACK with another sequence number', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  // tshark follows the last one, and finds no ServerHello.
  ['a SYN/ACK with another sequence number behind the right one', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  [
    'a SYN/ACK of an earlier connection, and the right one behind the RST that answers it',
    1,
    ['0/0 7/8 client-offered-no-post-quantum'],
  ],
  ['a SYN/ACK of an earlier connection, and the right one not captured', 1, ['0/0 4/5 client-offered-no-post-quantum']],
  ['a segment of an earlier connection before the SYN', 2, ['1/0 5/6 client-offered-no-post-quantum']],
  // tshark follows the segment.
  ['a segment of an earlier connection between SYN and SYN/ACK', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  [
    'a ServerHello of an earlier connection between SYN and SYN/ACK',
    1,
    ['0/0 -/2 offer-not-seen [client-hello-not-seen]', '0/1 5/6 client-offered-no-post-quantum'],
  ],
  [
    'the last ServerHello again between SYN and SYN/ACK of the next connection',
    2,
    [
      '0/0 4/5 client-offered-no-post-quantum',
      '1/0 -/7 offer-not-seen [client-hello-not-seen]',
      '1/1 10/- alert-before-server-hello',
    ],
  ],
  [
    'a SYN/ACK of an earlier connection that no ACK tells from the right one',
    1,
    ['0/0 3/4 client-offered-no-post-quantum'],
  ],
  [
    'ports used again with lower numbers, a SYN/ACK alone captured',
    1,
    ['0/0 4/5 client-offered-no-post-quantum', '0/1 12/13 client-offered-no-post-quantum'],
  ],
  ['a RST of an earlier connection', 1, ['0/0 4/6 client-offered-no-post-quantum']],
  [
    'a RST of an earlier connection, the new one captured without its SYN',
    1,
    ['0/0 4/5 client-offered-no-post-quantum', '0/1 11/13 client-offered-no-post-quantum'],
  ],
  ['no SYN of the client, and its segments the wrong way round', 1, ['0/0 3/4 client-offered-no-post-quantum']],
  ['RST and then data', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  [
    'ports used again without a SYN',
    1,
    ['0/0 4/5 client-offered-no-post-quantum', '0/1 10/11 client-offered-no-post-quantum'],
  ],
  // tshark takes the second for bytes sent again.
  [
    'ports used again without a SYN, with lower numbers',
    1,
    ['0/0 4/5 client-offered-no-post-quantum', '0/1 10/11 client-offered-no-post-quantum'],
  ],
  ['no SYN', 1, ['0/0 1/2 client-offered-no-post-quantum']],
  ['no SYN of the client', 1, ['0/0 2/3 client-offered-no-post-quantum']],
  ['data on the SYN', 1, ['0/0 1/3 client-offered-no-post-quantum']],
  ['both sides of a simultaneous open', 1, ['0/0 3/4 client-offered-no-post-quantum']],
  ['keep-alives and zero-window probes', 1, ['0/0 6/9 client-offered-no-post-quantum']],
  ['every packet twice', 1, ['0/0 7/9 client-offered-no-post-quantum']],
  ['the server first', 1, ['0/0 5/4 client-offered-no-post-quantum']],
  ['FIN before the data that it ends', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  ['a ClientHello that was sent again after the answer', 1, ['0/0 4/5 client-offered-no-post-quantum']],
  [
    'a second handshake in one stream',
    1,
    ['0/0 4/5 client-offered-no-post-quantum', '0/1 7/8 client-offered-no-post-quantum'],
  ],
  [
    'a second handshake in one stream without a SYN',
    1,
    ['0/0 1/2 client-offered-no-post-quantum', '0/1 4/5 client-offered-no-post-quantum'],
  ],
  [
    'a second handshake after an alert',
    1,
    ['0/0 4/- alert-before-server-hello', '0/1 6/7 client-offered-no-post-quantum'],
  ],
  [
    'a second ClientHello before an answer to the first',
    1,
    ['0/0 4/- no-answer', '0/1 5/6 client-offered-no-post-quantum'],
  ],
  ['a ClientHello after 1 exchanges', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  ['a ClientHello after 1 exchanges, no SYN', 1, ['0/0 2/3 client-offered-no-post-quantum']],
  ['a ClientHello after 1 exchanges and a lost line', 1, ['0/0 5/6 client-offered-no-post-quantum']],
  ['a ClientHello after 1 exchanges and a lost line, no SYN', 1, ['0/0 2/3 client-offered-no-post-quantum']],
  ['a ClientHello after 2 exchanges', 1, ['0/0 7/8 client-offered-no-post-quantum']],
  ['a ClientHello after 2 exchanges, no SYN', 1, ['0/0 4/5 client-offered-no-post-quantum']],
  ['a ClientHello after 2 exchanges and a lost line', 1, ['0/0 7/8 client-offered-no-post-quantum']],
  ['a ClientHello after 2 exchanges and a lost line, no SYN', 1, ['0/0 4/5 client-offered-no-post-quantum']],
  ['a ClientHello after 3 exchanges', 1, ['0/0 9/10 client-offered-no-post-quantum']],
  ['a ClientHello after 3 exchanges, no SYN', 1, ['0/0 6/7 client-offered-no-post-quantum']],
  ['a ClientHello after 3 exchanges and a lost line', 1, ['0/0 9/10 client-offered-no-post-quantum']],
  ['a ClientHello after 3 exchanges and a lost line, no SYN', 1, ['0/0 6/7 client-offered-no-post-quantum']],
  ['a ClientHello after 4 exchanges', 1, ['0/0 11/12 client-offered-no-post-quantum']],
  ['a ClientHello after 4 exchanges, no SYN', 1, ['0/0 8/9 client-offered-no-post-quantum']],
  ['a ClientHello after 4 exchanges and a lost line', 1, ['0/0 11/12 client-offered-no-post-quantum']],
  ['a ClientHello after 4 exchanges and a lost line, no SYN', 1, ['0/0 8/9 client-offered-no-post-quantum']],
  [
    'interleaved connections',
    5,
    [
      '0/0 14/31 client-offered-no-post-quantum',
      '1/0 18/34 client-offered-no-post-quantum',
      '2/0 22/37 client-offered-no-post-quantum',
      '3/0 26/40 client-offered-no-post-quantum',
      '4/0 30/43 client-offered-no-post-quantum',
    ],
  ],
  ['a capture that ends behind the ClientHello', 1, ['0/0 4/- no-answer [capture-ended]']],
  ['a capture that ends in the ClientHello', 1, ['0/0 -/- missing-bytes [client-hello-cut]']],
  ['bytes acknowledged that are not there', 1, ['0/0 4/- missing-bytes [acknowledged-unseen]']],
  ['bytes acknowledged that are not there, no SYN', 1, ['0/0 1/- missing-bytes [acknowledged-unseen]']],
  ['a FIN behind bytes that are not there', 1, ['0/0 4/- missing-bytes [acknowledged-unseen]']],
  ['a RST behind bytes that are not there', 1, ['0/0 4/- missing-bytes [acknowledged-unseen]']],
  ['a RST from before what was acknowledged, and then the answer', 1, ['0/0 4/8 client-offered-no-post-quantum']],
  ['a RST from before what was acknowledged, and nothing more', 1, ['0/0 4/- closed-before-server-hello']],
  ['a RST far ahead, and then the answer', 1, ['0/0 4/7 client-offered-no-post-quantum']],
  ['a RST of number 0', 1, ['0/0 4/- closed-before-server-hello']],
]

describe('StreamTracker in a capture', () => {
  it('is tried with every connection of the list', () => {
    expect(STREAMS.map(([name]) => name)).toEqual(Object.keys(streams))
  })

  it.each(STREAMS)('follows %s: streams %i', async (name, count, expected) => {
    const { capture, handshakes: found } = await analyzedPackets((streams[name] as () => never)())
    expect(capture.tcpStreams).toBe(count)
    expect(
      found.map((handshake) =>
        [
          `${handshake.stream}/${handshake.handshake}`,
          `${handshake.clientHello?.frame ?? '-'}/${handshake.serverHello?.frame ?? '-'}`,
          handshake.verdict.reason,
          ...noteCodes(handshake).map((code) => `[${code}]`),
        ].join(' '),
      ),
    ).toEqual(expected)
  })

  it('finds the same handshake once, in whatever order and how often the packets come', async () => {
    const packets = (handshakes['TLS 1.3, hybrid'] as () => never[])()
    const opening = packets.slice(0, 2)
    const rest = packets.slice(2).flatMap((packet) => [packet, packet])
    const [first] = (await analyzedPackets(packets)).handshakes
    const anyOrder = fc.shuffledSubarray(rest, { minLength: rest.length, maxLength: rest.length })
    await fc.assert(
      fc.asyncProperty(anyOrder, async (shuffled) => {
        const found = await analyzedPackets([...opening, ...shuffled])
        expect(found.handshakes).toHaveLength(1)
        expect(found.handshakes[0]?.verdict).toEqual(first?.verdict)
        expect(found.handshakes[0]?.negotiated).toEqual(first?.negotiated)
        expect(found.capture.tcpStreams).toBe(1)
      }),
      { numRuns: 200 },
    )
  })
})

/** A protocol that begins with byte 1 and never ends by itself; it keeps what it was told. */
class Recorder implements StreamProtocol {
  readonly ended: { stream: number; end: StreamEnd; facts: StreamFacts; bytes: [number, number] }[] = []

  detect(bytes: Uint8Array, start: number): typeof YES | typeof NO {
    return bytes[start] === 1 ? YES : NO
  }

  detectWithin(): typeof NO {
    return NO
  }

  continues(): boolean {
    return false
  }

  open({ stream }: StreamIdentity): StreamSession {
    const { ended } = this
    const bytes: [number, number] = [0, 0]
    return {
      state: 'open',
      bufferedBytes: 0,
      handshakes: 1,
      segment: () => undefined,
      emptyPacket: () => undefined,
      data: (direction, chunk) => {
        bytes[direction] += chunk.end - chunk.start
      },
      missing: () => undefined,
      conflict: () => undefined,
      end: (facts) => ended.push({ stream, end: facts.end, facts, bytes }),
    }
  }
}

/** Gives a tracker segments of connections that differ by the port of the client. */
function tracked(limits: TrackerLimits = {}) {
  const protocol = new Recorder()
  const packet = emptyPacket()
  const tracker = new StreamTracker(protocol, packet, limits)
  const segment = emptySegment()
  const send = (port: number, sequence: number, payload: Uint8Array, flags = ACK, from: From = 'client'): void => {
    packet.frame++
    const ends =
      from === 'client'
        ? { sourceD: 1, destinationD: 2, sourcePort: port, destinationPort: 443 }
        : { sourceD: 2, destinationD: 1, sourcePort: 443, destinationPort: port }
    Object.assign(segment, {
      ...ends,
      sequence,
      flags,
      bytes: payload,
      payloadStart: 0,
      payloadEnd: payload.length,
      payloadLength: payload.length,
    })
    tracker.accept(segment, packet)
  }
  return { tracker, protocol, send }
}

const beginning = Uint8Array.of(1, 2, 3)

describe('StreamTracker', () => {
  it('gives up the conversation that had no data for longest when there are too many', () => {
    const { tracker, protocol, send } = tracked({ maxConversations: 3 })
    for (const port of [1, 2, 3]) send(port, 100, beginning)
    send(1, 103, beginning)
    send(4, 100, beginning)
    expect(protocol.ended.map(({ stream, end }) => [stream, end])).toEqual([[1, 'given-up']])
    expect(tracker.givenUp).toBe(1)
    for (const _ of tracker.finish('capture-ended'));
    expect(protocol.ended.slice(1).map(({ stream, end }) => [stream, end])).toEqual([
      [0, 'capture-ended'],
      [2, 'capture-ended'],
      [3, 'capture-ended'],
    ])
  })

  it('ends the conversation of a flow that is pushed out of the table', () => {
    const { tracker, protocol, send } = tracked({ maxFlows: 2 })
    for (const port of [1, 2, 3]) send(port, 100, beginning)
    expect(protocol.ended.map(({ stream, end }) => [stream, end])).toEqual([[0, 'given-up']])
    expect(tracker.evictedFlows).toBe(1)
    send(1, 103, beginning)
    expect(tracker.streams).toBe(4)
  })

  it('holds a bounded number of bytes behind gaps over all conversations', () => {
    const { tracker, protocol, send } = tracked()
    const payload = new Uint8Array(60_000)
    for (let port = 1; port <= 1000; port++) {
      send(port, 100, beginning)
      send(port, 1000, payload)
    }
    // 32 MiB in all: about 559 gaps of this size.
    expect(tracker.givenUp).toBeGreaterThanOrEqual(1000 - 560)
    expect(tracker.givenUp).toBeLessThanOrEqual(1000 - 550)
    expect(protocol.ended[0]).toMatchObject({ stream: 0, end: 'given-up', bytes: [60_003, 0] })
  })

  it('counts what both directions of a conversation hold', () => {
    const { tracker, protocol, send } = tracked()
    const payload = new Uint8Array(60_000)
    for (let port = 1; port <= 300; port++)
      for (const from of ['client', 'server'] as const) {
        send(port, 100, beginning, ACK, from)
        send(port, 1000, payload, ACK, from)
      }
    // 300 conversations with 120 kB each are more than 32 MiB: about 279 are held.
    expect(tracker.givenUp).toBeGreaterThan(15)
    expect(tracker.givenUp).toBeLessThan(30)
    expect(protocol.ended[0]).toMatchObject({ stream: 0, end: 'given-up' })
  })

  it('ends what is open in the order of its streams, whatever became of those before', () => {
    const { tracker, protocol, send } = tracked()
    for (const port of [1, 2, 3]) send(port, 100, beginning)
    // What the first one has left is taken up by a later one.
    send(1, 103, new Uint8Array(0), RST)
    for (const port of [4, 5]) send(port, 100, beginning)
    for (const _ of tracker.finish('capture-ended'));
    expect(protocol.ended.map(({ stream }) => stream)).toEqual([0, 1, 2, 3, 4])
  })

  it('passes on what began a protocol behind a gap, without what the gap held', () => {
    const { tracker, protocol, send } = tracked()
    send(1, 100, new Uint8Array(5))
    send(1, 200, beginning)
    for (const _ of tracker.finish('capture-ended'));
    expect(protocol.ended.map(({ bytes }) => bytes)).toEqual([[3, 0]])
  })

  it('says who closed, and how much behind the last byte is not there', () => {
    const { tracker, protocol, send } = tracked()
    send(1, 99, new Uint8Array(0), SYN)
    send(1, 100, beginning)
    send(1, 113, new Uint8Array(0), FIN | ACK)
    for (const _ of tracker.finish('capture-ended'));
    const [ended] = protocol.ended
    expect(ended?.facts).toMatchObject({ seen: [true, false], closed: [null, null], closedFirst: 0, unseen: [10, 0] })
  })
})
