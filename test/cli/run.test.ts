import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.js'
import type { PqcapRecord } from '../../src/verdict/record.js'
import { captureRecord, classicalRecord, handshakeRecord } from '../support/records.js'
import { errorWithCode, type FakeSession, fakeSession, sessionWith } from '../support/session.js'

const CAPTURES: Readonly<Record<string, readonly PqcapRecord[]>> = {
  'a.pcap': [
    handshakeRecord({ capture: 'a.pcap' }),
    classicalRecord({ capture: 'a.pcap', stream: 1 }),
    captureRecord({ capture: 'a.pcap', handshakes: 2 }),
  ],
  'b.pcap': [classicalRecord({ capture: 'b.pcap' }), captureRecord({ capture: 'b.pcap' })],
  './analyze': [captureRecord({ capture: './analyze', handshakes: 0 })],
  'cut.pcap': [
    handshakeRecord({ capture: 'cut.pcap' }),
    captureRecord({
      capture: 'cut.pcap',
      error: { code: 'cut', message: 'packet 9 needs 60 bytes, 7 left', offset: 990 },
    }),
  ],
  'evil\u001b[2J.pcap': [
    captureRecord({ capture: 'evil\u001b[2J.pcap', error: { code: 'open', message: 'no such\nfile', offset: 0 } }),
  ],
}

/** What a command line prints and ends with. */
async function transcript(
  argv: readonly string[],
  session: FakeSession = fakeSession(CAPTURES),
): Promise<{ status: number; stdout: string; stderr: string }> {
  const status = await run(argv, session)
  return { status, stdout: session.stdout.text, stderr: session.stderr.text }
}

describe('pqcap', () => {
  test('analyzes captures in the order given, with or without the name of the command', async () => {
    const plain = await transcript(['b.pcap', 'a.pcap', '--format', 'ndjson'])
    const lines = ['b.pcap', 'a.pcap'].flatMap((name) => CAPTURES[name]?.map((record) => `${JSON.stringify(record)}\n`))
    expect(plain).toEqual({ status: 0, stdout: lines.join(''), stderr: '' })
    expect(await transcript(['analyze', 'b.pcap', 'a.pcap', '-f', 'ndjson'])).toEqual(plain)
  })

  test('prints a table by default', async () => {
    const { status, stdout } = await transcript(['a.pcap'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/X25519MLKEM768 +hybrid +1216 -> 1120/)
    expect(stdout).toMatch(/\n2 handshakes: 1 hybrid, 1 classical\n$/)
  })

  test('prints csv and one json document', async () => {
    expect((await transcript(['a.pcap', '--format', 'csv'])).stdout.split('\r\n')).toHaveLength(4)
    expect(JSON.parse((await transcript(['a.pcap', '--format=json'])).stdout).handshakes).toHaveLength(2)
  })

  test('takes a capture that is named like a command by its path', async () => {
    expect((await transcript(['./analyze'])).stdout).toContain('./analyze: no TLS handshakes')
  })

  test('goes on after a capture that could not be read whole, and ends with status 2', async () => {
    const { status, stdout, stderr } = await transcript(['cut.pcap', 'b.pcap', '--format', 'csv'])
    expect(status).toBe(2)
    expect(stderr).toBe('pqcap: cut.pcap: packet 9 needs 60 bytes, 7 left\n')
    expect(stdout.split('\r\n')).toHaveLength(4)
  })

  test('escapes file names and messages on standard error', async () => {
    const { stdout, stderr } = await transcript(['evil\u001b[2J.pcap'])
    expect(stderr).toBe('pqcap: evil\\x1b[2J.pcap: no such\\x0afile\n')
    expect(stdout).not.toContain('\u001b')
  })

  test('shows only what the filters let pass', async () => {
    const { stdout } = await transcript(['a.pcap', '--filter', 'label=hybrid', '--filter', 'version=1.3'])
    expect(stdout).toContain('\n1 of 2 handshakes: 1 hybrid\n')
    expect(stdout).not.toContain('x25519 ')
  })

  test('hands the reader over', async () => {
    const readers: unknown[] = []
    const session = sessionWith(async function* (_input, options) {
      readers.push(options?.reader)
      yield captureRecord()
    })
    await run(['x', '--reader', 'pcap-ng-parser'], session)
    await run(['x'], session)
    expect(readers).toEqual(['pcap-ng-parser', 'own'])
  })

  test('reads standard input as -, and prints each row as it comes', async () => {
    const printed: string[] = []
    const session = sessionWith(
      async function* (input, options) {
        for await (const chunk of input as AsyncIterable<Uint8Array>) {
          yield handshakeRecord({ capture: options?.name ?? '', serverName: `bytes-${chunk.length}` })
          await new Promise((resolve) => setImmediate(resolve))
          await new Promise((resolve) => setImmediate(resolve))
          printed.push(session.stdout.text)
        }
        yield captureRecord({ capture: '-' })
      },
      [new Uint8Array(3), new Uint8Array(5)],
    )
    expect(await run(['-'], session)).toBe(0)
    expect(printed[0]).toContain('bytes-3')
    expect(printed[0]).not.toContain('bytes-5')
    expect(printed[1]).toContain('bytes-5')
  })
})

describe('colours', () => {
  test.each([
    [{}, false, [], false],
    [{}, true, [], true],
    [{ NO_COLOR: '1' }, true, [], false],
    [{ NO_COLOR: '' }, true, [], true],
    [{ FORCE_COLOR: '1' }, false, [], true],
    [{ FORCE_COLOR: '0' }, true, [], false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, [], false],
    [{ TERM: 'dumb' }, true, [], false],
    [{ NO_COLOR: '1' }, false, ['--color'], true],
    [{ FORCE_COLOR: '1' }, true, ['--no-color'], false],
  ])('with %j, a terminal: %s and options %j: %s', async (env, isTTY, options, coloured) => {
    const session = { ...fakeSession(CAPTURES), env }
    session.stdout.isTTY = isTTY
    await run(['a.pcap', ...options], session)
    expect(session.stdout.text.includes('\u001b[32m')).toBe(coloured)
  })

  test('are of the table alone', async () => {
    expect((await transcript(['a.pcap', '--color', '--format', 'csv'])).stdout).not.toContain('\u001b')
  })
})

describe('the width of the table', () => {
  test.each([
    [true, 80, {}, 80],
    [true, 120, { COLUMNS: '60' }, 120],
    [false, 80, { COLUMNS: '60' }, 60],
  ])('on a terminal: %s of %i columns with %j is at most %i', async (isTTY, columns, env, most) => {
    const session = { ...fakeSession(CAPTURES), env }
    Object.assign(session.stdout, { isTTY, columns })
    await run(['a.pcap', '--no-color'], session)
    const widest = Math.max(...session.stdout.text.split('\n').map((line) => line.length))
    expect(widest).toBeLessThanOrEqual(most)
    expect(widest).toBeGreaterThan(most / 3)
  })

  test('leaves a handshake on one line where there is no terminal', async () => {
    expect((await transcript(['a.pcap'])).stdout).toMatch(/198\.51\.100\.2:43850 {2}198\.51\.100\.1:4433.*negotiated/)
  })
})

describe('help and version', () => {
  test.each([[['--help']], [['--version']], [['show', '--help']], [['help']]])(
    'are an error where the disk is full: %j',
    async (argv) => {
      const session = fakeSession()
      session.stdout.failure = errorWithCode('ENOSPC', 'ENOSPC: no space left on device, write')
      expect(await run(argv, session)).toBe(2)
      expect(session.stderr.text).toBe('pqcap: standard output: ENOSPC: no space left on device, write\n')
    },
  )

  test('are results: standard output, status 0', async () => {
    const { status, stdout, stderr } = await transcript(['--help'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const text of ['--format', '--filter', '--reader', '--all', '--version', 'tcpdump', 'Examples:']) {
      expect(stdout).toContain(text)
    }
    expect(await transcript(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
    expect((await transcript(['analyze', '--help'])).stdout).toContain('--filter')
  })
})

describe('wrong usage', () => {
  test.each([
    [
      [],
      'Usage: pqcap [analyze] [options] <captures...>\npqcap: no captures named; to read standard input, name it: pqcap -\npqcap --help has examples.\n',
    ],
    [['--formt', 'csv', 'a.pcap'], "pqcap: unknown option '--formt'\n(Did you mean --format?)\n"],
    [
      ['--format', 'xml', 'a.pcap'],
      "pqcap: option '-f, --format <format>' argument 'xml' is invalid. Allowed choices are table, ndjson, json, csv.\n",
    ],
    [
      ['--reader', 'x', 'a.pcap'],
      "pqcap: option '--reader <reader>' argument 'x' is invalid. Allowed choices are own, pcap-ng-parser.\n",
    ],
    [['--filter', 'lable=hybrid', 'a.pcap'], "pqcap: unknown filter key 'lable'; did you mean 'label'?\n"],
    [['--filter'], "pqcap: option '--filter <expression>' argument missing\n"],
    [['-', 'a.pcap', '-'], 'pqcap: standard input can be read only once\n'],
    [['--a\nb', 'a.pcap'], "pqcap: unknown option '--a\\x0ab'\n"],
    [
      ['--reader', 'x\n(Did you mean y?)\n', 'a.pcap'],
      "pqcap: option '--reader <reader>' argument 'x\\x0a(Did you mean y?)\\x0a' is invalid. Allowed choices are own, pcap-ng-parser.\n",
    ],
    [['--\u001b[2J', 'a.pcap'], "pqcap: unknown option '--\\x1b[2J'\n"],
  ])('%j is told on standard error with status 2', async (argv, stderr) => {
    expect(await transcript(argv)).toEqual({ status: 2, stdout: '', stderr })
  })

  test('names a command that there is no help for', async () => {
    const { status, stderr } = await transcript(['help', 'no\nthing'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/\npqcap: unknown command 'no\\x0athing'\n$/)
  })

  test('at a terminal does not speak of pipes', async () => {
    const session = fakeSession()
    Object.assign(session.stdin, { isTTY: true })
    expect((await transcript([], session)).stderr).toContain('pqcap: no captures named\n')
  })
})

describe('an output that cannot be written', () => {
  const endless = (): FakeSession & { yielded: number } => {
    const session = Object.assign(
      sessionWith(async function* () {
        for (;;) {
          session.yielded++
          yield handshakeRecord()
        }
      }),
      { yielded: 0 },
    )
    return session
  }

  test('ends the work quietly where the reader has gone', async () => {
    const session = endless()
    session.stdout.failure = errorWithCode('EPIPE', 'write EPIPE')
    expect(await transcript(['x', '--format', 'ndjson'], session)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(session.yielded).toBeLessThan(100)
  })

  test('is told where the disk is full', async () => {
    const session = endless()
    session.stdout.failure = errorWithCode('ENOSPC', 'ENOSPC: no space left on device, write')
    expect(await transcript(['x', '--format', 'ndjson'], session)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'pqcap: standard output: ENOSPC: no space left on device, write\n',
    })
  })
})

describe('an interruption', () => {
  test('leaves a file where it is and prints what there is, with status 0', async () => {
    const session = sessionWith(async function* (_, options) {
      yield handshakeRecord()
      yield handshakeRecord()
      session.interruption.abort()
      while (options?.signal?.aborted !== true) yield handshakeRecord()
      yield captureRecord({ capture: 'x' })
    })
    const { status, stdout, stderr } = await transcript(['x', 'y'], session)
    expect(status).toBe(0)
    expect(stdout).toContain('\n2 handshakes: 2 hybrid\n')
    expect(stderr).toBe('pqcap: x: interrupted, the rest was not read\n')
  })

  test('ends standard input, and what its packets showed still comes', async () => {
    const session: FakeSession = Object.assign(
      sessionWith(async function* (input) {
        for await (const _ of input as AsyncIterable<Uint8Array>) yield handshakeRecord({ capture: '-' })
        yield classicalRecord({ capture: '-' })
        yield captureRecord({ capture: '-' })
      }),
      {
        stdin: (async function* () {
          yield new Uint8Array(1)
          setImmediate(() => session.interruption.abort())
          await new Promise(() => {})
        })(),
      },
    )
    const { status, stdout, stderr } = await transcript(['-'], session)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('2 handshakes: 1 hybrid, 1 classical\n')
  })
})
