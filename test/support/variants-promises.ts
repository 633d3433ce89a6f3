import type { CaptureRecord, HandshakeRecord, Hello, ServerHello } from '../../src/verdict/record.js'
import type { Analysis } from './connection.js'
import type { Besides, Variant } from './variants.js'

/** What a variant does not keep of its promise, in words; nothing where it holds. */
export function brokenPromises(variant: Variant, original: Analysis, found: Analysis): string[] {
  const broken = PROMISES[variant.promised](variant, original, found)
  return [...broken, ...brokenByCapture(variant, found.capture)]
}

const PROMISES = { identical, unchanged, degraded, survives: (): string[] => [] }

function brokenByCapture({ damaged = false }: Variant, { error }: CaptureRecord): string[] {
  if (error === null) return damaged ? ['the damage is not told'] : []
  return damaged ? [] : [`an error: ${error.message}`]
}

/** Times are in the containers' tests: not every container holds them, or holds them as finely. */
function identical(_: Variant, original: Analysis, found: Analysis): string[] {
  const timeless = ({ startTime: _, cost, ...record }: HandshakeRecord): unknown => ({
    ...record,
    cost: Object.entries(cost).filter(([field]) => !/milliseconds$/i.test(field)),
    verdict: { ...record.verdict, explanation: record.verdict.explanation.replace(/in the [\d.]+ ms/, '') },
  })
  const all = ({ handshakes, capture }: Analysis): unknown => ({
    handshakes: handshakes.map(timeless),
    tcpStreams: capture.tcpStreams,
  })
  return differences(all(original), all(found))
}

function unchanged({ copies = 1, besides = [] }: Variant, original: Analysis, found: Analysis): string[] {
  const facts = (record: HandshakeRecord): unknown => factsOf(record, besides)
  const wanted = Array.from({ length: copies }, () => original.handshakes.map(facts)).flat()
  return differences(inOrder(wanted), inOrder(found.handshakes.map(facts)))
}

/** Copies are not told apart, and may be decided in another order. */
function inOrder(facts: readonly unknown[]): unknown[] {
  return facts
    .map((fact) => JSON.stringify(fact))
    .sort()
    .map((fact) => JSON.parse(fact))
}

/** All that a record says of the handshake, and not of the packets that carried it. */
function factsOf(record: HandshakeRecord, besides: readonly Besides[] = []): unknown {
  const { verdict, encryption, cost } = record
  const has = (what: Besides): boolean => besides.includes(what)
  const codes = record.notes.map((note) => note.code)
  const hello = (one: Hello | null): unknown => (one === null ? null : helloFacts(one, has('padding')))
  return {
    serverPort: record.server.port,
    serverName: record.serverName,
    handshake: record.handshake,
    verdict: { ...verdict, explanation: withoutFrames(verdict.explanation) },
    negotiated: record.negotiated,
    clientHello: hello(record.clientHello),
    helloRetryRequest: withoutFrame(record.helloRetryRequest),
    secondClientHello: hello(record.secondClientHello),
    serverHello: serverHelloFacts(record.serverHello),
    certificate: withoutFrame(record.certificate),
    serverKeyExchange: withoutFrame(record.serverKeyExchange),
    encryption: {
      begins: encryption.begins,
      server: encryption.serverFrame !== null,
      client: encryption.clientFrame !== null,
      changeCipherSpecOfServer: encryption.changeCipherSpec.server !== null,
      changeCipherSpecOfClient: encryption.changeCipherSpec.client !== null,
      plaintextAfterServerHello: has('clear-records') ? null : encryption.plaintextAfterServerHello,
      earlyData: encryption.earlyDataFrame !== null,
    },
    alerts: has('alerts') ? null : record.alerts.map(withoutFrame),
    cost: { roundTrips: cost.roundTrips, complete: cost.complete },
    notes: has('notes') ? null : codes.filter((code) => code !== 'alerts-left-out' || !has('alerts')),
  }
}

function helloFacts({ frame: _, segments: __, records: ___, ...hello }: Hello, padded: boolean): unknown {
  if (!padded) return hello
  return { ...hello, bytes: null, extensions: hello.extensions.filter((extension) => extension !== 21) }
}

function serverHelloFacts(hello: ServerHello | null): unknown {
  if (hello === null) return null
  const { frame: _, segments: __, ...facts } = hello
  return facts
}

function withoutFrame(fact: { readonly frame: number } | null): unknown {
  if (fact === null) return null
  const { frame: _, ...facts } = fact
  return facts
}

function withoutFrames(explanation: string): string {
  return explanation.replace(/frame \d+/g, 'frame').replace(/in the [\d.]+ ms/, '')
}

/** Nothing is said that is not so in the original. What is not there any more may be left out. */
function degraded({ besides = [], allTold = false, reason }: Variant, original: Analysis, found: Analysis): string[] {
  const all = found.handshakes.flatMap((record) => {
    const truths = original.handshakes.filter(({ client }) => client.port === record.client.port)
    const doubts = truths.map((truth) => falsehoods(truth, record, besides))
    // A stream of several handshakes may lose its first: the record then has to be true of another.
    const least = doubts.sort((a, b) => a.length - b.length)[0] ?? ['no such connection in the original']
    return least.map((doubt) => `stream ${record.stream}: ${doubt}`)
  })
  for (const { verdict, notes } of found.handshakes) {
    if (verdict.outcome === 'incomplete' && reason !== undefined && verdict.reason !== reason)
      all.push(`incomplete for ${verdict.reason}, not ${reason}`)
    const untrue = found.capture.truncatedPackets > 0 ? 'gap' : 'snap-length'
    if (notes.some((note) => note.code === untrue)) all.push(`a note of a ${untrue} that there is not`)
  }
  const count = found.handshakes.length
  // An alert alone, whose ClientHello was lost, is no handshake.
  const least = allTold ? original.handshakes.filter(({ serverHello }) => serverHello !== null).length : 0
  if (count > original.handshakes.length || count < least) all.push(`${count} handshakes`)
  return all
}

const INCOMPLETE_REASONS: readonly string[] = ['missing-bytes', 'one-direction']

function falsehoods(truth: HandshakeRecord, record: HandshakeRecord, besides: readonly Besides[]): string[] {
  const said: string[] = []
  const { outcome, label, reason, offer, keyShareOffer } = record.verdict
  const padded = besides.includes('padding')
  const demand = (holds: boolean, otherwise: string): void => {
    if (!holds) said.push(otherwise)
  }
  // A capture that ends behind a whole ClientHello shows no answer, and says that one may have come later.
  const endsEarly = outcome === 'unanswered' && record.notes.some((note) => note.code === 'capture-ended')
  demand(outcome === 'incomplete' || outcome === truth.verdict.outcome || endsEarly, `outcome ${outcome}, ${reason}`)
  if (outcome === 'incomplete') demand(INCOMPLETE_REASONS.includes(reason), `incomplete for ${reason}`)
  if (outcome === 'incomplete') demand(/\d|only|breaks off/.test(record.verdict.explanation), 'no cause is given')
  demand(label === null || label === truth.verdict.label, `label ${label}`)
  demand((label === null) === (record.negotiated === null), 'a label, but nothing negotiated')
  demand(offer === null || offer === truth.verdict.offer, `offer ${offer}`)
  const sharedLater = truth.secondClientHello !== null && record.helloRetryRequest === null
  demand(keyShareOffer === null || sharedLater || keyShareOffer === truth.verdict.keyShareOffer, 'another share offer')
  demand(record.serverName === null || record.serverName === truth.serverName, `server name ${record.serverName}`)

  const hellos = [truth.clientHello, truth.secondClientHello].map((hello) => hello && helloFacts(hello, padded))
  for (const hello of [record.clientHello, record.secondClientHello])
    if (hello !== null) demand(isOneOf(helloFacts(hello, padded), hellos), 'a ClientHello that was not sent')
  demandSame(record.serverHello, serverHelloFacts(record.serverHello), [serverHelloFacts(truth.serverHello)])
  demandSame(record.helloRetryRequest, withoutFrame(record.helloRetryRequest), [withoutFrame(truth.helloRetryRequest)])
  demandSame(record.serverKeyExchange, withoutFrame(record.serverKeyExchange), [withoutFrame(truth.serverKeyExchange)])
  for (const alert of record.alerts) demandSame(alert, withoutFrame(alert), truth.alerts.map(withoutFrame))
  const groups = [null, truth.negotiated?.group?.id]
  demand(groups.includes(record.negotiated?.group?.id ?? null), `group ${record.negotiated?.group?.name}`)

  const { begins, earlyDataFrame } = record.encryption
  demand(begins === 'not-seen' || begins === truth.encryption.begins, `encryption begins ${begins}`)
  demand(earlyDataFrame === null || truth.encryption.earlyDataFrame !== null, 'early data that was not sent')
  return said

  function demandSame(present: unknown, fact: unknown, truths: readonly unknown[]): void {
    if (present !== null) demand(isOneOf(fact, truths), `${JSON.stringify(fact)} was not sent`)
  }
}

function isOneOf(fact: unknown, truths: readonly unknown[]): boolean {
  return truths.some((truth) => JSON.stringify(truth) === JSON.stringify(fact))
}

/** The places where two values differ, with both. */
function differences(wanted: unknown, found: unknown, place = ''): string[] {
  if (JSON.stringify(wanted) === JSON.stringify(found)) return []
  if (!isNested(wanted) || !isNested(found))
    return [`${place}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`]
  const keys = new Set([...Object.keys(wanted), ...Object.keys(found)])
  return [...keys].flatMap((key) => differences(wanted[key], found[key], place === '' ? key : `${place}.${key}`))
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
