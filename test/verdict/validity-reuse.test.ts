import { describe, expect, test } from 'vitest'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { big, join } from '../support/bytes.js'
import type { CapturedPacket } from '../support/captures.js'
import { analyzedPackets, Connection, conversation } from '../support/connection.js'
import { keyShareBytes } from '../support/keys.js'
import * as tls from '../support/tls.js'

const { X25519, X25519MLKEM768, record } = tls
const shareA = keyShareBytes(X25519MLKEM768, 1216, 'client', 1)
const shareB = keyShareBytes(X25519, 32, 'client', 2)
const randomOf = (seed: number) => new Uint8Array(32).fill(seed)

interface Peers {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

function connect(into: CapturedPacket[], { client, server }: Peers): void {
  const encrypted = tls.applicationData(900)
  conversation(
    [
      ['client', record(22, client)],
      ['server', record(22, server), encrypted],
      ['client', encrypted],
    ],
    { into, clientPort: 40_000 + into.length },
  )
}

const hello = (random: number, ...shares: Uint8Array[]) =>
  tls.hybridClientHello({
    random: randomOf(random),
    keyShares: shares.map((share) => [share.length === 32 ? X25519 : X25519MLKEM768, share]),
  })
const answer = (random: number) => tls.serverHello13(X25519, 32, { random: randomOf(random) })

function reused(...peers: Peers[]): Promise<(string | undefined)[]> {
  return reusedBehind([], ...peers)
}

async function reusedBehind(first: readonly CapturedPacket[], ...peers: Peers[]): Promise<(string | undefined)[]> {
  const packets = [...first]
  for (const each of peers) connect(packets, each)
  return (await analyzedPackets(packets)).handshakes.map(messageOf)
}

function messageOf({ notes }: HandshakeRecord): string | undefined {
  return notes
    .filter(({ code }) => code === 'key-share-reused')
    .map(({ message }) => message)
    .join(' / ')
}

describe('a key share that is sent twice', () => {
  test('under another random is reuse, told where it was seen and where before', async () => {
    const said = await reused(
      { client: hello(1, shareA, shareB), server: answer(10) },
      { client: hello(2, shareA, shareB), server: answer(11) },
      { client: hello(3, keyShareBytes(X25519MLKEM768, 1216, 'client', 5), shareB), server: answer(12) },
      { client: hello(4, keyShareBytes(X25519, 32, 'client', 6)), server: answer(13) },
    )
    expect(said).toEqual([
      '',
      "the client's key shares of X25519MLKEM768 and x25519 were also sent in stream 0, frame 4, under another random",
      "the client's key share of x25519 was also sent in stream 0, frame 4, under another random",
      '',
    ])
  })

  test('is told of the last of several key_share extensions', async () => {
    const share = keyShareBytes(X25519, 32, 'server', 7)
    const extra = (side: 'client' | 'server', bytes: Uint8Array) => {
      const entry = join(big(X25519, 2), tls.vector(2, bytes))
      return { extensions: [tls.extension(51, side === 'client' ? tls.vector(2, entry) : entry)] }
    }
    const client = (random: number) =>
      tls.hybridClientHello({
        random: randomOf(random),
        keyShares: [[X25519MLKEM768, 1216]],
        ...extra('client', shareB),
      })
    const server = (random: number) =>
      tls.serverHello13(X25519MLKEM768, 1120, { random: randomOf(random), ...extra('server', share) })
    const said = await reused({ client: client(1), server: server(10) }, { client: client(2), server: server(11) })
    expect(said[1]).toBe(
      "the client's key share of x25519 was also sent in stream 0, frame 4, under another random / " +
        "the server's key share of x25519 was also sent in stream 0, frame 5, under another random",
    )
  })

  test('by a server is reuse, too', async () => {
    const share = keyShareBytes(X25519, 32, 'server', 7)
    const server = (random: number) => tls.serverHello13(X25519, share, { random: randomOf(random) })
    const said = await reused(
      { client: hello(1, shareA), server: server(10) },
      { client: hello(2, shareB), server: server(11) },
    )
    expect(said[1]).toBe("the server's key share of x25519 was also sent in stream 0, frame 5, under another random")
  })

  test('in the same hello, captured again, is not', async () => {
    const peers = { client: hello(1, shareA, shareB), server: answer(10) }
    expect(await reused(peers, peers)).toEqual(['', ''])
  })

  test('under a random that differs in one byte of those that tell hellos apart is reuse', async () => {
    const client = (random: Uint8Array) => tls.hybridClientHello({ random, keyShares: [[X25519MLKEM768, shareA]] })
    for (let at = 8; at < 16; at++) {
      const said = await reused(
        { client: client(randomOf(1)), server: answer(10) },
        { client: client(randomOf(1).with(at, 2)), server: answer(11) },
      )
      expect(said[1]).toMatch(/^the client's key share of X25519MLKEM768 was also sent in stream 0/)
    }
  })

  test('is told from chance where it has 16 bytes', async () => {
    const client = (random: number) => {
      const keyShares = [[0x1234, new Uint8Array(16).fill(1)]] as const
      return tls.hybridClientHello({ random: randomOf(random), supportedGroups: [0x1234, X25519], keyShares })
    }
    const said = await reused({ client: client(1), server: answer(10) }, { client: client(2), server: answer(11) })
    expect(said[1]).toMatch(/^the client's key share of unknown \(0x1234\) was also sent in stream 0/)
  })

  test('together with another, of two hellos before it, is told of by both', async () => {
    const packets: CapturedPacket[] = []
    connect(packets, { client: hello(1, shareA), server: answer(10) })
    connect(packets, { client: hello(2, shareB), server: answer(11) })
    connect(packets, { client: hello(3, shareA, shareB), server: answer(12) })
    const { handshakes } = await analyzedPackets(packets)
    const { clientHello, notes } = handshakes[2] as HandshakeRecord
    const frames = handshakes.map((handshake) => handshake.clientHello?.frame)
    const like = {
      code: 'key-share-reused',
      frame: clientHello?.frame,
      severity: 'warning',
      section: 'RFC 9846 §4.3.8',
    }
    const words = (group: string, stream: number) =>
      `the client's key share of ${group} was also sent in stream ${stream}, frame ${frames[stream]}, under another random`
    expect(notes).toEqual([
      { ...like, message: words('X25519MLKEM768', 0) },
      { ...like, message: words('x25519', 1) },
    ])
  })

  test('in the second hello of a retry is not', async () => {
    const [first, second] = [hello(1, shareA, shareB), hello(1, shareA, shareB)]
    const packets = new Connection()
      .open()
      .client(record(22, first))
      .server(record(22, tls.helloRetryRequest({ cookie: true })))
      .client(record(22, second))
      .server(record(22, answer(10)))
      .close().packets
    const { handshakes } = await analyzedPackets(packets)
    expect(handshakes[0]?.secondClientHello).not.toBeNull()
    expect(handshakes.map(messageOf)).toEqual([''])
  })

  test('is told of by its own stream and side, also where another capture has one in the same frame', async () => {
    const peers = (random: number): Peers => ({ client: hello(random, shareB), server: answer(random + 10) })
    const server = (random: number): Peers => ({
      client: hello(random),
      server: tls.serverHello13(X25519, shareB, { random: randomOf(random + 10) }),
    })
    const synOn = (clientPort: number) => conversation([], { clientPort }).packets.slice(0, 1)
    const said = [
      // The SYN of the first connection, captured once more, and then that of another.
      await reusedBehind(synOn(40_001), peers(1), peers(2)),
      await reused(server(1), server(2)),
      await reusedBehind(synOn(40_001), peers(1), peers(2)),
      await reusedBehind(synOn(39_000), peers(1), peers(2)),
      await reused(server(1), server(2)),
    ]
    expect(said.map((messages) => messages[1])).toEqual([
      "the client's key share of x25519 was also sent in stream 0, frame 5, under another random",
      "the server's key share of x25519 was also sent in stream 0, frame 5, under another random",
      "the client's key share of x25519 was also sent in stream 0, frame 5, under another random",
      "the client's key share of x25519 was also sent in stream 1, frame 5, under another random",
      "the server's key share of x25519 was also sent in stream 0, frame 5, under another random",
    ])
  })

  test('by chance is not: GREASE and what is too short to be told apart', async () => {
    const small = (random: number) =>
      tls.hybridClientHello({
        random: randomOf(random),
        supportedGroups: [tls.GREASE, 0x1234, X25519],
        keyShares: [
          [tls.GREASE, new Uint8Array(32).fill(1)],
          [0x1234, new Uint8Array(15).fill(1)],
        ],
      })
    expect(await reused({ client: small(1), server: answer(10) }, { client: small(2), server: answer(11) })).toEqual([
      '',
      '',
    ])
  })

  test('with any bit changed is not', async () => {
    const said = await reused(
      { client: hello(1, shareA), server: answer(10) },
      { client: hello(2, shareA.with(1215, 1 ^ (shareA[1215] as number))), server: answer(11) },
    )
    expect(said).toEqual(['', ''])
  })
})
