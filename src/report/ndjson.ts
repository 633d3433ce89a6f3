import type { HandshakeRecord } from '../verdict/record.js'
import { captureJson } from './capture-json.js'
import { handshakeJson } from './handshake-json.js'
import { keptText } from './json-writer.js'
import type { Reporter, Text } from './reporter.js'

/** One record a line, in the order in which the records come. */
export function ndjsonReporter(): Reporter {
  return {
    begin: () => '',
    handshake: prepareLine,
    capture: (record) => `${captureJson(record)}\n`,
    prepared: (text) => text,
    count: () => {},
    end: () => '',
  }
}

const NOTHING = keptText('')
const LINE_END = keptText('\n')

export function prepareLine(record: HandshakeRecord): Text {
  return handshakeJson(record, NOTHING, LINE_END)
}
