import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * What each folder of src/ may import besides its own files: whole folders, and single files of which only the types
 * may be taken. A later stage is in no row of an earlier one, and a stage takes nothing but records from another.
 */
const ALLOWED: Readonly<Record<string, { readonly folders: readonly string[]; readonly types: readonly string[] }>> = {
  bytes: { folders: [], types: [] },
  registry: { folders: [], types: [] },
  'key-share': { folders: ['bytes', 'registry'], types: [] },
  capture: { folders: ['bytes', 'registry'], types: [] },
  packet: { folders: ['bytes', 'registry'], types: ['capture/packet'] },
  stream: { folders: ['bytes', 'registry'], types: ['capture/packet', 'packet/segment'] },
  tls: { folders: ['bytes', 'registry', 'key-share'], types: ['capture/packet', 'packet/segment', 'stream/chunk'] },
  // What is a record, and where one begins, both that judge a handshake and that take it apart must say alike.
  dissect: {
    folders: ['bytes', 'registry', 'tls/content-types', 'tls/detect', 'tls/preamble', 'tls/retry-random', 'tls/tds'],
    types: ['stream/chunk', 'tls/handshake'],
  },
  verdict: {
    folders: ['bytes', 'registry', 'key-share'],
    types: ['capture/packet-source', 'capture/summary', 'stream/chunk', 'tls/handshake'],
  },
  policy: { folders: ['bytes', 'registry'], types: ['verdict/record'] },
  compare: { folders: ['bytes', 'registry'], types: ['verdict/record'] },
  teaching: { folders: ['bytes', 'registry'], types: ['verdict/record'] },
  report: {
    folders: ['bytes', 'registry'],
    types: [
      'verdict/record',
      'policy/finding',
      'compare/comparison',
      'dissect/dissect',
      'dissect/shown',
      'dissect/timeline',
      'dissect/tree',
      'teaching/index',
    ],
  },
  cli: {
    folders: ['bytes', 'registry', 'key-share', 'policy', 'compare', 'report', 'analyze', 'show', 'teaching'],
    types: ['verdict/record'],
  },
  analyze: { folders: ['bytes', 'registry', 'key-share', 'capture', 'packet', 'stream', 'tls', 'verdict'], types: [] },
  show: {
    folders: ['bytes', 'registry', 'capture', 'packet', 'stream', 'tls', 'dissect', 'analyze'],
    types: ['verdict/record'],
  },
  index: { folders: ['analyze', 'show', 'registry'], types: ['bytes', 'capture', 'dissect', 'verdict/record'] },
}

/** Packages and modules of Node, and where they may be imported. `cli/` may have any module of Node. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  'node:fs': ['capture/source'],
  'node:zlib': ['capture/decompress'],
  'node:process': ['capture/time-limit'],
  'node:vm': ['capture/time-limit'],
  commander: ['cli'],
  fzstd: ['capture/zstd'],
  'xxhash-wasm': ['capture/zstd'],
  'ipaddr.js': ['policy/addresses'],
  'pcap-ng-parser': ['capture/pcap-ng-parser-reader'],
  picocolors: ['cli'],
  picomatch: ['policy/match', 'cli/files-of-pattern'],
  table: ['report'],
  tinyglobby: ['cli'],
  yaml: ['policy/yaml-node'],
}

interface Import {
  /** Path below src/, without its ending. */
  readonly from: string
  /** The same of the imported file, or the name of a package or module of Node. */
  readonly to: string
  /** Only types are imported: nothing of it is left in the JavaScript. */
  readonly typeOnly: boolean
  readonly dynamic: boolean
}

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map((path) => ({
    path: path.replaceAll('\\', '/').replace(/\.ts$/, ''),
    code: readFileSync(join(ROOT, 'src', path), 'utf8'),
  }))
const imports = sources.flatMap(({ path, code }) => importsOf(path, code))

describe('the reader of imports', () => {
  test('sees every form of one', () => {
    const code = [
      "import type { A } from '../bytes/a.js'",
      "import b, {\n  type B,\n} from './b.js'",
      "export * from 'c'",
      "export type { D } from './d.js'",
      "import './e.js'",
      "const f = await import('node:zlib')",
      "let g: import('node:stream').Transform",
      "// import h from './h.js'",
    ].join('\n')
    expect(importsOf('tls/x', code).map(({ to, typeOnly, dynamic }) => [to, typeOnly, dynamic])).toEqual([
      ['bytes/a', true, false],
      ['tls/b', false, false],
      ['c', false, false],
      ['tls/d', true, false],
      ['tls/e', false, false],
      ['node:zlib', false, true],
      ['node:stream', true, true],
    ])
  })

  test('finds the pipeline of the whole project', () => {
    const stages = imports.filter(({ from }) => from === 'analyze').map(({ to }) => folderOf(to))
    expect([...new Set(stages)].sort()).toEqual(['capture', 'key-share', 'packet', 'stream', 'tls', 'verdict'])
  })
})

describe('the imports of src/', () => {
  test('stay within the table of allowed edges', () => {
    const broken = imports.filter((edge) => isOwn(edge.to) && !isAllowed(edge))
    expect(broken.map(edgeText)).toEqual([])
  })

  test('reach outside only where that is allowed', () => {
    const broken = imports.filter((edge) => !isOwn(edge.to) && !edge.typeOnly && !mayReach(edge))
    expect(broken.map(edgeText)).toEqual([])
  })

  test('load zlib and what stands in for it only when a capture is compressed', () => {
    const decompression = imports.filter(
      ({ to, typeOnly }) => ['node:zlib', 'node:vm', 'fzstd', 'xxhash-wasm'].includes(to) && !typeOnly,
    )
    expect(decompression.filter(({ dynamic }) => !dynamic).map(edgeText)).toEqual([])
  })

  test('form no cycle', () => {
    expect(cycles()).toEqual([])
  })
})

/** The package it wraps takes Buffers and streams, so it is loaded only where it is asked for. */
const NEEDS_NODE = 'capture/pcap-ng-parser-reader'

describe('the globals of Node', () => {
  test('are touched by the command line alone', () => {
    const globals = /\b(?:process|console|Buffer|setImmediate|require)\b\s*[.(]/
    const broken = sources.filter(({ path, code }) => !path.startsWith('cli/') && globals.test(withoutComments(code)))
    expect(broken.map(({ path }) => path).filter((path) => path !== NEEDS_NODE)).toEqual([])
  })

  test('come with pcap-ng-parser only where it is asked for', () => {
    const edges = imports.filter(({ to, typeOnly }) => to === NEEDS_NODE && !typeOnly)
    expect(edges.map(({ from, dynamic }) => [from, dynamic])).toEqual([['capture/packet-source', true]])
  })
})

describe('the files of the project', () => {
  // Joined, so that this file does not name them itself.
  const machinePaths = ['home', 'work', 'root', 'Users', 'mnt'].map((folder) => `/${folder}/`)
  const registryHosts = [
    ['registry', 'npmjs', 'org'],
    ['registry', 'yarnpkg', 'com'],
    ['npm', 'pkg', 'github', 'com'],
  ].map((words) => words.join('.'))

  test.each([...machinePaths, ...registryHosts])('do not name %s', (text) => {
    // In front of it neither a word nor a dot: `test/work/` and `./work/` name no place on a machine.
    const pattern = new RegExp(`(?<![\\w.*-])${text.replaceAll('.', '\\.')}`)
    const named = textFiles(ROOT).filter((path) => pattern.test(readFileSync(join(ROOT, path), 'utf8')))
    expect(named).toEqual([])
  })

  test('lock versions and contents, but no place to fetch them from', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"')
  })
})

function importsOf(from: string, code: string): Import[] {
  const found: Import[] = []
  const add = (specifier: string, typeOnly: boolean, dynamic: boolean): void => {
    const to = specifier.startsWith('.') ? posix.join(dirname(from), specifier).replace(/\.js$/, '') : specifier
    found.push({ from, to, typeOnly, dynamic })
  }
  const text = withoutComments(code)
  for (const [, type, specifier] of text.matchAll(/^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'/gm))
    add(specifier as string, type !== undefined, false)
  for (const [, specifier] of text.matchAll(/^import\s+'([^']+)'/gm)) add(specifier as string, false, false)
  for (const [, awaited, specifier, member] of text.matchAll(/(await\s+)?\bimport\(\s*'([^']+)'\s*\)(\.[A-Z]\w*)?/g))
    add(specifier as string, awaited === undefined && member !== undefined, true)
  return found
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

function isOwn(to: string): boolean {
  return folderOf(to) in ALLOWED
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const own = folderOf(from)
  if (folderOf(to) === own) return true
  const row = ALLOWED[own]
  return within(row?.folders, to) || (typeOnly && within(row?.types, to))
}

function mayReach({ from, to }: Import): boolean {
  return within(OUTSIDE[to], from) || (to.startsWith('node:') && within(['cli'], from))
}

/** Whether a file is one of some, or in one of some folders. */
function within(allowed: readonly string[] | undefined, path: string): boolean {
  return allowed?.some((place) => path === place || path.startsWith(`${place}/`)) ?? false
}

function folderOf(path: string): string {
  return path.split('/')[0] as string
}

function edgeText({ from, to, typeOnly }: Import): string {
  return `${from} -> ${typeOnly ? 'type ' : ''}${to}`
}

function cycles(): string[] {
  const targets = new Map<string, string[]>()
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to])
  const finished = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    else if (!finished.has(path)) {
      for (const to of targets.get(path) ?? []) visit(to, [...trail, path])
      finished.add(path)
    }
  }
  for (const { path } of sources) visit(path, [])
  return found
}

const NOT_THE_PROJECT = ['node_modules', '.git', 'dist', 'coverage', 'bench/captures']

function textFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (NOT_THE_PROJECT.includes(path)) return []
    if (entry.isDirectory()) return textFiles(root, path)
    return entry.isFile() && !/\.(?:pcap|pcapng|gz|zst|tgz|cpuprofile)$/.test(path) ? [path] : []
  })
}
