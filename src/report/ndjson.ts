import type { HandshakeRecord } from '../verdict/record.js'
import { handshakeJson } from './handshake-json.js'
import { jsonText } from './json-text.js'
import type { Prepared, Reporter } from './reporter.js'

/** One record a line, in the order in which the records come. */
export function ndjsonReporter(): Reporter {
  return {
    begin: () => '',
    handshake: prepareLine,
    capture: (record) => `${jsonText(record)}\n`,
    prepared: (text) => [text],
    count: () => {},
    end: () => '',
  }
}

export function prepareLine(record: HandshakeRecord): Prepared {
  return handshakeJson(record, '', '\n')
}
