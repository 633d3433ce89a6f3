import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ServerHello } from '../../src/tls/handshake.js'
import { readServerHello } from '../../src/tls/server-hello.js'
import { big, join } from '../support/bytes.js'
import * as tls from '../support/tls.js'

const PLACE = { frame: 7, bytes: 100, segments: 2, records: 3 }

/** Reads a message with its header, which lies between other bytes. */
function read(message: Uint8Array, partial = false): ServerHello {
  const around = join([0xff, 0xff], message, [0xff, 0xff, 0xff, 0xff])
  return readServerHello(message[0] as number, around, 6, 2 + message.length, PLACE, partial)
}

/** Each with its length without extensions, where a message may end (RFC 5246 §7.4.1.3). */
const MESSAGES: readonly (readonly [name: string, withoutExtensions: number, message: Uint8Array])[] = [
  ['a ServerHello of TLS 1.3', 74, tls.serverHello13(tls.X25519MLKEM768, 1120, { preSharedKey: true })],
  [
    'a ServerHello of TLS 1.2',
    74,
    tls.serverHello({ sessionId: new Uint8Array(32).fill(3), extensions: [tls.extension(23)] }),
  ],
  ['a HelloRetryRequest', 74, tls.helloRetryRequest({ group: tls.X25519MLKEM768, cookie: true })],
  ['a ServerHello of draft 18', 40, tls.oldDraftServerHello(18, tls.X25519, 32)],
  ['a HelloRetryRequest of draft 18', 6, tls.oldDraftRetryRequest(18, tls.SECP256R1)],
  ['a HelloRetryRequest of draft 20', 8, tls.oldDraftRetryRequest(20, tls.SECP256R1)],
]

describe('readServerHello', () => {
  it('reads the version from supported_versions where it is there, and the share', () => {
    expect(read(tls.serverHello13(tls.X25519MLKEM768, 1120))).toMatchObject({
      ...PLACE,
      isHelloRetryRequest: false,
      version: 0x0304,
      legacyVersion: 0x0303,
      cipherSuite: 0x1301,
      keyShare: { group: tls.X25519MLKEM768, bytes: 1120 },
      preSharedKey: false,
      cookie: false,
      extensions: [43, 51],
      problem: null,
    })
    expect(read(tls.serverHello())).toMatchObject({ version: 0x0303, keyShare: null, extensions: [], problem: null })
    expect(read(tls.serverHello({ legacyVersion: 0x0300 }))).toMatchObject({ version: 0x0300, problem: null })
  })

  it('tells a HelloRetryRequest by its random alone', () => {
    expect(read(tls.helloRetryRequest({ group: tls.SECP256R1 }))).toMatchObject({
      isHelloRetryRequest: true,
      version: 0x0304,
      keyShare: { group: tls.SECP256R1, bytes: 0 },
      cookie: false,
      problem: null,
    })
    expect(read(tls.helloRetryRequest({ cookie: true }))).toMatchObject({ keyShare: null, cookie: true, problem: null })
    const message = tls.helloRetryRequest({ group: tls.SECP256R1 })
    for (let at = 6; at < 38; at++) {
      const other = message.slice()
      other[at] = (other[at] as number) ^ 1
      expect(read(other).isHelloRetryRequest).toBe(false)
    }
  })

  it('reads the shape of drafts before 22', () => {
    expect(read(tls.oldDraftServerHello(18, tls.X25519, 32))).toMatchObject({
      version: 0x7f12,
      cipherSuite: 0x1301,
      keyShare: { group: tls.X25519, bytes: 32 },
      problem: null,
    })
    for (const [draft, cipherSuite] of [
      [18, 0],
      [19, 0x1301],
      [21, 0x1301],
    ] as const)
      expect(read(tls.oldDraftRetryRequest(draft, tls.SECP256R1))).toMatchObject({
        isHelloRetryRequest: true,
        version: 0x7f00 + draft,
        cipherSuite,
        keyShare: { group: tls.SECP256R1, bytes: 0 },
        problem: null,
      })
  })

  it('keeps the session id that a server of TLS 1.2 sent', () => {
    const sessionId = new Uint8Array(32).fill(3)
    const { randomAndSessionId } = read(tls.serverHello({ sessionId }))
    expect(randomAndSessionId).toEqual(join(new Uint8Array(32).fill(0x53), sessionId))
  })

  it.each(MESSAGES)(
    'says of %s that it is cut, at any length, and claims nothing that the whole does not',
    (_, withoutExtensions, message) => {
      const whole = read(message)
      expect(whole.problem).toBeNull()
      for (let length = 4; length < message.length; length++) {
        const hello = read(message.slice(0, length))
        if (length !== withoutExtensions)
          expect({ length, problem: hello.problem }).toEqual({ length, problem: 'length-overrun' })
        for (const part of [hello, read(message.slice(0, length), true)]) {
          expect([null, whole.keyShare?.group]).toContain(part.keyShare?.group ?? null)
          expect(part.extensions).toEqual(whole.extensions.slice(0, part.extensions.length))
          expect(part.preSharedKey && !whole.preSharedKey).toBe(false)
          expect(part.cookie && !whole.cookie).toBe(false)
          expect([0, whole.cipherSuite]).toContain(part.cipherSuite)
        }
        expect([null, whole.keyShare]).toContainEqual(hello.keyShare)
      }
    },
  )

  it('gives the group of a share that breaks off to who knows that it is a part', () => {
    const message = tls.serverHello13(tls.X25519MLKEM768, 1120)
    const part = message.slice(0, message.length - 1000)
    expect(read(part).keyShare).toBeNull()
    expect(read(part, true).keyShare).toEqual({ group: tls.X25519MLKEM768, bytes: 1120 })
  })

  it('looks into the last key share where the extension comes twice', () => {
    const entry = (group: number, key: Uint8Array) => join(big(group, 2), tls.vector(2, key))
    const good = tls.extension(51, entry(tls.X25519, new Uint8Array(32).fill(7).with(0, 1)))
    const zeros = tls.extension(51, entry(tls.X25519, new Uint8Array(32)))
    const answer = (...extensions: Uint8Array[]) => read(tls.serverHello({ selectedVersion: tls.TLS13, extensions }))
    expect(answer(good, zeros).flaws.map(({ code }) => code)).toEqual(['repeated-bytes', 'low-order-point'])
    expect(answer(zeros, good).flaws).toEqual([])
    expect(answer(zeros, good).shareFingerprints).toHaveLength(1)
  })

  it('says that bytes are left behind the last field', () => {
    expect(read(join(tls.serverHello13(tls.X25519, 32), [0])).problem).toBe('trailing-bytes')
    const twoGroups = tls.serverHello({ extensions: [tls.extension(51, join(big(0x1d, 2), big(0, 2), [1, 2]))] })
    expect(read(twoGroups).problem).toBe('trailing-bytes')
  })

  it('never throws, and names no group whose share its bytes do not hold', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => join([2, 0, 0, 0], bytes)),
      fc
        .tuple(fc.constantFrom(...MESSAGES), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }))
        .map(([[, , message], changes]) => {
          const changed = message.slice()
          for (const [at, byte] of changes) changed[4 + (at % (changed.length - 4))] = byte
          return changed
        }),
    )
    fc.assert(
      fc.property(anyBytes, fc.boolean(), (message, partial) => {
        const hello = read(message, partial)
        expect(hello.extensions.length * 4).toBeLessThanOrEqual(message.length)
        if (hello.keyShare === null || partial) return
        expect(hello.keyShare.bytes).toBeLessThanOrEqual(message.length)
        const id = big(hello.keyShare.group, 2)
        expect(message.some((byte, at) => byte === id[0] && message[at + 1] === id[1])).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})
