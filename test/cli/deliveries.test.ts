import { describe, expect, test } from 'vitest'
import { Deliveries } from '../../src/cli/deliveries.js'
import { aheadOfEach, type CaptureEnd, DELIVERY_LENGTH, type Delivery } from '../../src/cli/worker-messages.js'
import type { Preparer } from '../../src/report/index.js'
import { captureRecord, classicalRecord, handshakeRecord } from '../support/records.js'
import { textOf } from '../support/session.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const NO_SHARES = new Int32Array(0)
const LONG = 'x'.repeat(DELIVERY_LENGTH)

function gathering(maxAhead = Number.POSITIVE_INFINITY): { deliveries: Deliveries; posted: Delivery[] } {
  const posted: Delivery[] = []
  const preparer: Preparer = { handshake: ({ serverName }) => serverName ?? '', rest: () => '' }
  return { deliveries: new Deliveries(preparer, maxAhead, (delivery) => posted.push(delivery)), posted }
}

describe('deliveries', () => {
  test('hold the text of several captures, with the place where each ends', () => {
    const { deliveries, posted } = gathering()
    const [a, b] = [captureRecord({ capture: 'a' }), captureRecord({ capture: 'b' })]
    deliveries.handshake(handshakeRecord({ serverName: 'é1' }))
    deliveries.capture(a, NO_SHARES)
    deliveries.handshake(classicalRecord({ serverName: 'two' }))
    deliveries.handshake(classicalRecord({ serverName: 'three' }))
    deliveries.capture(b, NO_SHARES)
    deliveries.end()
    expect(posted).toHaveLength(1)
    expect(posted[0]).toMatchObject({ last: true, totals: { handshakes: 3, labels: { hybrid: 1, classical: 2 } } })
    expect(textOf(posted[0]?.text ?? '')).toBe('é1twothree')
    expect(JSON.parse(posted[0]?.ended ?? '')).toEqual([
      { at: 3, keySharesAt: 0, record: a },
      { at: 11, keySharesAt: 0, record: b },
    ])
  })

  test('leave when there is much', () => {
    const { deliveries, posted } = gathering()
    deliveries.handshake(handshakeRecord({ serverName: LONG }))
    deliveries.handshake(handshakeRecord({ serverName: 'more' }))
    deliveries.end()
    expect(posted.map(({ text, last }) => [text.length, last])).toEqual([
      [LONG.length, false],
      [4, true],
    ])
  })

  test('take along what was kept back to be summed up, at the end of its capture', () => {
    const posted: Delivery[] = []
    let kept = 0
    const preparer: Preparer = {
      handshake() {
        kept++
        return ''
      },
      rest() {
        const text = kept === 0 ? '' : String(kept)
        kept = 0
        return text
      },
    }
    const deliveries = new Deliveries(preparer, Number.POSITIVE_INFINITY, (delivery) => posted.push(delivery))
    for (const count of [3, 0, 2]) {
      for (let i = 0; i < count; i++) deliveries.handshake(handshakeRecord())
      deliveries.capture(captureRecord(), NO_SHARES)
    }
    deliveries.end()
    expect(textOf(posted[0]?.text ?? '')).toBe('32')
    expect(JSON.parse(posted[0]?.ended ?? '').map(({ at }: CaptureEnd) => at)).toEqual([1, 1, 2])
  })

  test('leave when the event loop turns: the input is waited for', async () => {
    const { deliveries, posted } = gathering()
    deliveries.handshake(handshakeRecord({ serverName: 'row' }))
    expect(posted).toEqual([])
    await turn()
    expect(posted.map(({ text }) => textOf(text))).toEqual(['row'])
  })

  test('end with a capture of which a part has left, so that no other can be lost with its end', () => {
    const { deliveries, posted } = gathering()
    deliveries.handshake(handshakeRecord({ serverName: LONG }))
    deliveries.capture(captureRecord({ capture: 'a' }), NO_SHARES)
    expect(posted.map(({ endedCount }) => endedCount)).toEqual([0, 1])
    deliveries.capture(captureRecord({ capture: 'b' }), NO_SHARES)
    expect(posted).toHaveLength(2)
  })

  test('hold the key shares of their captures, one after the other', () => {
    const { deliveries, posted } = gathering()
    for (const shares of [[1, 2], [], [3]]) deliveries.capture(captureRecord(), Int32Array.from(shares))
    deliveries.end()
    deliveries.capture(captureRecord(), Int32Array.of(4))
    deliveries.end()
    expect(posted.map(({ keyShares }) => [...keyShares])).toEqual([[1, 2, 3], [4]])
    expect(posted.map(({ ended }) => JSON.parse(ended).map((end: CaptureEnd) => end.keySharesAt))).toEqual([
      [2, 2, 3],
      [1],
    ])
  })

  test('have long texts in shared memory, which is written to again only once it has come back', () => {
    const { deliveries, posted } = gathering()
    const give = (letter: string): void =>
      void deliveries.handshake(handshakeRecord({ serverName: letter.repeat(LONG.length) }))
    give('a')
    give('b')
    const memory = posted[0]?.text.buffer
    expect(memory).toBeInstanceOf(SharedArrayBuffer)
    expect(posted.map(({ text }) => textOf(text.slice(0, 1)))).toEqual(['a', 'b'])
    deliveries.taken(memory as SharedArrayBuffer)
    give('c')
    expect(posted[2]?.text.buffer).toBe(memory)
    expect(posted.map(({ text }) => textOf(text.slice(0, 1)))).toEqual(['c', 'b', 'c'])
  })

  test('hold one handshake that is longer than their memory', () => {
    const { deliveries, posted } = gathering()
    deliveries.handshake(handshakeRecord({ serverName: 'é'.repeat(LONG.length) }))
    deliveries.handshake(handshakeRecord({ serverName: 'next' }))
    deliveries.end()
    expect(posted.map(({ text }) => text.length)).toEqual([2 * LONG.length, 4])
    expect(textOf(posted[1]?.text ?? '')).toBe('next')
  })

  test('wait once they are too far ahead of the printing', async () => {
    const { deliveries, posted } = gathering(2.5 * DELIVERY_LENGTH)
    expect(deliveries.handshake(handshakeRecord({ serverName: LONG }))).toBeUndefined()
    expect(deliveries.handshake(handshakeRecord({ serverName: LONG }))).toBeUndefined()
    let waited = false
    const room = deliveries.handshake(handshakeRecord({ serverName: LONG }))?.then(() => {
      waited = true
    })
    await turn()
    expect({ waited, posted: posted.length }).toEqual({ waited: false, posted: 3 })
    deliveries.taken(null)
    await room
    expect(waited).toBe(true)
  })
})

describe('what workers may be ahead', () => {
  test('is shared among them, and never nothing', () => {
    expect(aheadOfEach(2)).toBe(48 * 1024 * 1024)
    expect(aheadOfEach(4)).toBe(16 * 1024 * 1024)
    expect(aheadOfEach(256)).toBe(4 * 1024 * 1024)
  })
})
