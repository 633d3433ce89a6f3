import { describe, expect, it } from 'vitest'
import { messagesOf } from '../../src/compare/messages.js'
import type { KeyShare } from '../../src/verdict/record.js'
import { handshakeRecord, hello, retriedRecord, serverHello, tls12Record, X25519 } from '../support/records.js'

const hybridShare: KeyShare = {
  id: 0x11ec,
  name: 'X25519MLKEM768',
  kind: 'hybrid',
  status: 'standard',
  bytes: 1216,
  expectedBytes: 1216,
  parts: [
    { name: 'ML-KEM-768', bytes: 1184 },
    { name: 'X25519', bytes: 32 },
  ],
}
const pureShare: KeyShare = {
  id: 0x0202,
  name: 'MLKEM1024',
  kind: 'post-quantum',
  status: 'draft',
  bytes: 1568,
  expectedBytes: 1568,
  parts: [{ name: 'ML-KEM-1024', bytes: 1568 }],
}

describe('messagesOf', () => {
  it('tells every message in the order of the wire, and behind it what else each side sent', () => {
    const record = retriedRecord({ cost: { ...handshakeRecord().cost, clientBytes: 2000, serverBytes: 2410 } })
    expect(messagesOf(record).map(({ name, from, bytes }) => [name, from, bytes])).toEqual([
      ['ClientHello', 'client', 310],
      ['HelloRetryRequest', 'server', 88],
      ['second ClientHello', 'client', 1530],
      ['ServerHello', 'server', 1210],
      ['rest of the client', 'client', 2000 - 310 - 1530],
      ['rest of the server', 'server', 2410 - 88 - 1210],
    ])
    expect(messagesOf(tls12Record()).map(({ name, bytes }) => [name, bytes])).toEqual([
      ['ClientHello', 1530],
      ['ServerHello', 70],
      ['Certificate', 810],
      ['ServerKeyExchange', 333],
      ['rest of the client', 85],
      ['rest of the server', 1197],
    ])
  })

  it('has no rest where nothing else was sent, nor where the end of the handshake is not in the capture', () => {
    const cost = { ...handshakeRecord().cost, clientBytes: 1530, serverBytes: 1211 }
    const names = (complete: boolean) =>
      messagesOf(handshakeRecord({ cost: { ...cost, complete } })).map(({ name }) => name)
    expect(names(true)).toEqual(['ClientHello', 'ServerHello', 'rest of the server'])
    expect(names(false)).toEqual(['ClientHello', 'ServerHello'])
  })

  it('tells the post-quantum part of a share from the classical one, and both from the rest of the message', () => {
    const record = handshakeRecord({ clientHello: hello({ keyShares: [hybridShare] }) })
    expect(messagesOf(record)[0]?.parts).toEqual([
      { kind: 'post-quantum', name: 'ML-KEM-768', bytes: 1184 },
      { kind: 'classical', name: 'X25519', bytes: 32 },
      { kind: 'other', name: 'other', bytes: 1530 - 1216 },
    ])
    const pure = handshakeRecord({ serverHello: serverHello({ keyShare: pureShare, bytes: 1568 }) })
    expect(messagesOf(pure)[1]?.parts).toEqual([{ kind: 'post-quantum', name: 'ML-KEM-1024', bytes: 1568 }])
  })

  it('does not divide a share that has not the length of its group', () => {
    const parts = (share: KeyShare) =>
      messagesOf(handshakeRecord({ clientHello: hello({ keyShares: [share] }) }))[0]?.parts.slice(0, 1)
    expect(parts({ ...hybridShare, bytes: 1000 })).toEqual([{ kind: 'share', name: 'X25519MLKEM768', bytes: 1000 }])
    expect(parts({ ...pureShare, bytes: 1000 })).toEqual([{ kind: 'post-quantum', name: 'MLKEM1024', bytes: 1000 }])
    expect(parts({ ...X25519, bytes: 31, expectedBytes: 32 })).toEqual([
      { kind: 'classical', name: 'x25519', bytes: 31 },
    ])
  })

  it('tells no part of a message that is shorter than its shares claim to be', () => {
    const record = handshakeRecord({ clientHello: hello({ keyShares: [hybridShare], bytes: 900 }) })
    expect(messagesOf(record)[0]?.parts).toEqual([{ kind: 'other', name: 'other', bytes: 900 }])
  })

  it('tells the public value of TLS 1.2', () => {
    const exchange = messagesOf(tls12Record())[3]
    expect(exchange?.parts).toEqual([
      { kind: 'classical', name: 'secp256r1', bytes: 65 },
      { kind: 'other', name: 'other', bytes: 333 - 65 },
    ])
  })
})
