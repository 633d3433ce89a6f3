import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { FINDINGS } from '../fuzz/invariants.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'samples/README.md',
  'bench/results.md',
  'fuzz/README.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
]

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document)

  test('links to files and headings that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    const broken = links.filter(([, path, anchor]) => {
      const target = path === '' ? document : join(dirname(document), path as string)
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  test('shows the output of its examples as it is', () => {
    for (const [, command, output] of text.matchAll(/```console\n\$ pqcap ([\s\S]*?[^\\])\n([\s\S]*?)\n```/g)) {
      const argv = (command as string).replaceAll('\\\n', ' ').split(/\s+/)
      expect(leftOutOf(pqcap(...argv).trimEnd(), output as string), command).toBe(output)
    }
  })

  test('calls pqcap as it can be called', () => {
    const called = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, code]) => commandsOf(code as string))
    for (const { command, options } of called) {
      const help = helpOf(command)
      for (const option of options)
        expect(help, `${command} ${option}`).toMatch(new RegExp(`(^|[ ,])${option}[ ,\n]`, 'm'))
    }
  })
})

describe('the README', () => {
  const readme = read('README.md')

  test('begins with the two commands that set up, show and test', () => {
    expect(readme).toMatch(/^# pqcap\n\n```sh\nnpm ci && bin\/pqcap samples\/\*\.pcap\*\nnpm ci && npm test\n```\n/)
  })

  test('has an example of each command', () => {
    const shown = [...readme.matchAll(/```console\n\$ pqcap (\S+)/g)].map(([, word]) => word)
    expect(shown).toEqual([expect.stringMatching(/^samples\//), 'show', 'diff', 'check', 'groups'])
  })

  test('names every document of the package', () => {
    for (const name of readdirSync(join(ROOT, 'docs'))) expect(readme).toContain(`](docs/${name})`)
  })
})

describe('docs/commands.md', () => {
  test.each([[], ['show'], ['diff'], ['check'], ['init'], ['groups']])(
    'shows the help of pqcap %s as it is',
    (...name) => {
      expect(read('docs/commands.md')).toContain(`\`\`\`text\n${helpOf(name.join()).trimEnd()}\n\`\`\``)
    },
  )
})

describe('docs/output.md', () => {
  const document = read('docs/output.md')
  const schema = JSON.parse(read('schemas/pqcap-1.schema.json')).$defs

  test('shows a verdict as it is', () => {
    const [, sample, verdict] = /verdict of `([^`]+)`:\n\n```json\n([\s\S]*?)\n```/.exec(document) ?? []
    const [line] = pqcap('--format', 'ndjson', sample as string).split('\n')
    expect(JSON.parse(line as string).verdict).toEqual(JSON.parse(verdict as string))
  })

  test('explains every outcome, label and reason of the schema', () => {
    for (const field of ['outcome', 'label', 'reason']) {
      const words = wordsOf(schema.verdict.properties[field])
      expect(words.length, field).toBeGreaterThan(3)
      expect(words.filter((word) => !new RegExp(`^\\|.*\`${word}\``, 'm').test(document))).toEqual([])
    }
  })

  test.each(['handshake', 'capture'])('has every field of a %s', (type) => {
    const fields = Object.keys(schema[type].properties).filter((field) => field !== 'type')
    expect(fields.length).toBeGreaterThan(10)
    expect(fields.filter((field) => !new RegExp(`^\\|[^|]*\`${field}\``, 'm').test(document))).toEqual([])
  })
})

test('docs/findings.md has every finding that there is, and no other', () => {
  const rows = [...read('docs/findings.md').matchAll(/^\| `([a-z-]+)` \| [a-z][^|]*\| (?:RFC|FIPS) /gm)]
  expect(rows.map(([, code]) => code).sort()).toEqual([...FINDINGS].sort())
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

/** The anchors that a reader of Markdown makes of headings. */
function anchorsOf(path: string): string[] {
  return [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** The output with a line of `...` in place of what an example leaves out, where it holds the parts of that in order. */
function leftOutOf(output: string, example: string): string {
  const parts = example.split(/^\.\.\.(?:\n|$)/m)
  let at = 0
  const shown = parts.map((part, index) => {
    const isEnd = index === parts.length - 1 && part !== ''
    const start = index === 0 ? 0 : isEnd ? output.length - part.length : output.indexOf(`\n${part}`, at - 1) + 1
    at = isEnd ? output.length : start + part.length
    return output.slice(start, at)
  })
  return shown.join('...\n').trimEnd()
}

/** The calls of pqcap in shell, with the long options that they have. */
function commandsOf(code: string): { command: string; options: string[] }[] {
  const lines = code
    .replaceAll('\\\n', ' ')
    .replaceAll(/#.*$/gm, '')
    .split(/\n|&&|\|/)
  return lines.flatMap((line) => {
    const [, words] = /(?:^|\s|\/)pqcap (.*)$/.exec(line) ?? []
    if (words === undefined) return []
    const command = /^(?:show|diff|check|init|groups)\b/.exec(words)?.[0] ?? ''
    return [{ command, options: [...words.matchAll(/(?<=^|\s)--[\w-]+/g)].map(([option]) => option) }]
  })
}

const helps = new Map<string, string>()

function helpOf(command: string): string {
  const help = helps.get(command) ?? pqcap(...(command === '' ? [] : [command]), '--help')
  helps.set(command, help)
  return help
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
