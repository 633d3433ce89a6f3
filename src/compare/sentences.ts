import type { HandshakeRecord } from '../verdict/record.js'
import type { Facts, Judgement, Sizes } from './comparison.js'

/** What the verdict on a pair is made of. */
export interface Judged {
  readonly before: HandshakeRecord
  readonly after: HandshakeRecord
  readonly judgement: Judgement
  readonly sizes: Sizes
  readonly facts: Facts
}

/**
 * What changed and what it cost: `From x25519 to X25519MLKEM768: hybrid. ClientHello 1.2 kB larger, now two segments; no
 * extra round trip; 2.3 kB more in all.`
 */
export function verdictOf(judged: Judged): string {
  return [transition(judged), cost(judged), why(judged)].filter((sentence) => sentence !== '').join(' ')
}

function transition({ before, after, judgement, facts }: Judged): string {
  const unsettled = unsettledWords(before, after)
  if (unsettled !== null) return `Cannot be compared: ${unsettled}.`
  const fall = judgement === 'downgrade' ? ', a downgrade' : ''
  if (after.negotiated === null) {
    if (before.negotiated === null) return 'Rejected both times.'
    return `From ${exchangeWords(before, false)} to no agreement: rejected${fall}.`
  }
  const label = labelWords(after)
  if (before.negotiated === null) return `From no agreement to ${exchangeWords(after, false)}: ${label}${fall}.`
  const otherVersion = facts.version.change !== 'same'
  if (!otherVersion && facts.keyExchange.change === 'same' && facts.label.change === 'same')
    return `Both times ${exchangeWords(after, false)}: ${label}.`
  const words = `From ${exchangeWords(before, otherVersion)} to ${exchangeWords(after, otherVersion)}: ${label}`
  if (judgement !== 'not-comparable') return `${words}${fall}.`
  return `${words}. Which of them is stronger cannot be told.`
}

/** null where of both it is known what was agreed on, or that nothing was. */
function unsettledWords(before: HandshakeRecord, after: HandshakeRecord): string | null {
  const [a, b] = [before.verdict.outcome, after.verdict.outcome]
  const open = (outcome: string): boolean => outcome === 'incomplete' || outcome === 'unanswered'
  if (open(a) && open(b)) return a === b ? `both handshakes are ${a}` : `the first handshake is ${a}, the second ${b}`
  if (open(a)) return `the first handshake is ${a}`
  return open(b) ? `the second handshake is ${b}` : null
}

function exchangeWords({ negotiated }: HandshakeRecord, withVersion: boolean): string {
  if (negotiated === null) return 'no agreement'
  const { keyExchange, version } = negotiated
  const words = keyExchange === 'resumed' ? 'a resumed session' : keyExchange
  return withVersion ? `${words} in ${version}` : words
}

function labelWords({ verdict, negotiated }: HandshakeRecord): string {
  if (verdict.label === 'psk')
    return negotiated?.keyExchange === 'resumed' ? 'no key exchange' : 'a pre-shared key, without a key exchange'
  if (verdict.label === 'unknown') return 'of a kind that is not known'
  const group = negotiated?.group
  const status = group?.kind === verdict.label ? group.status : undefined
  switch (status) {
    case 'broken':
      return verdict.label === 'hybrid'
        ? 'hybrid, but its post-quantum part is broken'
        : 'post-quantum, but broken, so that it protects nothing'
    case 'obsolete':
      return `${verdict.label}, obsolete`
    case 'private':
      return `${verdict.label}, a code point for private use`
    case 'draft':
      return `${verdict.label}, a draft`
    default:
      return verdict.label ?? 'nothing'
  }
}

function cost({ before, after, sizes, facts }: Judged): string {
  const parts = [helloWords(sizes, facts)]
  if (before.negotiated !== null && after.negotiated !== null)
    parts.push(tripsWords(before, after, sizes), totalWords(sizes))
  const text = parts.filter((part) => part !== '').join('; ')
  return text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}.`
}

function helloWords({ clientHelloBytes, clientHelloSegments, secondClientHelloBytes }: Sizes, facts: Facts): string {
  const { difference } = clientHelloBytes
  if (difference === null) return ''
  let words =
    difference === 0 ? 'ClientHello of the same size' : `ClientHello ${changeWords(difference, 'larger', 'smaller')}`
  const segments = clientHelloSegments.after
  if (segments !== null && clientHelloSegments.difference !== 0)
    words += `, now ${countWords(segments)} segment${segments === 1 ? '' : 's'}`
  if (facts.fitsInitialWindow.change === 'changed')
    words += facts.fitsInitialWindow.after === 'yes' ? ' within one initial window' : ' and beyond one initial window'
  const { before: first, after: second } = secondClientHelloBytes
  if (first === null && second !== null) words += `, and a second one of ${bytesWords(second)}`
  if (first !== null && second === null) words += `, and no second one of ${bytesWords(first)}`
  return words
}

function tripsWords(before: HandshakeRecord, after: HandshakeRecord, { roundTrips }: Sizes): string {
  const { difference } = roundTrips
  if (difference === null) return ''
  if (difference === 0) return 'no extra round trip'
  const count = `${countWords(Math.abs(difference))} round trip${Math.abs(difference) === 1 ? '' : 's'}`
  if (difference < 0) return `${count} fewer`
  const retried = after.helloRetryRequest !== null && before.helloRetryRequest === null
  return `${count.replace(' ', ' more ')}${retried ? ', for a HelloRetryRequest' : ''}`
}

function totalWords({ totalBytes }: Sizes): string {
  const { difference } = totalBytes
  if (difference === null) return 'what it cost in all is not in the captures'
  return difference === 0 ? 'as many bytes in all' : `${changeWords(difference, 'more', 'less')} in all`
}

/** The explanation of what is no improvement: why a fall, and what is missing. */
function why({ before, after, judgement }: Judged): string {
  if (before.verdict.outcome === 'rejected' && after.verdict.outcome === 'rejected')
    return `First: ${before.verdict.explanation} Second: ${after.verdict.explanation}`
  const sentences: string[] = []
  if (before.verdict.outcome === 'incomplete' || before.verdict.outcome === 'unanswered')
    sentences.push(`First: ${before.verdict.explanation}`)
  if (after.verdict.outcome === 'incomplete' || after.verdict.outcome === 'unanswered')
    sentences.push(`Second: ${after.verdict.explanation}`)
  else if (judgement === 'downgrade' || after.verdict.outcome === 'rejected')
    sentences.push(`${sentences.length > 0 ? 'Second: ' : ''}${after.verdict.explanation}`)
  return sentences.join(' ')
}

function changeWords(difference: number, more: string, less: string): string {
  return `${bytesWords(Math.abs(difference))} ${difference > 0 ? more : less}`
}

/** `32 bytes`, `1.2 kB`: in powers of ten. */
export function bytesWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  return bytes < 999_950 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

function countWords(count: number): string {
  return WORDS[count] ?? String(count)
}
