import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { run } from '../../src/cli/run.js'
import { Command } from '../support/command.js'
import { captureRecord, classicalRecord, handshakeRecord } from '../support/records.js'
import { type FakeSession, fakeSession, sessionWith } from '../support/session.js'

vi.mock('../../src/report/check/index.js', () => ({
  CHECK_REPORTS: Object.fromEntries(
    ['junit', 'sarif', 'markdown', 'csv', 'ndjson'].map((format) => [
      format,
      ({ outcome }: { outcome: string }) => `${format} ${outcome}`,
    ]),
  ),
  githubAnnotations: () => '::annotation\n',
  githubSummary: () => 'summary\n',
}))

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pqcap-check-'))
const at = (name: string): string => join(folder, name)

beforeAll(() => {
  mkdirSync(at('good'))
  mkdirSync(at('mixed/deep'), { recursive: true })
  mkdirSync(at('empty'))
  copyFileSync(join(SAMPLES, 'hybrid-x25519mlkem768.pcap'), at('good/a.pcap'))
  copyFileSync(join(SAMPLES, 'lossy.pcap.gz'), at('good/b'))
  writeFileSync(at('good/README.txt'), 'no capture')
  writeFileSync(at('good/log.gz'), gzipSync('no capture either'))
  copyFileSync(join(SAMPLES, 'hybrid-x25519mlkem768.pcap'), at('mixed/a.pcap'))
  copyFileSync(join(SAMPLES, 'classical-x25519.pcap'), at('mixed/deep/b.pcap'))
  writeFileSync(at('empty/note'), 'nothing here')
  writeFileSync(at('cut.pcap'), readFileSync(join(SAMPLES, 'classical-x25519.pcap')).subarray(0, 900))
  writeFileSync(at('zero.pcap'), '')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function transcript(...argv: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const command = new Command(argv)
  const status = await command.ends()
  return { status, stdout: command.stdout, stderr: command.stderr }
}

/** In this process, over captures that are made of records. */
async function fakeRun(session: FakeSession, ...argv: string[]) {
  const status = await run(['check', ...argv], session)
  return { status, stdout: session.stdout.text, stderr: session.stderr.text }
}

const session = (): FakeSession =>
  fakeSession({
    'good.pcap': [handshakeRecord({ capture: 'good.pcap' }), captureRecord({ capture: 'good.pcap' })],
    'bad.pcap': [classicalRecord({ capture: 'bad.pcap' }), captureRecord({ capture: 'bad.pcap' })],
  })

describe('pqcap check ends with', () => {
  test('status 0 where all is as the policy says, files that are no captures aside', async () => {
    const { status, stdout, stderr } = await transcript('check', '--require', 'hybrid', at('good'))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toBe(
      `2 files passed over, as they are not captures:\n  ${at('good/README.txt')}\n  ${at('good/log.gz')}\n` +
        'passed: --require hybrid, 2 captures: 9 of 9 handshakes passed\n',
    )
  })

  test('status 1 where something is not', async () => {
    const { status, stdout, stderr } = await transcript('check', '--require', 'hybrid', at('mixed'))
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toContain(`${at('mixed/deep/b.pcap')}: 0 of 1 handshake passed\n`)
    expect(stdout).toContain('    error label\n      The label is classical; allowed: hybrid.')
    expect(stdout).toContain(`    pqcap show ${at('mixed/deep/b.pcap')} --stream 0 --handshake 0\n`)
    expect(stdout).toMatch(/\nfailed: --require hybrid, 2 captures: 1 of 2 handshakes passed, 1 failure\n$/)
  })

  test('status 1 where there was nothing to check, and 0 where that is allowed', async () => {
    expect(await transcript('check', '--require', 'hybrid', at('empty'))).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('No TLS handshake was found in 0 captures.'),
    })
    expect((await transcript('check', '--require', 'hybrid', at('empty'), '--allow-empty')).status).toBe(0)
  })

  test('status 1 where the policy has no rule for anything that came, which no baseline holds', async () => {
    const policy = at('off.yaml')
    const off = (where: string): void =>
      writeFileSync(policy, `extends: hybrid\noverrides: [{ where: ${where}, rules: off }]\n`)
    const reports = ['ndjson', 'markdown'].map((format) => `--report=${format}=${at(`off.${format}`)}`)
    const check = (jobs: string) =>
      transcript('check', '--policy', policy, at('mixed'), '--baseline', at('off.json'), ...reports, '--jobs', jobs)
    writeFileSync(at('off.json'), JSON.stringify({ schema: 'pqcap-baseline/1', failures: [] }))

    off('{ address: [0.0.0.0/0] }')
    const all = await check('1')
    expect(all.status).toBe(1)
    expect(all.stdout).toContain('No rule was held against any of 2 handshakes: the policy turns all of them off.\n')
    expect(all.stdout).toMatch(/ 2 of 2 handshakes passed, 1 failure, 2 not judged\n$/)
    expect(await check('2')).toEqual(all)
    const written = await transcript(
      'check',
      '--policy',
      policy,
      at('mixed'),
      '--baseline',
      at('off.json'),
      '--write-baseline',
    )
    expect(written).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('as nothing was held against a rule\n'),
    })

    off('{ capture: b.pcap }')
    const some = await check('2')
    expect(some.status).toBe(0)
    expect(some.stdout).toMatch(/ 2 of 2 handshakes passed, 1 not judged\n$/)
    expect(readFileSync(at('off.ndjson'), 'utf8')).toContain('"leftOut":0,"unjudged":1}\n')
    expect(readFileSync(at('off.markdown'), 'utf8')).toContain(
      ': 2 of 2 handshakes in 2 captures passed, 0 failures, 1 not judged.',
    )
  })

  test('status 2 where a capture could not be read whole, also where another fails', async () => {
    const { status, stdout, stderr } = await transcript('check', '--require', 'hybrid', at('cut.pcap'), at('mixed'))
    expect(status).toBe(2)
    expect(stderr).toContain(`pqcap: ${at('cut.pcap')}: `)
    expect(stdout).toMatch(/\ntrouble: .* 1 capture not read whole\n$/)
  })

  test('status 2 where a file is named like a capture, or by itself, and is none', async () => {
    for (const path of [at('zero.pcap'), at('good/README.txt'), at('no-such-file.pcap')])
      expect((await transcript('check', '--require', 'hybrid', path)).status).toBe(2)
    expect((await transcript('check', '--require', 'hybrid', folder)).stderr).toContain('zero.pcap: not a pcap')
  })

  test('what was not looked at told, the first of it', async () => {
    mkdirSync(at('linked'))
    for (let index = 10; index < 22; index++) symlinkSync(at('mixed'), at(`linked/${index}`))
    copyFileSync(join(SAMPLES, 'hybrid-x25519mlkem768.pcap'), at('linked/a.pcap'))
    const { status, stderr } = await transcript('check', '--require', 'hybrid', at('linked'))
    expect(status).toBe(0)
    const lines = stderr.split('\n')
    expect(lines[0]).toBe(`pqcap: ${at('linked/10')}: a link to a folder, which is not followed`)
    expect(lines.slice(10)).toEqual(['pqcap: and 2 more that are not read', ''])
  })

  test('status 2 where it was interrupted', async () => {
    const interrupted: FakeSession = sessionWith(async function* (_, options) {
      yield handshakeRecord()
      interrupted.interruption.abort()
      yield captureRecord({ capture: options?.name ?? '' })
    })
    const { status, stderr } = await fakeRun(interrupted, '--require', 'hybrid', 'x', 'y')
    expect(status).toBe(2)
    expect(stderr).toContain('pqcap: interrupted, not all was read\n')
  })

  test('what it found, also where the reader has gone', async () => {
    const gone = session()
    gone.stdout.failure = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    expect((await fakeRun(gone, '--require', 'hybrid', 'bad.pcap')).status).toBe(1)
    const full = session()
    full.stdout.failure = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
    expect((await fakeRun(full, '--require', 'hybrid', 'good.pcap')).status).toBe(2)
  })
})

describe('wrong usage', () => {
  test.each([
    [['a.pcap'], 'say what to check for: --require hybrid, --preset NAME or --policy FILE (pqcap check --help)'],
    [['--require', 'hybrid'], 'no captures named (pqcap check --help has examples)'],
    [
      ['--require', 'hybird', 'a'],
      "option '--require <labels>' argument 'hybird' is invalid. Unknown label 'hybird'; did you mean 'hybrid'?",
    ],
    [
      ['--policy', 'a.yaml', '--policy', 'b.yaml', 'a'],
      "option '--policy <file>' argument 'b.yaml' is invalid. It is given twice, first as 'a.yaml'.",
    ],
    [
      ['--preset', 'hybrid', '--preset', 'aws-pq', 'a'],
      "option '--preset <name>' argument 'aws-pq' is invalid. It is given twice, first as 'hybrid'.",
    ],
    [
      ['--require', 'hybrid', '--baseline', 'a', '--baseline', 'b', 'a'],
      "option '--baseline <file>' argument 'b' is invalid. It is given twice, first as 'a'.",
    ],
    [['--preset', 'hybrid', '--filter', 'label=hybrid', 'a'], "unknown option '--filter'"],
    [['--preset', 'hybrid', '--reprot', 'junit=a', 'a'], "unknown option '--reprot'\n(Did you mean --report?)"],
    [['--preset', 'hybird', 'a'], "unknown preset 'hybird'; did you mean 'hybrid'?"],
    [
      ['--preset', 'hybrid', '--require', 'hybrid', 'a'],
      'only one of --require, --preset and --policy is taken; a policy may extend a preset',
    ],
    [['--policy', 'none.yaml', 'a'], 'none.yaml: no such file or directory'],
    [
      ['--preset', 'hybrid', '--write-baseline', 'a'],
      '--write-baseline writes the file that --baseline names, and none is named',
    ],
    [['--preset', 'hybrid', '--baseline', 'none.json', 'a'], 'none.json: no such file or directory'],
    [
      ['--preset', 'hybrid', '--report', 'junitt=x', 'a'],
      "option '--report <format=file>' argument 'junitt=x' is invalid. Unknown report 'junitt'; did you mean 'junit'?",
    ],
    [
      ['--preset', 'hybrid', '--report', 'junit', 'a'],
      "option '--report <format=file>' argument 'junit' is invalid. A report goes into a file: junit=FILE.",
    ],
    [
      ['--preset', 'hybrid', '--report', 'csv=x', '--report', 'junit=x', 'a'],
      'two reports cannot both be written to x',
    ],
    [
      ['--preset', 'hybrid', '--report', 'csv=x', '--report', 'junit=./x', 'a'],
      'two files cannot both be written to ./x',
    ],
    [
      ['--preset', 'hybrid', '--report', 'csv=x', '--baseline', 'x', '--write-baseline', 'a'],
      'two files cannot both be written to x',
    ],
    [
      ['--preset', 'hybrid', '--report', 'csv=a.pcap', 'a.pcap'],
      'a.pcap is read by this check, and would be overwritten',
    ],
    [['--preset', 'hybrid', 'no*such'], "no file matches 'no*such'"],
    [['--preset', 'hybrid', '-', '-'], 'standard input can be read only once'],
  ])('%j is told with status 2', async (argv, message) => {
    expect(await fakeRun(session(), ...argv)).toEqual({ status: 2, stdout: '', stderr: `pqcap: ${message}\n` })
  })

  test('a policy with mistakes is told line by line, and nothing is read', async () => {
    writeFileSync(at('bad.yaml'), 'rules:\n  lable: error\n  groups: [nothing-like-it]\n')
    expect(await fakeRun(session(), '--policy', at('bad.yaml'), 'good.pcap')).toEqual({
      status: 2,
      stdout: '',
      stderr: `pqcap: ${at('bad.yaml')}:2:3: unknown rule 'lable'; did you mean 'label'?\npqcap: ${at('bad.yaml')}:3:12: unknown group 'nothing-like-it'\n`,
    })
  })
})

describe('a policy file', () => {
  test('counts from where it lies, with what it extends beside it', async () => {
    mkdirSync(at('policies'), { recursive: true })
    writeFileSync(at('policies/base.json'), '{ "rules": { "label": ["hybrid"] } }')
    writeFileSync(at('policies/p.yaml'), 'name: mine\nextends: ./base.json\nrules: { outcome: warning }\n')
    const { status, stdout } = await fakeRun(session(), '--policy', at('policies/p.yaml'), 'bad.pcap', 'good.pcap')
    expect(status).toBe(1)
    expect(stdout).toMatch(/\nfailed: mine, 2 captures/)
    const printed = await fakeRun(session(), '--policy', at('policies/p.yaml'), '--print-policy')
    expect({ status: printed.status, stderr: printed.stderr }).toEqual({ status: 0, stderr: '' })
    const beside = await fakeRun(session(), '--policy', at('policies/p.yaml'), '--print-policy', 'bad.pcap')
    expect(beside).toEqual({
      ...printed,
      stderr: 'pqcap: --print-policy prints the policy alone: no capture is checked\n',
    })
    expect(printed.stdout).toMatch(new RegExp(`allowed: \\[hybrid\\] +# ${at('policies/base.json')}:1:23\n`))
  })

  test('is not taken from the folder that one is in', async () => {
    expect((await fakeRun(session(), 'good.pcap')).status).toBe(2)
  })
})

describe('a baseline', () => {
  test('is written, and what is known does not fail then', async () => {
    const baseline = at('known/baseline.json')
    const check = ['--require', 'hybrid', at('mixed'), '--baseline', baseline]
    const written = await transcript('check', ...check, '--write-baseline')
    expect({ status: written.status, stderr: written.stderr }).toEqual({ status: 0, stderr: '' })
    expect(written.stdout).toMatch(/\nfailed: [^\n]*, 1 failure\n[^\n]*\n$/)
    expect(written.stdout).toContain(`wrote ${baseline}: 1 failure is known from now on\n`)
    const known = await transcript('check', ...check)
    expect(known.status).toBe(0)
    expect(known.stdout).toContain('    known label\n')
    const all = await transcript('check', ...check, join(SAMPLES, 'classical-x25519.pcap'))
    expect(all.status).toBe(1)
    const other = await transcript('check', '--require', 'hybrid', at('good'), '--baseline', baseline)
    expect(other).toMatchObject({ status: 0, stdout: expect.not.stringContaining('did not come again') })
    mkdirSync(at('mended/deep'), { recursive: true })
    copyFileSync(join(SAMPLES, 'hybrid-x25519mlkem768.pcap'), at('mended/deep/b.pcap'))
    const healed = await transcript('check', '--require', 'hybrid', at('mended'), '--baseline', baseline)
    expect(healed.stdout).toContain(
      'known failures that did not come again:\n  label: deep/b.pcap, server.example.test: ',
    )
    expect(healed.status).toBe(0)
  })

  test('knows a capture from one of the same name in another folder', async () => {
    const copy = (sample: string, to: string): void => {
      mkdirSync(at(`same/${to}`), { recursive: true })
      copyFileSync(join(SAMPLES, sample), at(`same/${to}/tests.pcap`))
    }
    copy('classical-x25519.pcap', 'one')
    copy('hybrid-x25519mlkem768.pcap', 'two')
    const folders = [at('same/one'), at('same/two')]
    const files = folders.map((path) => join(path, 'tests.pcap'))
    const check = (inputs: readonly string[]): string[] => {
      return ['check', '--require', 'hybrid', ...inputs, '--baseline', at('same.json')]
    }
    expect((await transcript(...check(folders), '--write-baseline')).status).toBe(0)
    expect((await transcript(...check(folders))).status).toBe(0)
    expect((await transcript(...check(files), '--jobs', '2')).status).toBe(0)

    // What was known is mended, and the same fails elsewhere.
    copy('hybrid-x25519mlkem768.pcap', 'one')
    copy('classical-x25519.pcap', 'two')
    for (const inputs of [folders, files]) {
      const { status, stdout } = await transcript(...check(inputs))
      expect(status).toBe(1)
      expect(stdout).toContain(
        'known failures that did not come again:\n  label: one/tests.pcap, server.example.test: ',
      )
    }
  })

  test('is not written where not all was read, nothing was there, or another file is', async () => {
    const baseline = at('not-written.json')
    const argv = ['--require', 'hybrid', '--baseline', baseline, '--write-baseline']
    const { status, stderr } = await transcript('check', ...argv, at('cut.pcap'))
    expect(status).toBe(2)
    expect(stderr).toContain('not-written.json: not written, as not all captures were read whole\n')
    expect(() => readFileSync(baseline)).toThrow()
    const other = await transcript(
      'check',
      '--require',
      'hybrid',
      '--baseline',
      at('good/README.txt'),
      '--write-baseline',
      at('mixed'),
    )
    expect(other.status).toBe(2)
    expect(other.stderr).toMatch(/README\.txt: exists already, and is not JSON: .*; it would be overwritten\n$/)
    const none = await transcript('check', ...argv, at('empty'))
    expect(none.status).toBe(1)
    expect(none.stderr).toContain('not-written.json: not written, as no TLS handshake was found\n')
    expect(() => readFileSync(baseline)).toThrow()
  })
})

describe('reports', () => {
  test('are written into files, and folders are made for them', async () => {
    const { status } = await fakeRun(
      session(),
      '--require',
      'hybrid',
      'bad.pcap',
      '--report',
      `junit=${at('out/j.xml')}`,
      '--report',
      `csv=${at('out/c.csv')}`,
    )
    expect(status).toBe(1)
    expect(readFileSync(at('out/j.xml'), 'utf8')).toBe('junit failed')
    expect(readFileSync(at('out/c.csv'), 'utf8')).toBe('csv failed')
  })

  test('are those of every format, with what passed by name', async () => {
    const files = ['junit', 'sarif', 'markdown', 'csv', 'ndjson'].map((format) => `${format}=${at(`real/${format}`)}`)
    const argv = ['check', '--require', 'hybrid', at('mixed'), ...files.flatMap((file) => ['--report', file])]
    expect((await transcript(...argv)).status).toBe(1)
    const text = (format: string): string => readFileSync(at(`real/${format}`), 'utf8')
    expect(text('junit')).toContain(' name="server.example.test 198.51.100.1:4433"/>')
    expect(text('junit')).toContain('<failure type="label"')
    expect(JSON.parse(text('sarif')).runs[0].results).toHaveLength(1)
    for (const format of ['markdown', 'csv', 'ndjson']) expect(text(format)).toContain('The label is classical')
  })

  test('that cannot be written are trouble', async () => {
    const { status, stderr } = await fakeRun(
      session(),
      '--require',
      'hybrid',
      'good.pcap',
      '--report',
      `csv=${at('good')}`,
    )
    expect(status).toBe(2)
    expect(stderr).toBe(`pqcap: ${at('good')}: cannot be written: is a directory\n`)
  })

  test('go to GitHub Actions where the environment says so', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: at('summary.md') }
    writeFileSync(at('summary.md'), 'before\n')
    const { stdout } = await fakeRun({ ...session(), env }, '--require', 'hybrid', 'good.pcap')
    expect(stdout).toContain('::annotation\n')
    expect(readFileSync(at('summary.md'), 'utf8')).toBe('before\nsummary\n')
    expect((await fakeRun(session(), '--require', 'hybrid', 'good.pcap')).stdout).not.toContain('::')
  })

  test('lets no name give the runner of GitHub Actions a command', async () => {
    const name = '::error::file.pcap'
    const serverName = '##[add-mask]e'
    const evil = fakeSession({
      [name]: [classicalRecord({ capture: name, serverName }), captureRecord({ capture: name })],
    })
    const { stdout } = await fakeRun({ ...evil, env: { GITHUB_ACTIONS: 'true' } }, '--require', 'hybrid', name)
    const [first = '', ...lines] = stdout.split('\n')
    const token = /^::stop-commands::([\da-f-]{36})$/.exec(first)?.[1]
    expect(token).toBeDefined()
    const resumed = lines.indexOf(`::${token}::`)
    const isCommand = (line: string): boolean => /^\s*::|##\[/.test(line)
    expect(lines.slice(0, resumed).filter(isCommand)).toHaveLength(2)
    expect(lines.slice(resumed + 1)).toEqual(['::annotation', ''])
  })

  test('lets no name on standard error give the runner of GitHub Actions a command', async () => {
    mkdirSync(at('evil'))
    const name = at('evil/##[add-mask]e.pcap')
    writeFileSync(name, '')
    const error = { code: 'cut', message: 'ends early', offset: 7 }
    const evil = fakeSession({ [name]: [captureRecord({ capture: name, handshakes: 0, error })] })
    writeFileSync(at('evil.yaml'), "rules: { '##[add-mask]e': error }\n")
    for (const argv of [
      ['--require', 'hybrid', at('evil')],
      ['--policy', at('evil.yaml'), 'x.pcap'],
    ]) {
      const told = await fakeRun({ ...evil, env: { GITHUB_ACTIONS: 'true' } }, ...argv)
      expect(told.status).toBe(2)
      expect(told.stderr).not.toContain('##[')
      expect(told.stderr).toContain('## [add-mask]e')
    }
    expect((await fakeRun(fakeSession(), '--policy', at('evil.yaml'), 'x.pcap')).stderr).toContain("'##[add-mask]e'")
  })

  test('does not write over the baseline that it reads', async () => {
    const baseline = at('kept.json')
    const text = JSON.stringify({ schema: 'pqcap-baseline/1', failures: [] })
    writeFileSync(baseline, text)
    const argv = ['--require', 'hybrid', 'good.pcap', '--baseline', baseline, '--report', `ndjson=${baseline}`]
    const { status, stderr } = await fakeRun(session(), ...argv)
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `pqcap: ${baseline} is read by this check, and would be overwritten\n`,
    })
    expect(readFileSync(baseline, 'utf8')).toBe(text)
  })
})

describe('any number of jobs', () => {
  test('finds the same in the same order', async () => {
    const policy = at('all.yaml')
    writeFileSync(
      policy,
      `extends: hybrid
rules: { hello-retry-requests: warning, offer: [X25519MLKEM768], groups: { denied: [MLKEM768] } }
overrides:
  - { where: { server: 2001:db8::/32 }, rules: { incomplete: warning } }
  - { where: { server-name: server.* }, rules: { incomplete: warning } }
  - { where: { server-name: server.example.test, server: 0.0.0.0/0 }, rules: { label: off } }
  - { where: { server-name: server.exmaple.test }, rules: { label: off } }
  - { where: { server-name: server.example.test, port: [4433, 443] }, rules: { label: off } }
expect:
  - server.* at least 1000 hybrid
  - nowhere at least 1
  - servr.example.test at least 1
`,
    )
    const argv = ['check', '--policy', policy, '--all', SAMPLES, join(SAMPLES, 'no-such-file')]
    const [one, four, nine] = await Promise.all(['1', '4', '9'].map((jobs) => transcript(...argv, '--jobs', jobs)))
    expect(one?.status).toBe(2)
    expect(one?.stdout).toContain('Expected: server.* at least 1000 hybrid; ')
    expect(one?.stdout).toContain("no handshake matches it (did you mean 'server.example.test', which came?)")
    const before = `overrides before it take all that it matches, as ${policy}:5:5 does`
    expect(one?.stdout).toContain(`overrides that nothing that was read came under:
  ${policy}:6:5 (server-name server.example.test, server 0.0.0.0/0): ${before}
  ${policy}:7:5 (server-name server.exmaple.test): no handshake matches it (did you mean 'server.example.test', which came?)
  ${policy}:8:5 (server-name server.example.test, port 4433 and 443): ${before}
`)
    expect(four).toEqual(one)
    expect(nine).toEqual(one)
  })
})

describe('an internationalized server name', () => {
  test('in a policy is the one that clients send, with A-labels', async () => {
    const policy = at('international.yaml')
    writeFileSync(
      policy,
      `expect: ['*.bücher.example at least 1 hybrid', BÜCHER.example. exactly 0]
overrides: [{ where: { server-name: [kms.bücher.example] }, rules: { tls-version: { allowed: [TLSv1.2] } } }]
`,
    )
    const name = 'a.pcap'
    const sent = fakeSession({
      [name]: [
        handshakeRecord({ capture: name, serverName: 'kms.xn--bcher-kva.example' }),
        captureRecord({ capture: name }),
      ],
    })
    const { status, stdout } = await fakeRun(sent, '--policy', policy, name)
    expect(status).toBe(1)
    expect(stdout).toContain('The version is TLSv1.3; allowed: TLSv1.2.')
    expect(stdout).toContain('1 failure')
  })
})

describe('hostile names', () => {
  test('of files and servers reach no terminal as they are', async () => {
    const name = 'evil\u0007\u202e.pcap'
    const evil = fakeSession({
      [name]: [classicalRecord({ capture: name, serverName: 'a\u001b]0;x\u0007' }), captureRecord({ capture: name })],
    })
    const { stdout, stderr } = await fakeRun(evil, '--require', 'hybrid', name)
    expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u)
    expect(stdout).toContain("pqcap show $'evil\\x07\\xe2\\x80\\xae.pcap' --stream 0 --handshake 0\n")
    expect(stdout).toContain('  a\\x1b]0;x\\x07, ')
  })
})

describe('pqcap init', () => {
  test('writes a policy that works, and not over one that is there', async () => {
    const path = at('pqcap.policy.yaml')
    expect(await transcript('init', path)).toEqual({
      status: 0,
      stdout: `wrote ${path}; edit it, then run: pqcap check --policy ${path} captures/\n`,
      stderr: '',
    })
    expect((await transcript('check', '--policy', path, at('good'))).status).toBe(0)
    expect(await transcript('init', path)).toMatchObject({
      status: 2,
      stderr: `pqcap: ${path}: exists already; --force overwrites it\n`,
    })
    writeFileSync(path, 'x')
    expect((await transcript('init', path, '--force')).status).toBe(0)
    expect(readFileSync(path, 'utf8')).toContain('extends: hybrid')
  })
})

test('pqcap init quotes the name of its file in the command that it tells', async () => {
  const { stdout } = await transcript('init', at('my policy.yaml'))
  expect(stdout).toContain(`then run: pqcap check --policy '${at('my policy.yaml')}' captures/\n`)
})

describe('standard input', () => {
  test.each(['.', '*'])('is not read in place of a file called - that %s holds', async (input) => {
    const dashed = at(`dashed-${input === '.' ? 'folder' : 'pattern'}`)
    mkdirSync(dashed)
    copyFileSync(join(SAMPLES, 'classical-x25519.pcap'), join(dashed, '-'))
    const command = new Command(['check', '--require', 'hybrid', input], 'pipe', dashed)
    command.process.stdin?.end(readFileSync(join(SAMPLES, 'hybrid-x25519mlkem768.pcap')))
    expect(await command.ends()).toBe(1)
    expect(command.stdout).toContain('pqcap show ./- --stream 0 --handshake 0\n')
  })

  test('is read as -', async () => {
    const command = new Command(['check', '--require', 'hybrid', '-'])
    command.process.stdin?.end(readFileSync(join(SAMPLES, 'classical-x25519.pcap')))
    expect(await command.ends()).toBe(1)
    expect(command.stdout).toContain('standard input: 0 of 1 handshake passed\n')
    expect(command.stdout).not.toContain('pqcap show')
  })
})
