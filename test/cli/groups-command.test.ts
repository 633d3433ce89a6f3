import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.js'
import { errorWithCode, fakeSession } from '../support/session.js'

async function transcript(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const session = fakeSession()
  const status = await run(['groups', ...argv], session)
  return { status, stdout: session.stdout.text, stderr: session.stderr.text }
}

/** Names of the groups in the document. */
async function named(...argv: string[]): Promise<string[]> {
  const { stdout } = await transcript(...argv, '--format', 'json')
  return JSON.parse(stdout).groups.map((group: { name: string }) => group.name)
}

describe('pqcap groups', () => {
  test('prints the registry as a table', async () => {
    const { status, stdout, stderr } = await transcript()
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^code +dec\. +name .*\n─+/)
    expect(stdout.split('\n').length).toBeGreaterThan(300)
  })

  test('prints one group in full', async () => {
    const { status, stdout, stderr } = await transcript('4588')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^X25519MLKEM768 \(0x11ec, 4588\)\n {2}kind +hybrid/)
  })

  test('filters by kind and status', async () => {
    expect(await named('--kind', 'hybrid', '--status', 'standard')).toEqual([
      'SecP256r1MLKEM768',
      'X25519MLKEM768',
      'SecP384r1MLKEM1024',
    ])
    expect(await named('--kind', 'Post-Quantum, grease', '--status', 'draft')).toEqual([
      'MLKEM512',
      'MLKEM768',
      'MLKEM1024',
    ])
    expect(await named('kyber', '--status=broken')).toEqual([])
    expect(await named('x448', '--kind', 'classical')).toEqual(['x448'])
    expect(await named('x448', '--kind', 'hybrid', '--status', 'private')).toContain('x448_mlkem768')
    expect(await named('--kind', 'grease', '--kind', 'reserved')).toHaveLength(19)
  })

  test('says how digits were read on standard error, and prints the groups alone on standard output', async () => {
    const { status, stdout, stderr } = await transcript('6399', '--format', 'json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'pqcap-groups/1', groups: [{ id: 0x6399 }] })
    expect(stderr).toMatch(/^pqcap: 6399 in decimal is 0x18ff, which is unassigned; .*\n$/)
  })

  test.each([
    [['x25519mlkm768'], /^pqcap: unknown group 'x25519mlkm768'; did you mean 'X25519MLKEM768'/],
    [['--kind', 'hybird'], /^pqcap: unknown kind 'hybird'; did you mean 'hybrid'\?\n$/],
    [['--status', 'zzzzzzzzzz'], /^pqcap: unknown status 'zzzzzzzzzz'; known: standard, draft, /],
    [['--kind', ''], /^pqcap: unknown kind ''/],
    [['65536'], /^pqcap: group 65536 is more than 65535/],
    [['--format', 'csv'], /^pqcap: .*'csv' is invalid/],
    [['x25519', 'x448'], /^pqcap: too many arguments/],
    [['\u001b[2J'], /^pqcap: unknown group '\\x1b\[2J'/],
  ])('refuses %j with status 2 and nothing on standard output', async (argv, message) => {
    const { status, stdout, stderr } = await transcript(...argv)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  test('says that standard output cannot be written, but not that its reader has gone', async () => {
    for (const [code, status, stderr] of [
      ['ENOSPC', 2, 'pqcap: standard output: disk full\n'],
      ['EPIPE', 0, ''],
    ] as const) {
      const session = fakeSession()
      session.stdout.failure = errorWithCode(code, 'disk full')
      expect([await run(['groups'], session), session.stderr.text]).toEqual([status, stderr])
    }
  })

  test('paints on a terminal, or when asked to', async () => {
    expect((await transcript('x25519', '--color')).stdout).toContain('\u001b[1mx25519 (0x001d, 29)\u001b[22m')
    const session = fakeSession()
    session.stdout.isTTY = true
    await run(['groups', '--kind', 'hybrid'], session)
    expect(session.stdout.text).toContain('\u001b[32mhybrid\u001b[39m')
    expect((await transcript('x25519')).stdout).not.toContain('\u001b')
  })

  test('prints what the README shows', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const session = { ...fakeSession(), env: { COLUMNS: '100' } }
    await run(['groups', 'x25519mlkem768'], session)
    expect(readme).toContain(`$ pqcap groups x25519mlkem768\n${session.stdout.text}\`\`\``)
  })

  test('has a help of its own', async () => {
    const { status, stdout } = await transcript('--help')
    expect(status).toBe(0)
    expect(stdout).toContain('pqcap groups --kind hybrid --status standard')
  })
})
