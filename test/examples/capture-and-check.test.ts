import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyze, type HandshakeRecord } from '../../src/index.js'
import { cannotCapture } from '../support/capturing.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const reason = cannotCapture()

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pqcap-examples-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function example(name: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'examples', name), argv, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

async function handshakes(capture: string): Promise<HandshakeRecord[]> {
  const found: HandshakeRecord[] = []
  for await (const record of analyze(capture)) if (record.type === 'handshake') found.push(record)
  return found
}

/** A command in place of pqcap that writes its arguments to a file and ends as it is told. */
function standIn(status: number): { readonly command: string; readonly seen: string } {
  const command = join(folder, `stand-in-${status}`)
  writeFileSync(command, `#!/bin/sh\nprintf '%s\\n' "$@" >"${command}.seen"\nexit ${status}\n`)
  chmodSync(command, 0o755)
  return { command, seen: `${command}.seen` }
}

/** Without `pqcap check` there is nothing to check with. */
const hasCheck = spawnSync(process.execPath, [join(ROOT, 'bin/pqcap'), 'check', '--help'], {
  encoding: 'utf8',
}).stdout.includes('--policy')

describe.skipIf(reason !== null)(
  `examples/capture-and-check.sh${reason === null ? '' : ` (not run: ${reason})`}`,
  () => {
    test('captures the whole handshake of two real programs, and hands it to pqcap check', async () => {
      const { command, seen } = standIn(1)
      const capture = join(folder, 'kept.pcap')
      const run = example('capture-and-check.sh', [], { PQCAP: command, CAPTURE: capture })
      expect(run).toEqual({ status: 1, stdout: '', stderr: '' })
      expect(readFileSync(seen, 'utf8').split('\n')).toEqual(['check', '--require', 'hybrid', '--', capture, ''])
      const [handshake, ...others] = await handshakes(capture)
      expect(others).toEqual([])
      expect(handshake).toMatchObject({
        serverName: 'server.example.test',
        verdict: { label: 'classical', outcome: 'negotiated' },
        negotiated: { version: 'TLSv1.3', keyExchange: 'x25519' },
        encryption: { begins: 'after-server-hello' },
        notes: [],
      })
    })

    test('hands on its own arguments and the status, and leaves nothing behind', () => {
      const { command, seen } = standIn(0)
      expect(example('capture-and-check.sh', ['--preset', 'a b'], { PQCAP: command }).status).toBe(0)
      const [, ...rest] = readFileSync(seen, 'utf8').split('\n')
      expect(rest.slice(0, 3)).toEqual(['--preset', 'a b', '--'])
      expect(existsSync(rest[3] as string)).toBe(false)
    })

    test.skipIf(!hasCheck)('fails for a classical key exchange, and passes a policy that allows it', () => {
      const failed = example('capture-and-check.sh', [])
      expect(failed.stdout).toContain('x25519')
      expect(failed.status, failed.stderr).toBe(1)
      const passed = example('capture-and-check.sh', ['--preset', 'tls12-minimum'])
      expect(passed.status, passed.stdout + passed.stderr).toBe(0)
    })
  },
)

describe.skipIf(reason !== null)(`examples/capture-around.sh${reason === null ? '' : ` (not run: ${reason})`}`, () => {
  test('ends with the status of the command, and makes the folder of the capture', () => {
    const capture = join(folder, 'deep', 'er', 'around.pcap')
    const run = example('capture-around.sh', [capture, 'sh', '-c', 'echo "$1"; exit 7', 'sh', 'a  b'], {
      INTERFACE: 'lo',
    })
    expect(run).toEqual({ status: 7, stdout: 'a  b\n', stderr: '' })
    expect(existsSync(capture)).toBe(true)
  })

  test('ends with 2 and does not run the command where it cannot capture', () => {
    const capture = join(folder, 'none.pcap')
    const run = example('capture-around.sh', [capture, 'echo', 'ran'], { INTERFACE: 'no-such-interface' })
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toMatch(/^capture-around: tcpdump does not listen\. [\s\S]*no-such-interface/)
  })
})

test('examples/capture-around.sh says how it is used', () => {
  const run = example('capture-around.sh', ['capture.pcap'])
  expect(run).toMatchObject({ status: 2, stdout: '' })
  expect(run.stderr).toMatch(/^Usage: .*capture-around\.sh FILE COMMAND/)
})
