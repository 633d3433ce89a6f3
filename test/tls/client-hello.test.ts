import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClientHello } from '../../src/tls/client-hello.js'
import type { ClientHello, MessagePlace } from '../../src/tls/handshake.js'
import { big, join } from '../support/bytes.js'
import {
  type ClientHelloFields,
  clientHello,
  clientRandom,
  extension,
  hybridClientHello,
  keyShareList,
  vector,
} from '../support/tls.js'

const PLACE: MessagePlace = { frame: 7, bytes: 100, segments: 2, records: 3 }

/** Reads a message with its header, which lies between other bytes. */
function read(message: Uint8Array, partial = false): ClientHello {
  const around = join([0xff, 0xff], message, [0xff, 0xff, 0xff, 0xff])
  return readClientHello(around, 6, 2 + message.length, PLACE, partial)
}

/** A message without the last bytes of its body, its own length left as it was. */
function cut(message: Uint8Array, length: number): Uint8Array {
  return message.slice(0, length)
}

const anyCodePoint = fc.nat(0xffff)
const anyName = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789.-'),
  minLength: 1,
  maxLength: 60,
})
const anyHello = fc.record({
  legacyVersion: anyCodePoint,
  random: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  sessionId: fc.uint8Array({ maxLength: 32 }),
  cipherSuites: fc.array(anyCodePoint, { maxLength: 80 }),
  serverName: anyName,
  supportedVersions: fc.array(anyCodePoint, { maxLength: 20 }),
  supportedGroups: fc.array(anyCodePoint, { maxLength: 30 }),
  keyShares: fc.array(fc.tuple(anyCodePoint, fc.nat(1600)), { maxLength: 5 }),
  alpn: fc.array(anyName, { maxLength: 5 }),
  pskModes: fc.array(fc.nat(255), { maxLength: 4 }),
  earlyData: fc.boolean(),
  preSharedKey: fc.boolean(),
  sessionTicket: fc.nat(300),
}) satisfies fc.Arbitrary<ClientHelloFields>

/** Whether a list is the beginning of another. */
function isBeginning(part: readonly unknown[], whole: readonly unknown[]): boolean {
  return part.length <= whole.length && JSON.stringify(part) === JSON.stringify(whole.slice(0, part.length))
}

/** Nothing in a reading of a part but what the whole holds. */
function claimsNoMore(part: ClientHello, whole: ClientHello): void {
  for (const list of [
    'cipherSuites',
    'extensions',
    'supportedVersions',
    'supportedGroups',
    'keyShares',
    'signatureSchemes',
    'alpn',
    'pskModes',
  ] as const)
    expect(isBeginning(part[list], whole[list]), list).toBe(true)
  expect([null, whole.serverName]).toContain(part.serverName)
  expect([null, whole.sessionTicketBytes]).toContain(part.sessionTicketBytes)
  for (const flag of ['preSharedKey', 'earlyData', 'encryptedClientHello'] as const)
    expect(part[flag] && !whole[flag], flag).toBe(false)
  expect([0, whole.randomAndSessionId.length]).toContain(part.randomAndSessionId.length)
}

describe('readClientHello', () => {
  it('gives back what was written, whatever was read before', () => {
    fc.assert(
      fc.property(anyHello, (fields) => {
        const hello = read(clientHello(fields))
        expect(hello).toMatchObject({
          ...PLACE,
          legacyVersion: fields.legacyVersion,
          cipherSuites: fields.cipherSuites,
          serverName: fields.serverName,
          supportedVersions: fields.supportedVersions,
          supportedGroups: fields.supportedGroups,
          keyShares: fields.keyShares.map(([group, bytes]) => ({ group, bytes })),
          signatureSchemes: [0x0403, 0x0804],
          alpn: fields.alpn,
          pskModes: fields.pskModes,
          earlyData: fields.earlyData,
          preSharedKey: fields.preSharedKey,
          sessionTicketBytes: fields.sessionTicket,
          encryptedClientHello: false,
          problem: null,
        })
        expect(hello.randomAndSessionId).toEqual(join(fields.random, fields.sessionId))
      }),
      { numRuns: 300 },
    )
  })

  it('keeps the extensions in wire order, with those it does not read', () => {
    const extensions = [extension(0x3a3a), extension(0xfe0d, [0, 1, 2]), extension(0x4a4a, [0]), extension(65_281, [0])]
    const hello = read(hybridClientHello({ extensions }))
    expect(hello.extensions).toEqual([0, 10, 13, 43, 45, 51, 0x3a3a, 0xfe0d, 0x4a4a, 65_281])
    expect(hello.encryptedClientHello).toBe(true)
    expect(hello.problem).toBeNull()
  })

  it('takes a hello that ends behind its compression methods', () => {
    const hello = read(clientHello({ bare: true, cipherSuites: [0x0035] }))
    expect(hello).toMatchObject({ cipherSuites: [0x0035], extensions: [], problem: null, sessionTicketBytes: null })
  })

  it('gives what stands before the break, and says so, when it is cut at any length', () => {
    const message = hybridClientHello({
      alpn: ['h2', 'http/1.1'],
      preSharedKey: true,
      earlyData: true,
      sessionTicket: 9,
    })
    const whole = read(message)
    const bare = clientHello({ ...{ sessionId: new Uint8Array(32).fill(0x51) }, bare: true }).length
    expect(whole.problem).toBeNull()
    for (let length = 4; length < message.length; length++) {
      const hello = read(cut(message, length))
      claimsNoMore(hello, whole)
      if (length !== bare) expect({ length, problem: hello.problem }).toEqual({ length, problem: 'length-overrun' })
      claimsNoMore(read(cut(message, length), true), whole)
    }
  })

  it('reads the list that a part breaks off in as far as it goes', () => {
    const message = clientHello({ serverName: 'example.test', supportedGroups: [1, 2, 3, 4], random: clientRandom })
    const at = message.length - extension(13, new Uint8Array(6)).length
    expect(read(cut(message, at - 3), true)).toMatchObject({ serverName: 'example.test', supportedGroups: [1, 2] })
    expect(read(cut(message, at - 3)).problem).toBe('length-overrun')
  })

  it('says that bytes are left behind the last field', () => {
    expect(read(join(clientHello(), [0])).problem).toBe('trailing-bytes')
    const shareWithTail = extension(51, join(vector(2, big(0x1d, 2), vector(2, new Uint8Array(32))), [0]))
    const hello = read(clientHello({ extensions: [shareWithTail] }))
    expect(hello.keyShares).toEqual([{ group: 0x1d, bytes: 32 }])
    expect(hello.problem).toBe('trailing-bytes')
  })

  it('takes no key share whose bytes are not all there', () => {
    const short = extension(51, vector(2, big(0x11ec, 2), big(1216, 2), new Uint8Array(1215)))
    const hello = read(clientHello({ extensions: [short] }))
    expect(hello.keyShares).toEqual([])
    expect(hello.problem).toBe('length-overrun')
  })

  it('looks into the last key shares where the extension comes twice', () => {
    const good = new Uint8Array(32).fill(7).with(0, 1)
    const share = (key: Uint8Array) => extension(51, keyShareList([[0x001d, key]]))
    const zeros = new Uint8Array(32)
    const sent = (...extensions: Uint8Array[]) => read(clientHello({ extensions }))
    expect(sent(share(good), share(zeros)).flaws.map(({ code }) => code)).toEqual(['repeated-bytes', 'low-order-point'])
    expect(sent(share(zeros), share(good)).flaws).toEqual([])
    expect(sent(share(zeros), share(good)).shareFingerprints).toHaveLength(1)
  })

  it('takes the first host name of a list, and no name of another type', () => {
    const names = [
      join([9], vector(2, new TextEncoder().encode('other'))),
      join([0], vector(2, new TextEncoder().encode('first.test'))),
      join([0], vector(2, new TextEncoder().encode('second.test'))),
    ]
    expect(read(clientHello({ extensions: [extension(0, vector(2, ...names))] })).serverName).toBe('first.test')
    expect(read(clientHello({ extensions: [extension(0, [])] })).serverName).toBeNull()
  })

  it('never throws and never claims more than its bytes can hold, whatever they are', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(
          fc.constant(hybridClientHello({ alpn: ['h2'] })),
          fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        )
        .map(([message, changes]) => {
          const changed = message.slice()
          for (const [at, byte] of changes) changed[4 + (at % (changed.length - 4))] = byte
          return changed
        }),
    )
    fc.assert(
      fc.property(anyBytes, fc.boolean(), (bytes, partial) => {
        const hello = read(join(new Uint8Array(4), bytes), partial)
        const { cipherSuites, supportedGroups, supportedVersions, signatureSchemes, extensions, keyShares } = hello
        for (const list of [cipherSuites, supportedGroups, supportedVersions, signatureSchemes])
          expect(list.length * 2).toBeLessThanOrEqual(bytes.length)
        expect(extensions.length * 4).toBeLessThanOrEqual(bytes.length)
        expect(keyShares.reduce((sum, share) => sum + share.bytes + 4, 0)).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 1000 },
    )
  })
})
