import type { CheckedCapture, CheckedHandshake, CheckResult, Finding } from '../../policy/finding.js'
import { endpointText } from '../endpoint-text.js'

/** What a finding means for the check. */
export type Standing = 'failure' | 'warning' | 'known'

/** The gravest first. */
export const STANDINGS: readonly Standing[] = ['failure', 'warning', 'known']

export function standingOf({ state, severity }: Finding): Standing {
  if (state === 'known') return 'known'
  return severity === 'error' ? 'failure' : 'warning'
}

/** The findings of each standing, in their order. */
export function byStanding(findings: readonly Finding[]): Readonly<Record<Standing, readonly Finding[]>> {
  const sorted: Record<Standing, Finding[]> = { failure: [], warning: [], known: [] }
  for (const finding of findings) sorted[standingOf(finding)].push(finding)
  return sorted
}

/**
 * At most `count` findings, in their order: failures before warnings, and known ones last, where not all can be taken.
 */
export function mostImportant(findings: readonly Finding[], count: number): readonly Finding[] {
  if (findings.length <= count) return findings
  const sorted = byStanding(findings)
  const taken = new Set(STANDINGS.flatMap((standing) => sorted[standing]).slice(0, count))
  return findings.filter((finding) => taken.has(finding))
}

export interface CaptureFindings {
  readonly capture: CheckedCapture
  readonly findings: readonly Finding[]
}

/** The captures, each with its findings, and the findings that are about none of them. */
export function byCapture({ captures, findings }: CheckResult): {
  readonly captures: readonly CaptureFindings[]
  readonly others: readonly Finding[]
} {
  const waiting = new Map<string, Finding[]>(captures.map(({ capture }) => [capture, []]))
  const others: Finding[] = []
  for (const finding of findings) {
    const place = finding.capture === null ? undefined : waiting.get(finding.capture)
    if (place === undefined) others.push(finding)
    else place.push(finding)
  }
  const grouped = captures.map((capture) => {
    const own = waiting.get(capture.capture) ?? []
    // A capture that was named twice has its findings once.
    waiting.delete(capture.capture)
    return { capture, findings: own }
  })
  return { captures: grouped, others }
}

/** The same for the same handshake of a capture. */
export function handshakeKey({ stream, handshake }: CheckedHandshake): string {
  return `${stream}/${handshake}`
}

/** `kms.example.test 198.51.100.1:443`, the same in another run: without the client's port and the stream. */
export function serverText({ serverName, server }: CheckedHandshake): string {
  const address = endpointText(server)
  return serverName === null ? address : `${serverName} ${address}`
}

/** `stream 3`, and which handshake of it where that is not the first. */
export function streamText({ stream, handshake }: CheckedHandshake): string {
  return handshake === 0 ? `stream ${stream}` : `stream ${stream}, handshake ${handshake}`
}

/** What the whole check found, in numbers: also of findings that it does not list. */
export interface Counts extends Readonly<Record<Standing, number>> {
  readonly captures: number
  readonly handshakes: number
  /** Handshakes without a finding that fails. */
  readonly passed: number
  /** Captures that could not be read whole. */
  readonly unread: number
}

export function countsOf({ captures, findings, leftOut }: CheckResult): Counts {
  const counts = { captures: captures.length, handshakes: 0, passed: 0, unread: 0, failure: 0, warning: 0, known: 0 }
  for (const capture of captures) {
    counts.handshakes += capture.handshakes
    counts.passed += capture.passed
    if (capture.error !== null) counts.unread++
    counts.failure += capture.failed
    counts.warning += capture.warnings
    counts.known += capture.known
  }
  const listed = leftOut === undefined ? findings : findings.filter(({ capture }) => capture === null)
  const { failure, warning, known } = byStanding(listed)
  if (leftOut === undefined) Object.assign(counts, { failure: 0, warning: 0, known: 0 })
  counts.failure += failure.length
  counts.warning += warning.length
  counts.known += known.length
  return counts
}

/** What to tell where a check ended early: then no capture says why not everything was read. */
export function endedEarly(result: CheckResult): string | null {
  const early = result.outcome === 'trouble' && countsOf(result).unread === 0
  return early ? 'The check ended before all captures were read.' : null
}
