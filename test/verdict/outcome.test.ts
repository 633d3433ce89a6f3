import { describe, expect, it } from 'vitest'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { join } from '../support/bytes.js'
import { pcap } from '../support/captures.js'
import { analyzed, analyzedPackets, Connection, noteCodes, onlyHandshake } from '../support/connection.js'
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
