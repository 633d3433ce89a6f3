import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'samples/README.md',
  'bench/results.md',
  'docs/ci.md',
  'docs/reports.md',
  'docs/policy.md',
  'fuzz/README.md',
]

describe.each(DOCUMENTS)('%s', (document) => {
  test('links to files that are there', () => {
    const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path as string)
    expect(links.filter((path) => !existsSync(join(ROOT, dirname(document), path)))).toEqual([])
  })
})

describe('the README', () => {
  const readme = read('README.md')

  test('shows the help as it is', () => {
    expect(readme).toContain(`\`\`\`text\n${pqcap('--help').trimEnd()}\n\`\`\``)
  })

  test('shows the output of its examples as it is', () => {
    const examples = [...readme.matchAll(/```console\n\$ pqcap ([\s\S]*?[^\\])\n([\s\S]*?)\n```/g)]
    expect(examples.length).toBeGreaterThan(1)
    for (const [, command, output] of examples) {
      const argv = (command as string).replaceAll('\\\n', ' ').split(/\s+/)
      const shown = pqcap(...argv).trimEnd()
      // Of what is long the beginning is shown.
      const [beginning, end] = (output as string).split(/^\.\.\.$/m)
      if (end === undefined) expect(shown).toBe(output)
      else expect(shown.startsWith(beginning as string)).toBe(true)
    }
  })

  test('shows the output of a check as it is', () => {
    const [, command, output] = /```console\n\$ pqcap (check .*)\n([\s\S]*?)\n```/.exec(readme) ?? []
    expect(pqcap(...(command ?? '').split(' ')).trimEnd()).toBe(output)
  })

  test('shows a verdict as it is', () => {
    const [, sample, verdict] = /verdict of `([^`]+)`:\n\n```json\n([\s\S]*?)\n```/.exec(readme) ?? []
    const [line] = pqcap('--format', 'ndjson', sample as string).split('\n')
    expect(JSON.parse(line as string).verdict).toEqual(JSON.parse(verdict as string))
  })

  test('explains every outcome, label and reason of the schema', () => {
    const { properties } = JSON.parse(read('schemas/pqcap-1.schema.json')).$defs.verdict
    for (const field of ['outcome', 'label', 'reason']) {
      const words = wordsOf(properties[field])
      expect(words.length, field).toBeGreaterThan(3)
      expect(words.filter((word) => !new RegExp(`^\\|.*\`${word}\``, 'm').test(readme))).toEqual([])
    }
  })
})

test('the constants that ARCHITECTURE.md names are in the files it names', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| (`[A-Z][^|]*) \| `([^`]+)` \|/gm)]
  expect(rows.length).toBeGreaterThan(8)
  for (const [, names, file] of rows) {
    const code = read(`src/${file}`)
    for (const [, name] of (names as string).matchAll(/`([A-Z_]+)`/g))
      expect(code).toMatch(new RegExp(`const ${name} =`))
  }
})

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

function pqcap(...argv: string[]): string {
  const env = { ...process.env, COLUMNS: '100', NO_COLOR: '1', GITHUB_ACTIONS: '' }
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'bin/pqcap'), ...argv], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  })
  return stdout
}

/** The words that a part of the schema allows, wherever they are in it. */
function wordsOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) => {
    if (key === 'enum') return (value as unknown[]).filter((word) => typeof word === 'string')
    return wordsOf(value)
  })
}
