import { describe, expect, it } from 'vitest'
import { MAX_CONVERSATIONS } from '../../src/stream/conversation-table.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { join } from '../support/bytes.js'
import { type CapturedPacket, pcap } from '../support/captures.js'
import { ACK, analyzed, analyzedPackets, Connection, noteCodes, onlyHandshake } from '../support/connection.js'
import { handshakes } from '../support/handshakes.js'
import * as tls from '../support/tls.js'

/**
 * What a damaged capture may say of a handshake, told from what the whole one says: never another label. One thing is
 * open without the messages behind a ServerHello of TLS 1.2, and noted: whether a session was resumed.
 */
function contradiction(damaged: HandshakeRecord, whole: HandshakeRecord): string | null {
  const { label, offer } = damaged.verdict
  const resumptionOpen = noteCodes(damaged).includes('resumption-not-excluded')
  // The cipher suite alone does not show that the server named no curve.
  const curveOpen = whole.serverKeyExchange !== null && damaged.serverKeyExchange === null
  if (label !== null && label !== whole.verdict.label && !resumptionOpen && !curveOpen) return `label ${label}`
  if (offer !== null && offer !== whole.verdict.offer) return `offer ${offer}`
  const group = damaged.negotiated?.group?.id
  if (group !== undefined && group !== whole.negotiated?.group?.id) return `group ${group}`
  return null
}

describe.each(Object.entries(handshakes))('outcome of %s', (_, make) => {
  it('is never contradicted when one packet is lost, nor called final without a ServerHello', async () => {
    const packets = make()
    const whole = await onlyHandshake(packets)
    for (let lost = 0; lost < packets.length; lost++) {
      const found = await analyzedPackets(packets.filter((_, i) => i !== lost))
      for (const damaged of found.handshakes) {
        expect({ lost: lost + 1, contradiction: contradiction(damaged, whole) }).toEqual({
          lost: lost + 1,
          contradiction: null,
        })
        const { outcome } = damaged.verdict
        if (whole.verdict.outcome === 'negotiated') expect(['negotiated', 'incomplete']).toContain(outcome)
        else expect([whole.verdict.outcome, 'incomplete', 'unanswered', 'rejected']).toContain(outcome)
      }
    }
  })

  it('is never contradicted when the capture ends after any packet', async () => {
    const packets = make()
    const whole = await onlyHandshake(packets)
    for (let length = 0; length < packets.length; length++) {
      const found = await analyzedPackets(packets.slice(0, length))
      expect(found.handshakes.length).toBeLessThanOrEqual(1)
      for (const damaged of found.handshakes) {
        expect({ length, contradiction: contradiction(damaged, whole) }).toEqual({ length, contradiction: null })
        if (whole.verdict.outcome === 'negotiated') expect(damaged.verdict.outcome).not.toBe('rejected')
        if (damaged.verdict.outcome === 'unanswered') expect(noteCodes(damaged)).toContain('capture-ended')
      }
    }
  })

  it.each([64, 96, 128, 200, 256, 600])('is never contradicted by a snap length of %i', async (snapLength) => {
    const packets = make()
    const whole = await onlyHandshake(packets)
    const found = await analyzedPackets(packets, { snapLength })
    for (const damaged of found.handshakes) {
      expect(contradiction(damaged, whole)).toBeNull()
      if (whole.verdict.outcome === 'negotiated')
        expect(['negotiated', 'incomplete']).toContain(damaged.verdict.outcome)
    }
  })

  it('is never contradicted when the file is cut', async () => {
    const packets = make()
    const whole = await onlyHandshake(packets)
    const file = pcap(packets)
    for (let length = 24; length < file.length; length += 97) {
      const found = await analyzed(file.slice(0, length))
      for (const damaged of found.handshakes) {
        expect(contradiction(damaged, whole)).toBeNull()
        if (whole.verdict.outcome === 'negotiated') expect(damaged.verdict.outcome).not.toBe('rejected')
        if (found.capture.error !== null) expect(damaged.verdict.outcome).not.toBe('unanswered')
      }
    }
  })
})

describe('outcome of a handshake without a ServerHello', () => {
  const hello = tls.record(22, tls.hybridClientHello())
  const retry = tls.record(22, tls.helloRetryRequest({ group: tls.SECP256R1 }))
  const opened = () => new Connection().open().client(hello)

  it('is not known where the second ClientHello is not in the capture either', async () => {
    const { verdict, notes } = await onlyHandshake(opened().server(retry).packets)
    expect(verdict).toMatchObject({ outcome: 'incomplete', reason: 'missing-bytes' })
    expect(verdict.explanation).toBe('The capture breaks off before the handshake was decided.')
    expect(noteCodes({ notes })).toEqual([])
  })

  it('is unanswered where the capture ends behind the second ClientHello', async () => {
    const second = tls.record(22, tls.hybridClientHello({ keyShares: [[tls.SECP256R1, 65]] }))
    const { verdict } = await onlyHandshake(opened().server(retry).client(second).packets)
    expect(verdict).toMatchObject({ outcome: 'unanswered', reason: 'no-answer' })
    expect(verdict.explanation).toBe('No answer to the second ClientHello came until the end of the capture.')
  })

  it('is unanswered where the capture ends, and says that an answer may have come later', async () => {
    const { verdict, notes } = await onlyHandshake(opened().packets)
    expect(verdict).toMatchObject({ outcome: 'unanswered', reason: 'no-answer' })
    expect(notes).toEqual([
      {
        code: 'capture-ended',
        message: 'the capture ends before the connection does: an answer may have come later',
      },
    ])
  })

  it.each([
    ['close_notify', 0],
    ['user_canceled', 90],
  ])('is rejected by %s, though that is a warning', async (name, description) => {
    const { verdict } = await onlyHandshake(opened().server(tls.alert(1, description)).packets)
    expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
    expect(verdict.explanation).toBe(
      `The server sent the alert ${name} (${description}) in frame 5 in place of a ServerHello.`,
    )
  })

  it('is rejected where the server refused it, whatever of the client is not in the capture', async () => {
    const asked = () => new Connection().open().client(tls.record(22, tls.classicalClientHello()))
    const refused = (connection: Connection) => connection.server(tls.alert(2, 40)).packets
    for (const [packets, snapLength] of [
      [refused(asked().lose('client', tls.applicationData()).client(tls.applicationData())), 65_535],
      [refused(asked().client(tls.applicationData(1000))), 500],
    ] as const) {
      const { verdict } = await onlyHandshake(packets, { snapLength })
      expect(verdict).toMatchObject({ outcome: 'rejected', reason: 'alert-before-server-hello' })
    }
  })

  it('is that of the connection that the server closed, also where the file breaks off behind the alert about it', async () => {
    const closed = opened().finish('server').client(tls.alert(2, 50))
    const whole = pcap(closed.packets)
    const file = pcap(closed.acknowledge('server').packets).slice(0, whole.length + 20)
    const { handshakes: found, capture } = await analyzed(file)
    expect(capture.error).not.toBeNull()
    expect(found[0]?.verdict).toMatchObject({ outcome: 'rejected', reason: 'closed-before-server-hello' })
  })

  it('is that of a connection of which the server alone is there, and only a part of its ServerHello', async () => {
    const answer = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)).slice(0, 300)
    const { verdict } = await onlyHandshake(new Connection().server(answer).packets)
    expect(verdict).toMatchObject({ outcome: 'incomplete', reason: 'one-direction' })
    expect(verdict.explanation).toBe('The capture holds only what the server sent: what was agreed on cannot be known.')
  })

  it('is that of one that made place for another', async () => {
    const another = tls.record(22, tls.hybridClientHello({ random: new Uint8Array(32).fill(9) }))
    const explanations = async (connection: Connection) =>
      (await analyzedPackets(connection.packets)).handshakes.map(({ verdict }) => verdict.explanation)
    const again = opened().acknowledge('server').client(another).server(tls.alert(2, 40))
    expect((await explanations(again))[0]).toBe('A new ClientHello came before an answer to this one.')
    const old = opened().acknowledge('server')
    const reopened = new Connection({ into: old.packets, clientSequence: 70_000_000, serverSequence: 80_000_000 })
    expect((await explanations(reopened.open().client(another)))[0]).toBe(
      'No answer to the ClientHello came before a new connection took its addresses and ports.',
    )
  })

  it('says how the client closed the connection in the middle of its ClientHello', async () => {
    const broken = () => new Connection().open().client(hello.slice(0, 1000)).acknowledge('server')
    for (const [end, how] of [
      [broken().finish('client').finish('server'), 'FIN'],
      [broken().reset('client'), 'RST'],
    ] as const) {
      const { explanation } = (await onlyHandshake(end.packets)).verdict
      expect(explanation).toBe(
        `The client sent only 995 of ${hello.length - 5} bytes of the ClientHello and closed the connection (${how}).`,
      )
    }
  })

  it('is not blamed on bytes that came twice', async () => {
    const answer = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120))
    const connection = opened().server(answer.slice(0, 300)).lose('server', answer.slice(300, 400))
    connection.server(answer.slice(400, 500))
    connection.place('server', ACK, connection.next.server - 100, answer.slice(400, 500).with(7, 1))
    const { verdict, notes } = await onlyHandshake(connection.packets)
    expect(noteCodes({ notes })).toContain('overlap-conflict')
    expect(verdict.explanation).not.toContain('undefined')
    expect(verdict.explanation).toMatch(/^Only 295 of 1\d+ bytes of the ServerHello are in the capture: no packet /)
  })
})

describe('outcome of a handshake whose ServerHello breaks off in itself', () => {
  it('is not known, and no choice of it counts', async () => {
    const hello = tls.serverHello13(tls.X25519MLKEM768, 1120, { extensions: [Uint8Array.of(0x12, 0x34, 0x40, 0)] })
    const connection = new Connection().open().client(tls.record(22, tls.hybridClientHello()))
    const answered = connection.server(join(tls.record(22, hello), tls.applicationData(900)))
    const handshake = await onlyHandshake(answered.client(tls.applicationData()).packets)
    const { verdict, negotiated, notes, serverHello } = handshake
    expect(serverHello?.sessionResumed).toBe(false)
    expect(verdict).toMatchObject({ outcome: 'incomplete', label: null, reason: 'malformed' })
    expect(verdict.explanation).toBe(
      `The ServerHello in frame 5 is malformed: a length runs past its ${hello.length} bytes.`,
    )
    expect(negotiated).toBeNull()
    expect(notes).toContainEqual({
      code: 'malformed',
      message: 'the ServerHello is malformed: a length runs past its end',
      frame: 5,
    })
  })
})

describe('outcome of handshakes that are more than are followed at once', () => {
  it('is not known for those that were given up, and says why', async () => {
    const into: CapturedPacket[] = []
    const hello = tls.record(22, tls.classicalClientHello())
    for (let i = 0; i <= MAX_CONVERSATIONS; i++) new Connection({ into, clientPort: 10_000 + i }).open().client(hello)
    const { handshakes: found, capture } = await analyzedPackets(into)
    expect(found).toHaveLength(MAX_CONVERSATIONS + 1)
    expect(found.filter(({ verdict }) => verdict.outcome === 'unanswered')).toHaveLength(MAX_CONVERSATIONS)
    const [givenUp] = found
    expect(givenUp?.verdict).toMatchObject({
      outcome: 'incomplete',
      reason: 'missing-bytes',
      explanation: 'The stream was given up to keep within a limit before it was decided.',
    })
    expect(givenUp?.notes).toEqual([
      {
        code: 'given-up',
        message: 'the stream was given up to keep within the limit of streams or bytes held',
      },
    ])
    expect(capture.notes.length).toBeGreaterThan(0)
  })
})

describe('outcome of a handshake whose ServerHello nobody missed', () => {
  const hello = tls.record(22, tls.hybridClientHello())
  const retry = tls.record(22, tls.helloRetryRequest({ group: tls.X25519 }))
  const opened = () => new Connection().open().client(hello)
  const close = (connection: Connection) => connection.close()
  const refuse = (connection: Connection) => connection.server(tls.alert(2, 40)).close()
  const stop = (connection: Connection) => connection

  it.each([
    ['application data', () => opened().server(tls.applicationData(700)), 5],
    ['a ChangeCipherSpec', () => opened().server(tls.changeCipherSpec), 5],
    ['a Certificate', () => opened().server(tls.record(22, tls.certificate)), 5],
    ["the client's ClientKeyExchange", () => opened().client(tls.record(22, tls.clientKeyExchange)), 5],
    ['application data behind a retry', () => opened().server(retry).server(tls.applicationData(700)), 6],
  ])('is incomplete where %s shows that there was one', async (_, make, frame) => {
    for (const end of [close, refuse, stop]) {
      const { verdict, notes } = await onlyHandshake(end(make()).packets)
      expect(verdict).toMatchObject({ outcome: 'incomplete', reason: 'missing-bytes' })
      if (end !== stop)
        expect(verdict.explanation).toBe(
          `The handshake went on in frame ${frame} as it does after a ServerHello, but none is in the capture.`,
        )
      expect(notes).toContainEqual(expect.objectContaining({ code: 'server-hello-not-seen', frame }))
    }
  })

  it('is what it was where a ChangeCipherSpec stands behind a HelloRetryRequest', async () => {
    const { verdict, notes } = await onlyHandshake(opened().server(join(retry, tls.changeCipherSpec)).close().packets)
    expect(verdict.outcome).toBe('rejected')
    expect(noteCodes({ notes })).toEqual(['retry-group-already-shared'])
  })
})
