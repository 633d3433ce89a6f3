import { printable } from '../bytes/text.js'
import type { EncryptionBegins, HandshakeRecord, Label, NoteSeverity, Outcome, Reason } from '../verdict/record.js'
import { displayName } from './display-name.js'
import { endpointText } from './endpoint-text.js'
import { type Finding, findingsOf, findingText } from './findings.js'
import type { Tone } from './paint.js'
import { safeText } from './safe-text.js'
import { selectedShares } from './shares.js'

/** A piece of text and what it means. */
export interface Said {
  readonly text: string
  readonly tone: Tone
}

/**
 * What a table says of a handshake, in words that are safe to print. Much smaller than the record, so that a table may
 * hold thousands until it is sorted.
 */
export interface Row {
  readonly capture: string
  readonly stream: number
  readonly startTime: string
  /** `address:port`, IPv6 addresses in brackets. */
  readonly client: string
  readonly server: string
  /** '' where none was sent. */
  readonly serverName: string
  /** `-` where nothing was negotiated; so are `keyExchange`, `label` and `shares`. */
  readonly version: string
  readonly keyExchange: string
  /** The label and what qualifies it: `hybrid`, `hybrid, obsolete`. */
  readonly label: Said
  /** A HelloRetryRequest came first. */
  readonly retried: boolean
  /** Why it is not better, in a few words; '' where the other columns say it. */
  readonly why: string
  /** `hybrid offered`: what the client offered in vain; '' where it did not. */
  readonly offered: string
  /** `1216 -> 1120`: bytes of the client's and the server's share of the selected group. */
  readonly shares: string
  readonly encryptedAfter: string
  readonly outcome: Outcome
  /** The outcome and what ended the handshake: `rejected, alert handshake_failure`. */
  readonly result: Said
  /** How many findings there are: `1 error, 2 warnings`; null where there are none. */
  readonly faults: Said | null
  /** The first of them as sentences, with stream and frame. */
  readonly findings: readonly Said[]
}

/** Findings of one handshake that a row holds; `--format json` has them all. */
const FINDINGS_HELD = 4

/** What stands for nothing. */
export const NONE = '-'

export function tableRow(record: HandshakeRecord): Row {
  const { negotiated } = record
  const findings = findingsOf(record.notes)
  return {
    capture: captureName(record.capture),
    stream: record.stream,
    startTime: record.startTime,
    client: endpointText(record.client),
    server: endpointText(record.server),
    serverName: safeText(record.serverName ?? ''),
    version: negotiated?.version ?? NONE,
    keyExchange: negotiated?.keyExchange ?? NONE,
    label: labelWords(record),
    retried: record.helloRetryRequest !== null,
    why: why(record),
    offered: offered(record),
    shares: sharesText(record),
    encryptedAfter: negotiated === null ? NONE : ENCRYPTED_AFTER[record.encryption.begins],
    outcome: record.verdict.outcome,
    result: resultWords(record),
    faults: faultWords(findings),
    findings: findings.slice(0, FINDINGS_HELD).map((finding) => ({
      text: `stream ${record.stream}, frame ${finding.frame ?? '?'}: ${printable(findingText(finding))}`,
      tone: FINDING_TONES[finding.severity],
    })),
  }
}

export const FINDING_TONES: Readonly<Record<NoteSeverity, Tone>> = { error: 'bad', warning: 'weak', info: 'faint' }
const SEVERITIES: readonly NoteSeverity[] = ['error', 'warning', 'info']

function faultWords(findings: readonly Finding[]): Said | null {
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0)
  const [worst] = counts
  if (worst === undefined) return null
  const words = counts.map(
    ({ severity, count }) => `${count} ${severity}${count > 1 && severity !== 'info' ? 's' : ''}`,
  )
  return { text: words.join(', '), tone: FINDING_TONES[worst.severity] }
}

/** A capture's name as it may be printed. */
export function captureName(name: string): string {
  return safeText(displayName(name))
}

const LABEL_TONES: Readonly<Record<Label, Tone>> = {
  hybrid: 'safe',
  'post-quantum': 'safe',
  classical: 'weak',
  psk: 'neutral',
  unknown: 'neutral',
}

function labelWords({ verdict, negotiated }: HandshakeRecord): Said {
  if (verdict.label === null) return { text: NONE, tone: 'faint' }
  const status = negotiated?.group?.status
  const qualified = status === 'draft' || status === 'obsolete' || status === 'broken' || status === 'private'
  return {
    text: qualified ? `${verdict.label}, ${status}` : verdict.label,
    tone: status === 'broken' ? 'bad' : LABEL_TONES[verdict.label],
  }
}

const REASONS: Readonly<Partial<Record<Reason, string>>> = {
  'client-offered-no-post-quantum': 'all that was offered',
  'psk-only': 'no key exchange',
  resumed: 'keys of an earlier session',
  'closed-before-server-hello': 'closed',
  'missing-bytes': 'missing bytes',
  'one-direction': 'one direction only',
  malformed: 'malformed',
}

function why(record: HandshakeRecord): string {
  const { verdict, negotiated } = record
  if (isInVain(record)) return `${verdict.offer} was offered`
  return negotiated === null ? '' : (REASONS[verdict.reason] ?? '')
}

function offered(record: HandshakeRecord): string {
  return isInVain(record) ? `${record.verdict.offer} offered` : ''
}

/** Nothing came of any offer, or something classical of a better one: in TLS 1.2 too, whose version does not say so. */
function isInVain({ verdict: { offer, label }, negotiated }: HandshakeRecord): boolean {
  if (negotiated === null) return offer !== null && offer !== 'none'
  return label === 'classical' && (offer === 'hybrid' || offer === 'post-quantum')
}

function sharesText(record: HandshakeRecord): string {
  const { client, server } = selectedShares(record)
  if (client === null && server === null) return NONE
  return `${client ?? '?'} -> ${server ?? '?'}`
}

const ENCRYPTED_AFTER: Readonly<Record<EncryptionBegins, string>> = {
  'after-server-hello': 'ServerHello',
  'after-change-cipher-spec': 'ChangeCipherSpec',
  plaintext: 'in plaintext',
  'not-seen': 'not seen',
}

const OUTCOME_TONES: Readonly<Record<Outcome, Tone>> = {
  negotiated: 'plain',
  rejected: 'bad',
  unanswered: 'bad',
  incomplete: 'bad',
}

function resultWords({ verdict, alerts }: HandshakeRecord): Said {
  const tone = OUTCOME_TONES[verdict.outcome]
  const fatal = alerts.find((alert) => alert.level === 'fatal')
  if (fatal !== undefined) return { text: `${verdict.outcome}, alert ${fatal.description}`, tone: 'bad' }
  const reason = verdict.outcome === 'negotiated' ? undefined : REASONS[verdict.reason]
  return { text: reason === undefined ? verdict.outcome : `${verdict.outcome}, ${reason}`, tone }
}
