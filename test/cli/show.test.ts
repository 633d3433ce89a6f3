import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.js'
import { analyze } from '../../src/index.js'
import { textWidth } from '../../src/report/cell.js'
import { type FakeSession, sessionWith } from '../support/session.js'

interface Shown {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** What `pqcap show` prints; of a file below samples/ where no input is given. */
async function shown(argv: readonly string[], columns = 80, stdin: Iterable<Uint8Array> = []): Promise<Shown> {
  const session: FakeSession = sessionWith(analyze, stdin)
  session.stdout.isTTY = true
  session.stdout.columns = columns
  const status = await run(['show', '--no-color', ...argv], session)
  return { status, stdout: session.stdout.text, stderr: session.stderr.text }
}

const sample = (name: string): string => `samples/${name}`

describe('the transcript of', () => {
  test.each([
    ['a hybrid handshake', 'hybrid', 80, [sample('hybrid-x25519mlkem768.pcap')]],
    ['the same on a wide terminal', 'hybrid-wide', 140, [sample('hybrid-x25519mlkem768.pcap')]],
    ['the same in bytes', 'hybrid-bytes', 80, [sample('hybrid-x25519mlkem768.pcap'), '--bytes']],
    ['the same on a narrow terminal', 'hybrid-narrow', 50, [sample('hybrid-x25519mlkem768.pcap')]],
    ['one after a HelloRetryRequest', 'retry', 80, [sample('retry-to-hybrid.pcap')]],
    ['one with early data', 'early-data', 80, [sample('early-data.pcap'), '--stream', '1']],
    ['one of TLS 1.2', 'tls12', 80, [sample('tls12-x25519.pcap')]],
    ['one of TLS 1.2 by RSA', 'tls12-rsa', 140, [sample('tls12-rsa.pcap')]],
    ['one that was rejected', 'rejected', 80, [sample('rejected-group.pcap')]],
    ['one that the snap length cut', 'incomplete', 80, [sample('snap-length-96.pcap')]],
    ['one in IP fragments', 'fragments', 80, [sample('vxlan.pcap')]],
    ['one with GREASE', 'grease', 100, [sample('grease-chromium.pcap'), '--stream', '0']],
    ['one behind STARTTLS', 'starttls', 80, [sample('starttls-smtp.pcap')]],
    ['one of a compressed capture', 'compressed', 80, [sample('lossy.pcap.gz'), '--stream', '2']],
    ['a list to choose from', 'list', 80, [sample('early-data.pcap')]],
  ])('%s is as it was read', async (_, name, columns, argv) => {
    const { status, stdout, stderr } = await shown(argv, columns)
    expect([status, stderr]).toEqual([0, ''])
    await expect(stdout).toMatchFileSnapshot(`show/${name}.txt`)
  })
})

describe('a page', () => {
  const argvs = [
    ['hybrid-x25519mlkem768.pcap'],
    ['retry-to-classical.pcap', '--bytes'],
    ['tls12-dhe.pcap'],
    ['lossy.pcap.gz'],
    ['snap-length-96.pcap', '--bytes'],
  ]

  test.each([20, 32, 40, 64, 71, 72, 80, 100, 119, 140, 200])('is never wider than %i columns', async (columns) => {
    for (const [name, ...options] of argvs) {
      const { stdout } = await shown([sample(name as string), ...options], columns)
      // Below 32 columns no field is legible, and no narrower page is made.
      for (const line of stdout.split('\n')) expect(ladderWidth(line)).toBeLessThanOrEqual(Math.max(columns, 32))
    }
  })

  test('is 80 columns wide where there is no terminal, or as COLUMNS says', async () => {
    for (const [env, most] of [
      [{}, 80],
      [{ COLUMNS: '60' }, 60],
    ] as const) {
      const session = sessionWith(analyze)
      await run(['show', sample('hybrid-x25519mlkem768.pcap')], { ...session, env })
      const widths = session.stdout.text.split('\n').map(ladderWidth)
      expect(Math.max(...widths)).toBeLessThanOrEqual(most)
      expect(Math.max(...widths)).toBeGreaterThan(most - 12)
    }
  })

  test('has colours where they are asked for, and says the same without', async () => {
    const session = sessionWith(analyze)
    await run(['show', '--color', sample('hybrid-x25519mlkem768.pcap')], session)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such.
    const plain = session.stdout.text.replace(/\u001b\[\d+m/g, '')
    expect(session.stdout.text).not.toBe(plain)
    expect(plain).toBe((await shown([sample('hybrid-x25519mlkem768.pcap')])).stdout)
  })
})

/** Columns of a line: those of a ladder are one wide, all terminals draw lines so. */
function ladderWidth(line: string): number {
  return textWidth(line.replace(/[│─═·]/g, '-'))
}

describe('the handshake', () => {
  const early = sample('early-data.pcap')

  test('is chosen by its stream, its number, or its server name', async () => {
    for (const options of [
      ['--stream', '1'],
      ['--stream', '1', '--handshake', '0'],
      ['--stream', '1', '--server-name', 'SERVER.*.test'],
      ['--stream', '1', '--server-name', 'server.example.test.'],
    ])
      expect((await shown([early, ...options])).stdout).toMatch(/, stream 1, handshake 0, /)
  })

  test('that is not there is told with those that are, and status 2', async () => {
    expect(await shown([early, '--stream', '7'])).toEqual({
      status: 2,
      stdout: '',
      stderr: `pqcap: ${early}: no handshake for --stream 7; there are --stream 0 (server.example.test), --stream 1 (server.example.test)\n`,
    })
    const slip = await shown([early, '--server-name', 'servr.example.test'])
    expect(slip.stderr).toMatch(/; did you mean 'server\.example\.test'\?\n$/)
    const { stderr, status } = await shown([sample('lossy.pcap.gz'), '--server-name', 'a.test'])
    expect([status, stderr]).toEqual([2, expect.stringContaining(', and 3 more\n')])
  })

  test('of TLS 1.2 has no key share that was selected, though the group of one was', async () => {
    const { stdout } = await shown([sample('resumed-tls12.pcap'), '--stream', '0'])
    expect(stdout).toContain('key share of 32 bytes, selected\n')
    expect(stdout).toContain('client  x25519 (0x001d, 29), 32 bytes = X25519 public key 32  classical\n  filter')
  })

  test('of a list is shown by the command beside it', async () => {
    const { stdout, status } = await shown([early])
    expect(status).toBe(0)
    const commands = [...stdout.matchAll(/^ {2}pqcap show (.*)$/gm)].map(([, argv]) => (argv as string).split(' '))
    expect(commands.length).toBe(2)
    for (const argv of commands) expect((await shown(argv)).stdout).toContain('\nTimeline\n')
  })

  test('of standard input is shown, though it is read twice', async () => {
    const file = readFileSync(sample('hybrid-x25519mlkem768.pcap'))
    const { status, stdout } = await shown(['-'], 80, [file.subarray(0, 1000), file.subarray(1000)])
    expect(status).toBe(0)
    expect(stdout).toContain('Offsets count from the first byte of standard input')
    expect(stdout).toContain('xxd -s 373 -l 1443 FILE\n')
  })

  test('before the damage of a capture is shown, and the damage told', async () => {
    const file = readFileSync(sample('hybrid-x25519mlkem768.pcap'))
    const { status, stdout, stderr } = await shown(['-'], 80, [file.subarray(0, file.length - 3)])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^pqcap: standard input: the capture is cut at offset /)
    expect(stdout).toContain('\nTimeline\n')
  })
})

describe('what is wrong with the command line', () => {
  test.each([
    [[sample('ipv6.pcap'), '--stream', 'x'], 'It is a number from 0.'],
    [[sample('ipv6.pcap'), '--handshake', '-1'], 'It is a number from 0.'],
    [[sample('ipv6.pcap'), '--lang', 'fr'], 'Allowed choices are en, ja.'],
    [[sample('ipv6.pcap'), '--format', 'csv'], 'Allowed choices are text, json.'],
    [[], "missing required argument 'capture'"],
    [['a.pcap', 'b.pcap'], 'too many arguments'],
  ])('is told, with status 2: %j', async (argv, message) => {
    const { status, stdout, stderr } = await shown(argv)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  test('a file that is not there is told', async () => {
    const { status, stderr } = await shown(['nowhere.pcap'])
    expect([status, stderr]).toEqual([2, 'pqcap: nowhere.pcap: cannot be read: no such file or directory\n'])
  })

  test('an empty name is told as one', async () => {
    expect((await shown([''])).stderr).toBe("pqcap: '': cannot be read: no such file or directory\n")
  })
})

test('how far a long reading is stands on standard error, also of the second', async () => {
  const handshake = readFileSync(sample('hybrid-x25519mlkem768.pcap'))
  const packet = Buffer.concat([Buffer.alloc(8), Buffer.from([0xe8, 3, 0, 0, 0xe8, 3, 0, 0]), Buffer.alloc(1000)])
  const chunks = [handshake, ...Array.from({ length: 3000 }, () => packet)]
  const session = sessionWith(analyze, chunks)
  session.stderr.isTTY = true
  // Each look at the clock is half a second later.
  const now = (): number => {
    session.clock.milliseconds += 500
    return session.clock.milliseconds
  }
  expect(await run(['show', '-'], { ...session, now })).toBe(0)
  const lines = session.stderr.text.split('\r\u001b[2K').filter((line) => line !== '')
  const second = lines.findIndex((line) => line.startsWith('standard input, second reading: 1.0 MB'))
  expect(second).toBeGreaterThan(0)
  for (const [i, line] of lines.entries()) {
    const reading = i < second ? 'standard input: ' : 'standard input, second reading: '
    expect(line).toMatch(new RegExp(`^${reading}\\d\\.\\d MB, [\\d,]+ packets/s, 1 handshake$`))
  }
  expect(session.stderr.text.endsWith('\r\u001b[2K')).toBe(true)
})

test('JSON has the tree with its offsets, and one line', async () => {
  const { status, stdout } = await shown([sample('hybrid-x25519mlkem768.pcap'), '--format', 'json'])
  expect(status).toBe(0)
  expect(stdout.split('\n')).toHaveLength(2)
  const { shown: handshake } = JSON.parse(stdout)
  expect(handshake.messages[0]).toMatchObject({
    name: 'ClientHello',
    filter: 'frame.number == 5 && tls.handshake.type == 1',
    pieces: [
      { frame: 4, offset: 373, bytes: 1443 },
      { frame: 5, offset: 1898, bytes: 113 },
    ],
    commands: [
      'xxd -s 373 -l 1443 samples/hybrid-x25519mlkem768.pcap',
      'xxd -s 1898 -l 113 samples/hybrid-x25519mlkem768.pcap',
    ],
  })
})

test('all bytes are dumped where that is asked for, and long keys elided where not', async () => {
  const path = sample('hybrid-x25519mlkem768.pcap')
  const elided = (await shown([path, '--bytes'])).stdout
  const whole = (await shown([path, '--all-bytes'])).stdout
  expect(elided).toContain('more bytes (--all-bytes)')
  expect(whole).not.toContain('--all-bytes')
  const file = readFileSync(path)
  const rows = [...whole.matchAll(/^([0-9a-f]{8}): ((?:[0-9a-f]{2}(?: |$))+)/gm)]
  const dumped = rows.flatMap(([, , bytes]) => (bytes as string).trim().split(' '))
  expect(dumped.length).toBe(1561 + 1215 + 6 + 6)
  for (const [, offset, bytes] of rows) {
    const at = Number.parseInt(offset as string, 16)
    const held = [...(bytes as string).trim().split(' ')].map((byte) => Number.parseInt(byte, 16))
    expect([...file.subarray(at, at + held.length)]).toEqual(held)
  }
})
