import { nearestName } from '../bytes/nearest.js'
import { isSameServerName } from '../bytes/server-name.js'
import type { Candidate, Selection } from '../compare/pairing.js'
import type { HandshakeRecord } from '../verdict/record.js'
import { parseSelector, selects } from './diff-selector.js'
import type { Side } from './diff-sides.js'
import { UsageError } from './exit.js'
import { serverNameForms } from './server-names.js'

/**
 * What the command line says of which handshakes belong together: where both sides are streams, these, and every
 * `--pair`.
 * @throws UsageError where one names nothing
 */
export function selectionsOf(pairs: readonly string[], before: Side, after: Side): Selection[] {
  const selections = pairs.map((text) => parsePair(text, before.candidates, after.candidates))
  if (before.selected && after.selected)
    selections.push({ before: recordsOf(before.candidates), after: recordsOf(after.candidates) })
  return selections
}

/** Reads `A=B`. Names may hold `=`: the first at which both sides name something divides them. */
function parsePair(text: string, before: readonly Candidate[], after: readonly Candidate[]): Selection {
  let nearest: string | null = null
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
    const [a, b] = [text.slice(0, at), text.slice(at + 1)]
    const selection = { before: named(a, before), after: named(b, after) }
    if (selection.before.length > 0 && selection.after.length > 0) return selection
    nearest ??=
      selection.before.length === 0
        ? `'${a}' on the first side${hint(a, before)}`
        : `'${b}' on the second side${hint(b, after)}`
  }
  if (nearest === null) throw new UsageError(`--pair '${text}' is not of the form A=B`)
  throw new UsageError(`--pair '${text}': no handshake is ${nearest}`)
}

/** The handshakes of a capture, a stream or a server name, in the order of the candidates. */
function named(text: string, candidates: readonly Candidate[]): HandshakeRecord[] {
  if (text === '') return []
  const isCapture = (path: string) => (candidate: Candidate) =>
    candidate.record.capture === path || candidate.path === path
  const whole = candidates.filter(isCapture(text))
  if (whole.length > 0) return recordsOf(whole)
  const selector = parseSelector(text, () => false)
  if (selector.stream !== null) {
    const ofCapture = selector.path === '' ? onlyCapture(candidates) : candidates.filter(isCapture(selector.path))
    return recordsOf(ofCapture.filter(({ record }) => selects(selector, record)))
  }
  const forms = serverNameForms(text)
  const isNamed = (name: string) => forms.some((form) => isSameServerName(form, name))
  return recordsOf(candidates.filter(({ record }) => record.serverName !== null && isNamed(record.serverName)))
}

/** The nearest server name or capture of a side, where there is one. */
function hint(text: string, candidates: readonly Candidate[]): string {
  const known = candidates
    .flatMap(({ record, path }) => [record.serverName, record.capture, path])
    .filter((name): name is string => name !== null)
  const near = nearestName(text, known)
  return near === undefined ? '' : `; did you mean '${near}'?`
}

/** A stream without its capture is clear only where a side has one. */
function onlyCapture(candidates: readonly Candidate[]): readonly Candidate[] {
  const capture = candidates[0]?.record.capture
  return candidates.every(({ record }) => record.capture === capture) ? candidates : []
}

function recordsOf(candidates: readonly Candidate[]): HandshakeRecord[] {
  return candidates.map(({ record }) => record)
}
