import { describe, expect, it } from 'vitest'
import { join } from '../support/bytes.js'
import type { CapturedPacket } from '../support/captures.js'
import { Connection, onlyHandshake } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'
import * as tls from '../support/tls.js'

async function encryptionOf(name: string) {
  const make = handshakes[name] as NonNullable<(typeof handshakes)[string]>
  return (await onlyHandshake(make())).encryption
}

describe('encryptionOf', () => {
  it.each([
    ['TLS 1.3, hybrid', 'after-server-hello'],
    ['TLS 1.3, retried to hybrid', 'after-server-hello'],
    ['TLS 1.3, clear messages after the ServerHello', 'plaintext'],
    ['TLS 1.3, EncryptedExtensions in the record of the ServerHello', 'plaintext'],
    ['TLS 1.2, ECDHE', 'after-change-cipher-spec'],
    ['TLS 1.2, resumed by ticket', 'after-change-cipher-spec'],
    ['no answer', 'not-seen'],
  ])('says of %s that it begins %s', async (name, begins) => {
    expect((await encryptionOf(name)).begins).toBe(begins)
  })

  it('calls nothing early data that the client did not offer as such', async () => {
    expect((await encryptionOf('TLS 1.3, early data')).earlyDataFrame).toBe(5)
    expect((await encryptionOf('the client alone')).earlyDataFrame).toBeNull()
  })

  it('is not seen to begin where nothing encrypted of the server is in the capture', async () => {
    for (const message of [tls.serverHello13(tls.X25519, 32), tls.serverHello()]) {
      const connection = new Connection().open().client(tls.record(22, tls.hybridClientHello()))
      const { encryption } = await onlyHandshake(connection.server(tls.record(22, message)).packets)
      expect(encryption).toMatchObject({ begins: 'not-seen', serverFrame: null })
    }
  })

  it('takes nothing for early data where the ServerHello before it may be what is missing', async () => {
    const offering = tls.record(22, tls.hybridClientHello({ preSharedKey: true, earlyData: true }))
    const sent = () => new Connection().open().client(offering).client(tls.applicationData(200))
    const earlyDataFrame = async (packets: readonly CapturedPacket[]) =>
      (await onlyHandshake(packets)).encryption.earlyDataFrame
    expect(await earlyDataFrame(sent().packets)).toBe(6)
    expect(await earlyDataFrame(sent().acknowledge('server').packets)).toBe(6)
    const answered = sent().lose('server', tls.applicationData(900)).acknowledge('client')
    expect(await earlyDataFrame(answered.packets)).toBeNull()
    // Without the offer it is something else, whatever else is there.
    const other = new Connection().open().client(tls.record(22, tls.hybridClientHello()))
    expect(await earlyDataFrame(other.client(tls.applicationData(200)).packets)).toBeNull()
  })

  it('begins behind the ChangeCipherSpec of an unknown version where there is one', async () => {
    const hello = tls.record(22, tls.serverHello13(tls.X25519, 32, { selectedVersion: 0x0305 }))
    const begins = async (...records: Uint8Array[]) => {
      const connection = new Connection().open().client(tls.record(22, tls.hybridClientHello()))
      return (await onlyHandshake(connection.server(join(hello, ...records)).packets)).encryption.begins
    }
    expect(await begins(tls.applicationData(900))).toBe('after-server-hello')
    expect(await begins(tls.changeCipherSpec, tls.applicationData(900))).toBe('after-change-cipher-spec')
  })

  it('names the frame that completes the first record of early data, as Wireshark does', async () => {
    const hello = tls.record(22, tls.hybridClientHello({ preSharedKey: true, earlyData: true }))
    const early = tls.applicationData(4000)
    const answer = join(
      tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120, { preSharedKey: true })),
      tls.applicationData(900),
    )
    const connection = () => new Connection().open().client(hello)
    const before = connection().client(early).server(answer).client(tls.applicationData(53)).packets
    expect((await onlyHandshake(before)).encryption).toMatchObject({ earlyDataFrame: 8, clientFrame: 11 })
    const around = connection().client(early.slice(0, 100)).server(answer).client(early.slice(100))
    expect((await onlyHandshake(around.client(tls.applicationData(53)).packets)).encryption).toMatchObject({
      earlyDataFrame: 11,
      clientFrame: 12,
    })
  })

  it('calls nothing early data that came after a ServerHello that waited behind a gap', async () => {
    expect(await encryptionOf('the second ClientHello, the HelloRetryRequest lost')).toMatchObject({
      earlyDataFrame: null,
      clientFrame: 9,
    })
  })

  it('is not undone by a clear record behind an encrypted one', async () => {
    const connection = new Connection()
      .open()
      .client(tls.record(22, tls.hybridClientHello()))
      .server(join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData()))
      .server(tls.record(22, tls.encryptedExtensions))
    const { encryption } = await onlyHandshake(connection.packets)
    expect(encryption).toMatchObject({ begins: 'after-server-hello', serverFrame: 5, plaintextAfterServerHello: 1 })
  })
})
