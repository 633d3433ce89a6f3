import { describe, expect, it } from 'vitest'
import { NO, YES } from '../../src/registry/detection.js'
import { lessons } from '../../src/teaching/index.js'
import { detectTls } from '../../src/tls/detect.js'
import { join } from '../support/bytes.js'
import { ACK, Connection, noteCodes, onlyHandshake, PSH } from '../support/connection.js'
import * as tls from '../support/tls.js'

const { X25519, X25519MLKEM768 } = tls

const cookie = tls.extension(44, tls.vector(2, new Uint8Array(20)))
const both = tls.record(22, tls.hybridClientHello(), 0x0301)
const sameShares = tls.record(22, tls.hybridClientHello({ extensions: [cookie] }))
const hybridShare = tls.record(22, tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]] }))
const cookieHybridShare = tls.record(
  22,
  tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]], extensions: [cookie] }),
)
const retry = join(tls.record(22, tls.helloRetryRequest({ group: X25519MLKEM768 })), tls.changeCipherSpec)
const hybrid = join(tls.record(22, tls.serverHello13(X25519MLKEM768, 1120)), tls.applicationData(900))
const classical = join(tls.record(22, tls.serverHello13(X25519, 32)), tls.applicationData(900))
const finished = tls.applicationData(53)

describe('a capture that begins with the second ClientHello of a retried handshake', () => {
  it.each([
    ['behind a ChangeCipherSpec', join(tls.changeCipherSpec, hybridShare), 1],
    ['with a cookie', cookieHybridShare, null],
  ])('knows it %s', async (_, second, changeCipherSpec) => {
    const handshake = await onlyHandshake(new Connection().client(second).server(hybrid).client(finished).packets)
    expect(handshake.verdict).toMatchObject({
      outcome: 'negotiated',
      label: 'hybrid',
      reason: 'hybrid-after-retry',
      offer: 'hybrid',
      keyShareOffer: null,
    })
    expect(handshake.clientHello).toBeNull()
    expect(handshake.secondClientHello?.frame).toBe(1)
    expect(handshake.encryption.changeCipherSpec.client).toBe(changeCipherSpec)
    expect(handshake.cost).toMatchObject({ roundTrips: 2, complete: false })
    expect(handshake.notes.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'client-hello-not-seen: the first ClientHello is not in the capture: for which groups it sent key shares is unknown',
      'retry-not-seen: a second ClientHello follows, but the HelloRetryRequest for it is not in the capture',
    ])
  })

  it('does not take a first one for it whose records a ChangeCipherSpec parts', async () => {
    const hello = tls.hybridClientHello()
    const parts = [tls.record(22, hello.slice(0, 500)), tls.changeCipherSpec, tls.record(22, hello.slice(500))]
    const connection = new Connection().open().client(join(...parts))
    const handshake = await onlyHandshake(connection.server(hybrid).client(finished).packets)
    expect(handshake.verdict).toMatchObject({ reason: 'hybrid-selected', keyShareOffer: 'hybrid' })
    expect(handshake.notes).toEqual([])
  })

  it('takes no ChangeCipherSpec in front of anything else for a beginning', () => {
    const detect = (bytes: Uint8Array) => detectTls(bytes, 0, bytes.length)
    expect(detect(join(tls.changeCipherSpec, hybridShare))).toBe(YES)
    for (const bytes of [
      tls.changeCipherSpec,
      join(tls.changeCipherSpec, hybridShare.slice(0, 9)),
      join(tls.changeCipherSpec, hybrid),
      join(tls.changeCipherSpec, tls.encryptedFinished),
      join(tls.record(20, [2]), hybridShare),
      join(tls.record(20, [1, 1]), hybridShare),
      join(tls.record(20, [1], 0x0503), hybridShare),
    ])
      expect(detect(bytes)).toBe(NO)
  })
})

describe('a capture that begins with the HelloRetryRequest', () => {
  it('does not hold all that the handshake cost', async () => {
    const connection = new Connection().server(retry).client(join(tls.changeCipherSpec, hybridShare)).server(hybrid)
    const handshake = await onlyHandshake(connection.client(finished).packets)
    expect(handshake.verdict).toMatchObject({ reason: 'hybrid-after-retry', offer: 'hybrid', keyShareOffer: null })
    expect(handshake.cost).toMatchObject({ roundTrips: 2, complete: false })
    expect(lessons(handshake, 'en').map(({ key }) => key)).not.toContain('client-hello-not-seen')
    expect(noteCodes(handshake)).toEqual(['client-hello-not-seen'])
  })
})

describe('a HelloRetryRequest that is not in the capture', () => {
  const reasonAfter = async (first: Uint8Array, second: Uint8Array) => {
    const connection = new Connection().open().client(first).lose('server', retry)
    const packets = connection.client(second).server(classical).client(finished).packets
    return (await onlyHandshake(packets)).verdict.reason
  }

  it('asked for no other key share where the second ClientHello has those of the first', async () => {
    expect(await reasonAfter(both, sameShares)).toBe('server-chose-classical')
    const one = tls.record(22, tls.hybridClientHello({ keyShares: [[X25519, 32]] }))
    expect(await reasonAfter(one, one)).toBe('server-chose-classical')
  })

  it('asked for the one key share of the second ClientHello where the first had another', async () => {
    const second = tls.record(22, tls.hybridClientHello({ keyShares: [[X25519, 32]] }))
    expect(await reasonAfter(hybridShare, second)).toBe('retried-to-classical')
    expect(await reasonAfter(both, second)).toBe('retried-to-classical')
  })
})

describe('the two ClientHellos of a retried handshake', () => {
  const split = (bytes: Uint8Array, at: number): [Uint8Array, Uint8Array] => [bytes.slice(0, at), bytes.slice(at)]
  const first = tls.record(22, tls.hybridClientHello({ keyShares: [[X25519, 32]] }))

  it('are told apart where the end of the first is captured behind the HelloRetryRequest', async () => {
    const [head, tail] = split(first, 100)
    const connection = new Connection().open().client(head)
    const at = connection.next.client
    connection
      .lose('client', tail)
      .server(retry)
      .place('client', ACK | PSH, at, tail)
    const { packets } = connection.client(hybridShare).server(hybrid).client(finished)
    const handshake = await onlyHandshake(packets)
    expect(handshake).toMatchObject({ clientHello: { frame: 6 }, secondClientHello: { frame: 7 } })
    expect((await onlyHandshake(packets.slice(0, 6))).clientHello?.frame).toBe(6)
  })

  it('are told apart where the second is captured behind the ServerHello, too', async () => {
    const [head, tail] = split(first, 100)
    const connection = new Connection().client(head)
    const at = connection.next.client
    connection.lose('client', tail).server(retry)
    const second = connection.next.client
    connection.lose('client', hybridShare).server(hybrid)
    connection.place('client', ACK | PSH, at, tail).place('client', ACK | PSH, second, hybridShare)
    const { clientHello, secondClientHello, verdict } = await onlyHandshake(connection.packets)
    expect([clientHello?.frame, secondClientHello?.frame]).toEqual([5, 6])
    expect(verdict.reason).toBe('hybrid-after-retry')
  })

  it('have their answers in one segment, where a network card joined two and kept the first acknowledgment', async () => {
    const connection = new Connection({ segmentSize: 4000 }).open().client(first)
    const acknowledged = connection.next.client
    connection.client(hybridShare)
    const next = connection.next.client
    connection.next.client = acknowledged
    connection.server(join(retry, hybrid))
    connection.next.client = next
    const { helloRetryRequest, serverHello, verdict } = await onlyHandshake(connection.client(finished).packets)
    expect([helloRetryRequest?.frame, serverHello?.frame, verdict.reason]).toEqual([6, 6, 'hybrid-after-retry'])
  })

  it('keep their HelloRetryRequest where it is captured behind both', async () => {
    const connection = new Connection().open().client(first)
    const at = connection.next.server
    const { packets } = connection.server(retry).client(hybridShare).server(hybrid).client(finished)
    expect(at).toBe(900_001)
    const { helloRetryRequest, notes } = await onlyHandshake([
      ...packets.slice(0, 4),
      ...packets.slice(5, 7),
      ...packets.slice(4, 5),
      ...packets.slice(7),
    ])
    expect([helloRetryRequest?.frame, notes]).toEqual([7, []])
  })
})
