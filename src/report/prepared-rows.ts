import type { HandshakeRecord } from '../verdict/record.js'
import { groupKey, HANDSHAKES_READ } from './grouped.js'
import type { Preparer } from './reporter.js'
import { type Row, tableRow } from './row.js'

/** A row of a table, or of a number of handshakes that count as the same once a table sums them up. */
export interface PreparedRow {
  readonly row: Row
  readonly count: number
  /** There are more handshakes than a person reads. */
  readonly summed: boolean
}

/** Rows that are kept back at a time. */
const ROWS_KEPT = 1000

/** Rows as text; once there are so many that they are summed up, unless all are wanted, one with its count for many. */
export function rowPreparer(all: boolean): Preparer {
  const kept = new Map<string, { row: Row; count: number }>()
  let handshakes = 0
  const rest = (): string => {
    let text = ''
    for (const { row, count } of kept.values()) text += rowText({ row, count, summed: true })
    kept.clear()
    return text
  }
  return {
    handshake(record: HandshakeRecord) {
      const row = tableRow(record)
      handshakes++
      if (all || handshakes <= HANDSHAKES_READ) return rowText({ row, count: 1, summed: false })
      // What is wrong with it is told below the table.
      // Behind what was kept back, so that groups are made in the order of the handshakes, however many workers there are.
      if (row.findings.length > 0) return rest() + rowText({ row, count: 1, summed: true })
      const key = `${groupKey(row)}\n${row.version}\n${row.outcome}`
      const same = kept.get(key)
      if (same === undefined) kept.set(key, { row, count: 1 })
      else same.count++
      return kept.size < ROWS_KEPT ? '' : rest()
    },
    rest,
  }
}

function rowText(row: PreparedRow): string {
  return `,${JSON.stringify(row)}`
}

/** The rows of any number of such texts, one after another. */
export function preparedRows(text: Uint8Array): readonly PreparedRow[] {
  return text.length === 0 ? [] : JSON.parse(`[${new TextDecoder().decode(text.subarray(1))}]`)
}
