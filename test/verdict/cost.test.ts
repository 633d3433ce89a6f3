import { describe, expect, it } from 'vitest'
import { onlyHandshake } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'

async function costOf(name: string) {
  const make = handshakes[name] as NonNullable<(typeof handshakes)[string]>
  return (await onlyHandshake(make())).cost
}

describe('costOf', () => {
  it.each([
    ['TLS 1.3, hybrid', 1],
    ['TLS 1.3, early data', 1],
    ['TLS 1.3, retried to hybrid', 2],
    ['the second ClientHello, the HelloRetryRequest lost', 2],
    ['TLS 1.2, ECDHE', 2],
    ['TLS 1.2, resumed by session id', 1],
    ['an alert of the server', 1],
    ['no answer', 0],
  ])('counts the round trips of %s: %i', async (name, roundTrips) => {
    expect((await costOf(name)).roundTrips).toBe(roundTrips)
  })

  it("ends with the client's first encrypted record, whatever stands behind it in the segment", async () => {
    // ClientHello 1410, ChangeCipherSpec 6, Finished 58 bytes; the 85 of the next record are not counted.
    expect(await costOf('TLS 1.3, hybrid')).toMatchObject({
      clientBytes: 1474,
      serverBytes: 3171,
      clientSegments: 2,
      serverSegments: 3,
      milliseconds: 4,
      complete: true,
    })
  })

  it('is no time where the clock was set back', async () => {
    const make = handshakes['TLS 1.3, hybrid'] as NonNullable<(typeof handshakes)[string]>
    const backwards = make().map((packet, i) => ({ ...packet, time: BigInt(100 - i) * 1_000_000_000n }))
    expect((await onlyHandshake(backwards)).cost.milliseconds).toBe(0)
  })

  it('is not complete where that record was not seen', async () => {
    expect(await costOf('no answer')).toMatchObject({ clientBytes: 1410, serverBytes: 0, complete: false })
  })
})
