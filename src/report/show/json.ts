import { cutPieces, type PlacedPiece } from '../../bytes/pieces.js'
import { hexBytes } from '../../bytes/text.js'
import type { DissectedMessage, DissectedRecord } from '../../dissect/dissect.js'
import type { ShownConnection } from '../../dissect/shown.js'
import type { TimelineStep } from '../../dissect/timeline.js'
import type { FieldNode } from '../../dissect/tree.js'
import type { CaptureRecord, HandshakeRecord } from '../../verdict/record.js'
import { jsonText } from '../json-text.js'
import { showCommand } from './choices.js'
import type { ShowInput } from './input.js'
import { pieceCommands } from './where.js'

/** One document, `schemas/pqcap-show-1.schema.json`: the tree with its offsets, or the handshakes to choose from. */
export function showJson({ capture, choices, matching, shown, lessons }: ShowInput): string {
  const document = {
    schema: 'pqcap-show/1',
    matching,
    choices: choices.map((record) => choiceOf(record, choices)),
    shown: shown === null ? null : shownOf(shown.record, shown.connection, capture),
    ...(lessons === null ? {} : { lessons }),
    capture,
  }
  return `${jsonText(document)}\n`
}

function choiceOf(record: HandshakeRecord, choices: readonly HandshakeRecord[]): object {
  const { stream, handshake, startTime, client, server, serverName, verdict, negotiated } = record
  const isOnly = handshake === 0 && choices.filter((each) => each.stream === stream).length === 1
  return {
    stream,
    handshake,
    startTime,
    client,
    server,
    serverName,
    outcome: verdict.outcome,
    label: verdict.label,
    version: negotiated?.version ?? null,
    keyExchange: negotiated?.keyExchange ?? null,
    command: showCommand(record, isOnly),
  }
}

function shownOf(handshake: HandshakeRecord, connection: ShownConnection, capture: CaptureRecord): object {
  const { timeline, records, messages, leftOut, outOfOrder, cutShort } = connection
  return {
    handshake,
    timeline: timeline.map(stepOf),
    records: records.map(recordOf),
    messages: messages.map((message) => messageOf(message, capture)),
    leftOut,
    outOfOrder,
    cutShort,
  }
}

function stepOf({ nanoseconds, ...step }: TimelineStep): object {
  return { ...step, milliseconds: nanoseconds === null ? null : nanoseconds / 1e6 }
}

function recordOf(record: DissectedRecord): object {
  const { from, frame, contentType, name, length, protection, earlyData, complete, messages } = record
  return {
    from,
    frame,
    contentType,
    name,
    bytes: length,
    protection,
    earlyData,
    complete,
    messages,
    pieces: record.pieces.map(pieceOf),
    fields: record.fields.map((node) => nodeOf(node, null, record.pieces)),
  }
}

function messageOf(message: DissectedMessage, capture: CaptureRecord): object {
  const { name, type, from, frame, frames, bytes, length, complete, problem, records, filter, pieces, fields } = message
  return {
    name,
    type,
    from,
    frame,
    frames,
    bytes: bytes.length,
    statedBytes: length,
    complete,
    problem,
    records,
    filter,
    pieces: pieces.map(pieceOf),
    commands: pieceCommands(pieces, capture),
    fields: fields.map((node) => nodeOf(node, bytes, pieces)),
  }
}

function pieceOf({ frame, offset, length }: PlacedPiece): object {
  return { frame, offset, bytes: length }
}

function nodeOf(node: FieldNode, bytes: Uint8Array | null, pieces: readonly PlacedPiece[]): object {
  const { field, label, type, value, meaning, group, start, length, children } = node
  return {
    label,
    field,
    type,
    value,
    meaning,
    ...(group === null ? {} : { group }),
    start,
    bytes: length,
    pieces: cutPieces(pieces, start, length).map(pieceOf),
    ...(type === 'bytes' && bytes !== null ? { hex: hexBytes(bytes, start, start + length) } : {}),
    ...(type === 'parts' ? { children: children.map((child) => nodeOf(child, bytes, pieces)) } : {}),
  }
}
