import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(read('package.json'))
const action = parse(read('action.yml'))

/** The blocks of code of a document in one language, by the heading they are under. */
function blocks(path: string, language: string): readonly (readonly [heading: string, code: string])[] {
  return read(path)
    .split(/\n##+ /)
    .slice(1)
    .flatMap((section) =>
      [...section.matchAll(/\n```(\w+)\n([\s\S]*?)```/g)]
        .filter(([, found]) => found === language)
        .map(([, , code]) => [section.split('\n')[0] as string, code as string] as const),
    )
}

const yaml = blocks('docs/ci.md', 'yaml')

function block(heading: string) {
  const [, code] = yaml.find(([found]) => found === heading) as (typeof yaml)[0]
  return parse(code)
}

describe('docs/ci.md', () => {
  test('has a workflow whose inputs and outputs are those of the action', () => {
    const { jobs } = block('GitHub Actions')
    const { steps, permissions } = jobs['key-exchange']
    expect(permissions).toEqual({ contents: 'read', 'security-events': 'write', actions: 'read' })
    const check = steps.find(({ id }: { id?: string }) => id === 'pqcap')
    expect(Object.keys(check.with).filter((name) => !(name in action.inputs))).toEqual([])
    const upload = steps.find(({ uses }: { uses?: string }) => uses?.startsWith('github/codeql-action/upload-sarif'))
    expect(upload.if).toContain('!cancelled()')
    const outputs = [...JSON.stringify(steps).matchAll(/steps\.pqcap\.outputs\.([\w-]+)/g)].map(([, name]) => name)
    expect(outputs.length).toBeGreaterThan(0)
    expect(outputs.filter((name) => !((name as string) in action.outputs))).toEqual([])
  })

  test('puts nothing that others decide into a command of a workflow', () => {
    const runs = [...yaml, ...blocks('docs/reports.md', 'yaml')].flatMap(([, code]) => runsOf(parse(code)))
    expect(runs.length).toBeGreaterThan(2)
    expect(runs.filter((run) => run.includes('${{'))).toEqual([])
  })

  test('has a job of GitLab that hands over its JUnit report', () => {
    const job = block('GitLab')['key exchange']
    expect(job.script.join('\n')).toContain(`--report junit=${job.artifacts.reports.junit}`)
  })

  test('has a pre-commit configuration for the hook that there is', () => {
    const [hook] = parse(read('.pre-commit-hooks.yaml'))
    const [{ hooks }] = block('pre-commit').repos
    expect(hooks[0].id).toBe(hook.id)
  })

  test('has shell that a shell can read', () => {
    const shell = [...blocks('docs/ci.md', 'sh'), ...blocks('docs/reports.md', 'sh')]
    expect(shell.length).toBeGreaterThan(8)
    for (const [heading, code] of shell) {
      const { status, stderr } = spawnSync('sh', ['-n'], { input: code, encoding: 'utf8' })
      expect({ status, stderr }, heading).toEqual({ status: 0, stderr: '' })
    }
  })

  test('runs the scripts that are in examples/', () => {
    const named = [...read('docs/ci.md').matchAll(/\bexamples\/[\w-]+\.sh/g)].map(([path]) => path)
    expect(named.length).toBeGreaterThan(4)
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('links to headings that are there', () => {
    for (const path of ['docs/ci.md', 'docs/reports.md']) {
      const anchors = [...read(path).matchAll(/^##+ (.*)$/gm)].map(([, heading]) =>
        (heading as string).toLowerCase().replaceAll(' ', '-'),
      )
      const links = [...read(path).matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor as string)
      expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([])
    }
  })
})

test('the hook of pre-commit runs the command of the package for captures', () => {
  const [hook, ...others] = parse(read('.pre-commit-hooks.yaml'))
  expect(others).toEqual([])
  expect(Object.keys(manifest.bin)).toContain(hook.entry.split(' ')[0])
  const files = new RegExp(hook.files)
  for (const name of ['a.pcap', 'deep/a.pcapng', 'a.pcap.gz', 'a.pcapng.zst']) expect(name).toMatch(files)
  for (const name of ['a.pcap.md', 'pcap', 'a.expected.json']) expect(name).not.toMatch(files)
})

test('packing prints the name of the package alone, which pre-commit takes from it, whatever is built before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pqcap-pack-'))
  try {
    copyFileSync(join(ROOT, '.npmrc'), join(folder, '.npmrc'))
    const scripts = { prepare: 'echo built' }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'packed', version: '1.0.0', scripts }))
    const { stdout } = spawnSync('npm', ['pack'], { cwd: folder, encoding: 'utf8' })
    expect(stdout.trim()).toBe('packed-1.0.0.tgz')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describe('Containerfile', () => {
  const containerfile = read('Containerfile')
  const copied = [...containerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths]) =>
    (paths as string).split(' '),
  )

  test('copies what is there, and what is not kept from it', () => {
    const kept = [...read('.dockerignore').matchAll(/^!(.*)$/gm)].map(([, path]) => path as string)
    expect(copied.length).toBeGreaterThan(5)
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    expect([...new Set(copied)].sort()).toEqual(kept.sort())
  })

  test('takes all that the package has of it', () => {
    // Documents and examples are for reading; what is built comes from the other stage.
    const isRun = (path: string): boolean => !/\.md$|^!|^(dist|docs|examples)$/.test(path)
    const needed = ['package.json', ...manifest.files].filter(isRun)
    expect(needed.filter((path: string) => !copied.includes(path))).toEqual([])
  })

  test('has a Node that the package runs on, and an ordinary user', () => {
    const versions = [...containerfile.matchAll(/^FROM docker\.io\/library\/node:(\d+)-slim/gm)].map(
      ([, major]) => major,
    )
    expect(versions).toEqual(['22', '22'])
    expect(containerfile.indexOf('\nUSER node\n')).toBeGreaterThan(containerfile.lastIndexOf('\nRUN '))
  })
})

/** Commands of the steps of a workflow, or of one step. */
function runsOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'run' && typeof value === 'string' ? [value] : runsOf(value),
  )
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
