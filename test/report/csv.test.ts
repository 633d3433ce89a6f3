import { describe, expect, test } from 'vitest'
import { csvReporter } from '../../src/report/csv.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'
import { captureRecord, handshakeRecord, rejectedRecord, retriedRecord, tls12Record } from '../support/records.js'
import { textOf } from '../support/session.js'

const HEADER = csvReporter().begin().trimEnd().split(',')

/** The cells of one row by column name, of a row without quotes. */
function cells(record: HandshakeRecord): Record<string, string> {
  const values = textOf(csvReporter().handshake(record)).trimEnd().split(',')
  expect(values).toHaveLength(HEADER.length)
  return Object.fromEntries(HEADER.map((name, i) => [name, values[i] as string]))
}

function serverNameCell(serverName: string): string {
  const before = textOf(csvReporter().handshake(handshakeRecord({ serverName: 'MARK' })))
  const [start, end] = before.split('MARK') as [string, string]
  const row = textOf(csvReporter().handshake(handshakeRecord({ serverName })))
  return row.slice(start.length, row.length - end.length)
}

describe('csv', () => {
  test('names its columns', () => {
    expect(csvReporter().begin()).toBe(
      'capture,stream,handshake,start_time,client_address,client_port,server_address,server_port,server_name,outcome,' +
        'label,version,cipher_suite,group,group_id,key_exchange,client_share_bytes,server_share_bytes,offer,' +
        'key_share_offer,hello_retry_request,encryption_begins,reason,explanation,client_bytes,server_bytes,' +
        'client_segments,server_segments,round_trips,milliseconds,notes,client_packets,server_packets,' +
        'connect_milliseconds,syn_to_server_hello_milliseconds,syn_to_encrypted_milliseconds,certificate_bytes,findings\r\n',
    )
  })

  test('prints one row a handshake and none for a capture', () => {
    expect(textOf(csvReporter().handshake(handshakeRecord()))).toBe(
      'made.pcap,0,0,2026-11-22T10:00:00.000001Z,198.51.100.2,43850,198.51.100.1,4433,server.example.test,' +
        'negotiated,hybrid,TLSv1.3,TLS_AES_128_GCM_SHA256,X25519MLKEM768,4588,X25519MLKEM768,1216,1120,hybrid,hybrid,' +
        'false,after-server-hello,hybrid-selected,Made up for a test.,1615,2410,3,2,1,1.25,,4,3,0.25,1,1.5,,\r\n',
    )
    expect(csvReporter().capture(captureRecord()) + csvReporter().end()).toBe('')
  })

  test('takes the client share from the second ClientHello after a HelloRetryRequest', () => {
    expect(cells(retriedRecord())).toMatchObject({ client_share_bytes: '1216', hello_retry_request: 'true' })
  })

  test('leaves cells empty for what was not negotiated or not read', () => {
    expect(cells(rejectedRecord())).toMatchObject({
      label: '',
      version: '',
      group: '',
      group_id: '',
      outcome: 'rejected',
    })
    expect(cells(tls12Record())).toMatchObject({ client_share_bytes: '', server_share_bytes: '65' })
  })

  test('joins the codes of notes', () => {
    const notes = [
      { code: 'gap', message: 'x' },
      { code: 'overlap', message: 'y' },
    ]
    expect(cells(handshakeRecord({ notes }))['notes']).toBe('"gap; overlap"')
  })

  test.each([
    ['=cmd()', "'=cmd()"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['-\n1', "'-\\x0a1"],
    ['-', '-'],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\\x09=1"],
    ['＝1', "'＝1"],
    ['=a,"b"', '"\'=a,""b"""'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['a\r\nb', 'a\\x0d\\x0ab'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\u202egro.elpmaxe', '\\u{202e}gro.elpmaxe'],
    ['plain-name.test', 'plain-name.test'],
  ])('prints the server name %j as %s', (name, cell) => {
    expect(serverNameCell(name)).toBe(cell)
  })
})
