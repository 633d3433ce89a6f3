import { printable } from '../../bytes/text.js'
import type { ShownConnection } from '../../dissect/shown.js'
import type { CaptureRecord, HandshakeRecord, Note, NoteSeverity } from '../../verdict/record.js'
import { endpointText } from '../endpoint-text.js'
import type { Tone } from '../paint.js'
import { captureName, NONE, tableRow } from '../row.js'
import { safeText } from '../safe-text.js'
import { type Page, span } from './lines.js'
import { offsetsNote } from './where.js'

/** Who spoke with whom, what was agreed on and why; and everything that qualifies it. */
export function tellSummary(
  page: Page,
  record: HandshakeRecord,
  connection: ShownConnection,
  capture: CaptureRecord,
): void {
  const { stream, handshake, client, server, serverName, startTime, negotiated } = record
  page.flow([
    span(captureName(record.capture), 'strong'),
    span(`, stream ${stream}, handshake ${handshake}, ${startTime}`),
  ])
  const name = serverName === null ? '' : `, server name ${safeText(serverName)}`
  page.flow([span(`${endpointText(client)} -> ${endpointText(server)}${name}`)])
  page.blank()
  const row = tableRow(record)
  const agreed =
    negotiated === null
      ? [span(row.result.text, row.result.tone)]
      : [
          span(row.label.text, row.label.tone),
          span(`  ${negotiated.keyExchange}`, 'strong'),
          span(`, ${negotiated.version}, ${negotiated.cipherSuite.name}`),
        ]
  page.flow(row.keyExchange === NONE && negotiated !== null ? [span(row.result.text)] : agreed)
  page.flow([span(record.verdict.explanation)], 0, 0)
  tellNotes(page, record.notes)
  page.blank()
  page.flow([span('In Wireshark: ', 'faint'), span(`tcp.stream eq ${stream}`)])
  if (connection.outOfOrder) page.flow([span(OUT_OF_ORDER, 'faint')], 0, 0)
  if (beginsWithinSegment(connection)) page.flow([span(WITHIN_SEGMENT, 'faint')], 0, 0)
  if (isPartial(record, connection)) page.flow([span(PARTIAL, 'faint')], 0, 0)
  const note = offsetsNote(capture)
  if (note !== null) page.flow([span(note, 'faint')], 0, 0)
}

const OUT_OF_ORDER =
  'Segments came out of order: Wireshark shows what is in them with the TCP preference "Reassemble out-of-order segments" only.'

const WITHIN_SEGMENT =
  'TLS begins after other bytes of its segment: Wireshark finds it only after protocols that it knows, and where it does not, the filters show nothing.'

const PARTIAL =
  'Not all of this connection is in the capture: after what is missing, Wireshark may show less, or take it for encrypted. Where a filter shows nothing, its frame.number alone shows the packet.'

/** Wireshark follows a connection by what it has seen of it, and a message by the bytes in front of it. */
function isPartial({ clientHello, verdict }: HandshakeRecord, { timeline }: ShownConnection): boolean {
  return clientHello === null || verdict.outcome === 'incomplete' || timeline.some(({ kind }) => kind === 'gap')
}

/** What was said before TLS ends in the frame of a record of the same side. */
function beginsWithinSegment({ outside, records }: ShownConnection): boolean {
  return outside.some(
    ({ why, from, lastFrame }) =>
      why === 'before' && records.some((record) => record.from === from && record.pieces[0]?.frame === lastFrame),
  )
}

const TONES: Readonly<Record<NoteSeverity, Tone>> = { error: 'bad', warning: 'weak', info: 'neutral' }
const GRAVITY: readonly NoteSeverity[] = ['error', 'warning', 'info']

/** Notes, the gravest first; those without a severity last, in their order. */
function tellNotes(page: Page, notes: readonly Note[]): void {
  if (notes.length === 0) return
  const rank = ({ severity }: Note): number => (severity === undefined ? GRAVITY.length : GRAVITY.indexOf(severity))
  page.blank()
  for (const note of [...notes].sort((a, b) => rank(a) - rank(b))) {
    const { severity, code, message, frame, section } = note
    const rest = [frame === undefined ? '' : `frame ${frame}`, section === undefined ? '' : printable(section)]
    const said = rest.filter((part) => part !== '').join(', ')
    page.flow([
      span(severity ?? 'note', severity === undefined ? 'strong' : TONES[severity]),
      span(`: ${printable(message)}`),
      span(` (${[code, said].filter((part) => part !== '').join('; ')})`, 'faint'),
    ])
  }
}
