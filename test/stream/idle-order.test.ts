import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamProtocol } from '../../src/stream/chunk.js'
import { Conversation } from '../../src/stream/conversation.js'
import { IdleOrder } from '../../src/stream/idle-order.js'

describe('IdleOrder', () => {
  const END = { ipVersion: 4, a: 0, b: 0, c: 0, d: 0, port: 0 } as const
  const identity = { stream: 0, earlierHandshakes: 0, senders: [END, END], opening: null } as const
  const protocol = {} as StreamProtocol

  it('knows which had data longest ago, whatever is touched and removed', () => {
    const anyStep = fc.record({ which: fc.nat(5), removes: fc.boolean() })
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const all = Array.from({ length: 6 }, (_, flow) => new Conversation(flow, identity, protocol))
        const order = new IdleOrder()
        let expected: Conversation[] = []
        for (const { which, removes } of steps) {
          const one = all[which] as Conversation
          expected = expected.filter((other) => other !== one)
          if (removes) order.remove(one)
          else {
            order.touch(one)
            expected.push(one)
          }
          expect([order.count, order.first()?.flow]).toEqual([expected.length, expected[0]?.flow])
        }
        for (const oldest of expected) {
          expect(order.first()?.flow).toBe(oldest.flow)
          order.remove(oldest)
        }
        expect([order.count, order.first()]).toEqual([0, null])
      }),
    )
  })
})
