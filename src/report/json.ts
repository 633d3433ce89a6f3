import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import { captureJson } from './capture-json.js'
import { handshakeJson } from './handshake-json.js'
import { jsonText } from './json-text.js'
import { keptText } from './json-writer.js'
import type { Reporter, Text } from './reporter.js'
import { Totals } from './totals.js'

/**
 * One document, `{schema, handshakes, captures, summary}`, written as it goes: a handshake leaves at once, one on a
 * line; the capture records, one for each input, are held until the end.
 */
export function jsonReporter(): Reporter {
  const captures: CaptureRecord[] = []
  const totals = new Totals()
  /** The list of handshakes has its first. */
  let begun = false
  return {
    begin: () => '{\n  "schema": "pqcap/1",\n  "handshakes": [',
    handshake(record) {
      const before = begun ? BEFORE_NEXT : BEFORE_FIRST
      begun = true
      totals.add(record)
      return handshakeJson(record, before)
    },
    prepared(text) {
      if (text.length === 0) return ''
      const list = begun ? text : text.subarray(SEPARATOR.length)
      begun = true
      return list
    },
    count: (counts) => totals.count(counts),
    capture(record) {
      captures.push(record)
      return ''
    },
    end() {
      const { handshakes, outcomes, labels } = totals
      const summary = { handshakes, outcomes, labels, groups: Object.fromEntries(totals.groups) }
      const lines = captures.map((capture) => `\n    ${captureJson(capture)}`)
      const listEnd = (length: number): string => (length === 0 ? ']' : '\n  ]')
      return `${listEnd(handshakes)},\n  "captures": [${lines.join(',')}${listEnd(lines.length)},\n  "summary": ${jsonText(summary)}\n}\n`
    },
  }
}

const SEPARATOR = ','
const INDENT = '\n    '
const BEFORE_FIRST = keptText(INDENT)
const BEFORE_NEXT = keptText(`${SEPARATOR}${INDENT}`)

/** A handshake of the list, after another. */
export function prepareItem(record: HandshakeRecord): Text {
  return handshakeJson(record, BEFORE_NEXT)
}
