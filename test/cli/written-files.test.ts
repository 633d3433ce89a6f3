import {
  closeSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Command } from '../support/command.js'

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pqcap-written-'))
const at = (name: string): string => join(folder, name)
const CAPTURE = at('runs/a.pcap')

beforeAll(() => {
  for (const name of ['runs', 'policies', 'out']) mkdirSync(at(name))
  copyFileSync(join(SAMPLES, 'hybrid-x25519mlkem768.pcap'), CAPTURE)
  copyFileSync(CAPTURE, at('runs/b'))
  writeFileSync(at('runs/last.csv'), 'the report of the last run')
  writeFileSync(at('policies/base.yaml'), 'rules: { label: [hybrid] }\n')
  writeFileSync(at('policies/team.yaml'), 'extends: ./base.yaml\n')
  writeFileSync(at('policies/own.yaml'), 'extends: ./team.yaml\n')
  writeFileSync(at('known.json'), JSON.stringify({ schema: 'pqcap-baseline/1', failures: [] }))
  symlinkSync(CAPTURE, at('link.csv'))
  linkSync(CAPTURE, at('hard.csv'))
  linkSync(at('policies/base.yaml'), at('hard.yaml'))
  symlinkSync(at('runs'), at('elsewhere'))
  symlinkSync(at('out/new.csv'), at('dangling.csv'))
  symlinkSync('circle.csv', at('circle.csv'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const contents = (): string[] =>
  ['runs/a.pcap', 'runs/b', 'policies/base.yaml', 'policies/team.yaml', 'policies/own.yaml', 'known.json'].map((name) =>
    readFileSync(at(name), 'latin1'),
  )

async function check(...argv: string[]): Promise<{ status: number | null; stderr: string }> {
  const command = new Command(['check', ...argv])
  return { status: await command.ends(), stderr: command.stderr }
}

describe('what a check reads is not written over', () => {
  const policy = ['--policy', at('policies/own.yaml')]
  const same = (path: string, as: string) => `${at(path)} is the same file as ${at(as)}, which is read by this check`
  test.each([
    ['a policy', [at('runs'), '--report', `csv=${at('policies/own.yaml')}`], `${at('policies/own.yaml')} is read`],
    ['what it extends', [at('runs'), '--report', `csv=${at('policies/team.yaml')}`], `${at('policies/team.yaml')} is`],
    [
      'what that extends',
      [at('runs'), '--report', `csv=${at('policies/base.yaml')}`],
      `${at('policies/base.yaml')} is`,
    ],
    ['another name of it', [at('runs'), '--report', `csv=${at('hard.yaml')}`], same('hard.yaml', 'policies/base.yaml')],
    ['a capture by a link', [at('runs'), '--report', `csv=${at('link.csv')}`], same('link.csv', 'runs/a.pcap')],
    ['a capture by a hard link', [at('runs'), '--report', `csv=${at('hard.csv')}`], same('hard.csv', 'runs/a.pcap')],
    [
      'a capture in a folder by another path',
      [at('runs'), '--report', `csv=${at('elsewhere/a.pcap')}`],
      same('elsewhere/a.pcap', 'runs/a.pcap'),
    ],
    ['a capture without a name of one', [at('runs'), '--report', `csv=${at('runs/b')}`], `${at('runs/b')} is read`],
    [
      'a baseline that is read',
      [at('runs'), '--baseline', at('known.json'), '--report', `csv=${at('known.json')}`],
      `${at('known.json')} is read by this check`,
    ],
  ])('%s', async (_, argv, message) => {
    const before = contents()
    const { status, stderr } = await check(...policy, ...argv)
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`pqcap: ${message}`) })
    expect(stderr).toMatch(/, and would be overwritten\n$/)
    expect(contents()).toEqual(before)
  })

  test('a capture that comes on standard input', async () => {
    const before = contents()
    const argv = ['check', '--require', 'hybrid', '-', '--report', `csv=${CAPTURE}`]
    const command = new Command(argv, [openSync(CAPTURE, 'r'), 'pipe', 'pipe'])
    expect(await command.ends()).toBe(2)
    expect(command.stderr).toContain(`${CAPTURE} is the same file as standard input, which is read by this check`)
    expect(contents()).toEqual(before)
  })
})

describe('what a check may write', () => {
  test('is the report of the last run, also beside the captures', async () => {
    expect(await check('--require', 'hybrid', at('runs'), '--report', `csv=${at('runs/last.csv')}`)).toEqual({
      status: 0,
      stderr: '',
    })
    expect(readFileSync(at('runs/last.csv'), 'utf8')).toContain('type,state')
  })

  test('is a baseline that it replaces', async () => {
    const baseline = ['--baseline', at('known.json'), '--write-baseline']
    expect((await check('--require', 'hybrid', at('runs'), ...baseline)).status).toBe(0)
  })

  test('is what is no file, as often as asked', async () => {
    const argv = ['--report', 'csv=/dev/null', '--report', 'junit=/dev/../dev/null']
    const { status, stderr } = await check('--require', 'hybrid', at('runs'), ...argv)
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'pqcap: two files cannot both be written to /dev/../dev/null\n',
    })
    const other = ['--report', 'csv=/dev/null', '--report', 'junit=/dev/zero']
    expect((await check('--require', 'hybrid', at('runs'), ...other)).status).toBe(0)
  })

  test.each([
    ['a link and where it leads', 'out/new.csv', 'dangling.csv'],
    ['two links', 'out/../dangling.csv', 'out/./new.csv'],
    ['a folder and a link to it', 'runs/new/x.csv', 'elsewhere/new/x.csv'],
  ])('is no file twice: %s', async (_, first, second) => {
    const argv = ['--report', `csv=${folder}/${first}`, '--report', `junit=${folder}/${second}`]
    const { status, stderr } = await check('--require', 'hybrid', at('runs'), ...argv)
    expect(status).toBe(2)
    expect(stderr).toBe(
      `pqcap: two files cannot both be written to ${folder}/${first}, which ${folder}/${second} is, too\n`,
    )
  })

  test('is not a link that leads to itself', async () => {
    const { status, stderr } = await check('--require', 'hybrid', at('runs'), '--report', `csv=${at('circle.csv')}`)
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('circle.csv: cannot be written') })
  })

  test('is not where standard output or error goes, by whatever name', async () => {
    for (const [stdio, path] of [
      [1, at('printed.txt')],
      [1, '/dev/stdout'],
      [2, at('printed.txt')],
    ] as const) {
      const file = openSync(at('printed.txt'), 'w')
      const argv = ['check', '--require', 'hybrid', at('runs'), '--report', `csv=${path}`]
      const command = new Command(argv, ['ignore', stdio === 1 ? file : 'pipe', stdio === 2 ? file : 'pipe'])
      expect(await command.ends()).toBe(2)
      closeSync(file)
      const said = `pqcap: ${path} is where the output goes; a report needs a file of its own\n`
      expect(stdio === 1 ? command.stderr : readFileSync(at('printed.txt'), 'utf8')).toBe(said)
    }
  })
})
