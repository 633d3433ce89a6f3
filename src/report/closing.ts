import { printable } from '../bytes/text.js'
import type { CaptureRecord } from '../verdict/record.js'
import { wrap } from './cell.js'
import { counted, plural } from './counted.js'
import { findingsOf, findingText } from './findings.js'
import type { Findings } from './findings-told.js'
import { type Colors, paint, type Tone } from './paint.js'
import { captureName, FINDING_TONES } from './row.js'
import { LABELS, OUTCOMES, type Totals } from './totals.js'

/** More reasons than these are rare, and `--format json` has them all. */
const REASONS_TOLD = 6
const NOTES_TOLD = 3

/** What a person should know of a capture beside its handshakes, in lines of at most `width` columns. */
export function captureLines(capture: CaptureRecord, width: number, colors: Colors): string {
  const name = captureName(capture.capture)
  const { packets, truncatedPackets, error, notes } = capture
  const lines: string[] = []
  const tell = (text: string, tone: Tone): void => {
    for (const part of wrap(`${name}: ${text}`, width)) lines.push(paint(part, tone, colors))
  }

  if (error !== null) tell(packets === 0 ? 'not read' : `damaged: read up to byte ${counted(error.offset)}`, 'bad')
  if (capture.handshakes === 0 && (error === null || packets > 0)) {
    tell(`no TLS handshakes in ${plural(packets, 'packet')} and ${plural(capture.tcpStreams, 'TCP stream')}`, 'faint')
  }
  const skipped = Object.entries(capture.skipped).sort(([, a], [, b]) => b - a)
  if (skipped.length > 0) {
    const total = skipped.reduce((sum, [, count]) => sum + count, 0)
    const told = skipped.slice(0, REASONS_TOLD).map(([reason, count]) => `${counted(count)} ${printable(reason)}`)
    tell(
      `${plural(total, 'packet')} not followed: ${told.join(', ')}${skipped.length > REASONS_TOLD ? ', ...' : ''}`,
      'faint',
    )
  }
  if (truncatedPackets > 0) tell(`${plural(truncatedPackets, 'packet')} cut short by the snap length`, 'faint')
  for (const finding of findingsOf(notes)) tell(printable(findingText(finding)), FINDING_TONES[finding.severity])
  const others = notes.filter(({ severity }) => severity === undefined)
  for (const note of others.slice(0, NOTES_TOLD)) tell(printable(note.message), 'faint')
  if (others.length > NOTES_TOLD) tell(`${plural(others.length - NOTES_TOLD, 'more note')}, see --format json`, 'faint')
  return lines.map((text) => `${text}\n`).join('')
}

/** What is wrong with handshakes, in lines of at most `width` columns. */
export function findingLines({ told, untold }: Findings, width: number, colors: Colors): string {
  const lines = told.flatMap(({ text, tone }) => wrap(text, width).map((part) => paint(part, tone, colors)))
  if (untold > 0)
    lines.push(
      ...wrap(`and those of ${plural(untold, 'more handshake')}, see --format json`, width).map((part) =>
        paint(part, 'faint', colors),
      ),
    )
  return lines.map((text) => `${text}\n`).join('')
}

/**
 * `4 handshakes: 2 hybrid, 1 classical; 1 rejected`: negotiated ones by label, then the others by outcome. `of` is the
 * number before a filter, or null where there is none.
 */
export function totalsLine(totals: Totals, of: number | null, width: number): string {
  const { handshakes, labels, outcomes } = totals
  const byLabel = LABELS.filter((label) => labels[label] > 0).map((label) => `${counted(labels[label])} ${label}`)
  const byOutcome = OUTCOMES.filter((outcome) => outcome !== 'negotiated' && outcomes[outcome] > 0).map(
    (outcome) => `${counted(outcomes[outcome])} ${outcome}`,
  )
  const count = of === null ? plural(handshakes, 'handshake') : `${counted(handshakes)} of ${plural(of, 'handshake')}`
  const parts = [byLabel.join(', '), byOutcome.join(', ')].filter((part) => part !== '')
  return wrap(parts.length === 0 ? count : `${count}: ${parts.join('; ')}`, width)
    .map((text) => `${text}\n`)
    .join('')
}
