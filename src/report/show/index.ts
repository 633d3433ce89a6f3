import { captureLines } from '../closing.js'
import { counted } from '../counted.js'
import { tellChoices } from './choices.js'
import type { ShowInput, ShowTextOptions } from './input.js'
import { tellKeyExchange } from './key-exchange.js'
import { drawLadder } from './ladder.js'
import { tellLessons } from './lessons.js'
import { Page, span } from './lines.js'
import { tellEncrypted, tellMessages } from './messages.js'
import { tellSummary } from './summary.js'

export { showCommand } from './choices.js'
export { showJson } from './json.js'
export type { ShowInput, ShowTextOptions }

/** Below this, not even a field's name would be legible. */
const NARROWEST = 32

/** One handshake for people: summary, timeline, key exchange, messages; or the handshakes to choose from. */
export function showText(input: ShowInput, options: ShowTextOptions): string {
  const { capture, choices, matching, shown, lessons } = input
  const page = new Page(Math.max(options.width, NARROWEST), options.colors)
  if (shown === null) {
    if (matching > 1) tellChoices(page, choices, matching)
  } else {
    const { record, connection } = shown
    tellSummary(page, record, connection, capture)
    page.heading('Timeline')
    drawLadder(page, connection.timeline)
    tellCutShort(page, connection.cutShort)
    tellKeyExchange(page, record, connection, capture)
    if (lessons !== null) tellLessons(page, lessons, options.language)
    page.heading('Messages')
    tellMessages(page, record, connection, capture, options)
    tellEncrypted(page, connection, capture)
  }
  page.blank()
  return page.text + captureLines(capture, page.width, options.colors)
}

function tellCutShort(page: Page, cutShort: 'bytes' | 'chunks' | null): void {
  if (cutShort === null) return
  page.flow([span(`The connection goes on: ${CUT_SHORT[cutShort]} is looked at.`, 'weak')])
}

const CUT_SHORT = {
  bytes: 'only its first mebibyte each way',
  chunks: `only the first ${counted(16_384)} segments of it`,
} as const
