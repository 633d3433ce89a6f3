import { describe, expect, it } from 'vitest'
import { join } from '../support/bytes.js'
import { Connection, onlyHandshake } from '../support/connection.js'
import * as tls from '../support/tls.js'

const { X25519, X25519MLKEM768 } = tls
const first = tls.record(22, tls.hybridClientHello({ keyShares: [[X25519, 32]] }), 0x0301)
const second = tls.record(22, tls.hybridClientHello({ keyShares: [[X25519MLKEM768, 1216]] }))
const retry = tls.record(22, tls.helloRetryRequest({ group: X25519MLKEM768 }))
const answer = join(tls.record(22, tls.serverHello13(X25519MLKEM768, 1120)), tls.applicationData(900))
const finished = tls.applicationData(53)

const said = ({ notes }: Awaited<ReturnType<typeof onlyHandshake>>) =>
  notes.map(({ code, message }) => `${code}: ${message}`)

describe('a HelloRetryRequest of which a part is in the capture', () => {
  it.each([60, 20])('is not called a ServerHello, with %d bytes of its record', async (length) => {
    const connection = new Connection().open().client(first).server(retry.slice(0, length))
    connection.lose('server', retry.slice(length)).client(second).server(answer).client(finished)
    const handshake = await onlyHandshake(connection.close().packets)
    expect(handshake.verdict).toMatchObject({ outcome: 'negotiated', label: 'hybrid', reason: 'hybrid-after-retry' })
    expect(handshake.verdict.explanation).toContain('with a HelloRetryRequest that was captured in part and then')
    expect(said(handshake)).toEqual([
      `hello-retry-request-cut: ${length - 5} of 88 bytes of the HelloRetryRequest are in the capture`,
      `gap: no packet of the capture holds ${93 - length} bytes that the server sent`,
    ])
  })

  it('is told of where nothing follows it', async () => {
    const handshake = await onlyHandshake(new Connection().open().client(first).server(retry.slice(0, 60)).packets)
    expect(handshake.verdict).toMatchObject({
      outcome: 'incomplete',
      reason: 'missing-bytes',
      explanation: 'Only 55 of 88 bytes of the HelloRetryRequest are in the capture.',
    })
  })

  it('does not hide that the ServerHello is cut as well', async () => {
    const connection = new Connection().open().client(first).server(retry.slice(0, 60))
    connection.lose('server', retry.slice(60)).client(second).server(answer.slice(0, 500))
    const handshake = await onlyHandshake(connection.packets)
    expect(handshake.verdict.explanation).toMatch(/^Only 495 of \d+ bytes of the ServerHello are in the capture/)
  })
})

describe('a second ClientHello of which a part is in the capture', () => {
  const cut = () => new Connection().open().client(first).server(retry).client(second.slice(0, 800))

  it('is not called the ClientHello, nor said not to be there at all', async () => {
    const connection = cut().lose('client', second.slice(800)).server(answer).client(finished)
    const handshake = await onlyHandshake(connection.close().packets)
    expect(handshake.verdict.outcome).toBe('negotiated')
    expect(said(handshake)).toEqual([
      `client-hello-cut: 795 of ${second.length - 5} bytes of the second ClientHello are in the capture`,
      `gap: no packet of the capture holds ${second.length - 800} bytes that the client sent`,
    ])
  })

  it('is what is missing where nothing follows it', async () => {
    const { verdict } = await onlyHandshake(cut().packets)
    expect(verdict.explanation).toBe(
      `Only 795 of ${second.length - 5} bytes of the second ClientHello are in the capture.`,
    )
  })
})

describe('a first ClientHello of which a part is in the capture', () => {
  it.each([
    ['behind', true],
    ['without', false],
  ])('is told of with the frame that holds it, %s the HelloRetryRequest', async (_, isRetrySeen) => {
    const connection = new Connection().open().client(second.slice(0, 800)).lose('client', second.slice(800))
    if (isRetrySeen) connection.server(retry)
    else connection.lose('server', retry)
    const handshake = await onlyHandshake(connection.client(first).packets)
    const cut = `${second.length - 5} bytes of the ClientHello are in the capture`
    expect(handshake.notes[0]).toEqual({ code: 'client-hello-cut', message: `795 of ${cut}`, frame: 4 })
  })
})

describe('a second ClientHello of which nothing is in the capture', () => {
  const lost = () => new Connection().open().client(first).server(retry).lose('client', second)

  it('is told of where the ServerHello that answers it is there', async () => {
    const handshake = await onlyHandshake(lost().server(answer).client(finished).close().packets)
    expect(handshake.verdict).toMatchObject({ label: 'hybrid', reason: 'hybrid-after-retry' })
    expect(said(handshake)).toContain(
      'second-client-hello-not-seen: the ClientHello after the HelloRetryRequest is not in the capture',
    )
  })

  it('is not told of where there is no ServerHello: it may never have been sent', async () => {
    const handshake = await onlyHandshake(new Connection().open().client(first).server(retry).packets)
    expect(said(handshake)).toEqual([])
  })
})

describe('a handshake that goes on without a ServerHello', () => {
  it('is said to', async () => {
    const handshake = await onlyHandshake(new Connection().open().client(first).server(finished).close().packets)
    expect(said(handshake)).toEqual([
      'server-hello-not-seen: the handshake goes on as it does after a ServerHello, but none is in the capture',
    ])
  })
})

describe('bytes of the server that are lost', () => {
  const asked = () => new Connection().open().client(first)

  it('are the rest of a ServerHello that has begun', async () => {
    const lost = asked().server(answer.slice(0, 500)).lose('server', answer.slice(500)).server(finished).close()
    const { verdict } = await onlyHandshake(lost.packets)
    expect(verdict.explanation).toMatch(
      /^Only 495 of \d+ bytes of the ServerHello are in the capture: no packet of the capture holds the rest \(frame 6\)\.$/,
    )
  })

  it('are told of as what cannot be read, where nothing of it is there', async () => {
    const lost = asked().lose('server', answer).server(finished).close()
    const { verdict } = await onlyHandshake(lost.packets)
    expect(verdict.explanation).toBe(
      `${answer.length} bytes of what the server sent cannot be read: no packet of the capture holds them (frame 5).`,
    )
  })
})
