import { printable } from '../bytes/text.js'
import type { HandshakeRecord } from '../verdict/record.js'
import { findingsText } from './findings.js'
import type { Reporter } from './reporter.js'
import { selectedShares } from './shares.js'

type Value = string | number | boolean | null

const COLUMNS: readonly (readonly [name: string, value: (record: HandshakeRecord) => Value])[] = [
  ['capture', (record) => record.capture],
  ['stream', (record) => record.stream],
  ['handshake', (record) => record.handshake],
  ['start_time', (record) => record.startTime],
  ['client_address', (record) => record.client.address],
  ['client_port', (record) => record.client.port],
  ['server_address', (record) => record.server.address],
  ['server_port', (record) => record.server.port],
  ['server_name', (record) => record.serverName],
  ['outcome', (record) => record.verdict.outcome],
  ['label', (record) => record.verdict.label],
  ['version', (record) => record.negotiated?.version ?? null],
  ['cipher_suite', (record) => record.negotiated?.cipherSuite.name ?? null],
  ['group', (record) => record.negotiated?.group?.name ?? null],
  ['group_id', (record) => record.negotiated?.group?.id ?? null],
  ['key_exchange', (record) => record.negotiated?.keyExchange ?? null],
  ['client_share_bytes', (record) => selectedShares(record).client],
  ['server_share_bytes', (record) => selectedShares(record).server],
  ['offer', (record) => record.verdict.offer],
  ['key_share_offer', (record) => record.verdict.keyShareOffer],
  ['hello_retry_request', (record) => record.helloRetryRequest !== null],
  ['encryption_begins', (record) => record.encryption.begins],
  ['reason', (record) => record.verdict.reason],
  ['explanation', (record) => record.verdict.explanation],
  ['client_bytes', (record) => record.cost.clientBytes],
  ['server_bytes', (record) => record.cost.serverBytes],
  ['client_segments', (record) => record.cost.clientSegments],
  ['server_segments', (record) => record.cost.serverSegments],
  ['round_trips', (record) => record.cost.roundTrips],
  ['milliseconds', (record) => record.cost.milliseconds],
  ['notes', (record) => record.notes.map((note) => note.code).join('; ')],
  ['client_packets', (record) => record.cost.clientPackets],
  ['server_packets', (record) => record.cost.serverPackets],
  ['connect_milliseconds', (record) => record.cost.connectMilliseconds],
  ['syn_to_server_hello_milliseconds', (record) => record.cost.synToServerHelloMilliseconds],
  ['syn_to_encrypted_milliseconds', (record) => record.cost.synToEncryptedMilliseconds],
  ['certificate_bytes', (record) => record.certificate?.bytes ?? null],
  ['findings', (record) => findingsText(record.notes)],
]

/**
 * One row a handshake under a header row, in RFC 4180's form. Captures have no rows: what could not be read of them, and
 * what is wrong with them, is told on standard error.
 */
export function csvReporter(): Reporter {
  return {
    begin: () => `${COLUMNS.map(([name]) => name).join(',')}\r\n`,
    handshake: prepareCsvRow,
    capture: () => '',
    omitsCaptures: true,
    prepared: (text) => text,
    count: () => {},
    end: () => '',
  }
}

export function prepareCsvRow(record: HandshakeRecord): string {
  return `${COLUMNS.map(([, value]) => csvCell(value(record))).join(',')}\r\n`
}

/** What spreadsheets take for the start of a formula, full-width forms too; the dash alone, which is standard input, is none. */
const FORMULA = /^(?:[=+@\t\r＝＋－＠]|-.)/s

/** A cell of RFC 4180's form that no terminal is steered by and no spreadsheet computes. */
export function csvCell(value: Value): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const safe = FORMULA.test(value) ? `'${printable(value)}` : printable(value)
  // RFC 4180 §2, rules 6 and 7.
  // A semicolon, too: where the comma is the decimal point, spreadsheets split at it.
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
