import type { CheckResult, Finding } from '../../policy/finding.js'
import { plural } from '../counted.js'
import { csvCell } from '../csv.js'
import { joined, MAX_REPORT_LENGTH } from './limits.js'
import { countsOf, endedEarly } from './order.js'
import { overrideText } from './overrides.js'

type Value = string | number | null
type Row = Readonly<Record<(typeof COLUMNS)[number], Value>>

const COLUMNS = [
  'type',
  'state',
  'severity',
  'rule',
  'capture',
  'stream',
  'handshake',
  'start_time',
  'client_address',
  'client_port',
  'server_address',
  'server_port',
  'server_name',
  'message',
  'frames',
  'show',
  'fingerprint',
] as const

const EMPTY = Object.fromEntries(COLUMNS.map((name) => [name, null])) as Row

/**
 * Of spreadsheets: 1,048,576 rows, of which the header and what is left out take one each. Programs that take more read
 * NDJSON.
 */
const MAX_ROWS = 1_048_574

/**
 * One row a finding under a header row, in RFC 4180's form, then captures that could not be read whole, failures of the
 * baseline that are healed, and overrides that nothing came under: `type` tells them apart. A last row of type `left-out` says how many did not fit.
 */
export function csvReport(result: CheckResult): string {
  const unread = endedEarly(result) === null ? countsOf(result).unread : 1
  const count = result.findings.length + unread + result.healed.length + (result.unusedOverrides?.length ?? 0)
  const { text, leftOut } = joined(firstOf(rows(result), MAX_ROWS), count, MAX_REPORT_LENGTH)
  const missing = leftOut + (result.leftOut ?? 0)
  const end =
    missing === 0 ? '' : rowText({ ...EMPTY, type: 'left-out', message: `${plural(missing, 'row')} left out` })
  return `${COLUMNS.join(',')}\r\n${text}${end}`
}

function* rows(result: CheckResult): Iterable<string> {
  const { findings, captures, healed } = result
  const early = endedEarly(result)
  for (const finding of findings) yield rowText(findingRow(finding))
  for (const { capture, error } of captures)
    if (error !== null) yield rowText({ ...EMPTY, type: 'unread-capture', severity: 'error', capture, message: error })
  if (early !== null) yield rowText({ ...EMPTY, type: 'unread-capture', severity: 'error', message: early })
  for (const { rule, message, fingerprint } of healed)
    yield rowText({ ...EMPTY, type: 'healed', rule, message, fingerprint })
  for (const override of result.unusedOverrides ?? [])
    yield rowText({ ...EMPTY, type: 'unused-override', message: overrideText(override) })
}

function findingRow(finding: Finding): Row {
  const { handshake } = finding
  return {
    type: 'finding',
    state: finding.state,
    severity: finding.severity,
    rule: finding.rule,
    capture: finding.capture,
    stream: handshake?.stream ?? null,
    handshake: handshake?.handshake ?? null,
    start_time: handshake?.startTime ?? null,
    client_address: handshake?.client.address ?? null,
    client_port: handshake?.client.port ?? null,
    server_address: handshake?.server.address ?? null,
    server_port: handshake?.server.port ?? null,
    server_name: handshake?.serverName ?? null,
    message: finding.message,
    frames: finding.frames.join(' '),
    show: finding.show,
    fingerprint: finding.fingerprint,
  }
}

function rowText(row: Row): string {
  return `${COLUMNS.map((name) => csvCell(row[name])).join(',')}\r\n`
}

function* firstOf(texts: Iterable<string>, count: number): Iterable<string> {
  let left = count
  for (const text of texts) {
    if (left-- === 0) return
    yield text
  }
}
