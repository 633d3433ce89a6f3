import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvReport } from '../../../src/report/check/csv.js'
import { checkedCapture, checkedHandshake, checkResult, finding, wholeRun } from '../../support/check-result.js'
import { csvRows } from '../../support/csv-rows.js'

describe('csv', () => {
  test('has a row a finding, then unread captures, what is healed and overrides that nothing came under', () => {
    const [header, ...rows] = csvRows(csvReport(wholeRun()))
    expect(header).toHaveLength(17)
    expect(rows.map((row) => [row[0], row[1], row[3]])).toEqual([
      ['finding', 'new', 'label'],
      ['finding', 'known', 'label'],
      ['finding', 'new', 'hello-retry-requests'],
      ['finding', 'new', 'expectation'],
      ['unread-capture', '', ''],
      ['healed', '', 'label'],
      ['unused-override', '', ''],
      ['unused-override', '', ''],
    ])
  })

  test('prints a row as it is', () => {
    expect(csvReport(checkResult()).split('\r\n')).toEqual([
      'type,state,severity,rule,capture,stream,handshake,start_time,client_address,client_port,server_address,' +
        'server_port,server_name,message,frames,show,fingerprint',
      'finding,new,error,label,captures/login.pcap,0,0,2026-11-22T10:00:00.000001Z,198.51.100.2,43850,198.51.100.1,' +
        '443,kms.example.test,"The label is classical; allowed: hybrid and post-quantum. The client offered no post-quantum group.",4 6,pqcap show captures/login.pcap --stream 0 --handshake 0,3f1c9a52d07be846',
      '',
    ])
  })

  test('of any text can be read back, and starts no formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const handshake = checkedHandshake({ serverName: text })
        const report = csvReport(
          checkResult({
            captures: [checkedCapture({ capture: text, error: text })],
            findings: [finding({ capture: text, handshake, message: text, show: text })],
            healed: [{ rule: text, message: text, fingerprint: text }],
          }),
        )
        const rows = csvRows(report)
        expect(rows.map((row) => row.length)).toEqual([17, 17, 17, 17])
        for (const cell of rows.slice(1).flat()) {
          expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
          expect(cell).not.toMatch(/[\p{Cc}\p{Cf}]/u)
        }
      }),
    )
  })
})
