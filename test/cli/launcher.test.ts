import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const launcher = fileURLToPath(new URL('../../bin/pqcap', import.meta.url))
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

function pqcap(...argv: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...argv], { encoding: 'utf8', input: '' })
  return { status, stdout, stderr }
}

test('prints the version of the package', () => {
  expect(pqcap('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' })
})

test('ends with status 2 on wrong usage', () => {
  const { status, stdout, stderr } = pqcap()
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('pqcap -')
})

test('ends with status 2 where a capture is not there, and names it', () => {
  const { status, stderr } = pqcap('no-such-file.pcap', '--format', 'ndjson')
  expect(status).toBe(2)
  expect(stderr).toMatch(/^pqcap: no-such-file\.pcap: /)
})
