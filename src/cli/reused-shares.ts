import { helloOfRow, SEEN_ROW_WORDS, SeenShares, type SharePlace, shareOfRow } from '../key-share/seen-shares.js'
import type { CaptureRecord, Note } from '../verdict/record.js'

/**
 * Finds key shares that an earlier capture of the run holds as well, under another random: RFC 9846 §4.3.8 forbids to use
 * one for two connections. Captures come in the order in which they were given, however many threads read them, so that
 * the answer is always the same.
 */
export class ReusedShares {
  private readonly seen = new SeenShares()
  private readonly captures: string[] = []

  /** The record of the next capture, with a note where it shares keys with an earlier one. */
  note(record: CaptureRecord, rows: Int32Array): CaptureRecord {
    const number = this.captures.push(record.capture) - 1
    let count = 0
    let first: { readonly here: SharePlace; readonly there: SharePlace } | null = null
    for (let row = 0; row < rows.length / SEEN_ROW_WORDS; row++) {
      const here = helloOfRow(rows, row, number)
      const there = this.seen.elsewhere(shareOfRow(rows, row), here)
      if (there === null || there.capture === number) continue
      count++
      first ??= { here, there }
    }
    if (first === null) return record
    return { ...record, notes: [...record.notes, this.reuseNote(count, first.here, first.there)] }
  }

  private reuseNote(count: number, here: SharePlace, there: SharePlace): Note {
    const subject = count === 1 ? '1 key share was' : `${count} key shares were`
    const places = `stream ${here.stream}, frame ${here.frame} here, and stream ${there.stream}, frame ${there.frame} of`
    return {
      code: 'key-share-reused',
      message: `${subject} also sent in an earlier capture, under another random${count === 1 ? '' : ', the first'}: in ${places} ${this.captures[there.capture]}`,
      severity: 'warning',
      section: 'RFC 9846 §4.3.8',
    }
  }
}
