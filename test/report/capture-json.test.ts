import { describe, expect, test } from 'vitest'
import { captureJson } from '../../src/report/capture-json.js'
import { jsonText } from '../../src/report/json-text.js'
import type { CaptureRecord } from '../../src/verdict/record.js'
import { captureRecord } from '../support/records.js'

const overrides: readonly Partial<CaptureRecord>[] = [
  {},
  { capture: 'a "b"\\c\u202e\n\u0085\u{1f512}.pcap' },
  { format: null, linkTypes: [], packets: 0, bytes: 0, firstTime: null, lastTime: null },
  { format: 'pcapng', compression: 'zstd', linkTypes: ['ETHERNET', 'unknown (300)'], packets: 2 ** 40 },
  { skipped: { udp: 3, 'ethertype 0x88cc': 1, other: 7 }, truncatedPackets: 9 },
  { notes: [{ code: 'no-timestamps', message: '4 packets' }] },
  { notes: [{ code: 'key-share-reused', message: 'in "x"', severity: 'warning', section: 'RFC 9846 §4.3.8' }] },
  { error: { code: 'cut', message: 'the capture is cut at offset 7', offset: 0 } },
]

describe('the JSON of a capture record', () => {
  test.each(overrides)('is to the letter what all other JSON is, with %j', (fields) => {
    const record = captureRecord(fields)
    expect(captureJson(record)).toBe(jsonText(record))
  })
})
