import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, open, openSync, readFileSync, rmSync, write, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { Command } from '../support/command.js'
import { writeLargeFile } from '../support/large-file.js'

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pqcap-live-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Bytes of a little-endian pcap up to the end of a frame, counted from 1. */
function upToFrame(capture: Uint8Array, frame: number): Uint8Array {
  const view = new DataView(capture.buffer, capture.byteOffset)
  let end = 24
  for (let i = 0; i < frame; i++) end += 16 + view.getUint32(end + 8, true)
  return capture.subarray(0, end)
}

function sample(name: string): Uint8Array {
  return readFileSync(join(SAMPLES, name))
}

describe('a capture that is still being written', () => {
  test.each(['hybrid-x25519mlkem768.pcap', 'retry-to-classical.pcap', 'tls12-x25519.pcap', 'rejected-group.pcap'])(
    '%s is told once the packet that decides it is there',
    async (name) => {
      const [expected] = JSON.parse(readFileSync(join(SAMPLES, name.replace('.pcap', '.expected.json')), 'utf8'))
      const { encryption, alerts, verdict } = expected
      const { outcome } = verdict
      // The first encrypted record of both sides, or a fatal alert of the server.
      const frame = outcome === 'rejected' ? alerts[0].frame : Math.max(encryption.clientFrame, encryption.serverFrame)
      for (const format of ['table', 'ndjson', 'csv']) {
        const command = new Command(['-', '--format', format])
        command.process.stdin?.write(upToFrame(sample(name), frame))
        await command.prints(new RegExp(outcome))
        command.process.kill('SIGINT')
        expect([await command.ends(), command.stderr]).toEqual([0, ''])
      }
    },
  )

  test('is told packet by packet, as it comes', async () => {
    const command = new Command(['-'])
    const one = sample('hybrid-x25519mlkem768.pcap')
    const other = sample('classical-x25519.pcap')
    command.process.stdin?.write(one)
    await command.prints(/X25519MLKEM768/)
    expect(command.stdout).not.toContain('classical')
    command.process.stdin?.write(other.subarray(24))
    await command.prints(/classical/)
    command.process.stdin?.end()
    expect(await command.ends()).toBe(0)
    expect(command.stdout).toContain('\n2 handshakes: 1 hybrid, 1 classical\n')
  })

  test('gives its totals, and status 0, when it is interrupted while nothing comes', async () => {
    const command = new Command(['-'])
    const capture = sample('hybrid-x25519mlkem768.pcap')
    command.process.stdin?.write(capture)
    await command.prints(/X25519MLKEM768/)
    // In the middle of a packet.
    command.process.stdin?.write(capture.subarray(24, 60))
    command.process.kill('SIGINT')
    expect([await command.ends(), command.stderr]).toEqual([0, ''])
    expect(command.stdout).toContain('\n1 handshake: 1 hybrid\n')
  })

  test.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGHUP'] as const)(
    'is ended by %s as by Ctrl-C: a document has its end',
    async (signal) => {
      const command = new Command(['-', '--format', 'json'])
      command.process.stdin?.write(sample('hybrid-x25519mlkem768.pcap'))
      await command.prints(/X25519MLKEM768/)
      command.process.kill(signal)
      expect([await command.ends(), command.stderr]).toEqual([0, ''])
      expect(JSON.parse(command.stdout).summary).toMatchObject({ handshakes: 1 })
    },
  )

  test.skipIf(process.platform === 'win32')('may come through a named pipe', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    const command = new Command([path, 'no-such-file', '--format', 'ndjson'])
    const writer = openSync(path, 'r+')
    writeSync(writer, sample('hybrid-x25519mlkem768.pcap'))
    await command.prints(/X25519MLKEM768/)
    command.process.kill('SIGINT')
    expect([await command.ends(), command.stderr]).toEqual([0, ''])
    expect(command.stdout).toMatch(/"type":"capture".*"error":null/)
    closeSync(writer)
  })
})

describe.skipIf(process.platform === 'win32')('a named pipe that is left', () => {
  const path = join(folder, 'left')
  const other = join(folder, 'other')
  const silent = join(folder, 'silent')
  execFileSync('mkfifo', [path, other, silent])
  const once = sample('hybrid-x25519mlkem768.pcap')
  const writing = promisify(write)
  const opening = promisify(open)

  test.each([
    ['passes a check as far as it was read', [path], 0, ''],
    ['does not, where another was to be read', [path, other], 2, 'pqcap: interrupted, not all was read\n'],
  ])('%s', async (_, captures, status, said) => {
    const command = new Command(['check', '--require', 'hybrid', ...captures])
    const writer = openSync(path, 'r+')
    await writing(writer, once)
    // More than a pipe and a stream hold: when this is written, what came first has been checked.
    for (let i = 0; i < 200; i++) await writing(writer, once.subarray(24))
    command.process.kill('SIGINT')
    expect([await command.ends(), command.stderr]).toEqual([status, said])
    expect(command.stdout).toContain('1 of 1 handshake passed')
    closeSync(writer)
  })

  test('before anything came is not told as a file that is empty', async () => {
    const before = join(SAMPLES, 'classical-x25519.pcap')
    const command = new Command(['diff', before, silent])
    // Opening waits for the reader.
    const writer = await opening(silent, 'w')
    command.process.kill('SIGINT')
    expect([await command.ends(), command.stderr]).toEqual([2, 'pqcap: interrupted, nothing was compared\n'])
    closeSync(writer)
  })
})

describe('a large file', () => {
  const path = join(folder, 'large.pcap')
  writeLargeFile(path, join(SAMPLES, 'hybrid-x25519mlkem768.pcap'))

  test.each([
    ['one', [path]],
    ['one of several', [path, path, '--jobs', '2']],
  ])('that is %s can be interrupted in its middle: what was read is told, with status 0', async (_, argv) => {
    const command = new Command([...argv, '--format', 'ndjson'])
    await command.prints(/"type":"handshake"/)
    command.process.kill('SIGINT')
    expect(await command.ends()).toBe(0)
    expect(command.stderr).toBe(`pqcap: ${path}: interrupted, the rest was not read\n`)
    const records = command.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records.map(({ type }) => type)).toEqual(['handshake', 'capture'])
    expect(records[1]).toMatchObject({ handshakes: 1, error: null })
  })
})

test.skipIf(process.platform === 'win32')('standard input that is a folder is told as one', async () => {
  const descriptor = openSync(folder, 'r')
  const command = new Command(['-', '--format', 'csv'], [descriptor, 'pipe', 'pipe'])
  closeSync(descriptor)
  const said = 'pqcap: standard input: cannot be read: is a directory\n'
  expect([await command.ends(), command.stderr]).toEqual([2, said])
})

describe('an output', () => {
  const captures = Array.from({ length: 2000 }, () => join(SAMPLES, 'hybrid-x25519mlkem768.pcap'))

  test.each(['1', '2'])('whose reader goes after some lines ends the run quietly, with %s jobs', async (jobs) => {
    const command = new Command([...captures, '--format', 'ndjson', '--jobs', jobs])
    await command.prints(/\n/)
    command.process.stdout?.destroy()
    expect([await command.ends(), command.stderr]).toEqual([0, ''])
  })

  test.skipIf(!existsSync('/dev/full')).each(['1', '2'])('to a full disk is an error, with %s jobs', async (jobs) => {
    const full = openSync('/dev/full', 'w')
    const command = new Command([...captures.slice(0, 50), '--jobs', jobs], ['ignore', full, 'pipe'])
    closeSync(full)
    expect(await command.ends()).toBe(2)
    expect(command.stderr).toMatch(/^pqcap: standard output: .*no space left on device.*\n$/)
  })
})
