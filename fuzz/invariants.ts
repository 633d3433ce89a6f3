import type {
  CaptureRecord,
  HandshakeRecord,
  Label,
  Note,
  Offer,
  Outcome,
  PqcapRecord,
  Reason,
} from '../src/verdict/record.js'
import { namesCurve, type StreamLog, selects } from './evidence.js'

/** What is wrong: the rule that was broken, and how. */
export interface Problem {
  readonly invariant: string
  readonly detail: string
}

/** The first rule about all records of a capture that does not hold; null where all do. */
export function brokenRule(records: readonly PqcapRecord[], logs: readonly StreamLog[]): Problem | null {
  const capture = records.at(-1)
  const handshakes = records.filter((record) => record.type === 'handshake')
  if (capture?.type !== 'capture' || handshakes.length !== records.length - 1)
    return problem('one capture record, at the end', records.map(({ type }) => type).join(' '))
  for (const handshake of handshakes) {
    const broken =
      brokenVerdict(handshake) ??
      brokenFinding(handshake.notes) ??
      brokenNumbers(handshake, capture) ??
      unsupported(handshake, logs)
    if (broken !== null) return broken
  }
  return brokenTotals(handshakes, capture)
}

/** The outcomes and labels that go with a reason. */
const REASONS: Readonly<Record<Reason, readonly (readonly [Outcome, Label | null])[]>> = {
  'hybrid-selected': [['negotiated', 'hybrid']],
  'hybrid-after-retry': [['negotiated', 'hybrid']],
  'post-quantum-selected': [['negotiated', 'post-quantum']],
  'post-quantum-after-retry': [['negotiated', 'post-quantum']],
  'server-chose-classical': [['negotiated', 'classical']],
  'retried-to-classical': [['negotiated', 'classical']],
  'client-offered-no-post-quantum': [['negotiated', 'classical']],
  'offer-not-seen': [['negotiated', 'classical']],
  'tls12-or-older': [
    ['negotiated', 'classical'],
    ['negotiated', 'unknown'],
  ],
  'psk-only': [['negotiated', 'psk']],
  resumed: [['negotiated', 'psk']],
  'unknown-group': [['negotiated', 'unknown']],
  'alert-before-server-hello': [['rejected', null]],
  'closed-before-server-hello': [['rejected', null]],
  'no-answer': [['unanswered', null]],
  'missing-bytes': [['incomplete', null]],
  'one-direction': [['incomplete', null]],
  malformed: [
    ['incomplete', null],
    ['negotiated', 'unknown'],
  ],
}

function brokenVerdict(record: HandshakeRecord): Problem | null {
  const { verdict, negotiated, serverHello, helloRetryRequest, secondClientHello } = record
  const { outcome, label, reason, offer, keyShareOffer, explanation } = verdict
  const broken = (what: string): Problem => problem(`the verdict is consistent: ${what}`, JSON.stringify(verdict))
  if (!REASONS[reason].some(([o, l]) => o === outcome && l === label)) return broken('reason, outcome and label')
  if ((outcome === 'negotiated') !== (negotiated !== null)) return broken('negotiated')
  if (negotiated !== null && serverHello === null) return broken('a ServerHello was read')
  const { group } = negotiated ?? { group: null }
  // Without a key share it is the cipher suite that labels: some experimental ones are hybrid whatever the curve.
  const selects = negotiated !== null && serverHello?.keyShare != null
  if (selects && label !== 'psk' && label !== 'unknown' && group?.kind !== label) return broken('the kind of the group')
  // A second hello shows that there was a HelloRetryRequest, also where that was not captured.
  const retried = helloRetryRequest !== null || secondClientHello !== null
  if (reason.endsWith('-after-retry') && !retried) return broken('after a retry')
  const forGroup = helloRetryRequest === null ? retried : helloRetryRequest.group !== null
  if (reason === 'retried-to-classical' && !forGroup) return broken('retried to a group')
  const offered = isPostQuantum(offer) || isPostQuantum(keyShareOffer)
  if ((reason === 'server-chose-classical' || reason === 'retried-to-classical') && !offered) return broken('offered')
  if (reason === 'client-offered-no-post-quantum' && offered) return broken('not offered')
  const noted = new Set(record.notes.map(({ code }) => code))
  if (noted.has('retry-not-seen') && helloRetryRequest !== null) return broken('a retry that is not there, and is')
  if (noted.has('client-hello-not-seen') && record.clientHello !== null)
    return broken('a hello that is not there, and is')
  const wentOn = noted.has('server-hello-not-seen') || record.encryption.changeCipherSpec.server !== null
  if (serverHello === null && wentOn && helloRetryRequest === null && outcome !== 'incomplete')
    return broken('what follows a ServerHello shows that there was one')
  if (noted.has('server-hello-not-seen') && (outcome !== 'incomplete' || serverHello !== null))
    return broken('a ServerHello that is not there, and is')
  // Of a hello that breaks off it is not known what more it offered.
  const listing = record.clientHello ?? record.secondClientHello
  if ((offer === null) !== (listing === null) && !(offer === null && noted.has('malformed'))) return broken('offer')
  const noShares = keyShareOffer === null
  if (noShares !== (record.clientHello === null) && !(noShares && noted.has('malformed')))
    return broken('keyShareOffer')
  if (!/^[A-Z0-9].*\.$/su.test(explanation)) return broken('a sentence')
  return /undefined|NaN|null|Infinity|\[object/.test(explanation) ? broken('words') : null
}

/** Every finding there is: what stands in none of the verdict's words. */
export const FINDINGS = [
  ...['encapsulation-key-modulus', 'key-share-parts-swapped', 'low-order-point', 'non-canonical-point'],
  ...['compressed-point', 'point-format', 'point-out-of-range', 'point-not-on-curve', 'public-value-out-of-range'],
  ...['repeated-bytes', 'key-share-length', 'key-shares-unchecked', 'key-share-not-listed', 'key-share-repeated'],
  ...['key-share-order', 'retry-group-already-shared', 'retry-group-not-offered', 'second-hello-key-share'],
  ...['server-share-not-offered', 'server-share-unasked', 'server-share-not-as-retried', 'key-share-missing'],
  'suite-without-encryption',
  ...['downgrade-mark', 'key-share-reused', 'extension-repeated', 'version-not-offered', 'cipher-suite-not-offered'],
  ...['pre-shared-key-not-offered', 'psk-mode-not-offered', 'cipher-suite-not-of-version'],
  ...['second-hello-changed', 'curve-not-offered', 'server-hello-not-as-retried', 'group-repeated'],
]

function brokenFinding(notes: readonly Note[]): Problem | null {
  const broken = notes.find(
    ({ code, message, severity, section, frame }) =>
      FINDINGS.includes(code) !== (severity !== undefined) ||
      (severity !== undefined && (!/^(?:RFC|FIPS) \d+ §[\dA-Z.]+$/.test(section ?? '') || frame === undefined)) ||
      /undefined|NaN|\[object/.test(message),
  )
  return broken === undefined ? null : problem('a finding has severity, section and frame', JSON.stringify(broken))
}

function isPostQuantum(offer: Offer | null): boolean {
  return offer === 'hybrid' || offer === 'post-quantum'
}

function brokenNumbers(record: HandshakeRecord, capture: CaptureRecord): Problem | null {
  const { clientHello, secondClientHello, helloRetryRequest, serverHello, serverKeyExchange, encryption, cost } = record
  const messages = [clientHello, secondClientHello, helloRetryRequest, serverHello, serverKeyExchange]
  const frames = [
    ...messages.map((message) => message?.frame ?? null),
    ...[encryption.serverFrame, encryption.clientFrame, encryption.earlyDataFrame],
    ...[encryption.changeCipherSpec.server, encryption.changeCipherSpec.client],
    ...[...record.alerts, ...record.notes].map(({ frame }) => frame ?? null),
  ]
  // Some blocks of pcapng that are no packets count as frames (Wireshark), and each takes 12 bytes at least.
  const most = capture.packets + (capture.format === 'pcapng' ? capture.bytes / 12 : 0)
  const outside = frames.find((frame) => frame !== null && !(frame >= 1 && frame <= most))
  if (outside !== undefined) return problem('frames are in the capture', `frame ${outside} of ${capture.packets}`)
  if (record.stream >= capture.tcpStreams)
    return problem('streams are counted', `${record.stream} of ${capture.tcpStreams}`)
  const numbers = Object.values(cost).filter((value) => typeof value === 'number')
  return numbers.some((value) => !(value >= 0)) ? problem('costs are not negative', JSON.stringify(cost)) : null
}

/** What a handshake is said to have agreed on must stand in the bytes that its server sent. */
function unsupported(record: HandshakeRecord, logs: readonly StreamLog[]): Problem | null {
  const { negotiated, serverHello, serverKeyExchange, verdict } = record
  if (negotiated === null || serverHello === null) return null
  const sent = logs
    .filter(({ stream }) => stream === record.stream)
    .flatMap(({ senders, directions }) => directions.filter((_, i) => senders[i as 0 | 1].port === record.server.port))
  const { group } = negotiated
  const said = JSON.stringify({ verdict, negotiated })
  const fromShare = serverHello.keyShare !== null
  if (group !== null && fromShare && !sent.some((log) => selects(log, ({ groups }) => groups.includes(group.id))))
    return problem('a negotiated group stands in a ServerHello', said)
  if (
    group !== null &&
    !fromShare &&
    serverKeyExchange?.kind === 'ecdhe' &&
    !sent.some((log) => namesCurve(log, group.id))
  )
    return problem('a negotiated curve stands in a ServerKeyExchange', said)
  const { id } = negotiated.cipherSuite
  if (!sent.some((log) => selects(log, ({ cipherSuite }) => cipherSuite === id)))
    return problem('a negotiated cipher suite stands in a ServerHello', said)
  return null
}

function brokenTotals(handshakes: readonly HandshakeRecord[], capture: CaptureRecord): Problem | null {
  if (capture.handshakes !== handshakes.length)
    return problem('handshakes are counted', `${capture.handshakes}, not ${handshakes.length}`)
  const names = handshakes.map(({ stream, handshake }) => `${stream}.${handshake}`)
  if (new Set(names).size !== names.length) return problem('handshakes have their own numbers', names.join(' '))
  const skipped = Object.values(capture.skipped).reduce((sum, count) => sum + count, 0)
  if (skipped > capture.packets || Object.values(capture.skipped).some((count) => count <= 0))
    return problem('skipped packets are counted', JSON.stringify(capture.skipped))
  if (capture.tcpStreams + skipped > capture.packets && capture.tcpStreams > capture.packets)
    return problem('streams have packets', `${capture.tcpStreams} of ${capture.packets}`)
  return null
}

function problem(invariant: string, detail: string): Problem {
  return { invariant, detail }
}
