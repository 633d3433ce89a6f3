import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { Printing } from '../../src/cli/printing.js'
import { readInWorkers } from '../../src/cli/read-in-workers.js'
import type { WorkerOptions } from '../../src/cli/worker-messages.js'
import { ndjsonReporter } from '../../src/report/ndjson.js'
import { Command } from '../support/command.js'
import { fakeSession } from '../support/session.js'

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url))
const LAUNCHER = fileURLToPath(new URL('../../bin/pqcap', import.meta.url))
const WORKER = new URL('../../dist/cli/worker.js', import.meta.url)
const captures = readdirSync(SAMPLES)
  .filter((name) => /\.pcap/.test(name))
  .map((name) => join(SAMPLES, name))

/** What a command line prints on both streams, and how it ends. */
async function transcript(...argv: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const command = new Command(argv)
  const status = await command.ends()
  return { status, stdout: command.stdout, stderr: command.stderr }
}

describe('any number of jobs', () => {
  test.each([
    ['ndjson', []],
    ['json', []],
    ['csv', []],
    ['table', []],
    ['table', ['--all']],
    ['table', ['--filter', 'label=classical']],
    ['json', ['--filter', 'label=classical']],
    ['json', ['--filter', 'server-name=nowhere.example']],
    ['ndjson', ['--reader', 'pcap-ng-parser']],
  ])('prints the same bytes as %s with %j', async (format, options) => {
    const argv = [...captures, 'no-such-file', captures[0] as string, '--format', format, ...options]
    const [one, two, many] = await Promise.all(['1', '2', '9'].map((jobs) => transcript(...argv, '--jobs', jobs)))
    expect(one?.status).toBe(2)
    expect(one?.stderr).toBe('pqcap: no-such-file: cannot be read: no such file or directory\n')
    expect(two).toEqual(one)
    expect(many).toEqual(one)
  })

  test('but not none, nor half a one', async () => {
    for (const jobs of ['0', '1.5', 'x', '257']) {
      const { status, stderr } = await transcript('--jobs', jobs, 'x')
      expect(status).toBe(2)
      expect(stderr).toContain('from 1 to 256')
    }
  })

  test('tells what is wrong with a filter once, before it prints anything', async () => {
    const { status, stdout, stderr } = await transcript(...captures, '--jobs', '2', '-f', 'csv', '--filter', 'label=x')
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toBe("pqcap: unknown label 'x'; known: hybrid, post-quantum, classical, psk, unknown\n")
  })
})

describe('several threads', () => {
  const trace = '--trace-protector-invalidation'
  const isKnown = spawnSync(process.execPath, [trace, '-e', '0']).status === 0

  // From the first detached buffer on, V8 asks at each access to any buffer of the thread whether it is still there.
  test.runIf(isKnown)('hand over no buffer, which would slow down all that is compiled', () => {
    const argv = [trace, LAUNCHER, '--jobs', '2', '--format', 'csv', ...captures]
    const { stdout, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toContain('x25519')
    expect(stdout).not.toContain('Detaching')
  })
})

describe('a worker thread that dies of a capture', () => {
  /** The worker as it is, but for a capture that kills it in the way of `death`. */
  function deadly(death: string): (options: WorkerOptions) => Worker {
    const code = `
      const { parentPort } = require('node:worker_threads')
      import(${JSON.stringify(WORKER.href)}).then(() => {
        parentPort.on('message', ({ captures }) => {
          if (captures?.includes('deadly')) { ${death} }
        })
      })`
    return (workerData) =>
      new Worker(code, { eval: true, workerData, stderr: true, resourceLimits: { maxOldGenerationSizeMb: 32 } })
  }

  test.each([
    ['an exception', "throw new Error('broken')", 'broken'],
    ['an exit', 'process.exit(3)', 'it ended'],
    ['memory', 'const all = []; for (;;) all.push(new Array(1e5).fill({}))', 'it ran out of memory'],
  ])('by %s is told for that capture; all others are read', async (_, death, message) => {
    const session = fakeSession()
    const printing = new Printing(ndjsonReporter(), session)
    const [first, second, third] = captures as [string, string, string]
    const tasks = [
      { captures: [first, 'deadly', second], weight: 3 },
      { captures: [third], weight: 1 },
    ]
    const start = () => deadly(death)({ format: 'ndjson', filter: [], reader: 'own', all: false, maxAhead: 1 })
    await readInWorkers(tasks, 2, start, session, printing)
    expect(await printing.end()).toBe(2)
    expect(session.stderr.text).toBe(`pqcap: deadly: cannot be read: the worker that read it died: ${message}\n`)
    const records = session.stdout.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const ended = records.filter(({ type }) => type === 'capture')
    expect(ended.map(({ capture, error }) => [capture, error?.code])).toEqual([
      [first, undefined],
      ['deadly', 'worker-died'],
      [second, undefined],
      [third, undefined],
    ])
  })
})
