import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SCRIPT = join(ROOT, 'scripts', 'action.sh')
const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'))

describe('action.yml', () => {
  test('hands every input to the script, as a variable and no other way', () => {
    const [step, ...others] = action.runs.steps
    expect(others).toEqual([])
    expect(action.runs.using).toBe('composite')
    expect(step.run).not.toContain('${{')
    expect(step.shell).toBe('bash')
    const inputs = Object.keys(action.inputs)
    expect(step.env).toEqual(
      Object.fromEntries(inputs.map((name) => [`PQCAP_${name.toUpperCase()}`, `\${{ inputs.${name} }}`])),
    )
    const script = readFileSync(SCRIPT, 'utf8')
    for (const name of Object.keys(step.env)) expect(script).toContain(`\${${name}:-}`)
  })

  test('takes each output from the step that sets it', () => {
    const script = readFileSync(SCRIPT, 'utf8')
    for (const [name, { value }] of Object.entries<{ value: string }>(action.outputs)) {
      expect(value).toBe(`\${{ steps.check.outputs.${name} }}`)
      expect(script).toContain(`${name}=%s`)
    }
  })

  test('has the inputs and outputs that docs/ci.md explains', () => {
    const document = readFileSync(join(ROOT, 'docs', 'ci.md'), 'utf8')
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
      expect(document).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm'))
  })
})

describe('scripts/action.sh', () => {
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pqcap-action-'))
    // The action as it is checked out, built, with a command that writes what it is given.
    mkdirSync(join(folder, 'action', 'bin'), { recursive: true })
    mkdirSync(join(folder, 'action', 'dist', 'bin'), { recursive: true })
    const code = `require('fs').writeFileSync('arguments.json', JSON.stringify(process.argv.slice(2)))
      process.exit(Number(process.env.STATUS ?? 0))`
    writeFileSync(join(folder, 'action', 'bin', 'pqcap'), code)
    mkdirSync(join(folder, 'path'))
    writeFileSync(join(folder, 'path', 'npx'), `#!/bin/sh\nprintf '%s\\n' "$@" >npx.arguments\n`)
    chmodSync(join(folder, 'path', 'npx'), 0o755)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function run(inputs: Readonly<Record<string, string>>) {
    const output = join(folder, 'output')
    writeFileSync(output, '')
    rmSync(join(folder, 'arguments.json'), { force: true })
    const { status, stdout } = spawnSync('sh', [SCRIPT], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: [join(folder, 'path'), process.env['PATH']].join(delimiter),
        GITHUB_ACTION_PATH: join(folder, 'action'),
        GITHUB_OUTPUT: output,
        ...inputs,
      },
    })
    const file = join(folder, 'arguments.json')
    const words: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
    return { status, stdout, words, output: readFileSync(output, 'utf8') }
  }

  test('makes a command line of the inputs', () => {
    const inputs = {
      PQCAP_PATHS: 'captures\nmore/**/*.pcap\n',
      PQCAP_POLICY: 'pqcap.policy.yaml',
      PQCAP_BASELINE: 'known.json',
      PQCAP_REPORTS: 'sarif=pqcap.sarif\njunit=out.xml\n',
    }
    expect(run(inputs)).toEqual({
      status: 0,
      stdout: '',
      words: [
        'check',
        '--policy=pqcap.policy.yaml',
        '--baseline=known.json',
        '--report=sarif=pqcap.sarif',
        '--report=junit=out.xml',
        '--',
        'captures',
        'more/**/*.pcap',
      ],
      output: 'outcome=passed\nexit-code=0\nsarif=\n',
    })
  })

  test.each([
    ['$(touch injected)', 'commands'],
    ['`touch injected`', 'commands in backticks'],
    ['"; touch injected; "', 'quotes'],
    ["'; touch injected; '", 'apostrophes'],
    ['--allow-empty', 'an option'],
    ['a  b*', 'spaces and stars'],
    ['LINES', 'the end of a here-document'],
  ])('keeps %s one word', (text) => {
    const inputs = {
      PQCAP_PATHS: text,
      PQCAP_POLICY: text,
      PQCAP_PRESET: text,
      PQCAP_REQUIRE: text,
      PQCAP_REPORTS: text,
    }
    expect(run(inputs).words).toEqual([
      'check',
      `--require=${text}`,
      `--policy=${text}`,
      `--preset=${text}`,
      `--report=${text}`,
      '--',
      text,
    ])
    expect(existsSync(join(folder, 'injected'))).toBe(false)
  })

  test.each([
    ['0', 'passed', 0],
    ['1', 'failed', 1],
    ['2', 'trouble', 2],
    ['137', 'trouble', 137],
  ])('tells exit status %s as %s', (status, outcome, code) => {
    const told = run({ PQCAP_PATHS: 'captures', STATUS: status })
    expect([told.status, told.output]).toEqual([code, `outcome=${outcome}\nexit-code=${code}\nsarif=\n`])
  })

  test('names the SARIF report that is there, also of a check that failed', () => {
    writeFileSync(join(folder, 'a b.sarif'), '{}')
    const told = run({ PQCAP_PATHS: 'captures', PQCAP_REPORTS: 'junit=x\nsarif=a b.sarif', STATUS: '1' })
    expect(told.output).toBe('outcome=failed\nexit-code=1\nsarif=a b.sarif\n')
  })

  test('runs a published version with npx', () => {
    expect(run({ PQCAP_PATHS: 'captures', PQCAP_VERSION: '1.2.3-rc.1' }).status).toBe(0)
    expect(readFileSync(join(folder, 'npx.arguments'), 'utf8')).toBe('--yes\npqcap@1.2.3-rc.1\ncheck\n--\ncaptures\n')
  })

  test.each(['npm:other', '1.0.0 other', '-y', 'file:..', '../x', '1;id'])('refuses %j as a version', (version) => {
    const told = run({ PQCAP_PATHS: 'captures', PQCAP_VERSION: version })
    expect(told).toMatchObject({ status: 2, words: null, output: 'outcome=trouble\nexit-code=2\nsarif=\n' })
    expect(told.stdout).toBe('::error title=pqcap::The input version is no version\n')
  })
})
