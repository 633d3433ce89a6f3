import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Script } from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CODE_CACHE, CODE_CACHE_ENDING, start, startFrom } from '../../src/cli/start.js'
import { rawBlock, zstdFrame } from '../support/zstd.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CAPTURE = join(ROOT, 'samples', 'hybrid-x25519mlkem768.pcap')
const BUILT = join(ROOT, 'dist', 'bin')

const parent = mkdtempSync(join(tmpdir(), 'pqcap-start-'))
const probe = join(parent, 'probe.cjs')
afterAll(() => rmSync(parent, { recursive: true, force: true }))

// A process of its own: where V8 has compiled a text before, it does not look at what was kept of it.
beforeAll(() =>
  writeFileSync(
    probe,
    `const { CODE_CACHE, startFrom } = require(${JSON.stringify(join(BUILT, 'start.cjs'))})
     const [folder] = process.argv.splice(2, 1)
     const cached = new Set(require('node:fs').readdirSync(folder + '/' + CODE_CACHE))
     const taken = {}
     process.on('exit', () => console.error(JSON.stringify(taken)))
     const nodeRequire = (id) => id === 'outside' ? { say: console.log } : require(id)
     startFrom(folder, nodeRequire, cached, (name, { cachedDataRejected }) => {
       taken[name] = cachedDataRejected === undefined ? 'not there' : !cachedDataRejected
     })`,
  ),
)

describe('the chunks of the command', () => {
  /** What they say, in order. */
  let said: string[] = []
  let folder = ''
  beforeEach(() => {
    said = []
    folder = mkdtempSync(join(parent, 'chunks-'))
    writeFileSync(
      join(folder, 'pqcap.cjs'),
      `const { say } = require('outside')
       say('entry of ' + __dirname)
       for (const time of ['once', 'twice']) say(require('./part.cjs').name(time))`,
    )
    writeFileSync(
      join(folder, 'part.cjs'),
      `require('outside').say('part in ' + __filename)
       module.exports = { name: (time) => 'part ' + time }`,
    )
  })

  function outside(id: string): unknown {
    if (id !== 'outside') said.push(`require ${id}`)
    return { say: (text: string) => said.push(text) }
  }

  /** Keeps what V8 compiled of a run, as the build does. */
  function keepCode(): void {
    const scripts = new Map<string, Script>()
    startFrom(folder, outside, new Set(), (name, script) => scripts.set(name, script))
    mkdirSync(join(folder, CODE_CACHE), { recursive: true })
    for (const [name, script] of scripts) writeFileSync(cacheOf(name), script.createCachedData())
    said = []
  }

  const cacheOf = (name: string): string => join(folder, CODE_CACHE, `${name}${CODE_CACHE_ENDING}`)

  const run = () => {
    const { stdout, stderr } = node(probe, folder)
    return { said: stdout.trim().split('\n'), taken: JSON.parse(stderr) }
  }

  const everything = () => [`entry of ${folder}`, `part in ${join(folder, 'part.cjs')}`, 'part once', 'part twice']

  test('are left to Node where there is no code cache', () => {
    start(folder, outside)
    expect(said).toEqual([`require ${join(folder, 'pqcap.cjs')}`])
  })

  test('are each run once where there is one, with modules of Node and packages from outside', () => {
    keepCode()
    start(folder, outside)
    expect(said).toEqual(everything())
  })

  test('are not compiled again', () => {
    keepCode()
    expect(run()).toEqual({ said: everything(), taken: { 'pqcap.cjs': true, 'part.cjs': true } })
  })

  test('run all the same where the cache is not whole, or not of them', () => {
    keepCode()
    const whole = readFileSync(cacheOf('part.cjs'))
    for (const other of [whole.subarray(0, whole.length - 8), new Uint8Array(0), readFileSync(cacheOf('pqcap.cjs'))]) {
      writeFileSync(cacheOf('part.cjs'), other)
      expect(run()).toEqual({ said: everything(), taken: { 'pqcap.cjs': true, 'part.cjs': false } })
    }
  })

  test('run all the same where the cache lacks one of them', () => {
    keepCode()
    rmSync(cacheOf('pqcap.cjs'))
    expect(run()).toEqual({ said: everything(), taken: { 'pqcap.cjs': 'not there', 'part.cjs': true } })
  })
})

describe('the command as it was built', () => {
  const compressed = join(parent, 'capture.pcap.zst')
  const bare = join(parent, 'bare')

  beforeAll(() => {
    writeFileSync(compressed, zstdFrame(0x40, [rawBlock(readFileSync(CAPTURE))]))
    for (const name of ['bin', 'dist', 'package.json']) {
      cpSync(join(ROOT, name), join(bare, name), { recursive: true, filter: (path) => basename(path) !== 'code-cache' })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(bare, 'node_modules'))
  })

  test.each([
    ['a capture', [CAPTURE]],
    ['NDJSON', ['--format', 'ndjson', CAPTURE]],
    ['check', ['check', '--require', 'hybrid', CAPTURE]],
    ['show', ['show', CAPTURE]],
    ['groups', ['groups']],
  ])('has code for every chunk that %s needs', (_what, argv) => {
    const { status, stderr } = node(probe, BUILT, ...argv)
    const taken = JSON.parse(stderr)
    expect({ status, needed: [...new Set(Object.values(taken))] }).toEqual({ status: 0, needed: [true] })
    expect(Object.keys(taken).length).toBeGreaterThan(3)
  })

  test.each([
    ['a capture', [CAPTURE]],
    [
      'one for which a package is loaded',
      ['--reader', 'pcap-ng-parser', join(ROOT, 'samples', 'two-interfaces.pcapng')],
    ],
    ['one that is compressed', [compressed]],
    ['several, in threads', ['--jobs', '2', CAPTURE, compressed]],
    ['no capture', [join(ROOT, 'package.json')]],
  ])('says of %s what it says without', (_what, argv) => {
    const told = node(join(bare, 'bin', 'pqcap'), ...argv)
    expect(told.stdout + told.stderr).not.toBe('')
    expect(node(join(ROOT, 'bin', 'pqcap'), ...argv)).toEqual(told)
  })
})

function node(...argv: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', input: '' })
  return { status, stdout, stderr }
}
