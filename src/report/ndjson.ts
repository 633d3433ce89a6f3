import { handshakeJson } from './handshake-json.js'
import { jsonText } from './json-text.js'
import type { Reporter } from './reporter.js'

/** One record a line, in the order in which the records come. */
export function ndjsonReporter(): Reporter {
  return {
    begin: () => '',
    handshake: (record) => handshakeJson(record, '', '\n'),
    capture: (record) => `${jsonText(record)}\n`,
    end: () => '',
  }
}
