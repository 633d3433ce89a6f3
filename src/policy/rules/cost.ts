import type { HandshakeRecord } from '../../verdict/record.js'
import { framesOf, helloFrames, rule, withoutAgreement } from '../rule.js'

export const retries = rule<{ readonly max: number }>({
  id: 'hello-retry-requests',
  title: 'Handshakes need no HelloRetryRequest',
  help: 'A HelloRetryRequest costs a round trip: the client sent no key share of the group that the server wants. Let the client send a share of that group first, or let the server accept the one that is sent. A cookie alone is how some servers ward off floods.',
  settings: { max: { kind: 'count', least: 0, most: 1, help: 'how many a handshake may have' } },
  defaults: { max: 0 },
  shorthand: 'max',
  evaluate(record, { max }) {
    const { helloRetryRequest: retry, secondClientHello, clientHello, verdict } = record
    const count = retry !== null || secondClientHello !== null ? 1 : 0
    // One that was there would have been the last that is allowed.
    if (count === 0 && max > 0) return 'holds'
    if (count === 0 && verdict.outcome === 'incomplete') return withoutAgreement(record)
    if (count === 0) return clientHello === null ? { notSeen: 'the ClientHello' } : 'holds'
    if (count <= max) return 'holds'
    const asked =
      retry === null
        ? ', which is not in the capture'
        : retry.group === null
          ? ', for a cookie'
          : ` for ${retry.group.name}`
    return [
      {
        message: `The server sent a HelloRetryRequest${asked}; allowed: ${max}.`,
        frames: framesOf(clientHello?.frame, retry?.frame, secondClientHello?.frame),
        values: [retry?.group?.id ?? 'none'],
      },
    ]
  },
})

interface Limits {
  readonly 'client-max'?: number
  readonly 'server-max'?: number
  readonly 'total-max'?: number
}

/** More than any handshake of TLS takes. */
const MOST_BYTES = 100_000_000

export const handshakeBytes = rule<Limits>({
  id: 'handshake-bytes',
  title: 'Handshakes take no more bytes than allowed',
  help: 'TLS bytes from the first ClientHello to the first encrypted record of the client. Hybrid key shares add about 1.2 kB each way, ML-DSA certificates some 10 kB more; past the first flight that TCP allows, they cost a round trip.',
  settings: {
    'client-max': { kind: 'count', least: 1, most: MOST_BYTES, help: 'bytes of the client' },
    'server-max': { kind: 'count', least: 1, most: MOST_BYTES, help: 'bytes of the server' },
    'total-max': { kind: 'count', least: 1, most: MOST_BYTES, help: 'bytes of both' },
  },
  shorthand: 'total-max',
  needs: ['client-max', 'server-max', 'total-max'],
  evaluate(record, limits) {
    if (record.negotiated === null) return withoutAgreement(record)
    const { complete } = record.cost
    const { clientBytes, serverBytes } = complete ? record.cost : ofMessages(record)
    const atLeast = complete ? '' : 'at least '
    const over: string[] = []
    const exceeded: string[] = []
    for (const [setting, who, bytes] of [
      ['client-max', 'the client sent', clientBytes],
      ['server-max', 'the server sent', serverBytes],
      ['total-max', 'both sent', clientBytes + serverBytes],
    ] as const) {
      const most = limits[setting]
      if (most === undefined || bytes <= most) continue
      exceeded.push(setting)
      over.push(`${who} ${atLeast}${bytes} bytes, ${most} are allowed`)
    }
    if (over.length > 0)
      return [{ message: `In the handshake ${over.join('; ')}.`, frames: helloFrames(record), values: exceeded }]
    return complete && record.clientHello !== null ? 'holds' : { notSeen: 'the whole handshake' }
  },
})

/**
 * The bytes of the messages that were read. Where the end of a handshake was not seen, its cost goes on to the end of
 * what there is: data of the application is in it, too, and what was lost is not.
 */
function ofMessages(record: HandshakeRecord): { readonly clientBytes: number; readonly serverBytes: number } {
  const { clientHello, secondClientHello, helloRetryRequest, serverHello, certificate, serverKeyExchange } = record
  const sum = (...messages: readonly ({ readonly bytes: number } | null)[]): number =>
    messages.reduce((bytes, message) => bytes + (message?.bytes ?? 0), 0)
  return {
    clientBytes: sum(clientHello, secondClientHello),
    serverBytes: sum(helloRetryRequest, serverHello, certificate, serverKeyExchange),
  }
}

export const roundTrips = rule<{ readonly max: number }>({
  id: 'round-trips',
  title: 'Handshakes take no more round trips than allowed',
  help: 'One for a full handshake of TLS 1.3, two with a HelloRetryRequest or in TLS 1.2. Round trips of TCP itself are not counted.',
  settings: { max: { kind: 'count', least: 1, most: 3, help: 'round trips that pass' } },
  defaults: { max: 1 },
  shorthand: 'max',
  evaluate(record, { max }) {
    if (record.negotiated === null) return withoutAgreement(record)
    const { roundTrips: taken } = record.cost
    if (taken > max) {
      const message = `The handshake took ${taken} round trips; allowed: ${max}.`
      return [{ message, frames: helloFrames(record), values: [taken] }]
    }
    return record.clientHello === null ? { notSeen: 'the ClientHello' } : 'holds'
  },
})
