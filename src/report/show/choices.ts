import { shellWord } from '../../bytes/shell-word.js'
import type { HandshakeRecord } from '../../verdict/record.js'
import { counted } from '../counted.js'
import { endpointText } from '../endpoint-text.js'
import { tableRow } from '../row.js'
import { safeText } from '../safe-text.js'
import { type Page, span } from './lines.js'

/** The command that shows one handshake. */
export function showCommand(
  { capture, stream, handshake }: Pick<HandshakeRecord, 'capture' | 'stream' | 'handshake'>,
  isOnly: boolean,
): string {
  return `pqcap show ${shellWord(capture)} --stream ${stream}${isOnly ? '' : ` --handshake ${handshake}`}`
}

/** Handshakes to choose from, each with the command that shows it. */
export function tellChoices(page: Page, choices: readonly HandshakeRecord[], matching: number): void {
  page.flow([span(`${counted(matching)} handshakes: choose one to be shown.`)])
  for (const record of choices) {
    const { client, server, serverName, stream } = record
    const row = tableRow(record)
    const isOnly = choices.filter((each) => each.stream === stream).length === 1 && record.handshake === 0
    page.blank()
    const name = serverName === null ? '' : `  ${safeText(serverName)}`
    page.flow([span(`${endpointText(client)} -> ${endpointText(server)}${name}`)], 0, 2)
    page.flow(
      record.negotiated === null
        ? [span(row.result.text, row.result.tone)]
        : [
            span(`${record.negotiated.keyExchange} `, 'strong'),
            span(row.label.text, row.label.tone),
            span(`, ${row.version}`),
          ],
      2,
      4,
    )
    page.flow([span(showCommand(record, isOnly), 'neutral')], 2, 4)
  }
  if (matching > choices.length) {
    page.blank()
    const more = matching - choices.length
    page.flow([
      // The table has no column for streams.
      span(
        `${counted(more)} more: --server-name narrows the choice, and pqcap CAPTURE --format ndjson has the stream of each.`,
      ),
    ])
  }
}
