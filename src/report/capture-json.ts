import type { CaptureRecord } from '../verdict/record.js'
import { jsonText } from './json-text.js'

/**
 * Compact JSON of the record of a capture: the very text of `jsonText`, field by field in the order of the record.
 * There may be ten thousand of them, and most fields are short or empty.
 */
export function captureJson(record: CaptureRecord): string {
  const { capture, format, compression, linkTypes, skipped, notes, error } = record
  return (
    `{"type":"capture","capture":${jsonText(capture)},"format":${word(format)},"compression":${word(compression)}` +
    `,"packets":${record.packets},"bytes":${record.bytes}` +
    `,"linkTypes":${linkTypes.length === 1 ? `["${linkTypes[0]}"]` : jsonText(linkTypes)}` +
    `,"tcpStreams":${record.tcpStreams},"handshakes":${record.handshakes}` +
    `,"firstTime":${word(record.firstTime)},"lastTime":${word(record.lastTime)}` +
    `,"skipped":${isEmpty(skipped) ? '{}' : jsonText(skipped)},"truncatedPackets":${record.truncatedPackets}` +
    `,"notes":${notes.length === 0 ? '[]' : jsonText(notes)},"error":${error === null ? 'null' : jsonText(error)}}`
  )
}

/** Text that needs no escapes. */
function word(text: string | null): string {
  return text === null ? 'null' : `"${text}"`
}

function isEmpty(counts: Readonly<Record<string, number>>): boolean {
  for (const _ in counts) return false
  return true
}
