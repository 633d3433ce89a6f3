import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pqcap-oracle-'))
afterAll(() => rmSync(folder, { recursive: true }))

function oracle(captures: readonly string[], env: NodeJS.ProcessEnv = process.env): [number | null, string, string] {
  const argv = [join(ROOT, 'scripts/oracle.mjs'), ...captures]
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', env, cwd: ROOT })
  return [status, stdout, stderr]
}

const isInstalled = spawnSync('tshark', ['--version'], { stdio: 'ignore' }).status === 0

test('the oracle says so where tshark is not installed', () => {
  const [status, stdout, stderr] = oracle(['samples/vxlan.pcap'], {
    ...process.env,
    PATH: join(folder, 'nothing-here'),
  })
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain('tshark is not installed')
})

describe.skipIf(!isInstalled)('the oracle', () => {
  test('finds that Wireshark reads the samples as they are read here', () => {
    const names = ['retry-to-classical.pcap', 'rejected-group.pcap', 'tls12-x25519.pcap', 'secrets-block.pcapng']
    const [status, stdout] = oracle(names.map((name) => `samples/${name}`))
    expect(status).toBe(0)
    expect(stdout).toMatch(/\n4 captures: [1-9]\d* handshakes agree, 0 differ\n$/)
  })

  test('tells what differs, by field', () => {
    // A tshark that takes one group for another.
    const real = spawnSync('sh', ['-c', 'command -v tshark'], { encoding: 'utf8' }).stdout.trim()
    writeFileSync(join(folder, 'tshark'), `#!/bin/sh\n'${real}' "$@" | sed s/0x11ec/0x11ed/\n`, { mode: 0o755 })
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` }
    const [status, stdout] = oracle(['samples/vxlan.pcap'], env)
    expect(status).toBe(1)
    expect(stdout).toContain(': supported groups: tshark has [4589,29,')
    expect(stdout).toContain('\n1 captures: 0 handshakes agree, 1 differ\n')
  })
})
