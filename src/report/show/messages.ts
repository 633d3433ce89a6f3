import { cutPieces } from '../../bytes/pieces.js'
import type { DissectedMessage, DissectedRecord } from '../../dissect/dissect.js'
import type { ShownConnection } from '../../dissect/shown.js'
import type { CaptureRecord, HandshakeRecord } from '../../verdict/record.js'
import { counted, plural } from '../counted.js'
import { dumpTree } from './hex-dump.js'
import type { ShowTextOptions } from './input.js'
import { type Page, span } from './lines.js'
import { drawTree, treeHeader } from './tree-text.js'
import { tellWhere } from './where.js'

/** Each message in the clear, in the order on the wire, field by field or as an annotated dump. */
export function tellMessages(
  page: Page,
  record: HandshakeRecord,
  connection: ShownConnection,
  capture: CaptureRecord,
  options: Pick<ShowTextOptions, 'bytes' | 'allBytes'>,
): void {
  const selected = record.negotiated?.group?.id ?? -1
  /** The header of a record stands in front of the first message in it. */
  const told = new Set<number>()
  for (const message of connection.messages) {
    page.blank()
    tellHeading(page, message)
    tellWhere(page, message.filter, message.pieces, capture, 2)
    page.blank()
    if (!options.bytes) treeHeader(page, message.pieces)
    for (const index of message.records) {
      const carrier = connection.records[index]
      if (carrier === undefined || told.has(index)) continue
      told.add(index)
      tellRecord(page, carrier, options)
    }
    const { fields, bytes, pieces } = message
    if (options.bytes) dumpTree(page, fields, bytes, pieces, options.allBytes)
    else drawTree(page, { fields, bytes, pieces, selected }, 1)
  }
  if (connection.leftOut === 0) return
  page.blank()
  page.flow([span(`${counted(connection.leftOut)} more messages of kinds that come too often are not shown.`, 'faint')])
}

function tellHeading(page: Page, message: DissectedMessage): void {
  const { name, from, frame, frames, bytes, length, complete, problem } = message
  const direction = from === 'client' ? 'client -> server' : 'server -> client'
  const held = frames.length > 1 ? `, in frames ${listed(frames)}` : ''
  const amount = complete
    ? plural(bytes.length, 'byte')
    : `${counted(bytes.length)} of ${length === null ? '?' : counted(length)} bytes`
  page.flow([span(name, 'strong'), span(`  ${direction}, frame ${frame}${held}, ${amount}`)])
  if (!complete) page.flow([span('The rest is not in the capture.', 'bad')], 2)
  else if (problem === 'length-overrun')
    page.flow([span('Malformed: a length runs past the end of what it is in.', 'bad')], 2)
  else if (problem === 'trailing-bytes')
    page.flow([span('Malformed: bytes follow the last field of the message, or of a part of it.', 'bad')], 2)
}

/** Frames of a message in small segments are many. */
const MOST_FRAMES = 12

function listed(frames: readonly number[]): string {
  if (frames.length <= MOST_FRAMES) return frames.join(', ')
  return `${frames.slice(0, MOST_FRAMES - 1).join(', ')}, ... ${frames.at(-1)} (${frames.length})`
}

function tellRecord(
  page: Page,
  record: DissectedRecord,
  { bytes, allBytes }: Pick<ShowTextOptions, 'bytes' | 'allBytes'>,
): void {
  const { header, fields } = record
  const pieces = cutPieces(record.pieces, 0, header.length)
  if (bytes) dumpTree(page, fields, header, pieces, allBytes)
  else drawTree(page, { fields, bytes: header, pieces, selected: -1 }, 0)
}

/** Where the first encrypted record of each side stands. */
export function tellEncrypted(page: Page, { records }: ShownConnection, capture: CaptureRecord): void {
  const first = (['server', 'client'] as const).flatMap((from) => {
    const record = records.find((each) => each.from === from && each.protection === 'encrypted' && !each.earlyData)
    return record === undefined ? [] : [record]
  })
  if (first.length === 0) return
  page.heading('What follows is encrypted')
  for (const record of first) {
    const { from, frame, name, contentType, length, pieces } = record
    page.flow(
      [
        span(`${from}  `, 'faint'),
        span(`first encrypted record: ${name} (${contentType}), ${plural(length, 'byte')}, frame ${frame}`),
      ],
      0,
      8,
    )
    tellWhere(page, encryptedFilter(record), pieces, capture, 2)
  }
}

/**
 * In TLS 1.2 an encrypted handshake message is a handshake record still. In TLS 1.3 Wireshark shows a record that it can
 * decrypt, as with the secrets in a pcapng file, as what is inside; the type on the wire is opaque_type then. Of a record
 * that is cut it shows no field of what is in it.
 */
function encryptedFilter({ frame, contentType, complete }: DissectedRecord): string {
  if (!complete) return `frame.number == ${frame}`
  const field =
    contentType === 23 ? '(tls.app_data || tls.record.opaque_type == 23)' : `tls.record.content_type == ${contentType}`
  return `frame.number == ${frame} && ${field}`
}
