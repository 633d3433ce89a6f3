import type { CaptureRecord } from '../verdict/record.js'
import { handshakeJson } from './handshake-json.js'
import { jsonText } from './json-text.js'
import type { Reporter } from './reporter.js'
import { Totals } from './totals.js'

/**
 * One document, `{schema, handshakes, captures, summary}`, written as it goes: a handshake leaves at once, one on a
 * line; the capture records, one for each input, are held until the end.
 */
export function jsonReporter(): Reporter {
  const captures: CaptureRecord[] = []
  const totals = new Totals()
  return {
    begin: () => '{\n  "schema": "pqcap/1",\n  "handshakes": [',
    handshake(record) {
      const separator = totals.handshakes === 0 ? '' : ','
      totals.add(record)
      return handshakeJson(record, `${separator}\n    `)
    },
    capture(record) {
      captures.push(record)
      return ''
    },
    end() {
      const { handshakes, outcomes, labels } = totals
      const summary = { handshakes, outcomes, labels, groups: Object.fromEntries(totals.groups) }
      const lines = captures.map((capture) => `\n    ${jsonText(capture)}`)
      const listEnd = (length: number): string => (length === 0 ? ']' : '\n  ]')
      return `${listEnd(handshakes)},\n  "captures": [${lines.join(',')}${listEnd(lines.length)},\n  "summary": ${jsonText(summary)}\n}\n`
    },
  }
}
