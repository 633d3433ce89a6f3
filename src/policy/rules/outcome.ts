import type { HandshakeRecord, Label } from '../../verdict/record.js'
import { listText } from '../code-points.js'
import { type Answer, framesOf, helloFrames, rule, withoutAgreement } from '../rule.js'
import { versionAge } from '../versions.js'

export const LABELS: readonly Label[] = ['hybrid', 'post-quantum', 'classical', 'psk', 'unknown']
const OUTCOMES = ['negotiated', 'rejected', 'unanswered']

export const outcome = rule<{ readonly allowed: readonly string[] }>({
  id: 'outcome',
  title: 'Handshakes come to an allowed end',
  help: 'A handshake that was rejected or not answered agreed on nothing, so no other rule about what was agreed on looks at it. Where connections are meant to be refused, allow that outcome in an override. Whether the end was seen at all is for the rule incomplete.',
  settings: { allowed: { kind: 'words', words: OUTCOMES, help: 'outcomes that pass' } },
  defaults: { allowed: ['negotiated'] },
  shorthand: 'allowed',
  needs: ['allowed'],
  // Without it, a run in which every handshake was refused would pass whatever is asked of what was agreed on.
  severity: 'error',
  evaluate(record, { allowed }) {
    const { outcome, reason, explanation } = record.verdict
    if (outcome === 'incomplete') return withoutAgreement(record)
    if (allowed.includes(outcome)) return 'holds'
    return [
      {
        message: `The handshake was ${outcome}: ${lowerFirst(explanation)}`,
        frames: framesOf(...helloFrames(record), ...record.alerts.map(({ frame }) => frame)),
        values: [outcome, reason],
      },
    ]
  },
})

export const label = rule<{ readonly allowed: readonly string[] }>({
  id: 'label',
  title: 'The key exchange is of an allowed kind',
  help: 'What was agreed on decides, never what was offered: hybrid, post-quantum, classical, psk (no exchange to label) or unknown. The explanation of the handshake says which side stood in the way; update that program or its list of groups.',
  settings: { allowed: { kind: 'words', words: LABELS, help: 'labels that pass' } },
  shorthand: 'allowed',
  needs: ['allowed'],
  evaluate(record, { allowed }): Answer {
    const { label: given, explanation } = record.verdict
    const { negotiated } = record
    if (given === null || negotiated === null) return withoutAgreement(record)
    if (allowed.includes(given)) return 'holds'
    return [
      {
        message: `The label is ${given}; allowed: ${listText(allowed)}. ${explanation}`,
        frames: helloFrames(record),
        values: [given, negotiated.keyExchange, negotiated.version],
      },
    ]
  },
})

export const tlsVersion = rule<{ readonly minimum?: string; readonly allowed?: readonly string[] }>({
  id: 'tls-version',
  title: 'The TLS version is allowed',
  help: 'TLS 1.0 and 1.1 must not be negotiated (RFC 8996), and only TLS 1.3 has post-quantum groups. Raise the lowest version that the server takes, or update the client that has no newer one.',
  settings: {
    minimum: { kind: 'version', help: 'the oldest version that passes; a draft of TLS 1.3 is older than TLSv1.3' },
    allowed: { kind: 'versions', help: 'versions that pass' },
  },
  shorthand: 'minimum',
  needs: ['minimum', 'allowed'],
  evaluate: versionAnswer,
})

function versionAnswer(
  record: HandshakeRecord,
  { minimum, allowed }: { readonly minimum?: string; readonly allowed?: readonly string[] },
): Answer {
  if (record.negotiated === null) return withoutAgreement(record)
  const { version } = record.negotiated
  const asked: string[] = []
  const age = versionAge(version)
  if (minimum !== undefined && (age === null || age < (versionAge(minimum) as number)))
    asked.push(`the minimum is ${minimum}`)
  if (allowed !== undefined && !allowed.includes(version)) asked.push(`allowed: ${listText(allowed)}`)
  if (asked.length === 0) return 'holds'
  return [
    {
      message: `The version is ${version}; ${asked.join('; ')}.`,
      frames: framesOf(record.clientHello?.frame, record.serverHello?.frame),
      values: [version],
    },
  ]
}

/** `The server ...` within a sentence; names stay as they are. */
function lowerFirst(sentence: string): string {
  return sentence.replace(/^(The|No|A|An|Only|Bytes)\b/, (word) => word.toLowerCase())
}
