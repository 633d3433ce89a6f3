import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ReusedShares } from '../../src/cli/reused-shares.js'
import { SeenShares } from '../../src/key-share/seen-shares.js'
import { type CapturedPacket, pcap } from '../support/captures.js'
import { Command } from '../support/command.js'
import { conversation } from '../support/connection.js'
import { keyShareBytes } from '../support/keys.js'
import { captureRecord } from '../support/records.js'
import * as tls from '../support/tls.js'

/** The rows of a capture with these shares, each under a random of its own. */
function rows(...shares: readonly (readonly [share: number, random: number])[]): Int32Array {
  const seen = new SeenShares()
  for (const [share, random] of shares)
    seen.elsewhere(
      { a: share, b: 1, c: 2, d: 3 },
      { randomA: random, randomB: 0, stream: share, frame: random, capture: 0 },
    )
  return seen.allRows()
}

describe('ReusedShares', () => {
  test('notes at the later capture what an earlier one holds as well', () => {
    const reused = new ReusedShares()
    const [a, b, c] = ['a.pcap', 'b.pcap', 'c.pcap'].map((capture) => captureRecord({ capture })) as [
      never,
      never,
      never,
    ]
    expect(reused.note(a, rows([1, 10], [2, 11]))).toBe(a)
    expect(reused.note(b, rows([3, 12]))).toBe(b)
    expect(reused.note(c, rows([4, 13], [2, 14], [3, 15])).notes.at(-1)).toEqual({
      code: 'key-share-reused',
      message:
        '2 key shares were also sent in an earlier capture, under another random, the first: in stream 2, frame 14 here, and stream 2, frame 11 of a.pcap',
      severity: 'warning',
      section: 'RFC 9846 §4.3.8',
    })
  })

  test('says nothing of a capture that is given twice', () => {
    const reused = new ReusedShares()
    const record = captureRecord()
    reused.note(record, rows([1, 10], [2, 11]))
    expect(reused.note(record, rows([1, 10], [2, 11]))).toBe(record)
  })
})

describe('a run over several captures', () => {
  let folder = ''
  const names = ['first.pcap', 'second.pcap', 'third.pcap']

  function capture(seed: number, share: number): Uint8Array {
    const packets: CapturedPacket[] = []
    const random = new Uint8Array(32).fill(seed)
    const hello = tls.hybridClientHello({
      random,
      keyShares: [[tls.X25519, keyShareBytes(tls.X25519, 32, 'client', share)]],
    })
    const encrypted = tls.applicationData(900)
    const server = tls.serverHello13(tls.X25519, 32, { random })
    conversation(
      [
        ['client', tls.record(22, hello)],
        ['server', tls.record(22, server), encrypted],
        ['client', encrypted],
      ],
      { into: packets },
    )
    return pcap(packets)
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pqcap-reused-'))
    writeFileSync(join(folder, 'first.pcap'), capture(1, 5))
    writeFileSync(join(folder, 'second.pcap'), capture(2, 6))
    writeFileSync(join(folder, 'third.pcap'), capture(3, 5))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function run(format: string, jobs: string): Promise<{ stdout: string; stderr: string }> {
    const command = new Command([...names.map((name) => join(folder, name)), '--format', format, '--jobs', jobs])
    expect(await command.ends()).toBe(0)
    return { stdout: command.stdout, stderr: command.stderr }
  }

  test.each(['ndjson', 'json', 'csv', 'table'])('tells it as %s, the same with any number of jobs', async (format) => {
    const [one, two, three] = await Promise.all(['1', '2', '3'].map((jobs) => run(format, jobs)))
    const place = `stream 0, frame 4 here, and stream 0, frame 4 of ${join(folder, 'first.pcap')}`
    const said = `${one?.stdout}${one?.stderr}`.replaceAll(/\s+/g, '')
    expect(said).toContain(
      `1 key share was also sent in an earlier capture, under another random: in ${place}`.replaceAll(' ', ''),
    )
    expect(two).toEqual(one)
    expect(three).toEqual(one)
  })
})
