import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Command } from '../support/command.js'

const CAPTURE = fileURLToPath(new URL('../../samples/classical-x25519.pcap', import.meta.url))
const LAUNCHER = fileURLToPath(new URL('../../bin/pqcap', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pqcap-read-text-'))
const at = (name: string): string => join(folder, name)

beforeAll(() => {
  execFileSync('mkfifo', [at('pipe.yaml')])
  symlinkSync('/dev/zero', at('zero.yaml'))
  writeFileSync(at('of-zeros.yaml'), 'extends: ./zero.yaml\n')
  writeFileSync(at('of-pipe.yaml'), 'extends: ./pipe.yaml\n')
  writeFileSync(at('p.yaml'), 'name: from a pipe\nrules: { label: [hybrid] }\n')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function check(...argv: string[]): Promise<{ status: number | null; stderr: string }> {
  const command = new Command(['check', ...argv, CAPTURE])
  // One that reads without end outlives the test that it fails.
  onTestFinished(() => void command.process.kill('SIGKILL'))
  return { status: await command.ends(), stderr: command.stderr }
}

const PIPE = 'is a named pipe, whose end may never come: give a file, or <(COMMAND)'

describe('what is read whole before captures are', () => {
  test('may be a device without an end, which is read up to the limit', async () => {
    const most = 'has more than the 1048576 bytes that are read'
    expect(await check('--policy', '/dev/zero')).toEqual({ status: 2, stderr: `pqcap: /dev/zero: ${most}\n` })
    expect(await check('--policy', at('of-zeros.yaml'))).toEqual({
      status: 2,
      stderr: `pqcap: ${at('of-zeros.yaml')}:1:10: ${at('zero.yaml')}: ${most}\n`,
    })
    const baseline = await check('--require', 'hybrid', '--baseline', '/dev/zero')
    expect(baseline).toEqual({
      status: 2,
      stderr: 'pqcap: /dev/zero: has more than the 268435456 bytes that are read\n',
    })
  })

  test('is no pipe with a name', async () => {
    expect(await check('--policy', at('pipe.yaml'))).toEqual({
      status: 2,
      stderr: `pqcap: ${at('pipe.yaml')}: ${PIPE}\n`,
    })
    expect(await check('--policy', at('of-pipe.yaml'))).toEqual({
      status: 2,
      stderr: `pqcap: ${at('of-pipe.yaml')}:1:10: ${at('pipe.yaml')}: ${PIPE}\n`,
    })
    const argv = ['--require', 'hybrid', '--baseline', at('pipe.yaml')]
    expect((await check(...argv)).stderr).toBe(`pqcap: ${at('pipe.yaml')}: ${PIPE}\n`)
    expect((await check(...argv, '--write-baseline')).stderr).toContain(`exists already, and ${PIPE}; it would be`)
  })

  test('is a file that is not too long', async () => {
    writeFileSync(at('long.yaml'), `# ${'-'.repeat(1024 * 1024)}`)
    expect((await check('--policy', at('long.yaml'))).stderr).toBe(
      `pqcap: ${at('long.yaml')}: has 1048578 bytes, more than the 1048576 that are read\n`,
    )
    expect((await check('--policy', folder)).stderr).toBe(`pqcap: ${folder}: is a directory\n`)
  })

  test('may be what a shell gives by a pipe', () => {
    const script = '{ cat "$1"; } | "$2" "$3" check --policy /dev/stdin "$4" || echo "status $?"'
    const argv = ['-c', script, 'sh', at('p.yaml'), process.execPath, LAUNCHER, CAPTURE]
    const stdout = execFileSync('sh', argv, { encoding: 'utf8', env: { ...process.env, GITHUB_ACTIONS: '' } })
    expect(stdout).toMatch(/\nfailed: from a pipe, 1 capture: .*\nstatus 1\n$/)
  })
})
