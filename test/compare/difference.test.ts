import { describe, expect, it } from 'vitest'
import { INITIAL_WINDOW } from '../../src/compare/difference.js'
import type { Group, HandshakeRecord } from '../../src/verdict/record.js'
import { agreedOn, pairOf, plainRecord } from '../support/comparisons.js'
import {
  classicalRecord,
  handshakeRecord,
  hello,
  incompleteRecord,
  keyShare,
  negotiated,
  rejectedRecord,
  retriedRecord,
  serverHello,
  tls12Record,
  verdict,
  X25519,
  X25519MLKEM768,
} from '../support/records.js'

const GREASE = (id: number) =>
  ({ id, name: `GREASE (0x${id.toString(16)})`, kind: 'grease', status: 'unassigned' }) as const

describe('comparePair', () => {
  it('aligns the groups offered and the key shares', () => {
    const { supportedGroups, keyShares } = pairOf(plainRecord(), handshakeRecord())
    expect(supportedGroups.map(({ after, change }) => `${after?.name} ${change}`)).toEqual([
      'X25519MLKEM768 added',
      'x25519 same',
      'secp256r1 same',
    ])
    expect(keyShares.map(({ after, change }) => `${after?.name} ${after?.bytes} ${change}`)).toEqual([
      'X25519MLKEM768 1216 added',
      'x25519 32 same',
    ])
  })

  it('takes other GREASE values for no difference', () => {
    const greased = (id: number) =>
      handshakeRecord({
        clientHello: hello({ supportedGroups: [GREASE(id), X25519], keyShares: [{ ...GREASE(id), bytes: 1 }] }),
      })
    expect(pairOf(greased(0x0a0a), greased(0x2a2a)).different).toBe(false)
  })

  it('has the difference and the factor of sizes, and neither where a side is not known', () => {
    const { sizes } = pairOf(plainRecord(), handshakeRecord())
    expect(sizes.clientHelloBytes).toEqual({ before: 310, after: 1530, difference: 1220, factor: 4.935 })
    expect(sizes.totalBytes).toEqual({ before: 1717, after: 4025, difference: 2308, factor: 2.344 })
    expect(sizes.secondClientHelloBytes).toEqual({ before: null, after: null, difference: null, factor: null })
    const open = handshakeRecord({ cost: { ...handshakeRecord().cost, complete: false, connectMilliseconds: 0 } })
    const compared = pairOf(open, handshakeRecord()).sizes
    expect(compared.totalBytes).toEqual({ before: null, after: 4025, difference: null, factor: null })
    expect(compared.connectMilliseconds).toEqual({ before: 0, after: 0.25, difference: 0.25, factor: null })
  })

  it('shows a version that was offered without the extension', () => {
    const old = tls12Record()
    expect(pairOf(old, old).supportedVersions).toEqual([{ before: 'TLSv1.2', after: 'TLSv1.2', change: 'same' }])
  })

  it('says nothing of what one side does not show', () => {
    const { facts, supportedGroups, different } = pairOf(handshakeRecord(), incompleteRecord({ clientHello: null }))
    expect(supportedGroups).toEqual([])
    expect(facts.version).toEqual({ before: 'TLSv1.3', after: null, change: 'unknown' })
    expect(facts.helloRetryRequest.change).toBe('unknown')
    expect(facts.outcome).toEqual({ before: 'negotiated', after: 'incomplete', change: 'unknown' })
    expect(different).toBe(false)
  })

  it('does not know a HelloRetryRequest that only its answer shows', () => {
    const lost = { ...retriedRecord(), helloRetryRequest: null }
    expect(pairOf(handshakeRecord(), lost).facts.helloRetryRequest.change).toBe('unknown')
    expect(pairOf(handshakeRecord(), retriedRecord()).facts.helloRetryRequest).toEqual({
      before: null,
      after: 'X25519MLKEM768',
      change: 'added',
    })
  })

  it('tells what a HelloRetryRequest asked for', () => {
    const asked = (group: Group | null, cookie: boolean) =>
      pairOf(handshakeRecord(), retriedRecord({ helloRetryRequest: { frame: 5, bytes: 88, group, cookie } })).facts
        .helloRetryRequest.after
    expect([asked(X25519, false), asked(X25519, true), asked(null, true), asked(null, false)]).toEqual([
      'x25519',
      'x25519, cookie',
      'cookie',
      'for nothing',
    ])
  })

  it.each([
    [INITIAL_WINDOW - 5, 1, 'yes'],
    [INITIAL_WINDOW - 4, 1, 'no'],
    [INITIAL_WINDOW - 5, 2, 'no'],
  ])('tells of a ClientHello of %i bytes in %i records that it fits the initial window: %s', (bytes, records, fits) => {
    const record = handshakeRecord({ clientHello: hello({ bytes, records }) })
    expect(pairOf(record, record).facts.fitsInitialWindow.after).toBe(fits)
  })
})

describe('the messages of a handshake', () => {
  it('have the parts of their key shares, and sum up to what was sent', () => {
    const share = {
      ...keyShare(X25519MLKEM768, 1216),
      parts: [
        { name: 'ML-KEM-768', bytes: 1184 },
        { name: 'X25519', bytes: 32 },
      ],
    }
    const record = handshakeRecord({ clientHello: hello({ keyShares: [share, keyShare(X25519, 32)] }) })
    const { after } = pairOf(record, record).messages
    expect(after[0]).toEqual({
      name: 'ClientHello',
      from: 'client',
      bytes: 1530,
      parts: [
        { kind: 'post-quantum', name: 'ML-KEM-768', bytes: 1184 },
        { kind: 'classical', name: 'X25519', bytes: 32 },
        { kind: 'classical', name: 'x25519', bytes: 32 },
        { kind: 'other', name: 'other', bytes: 282 },
      ],
    })
    const sent = after.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(sent).toBe(record.cost.clientBytes + record.cost.serverBytes)
  })

  it('tell nothing apart in a share whose length is not that of its group', () => {
    const share = { ...keyShare(X25519MLKEM768, 1216), bytes: 1220 }
    const record = handshakeRecord({ clientHello: hello({ keyShares: [share] }) })
    expect(pairOf(record, record).messages.after[0]?.parts[0]).toEqual({
      kind: 'share',
      name: 'X25519MLKEM768',
      bytes: 1220,
    })
  })

  it('always sum up to their bytes, also where shares claim more', () => {
    const liar = handshakeRecord({ clientHello: hello({ bytes: 10, keyShares: [keyShare(X25519, 60_000)] }) })
    for (const record of [liar, handshakeRecord(), retriedRecord(), tls12Record(), rejectedRecord()]) {
      for (const { bytes, parts } of pairOf(record, record).messages.before)
        expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes)
    }
  })
})

describe('the verdict in sentences', () => {
  const resumed = handshakeRecord({
    verdict: verdict('psk', { reason: 'psk-only' }),
    negotiated: negotiated(null),
    serverHello: serverHello({ keyShare: null, preSharedKey: true }),
  })

  it.each([
    [
      'classical to hybrid',
      plainRecord(),
      handshakeRecord(),
      'From x25519 to X25519MLKEM768: hybrid. ClientHello 1.2 kB larger, now two segments; no extra round trip; 2.3 kB more in all.',
    ],
    [
      'hybrid to classical',
      handshakeRecord(),
      classicalRecord(),
      'From X25519MLKEM768 to x25519: classical, a downgrade. ClientHello of the same size; no extra round trip; as many bytes in all. Made up for a test.',
    ],
    [
      'the same',
      handshakeRecord(),
      handshakeRecord(),
      'Both times X25519MLKEM768: hybrid. ClientHello of the same size; no extra round trip; as many bytes in all.',
    ],
    [
      'TLS 1.2 to hybrid',
      tls12Record({ cost: { ...tls12Record().cost, roundTrips: 2 } }),
      handshakeRecord(),
      'From secp256r1 in TLSv1.2 to X25519MLKEM768 in TLSv1.3: hybrid. ClientHello of the same size; one round trip fewer; as many bytes in all.',
    ],
    [
      'to hybrid after a HelloRetryRequest',
      plainRecord(),
      retriedRecord({ cost: { ...retriedRecord().cost, roundTrips: 2 } }),
      'From x25519 to X25519MLKEM768: hybrid. ClientHello of the same size, and a second one of 1.5 kB; one more round trip, for a HelloRetryRequest; 2.3 kB more in all.',
    ],
    [
      'to an obsolete draft',
      plainRecord(),
      agreedOn('hybrid', 'obsolete'),
      'From x25519 to obsolete hybrid: hybrid, obsolete. ClientHello 1.2 kB larger, now two segments; no extra round trip; 2.3 kB more in all.',
    ],
    [
      'to a broken KEM',
      plainRecord(),
      agreedOn('hybrid', 'broken'),
      'From x25519 to broken hybrid: hybrid, but its post-quantum part is broken. ClientHello 1.2 kB larger, now two segments; no extra round trip; 2.3 kB more in all.',
    ],
    [
      'hybrid to rejected',
      handshakeRecord(),
      rejectedRecord(),
      'From X25519MLKEM768 to no agreement: rejected, a downgrade. ClientHello of the same size. Made up for a test.',
    ],
    [
      'rejected to hybrid',
      rejectedRecord(),
      handshakeRecord(),
      'From no agreement to X25519MLKEM768: hybrid. ClientHello of the same size.',
    ],
    [
      'hybrid to incomplete',
      handshakeRecord(),
      incompleteRecord({ clientHello: null }),
      'Cannot be compared: the second handshake is incomplete. Second: Made up for a test.',
    ],
    [
      'to a pre-shared key',
      handshakeRecord(),
      resumed,
      'From X25519MLKEM768 to PSK: a pre-shared key, without a key exchange. Which of them is stronger cannot be told. ClientHello of the same size; no extra round trip; as many bytes in all.',
    ],
    [
      'to a resumed session of TLS 1.2',
      tls12Record(),
      tls12Record({
        verdict: verdict('psk', { reason: 'resumed' }),
        negotiated: negotiated(null, { version: 'TLSv1.2', keyExchange: 'resumed' }),
      }),
      'From secp256r1 to a resumed session: no key exchange. Which of them is stronger cannot be told. ClientHello of the same size; no extra round trip; as many bytes in all.',
    ],
    [
      'to a group for private use',
      handshakeRecord(),
      agreedOn('unknown', 'private'),
      'From X25519MLKEM768 to private unknown: of a kind that is not known. Which of them is stronger cannot be told. ClientHello of the same size; no extra round trip; as many bytes in all.',
    ],
    [
      'incomplete to rejected',
      incompleteRecord({ clientHello: null }),
      rejectedRecord(),
      'Cannot be compared: the first handshake is incomplete. First: Made up for a test. Second: Made up for a test.',
    ],
    [
      'two that were rejected',
      rejectedRecord(),
      rejectedRecord(),
      'Rejected both times. ClientHello of the same size. First: Made up for a test. Second: Made up for a test.',
    ],
  ])('tells %s', (_, before, after, sentences) => {
    expect(pairOf(before, after).verdict).toBe(sentences)
  })

  it('tells a hello that outgrows the initial window', () => {
    const large = handshakeRecord({ clientHello: hello({ bytes: 15_530, segments: 11, keyShares: [] }) })
    expect(pairOf(handshakeRecord(), large).verdict).toContain(
      'ClientHello 14.0 kB larger, now 11 segments and beyond one initial window;',
    )
  })
})

describe('the notes on a pair', () => {
  const codes = (before: HandshakeRecord, after: HandshakeRecord) => pairOf(before, after).notes.map(({ code }) => code)
  const timed = (connectMilliseconds: number | null, milliseconds: number) =>
    handshakeRecord({ cost: { ...handshakeRecord().cost, connectMilliseconds, milliseconds } })

  it('say that one handshake is no sample', () => {
    expect(codes(timed(1, 5), timed(1, 9))).toEqual(['one-sample'])
  })

  it('say where the round trips differ more than the handshakes', () => {
    expect(codes(timed(1, 5), timed(21, 15))).toEqual(['one-sample', 'round-trips-differ'])
    expect(codes(timed(21, 15), timed(1, 5))).toEqual(['one-sample', 'round-trips-differ'])
    expect(codes(timed(1, 5), timed(2, 15))).toEqual(['one-sample'])
    // Two round trips each.
    expect(codes(timed(10, 22), timed(30, 62))).toEqual(['one-sample', 'round-trips-differ'])
    expect(pairOf(timed(1, 25), timed(21, 15)).notes[1]?.message).toBe(
      'the TCP round trips differ by +20 ms, the handshakes by -10 ms: these times say more of the network than of the handshakes',
    )
    expect(codes(timed(null, 5), timed(2, 15))).toEqual(['one-sample', 'round-trip-unknown'])
    // The SYN may be there, and the SYN/ACK lost.
    expect(pairOf(timed(null, 5), timed(2, 15)).notes[1]?.message).toContain('is not whole in its capture')
  })

  it('say that a resumed session needs no certificate', () => {
    const resumed = handshakeRecord({ serverHello: serverHello({ preSharedKey: true }) })
    expect(codes(handshakeRecord(), resumed)).toContain('resumption-differs')
    expect(codes(resumed, resumed)).not.toContain('resumption-differs')
    expect(pairOf(handshakeRecord(), resumed).notes[0]?.message).toMatch(/^the second handshake took a pre-shared key /)
    expect(pairOf(resumed, handshakeRecord()).notes[0]?.message).toMatch(/^the first handshake took a pre-shared key /)
    const psk = tls12Record({ negotiated: negotiated(null, { version: 'TLSv1.2', keyExchange: 'PSK' }) })
    expect(codes(tls12Record(), psk)).toContain('resumption-differs')
  })

  it('say that TLS 1.2 goes on behind what is counted', () => {
    expect(codes(tls12Record(), handshakeRecord())).toContain('versions-differ')
    expect(codes(tls12Record(), tls12Record())).not.toContain('versions-differ')
    const resumed = tls12Record({ negotiated: negotiated(null, { version: 'TLSv1.2', keyExchange: 'resumed' }) })
    expect(codes(resumed, handshakeRecord())).not.toContain('versions-differ')
  })

  it('say that the end of a handshake is not in the capture', () => {
    const open = handshakeRecord({ cost: { ...handshakeRecord().cost, complete: false } })
    expect(codes(open, handshakeRecord())).toEqual(['end-not-seen'])
    expect(pairOf(handshakeRecord(), open).notes[0]?.message).toMatch(/^the end of the second handshake is not in /)
    // One that failed has no end.
    expect(codes(rejectedRecord(), handshakeRecord())).toEqual([])
  })
})
