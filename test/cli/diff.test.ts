import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSelector } from '../../src/cli/diff-selector.js'
import { run } from '../../src/cli/run.js'
import { analyze } from '../../src/index.js'
import type { PqcapRecord } from '../../src/verdict/record.js'
import { plainRecord } from '../support/comparisons.js'
import { captureRecord, classicalRecord, handshakeRecord, incompleteRecord } from '../support/records.js'
import { errorWithCode, type FakeSession, fakeSession, sessionWith } from '../support/session.js'

/** A capture of these handshakes. */
function capture(name: string, ...handshakes: PqcapRecord[]): readonly PqcapRecord[] {
  const records = handshakes.map((record) => ({ ...record, capture: name }))
  return [...records, captureRecord({ capture: name, handshakes: records.length })]
}

const named = (serverName: string, stream = 0) => ({ serverName, stream })

const CAPTURES: Readonly<Record<string, readonly PqcapRecord[]>> = {
  'classic.pcap': capture('classic.pcap', plainRecord()),
  'pq.pcap': capture('pq.pcap', handshakeRecord()),
  'fallen.pcap': capture('fallen.pcap', classicalRecord()),
  'cut-off.pcap': capture('cut-off.pcap', incompleteRecord()),
  'empty.pcap': capture('empty.pcap'),
  'several.pcap': capture(
    'several.pcap',
    plainRecord(named('a.test')),
    plainRecord(named('b.test', 1)),
    handshakeRecord(named('b.test', 2)),
    handshakeRecord({ ...named('b.test', 2), handshake: 1, startTime: '2026-11-22T10:00:09.000000Z' }),
  ),
  'others.pcap': capture('others.pcap', handshakeRecord(named('c.test')), handshakeRecord(named('d.test', 1))),
  'quic.pcap': [
    captureRecord({
      capture: 'quic.pcap',
      handshakes: 0,
      notes: [{ code: 'quic-not-read', message: '2 packets are of QUIC' }],
    }),
  ],
  'damaged.pcap': [
    handshakeRecord({ capture: 'damaged.pcap' }),
    captureRecord({
      capture: 'damaged.pcap',
      error: { code: 'cut', message: 'packet 9 needs 60 bytes, 7 left', offset: 1 },
    }),
  ],
  'evil\u001b[2J.pcap': [
    captureRecord({ capture: 'evil', error: { code: 'open', message: 'no such\nfile', offset: 0 } }),
  ],
}

async function transcript(
  argv: readonly string[],
  session: FakeSession = fakeSession(CAPTURES),
): Promise<{ status: number; stdout: string; stderr: string }> {
  const status = await run(['diff', ...argv], session)
  return { status, stdout: session.stdout.text, stderr: session.stderr.text }
}

async function document(...argv: string[]) {
  const { stdout } = await transcript([...argv, '--format', 'json'])
  return JSON.parse(stdout)
}

/** `A#0=B#1 server-name` of each pair. */
async function pairs(...argv: string[]): Promise<string[]> {
  const { pairs } = await document(...argv)
  return pairs.map(
    ({ before, after, pairedBy }: Record<string, Record<string, unknown>>) =>
      `${before?.['stream']}.${before?.['handshake']}=${after?.['stream']}.${after?.['handshake']} ${pairedBy}`,
  )
}

describe('pqcap diff', () => {
  test('compares two captures, and is done with status 0 whatever is different', async () => {
    const { status, stdout, stderr } = await transcript(['classic.pcap', 'pq.pcap'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('From x25519 to X25519MLKEM768: hybrid.')
    expect(stdout).toContain('paired by server name')
  })

  test('compares two streams of one capture, and a handshake of one', async () => {
    expect(await pairs('several.pcap#1', 'several.pcap#2')).toEqual(['1.0=2.0 selection'])
    expect(await pairs('several.pcap#1', 'several.pcap#2.1')).toEqual(['1.0=2.1 selection'])
    expect(await pairs('several.pcap#0', 'several.pcap#2.0')).toEqual(['0.0=2.0 selection'])
  })

  test('pairs by server name, and says what was left over', async () => {
    expect(await pairs('several.pcap', 'several.pcap#2')).toEqual(['1.0=2.0 server-name', '2.0=2.1 server-name'])
    const { stdout } = await transcript(['several.pcap', 'several.pcap#2'])
    expect(stdout).toContain('2 pairs, by server name')
    expect(stdout).toContain('only before: several.pcap#0, a.test')
  })

  test.each([
    ['streams', 'several.pcap#0=others.pcap#1', ['0.0=1.0 selection']],
    ['streams of the only capture', '#0=#1', ['0.0=1.0 selection']],
    ['a handshake', '#2.1=#0', ['2.1=0.0 selection']],
    ['server names', 'B.test=c.test', ['1.0=0.0 selection']],
    ['server names as people write them', 'B.test.=c.test.', ['1.0=0.0 selection']],
    ['captures, in their order', 'several.pcap=others.pcap', ['0.0=0.0 selection', '1.0=1.0 selection']],
  ])('pairs %s as it is told', async (_, pair, expected) => {
    expect(await pairs('several.pcap', 'others.pcap', '--pair', pair)).toEqual(expected)
  })

  test('says what a name of a pair may be a slip of', async () => {
    expect(await transcript(['several.pcap', 'others.pcap', '--pair', 'B.tset=c.test'])).toMatchObject({
      status: 2,
      stderr: "pqcap: --pair 'B.tset=c.test': no handshake is 'B.tset' on the first side; did you mean 'b.test'?\n",
    })
  })

  test('pairs the rest as usual', async () => {
    expect(await pairs('several.pcap', 'several.pcap', '--pair', '#0=#1')).toEqual([
      '0.0=1.0 selection',
      '1.0=2.0 server-name',
      '2.0=2.1 server-name',
    ])
  })

  test('compares only what a filter leaves', async () => {
    const { before, after } = await document('several.pcap', 'several.pcap', '--filter', 'label=hybrid')
    expect([before.handshakes, after.handshakes]).toEqual([2, 2])
  })

  test('shows every pair where all are asked for', async () => {
    const { stdout } = await transcript(['several.pcap', 'several.pcap', '--all'])
    expect(stdout.match(/^paired by server name$/gm)).toHaveLength(4)
    expect(stdout).toContain('4 pairs, by server name')
  })

  test('prints Markdown and a picture', async () => {
    expect((await transcript(['classic.pcap', 'pq.pcap', '-f', 'markdown'])).stdout).toMatch(
      /^### `server\.example\.test`\n\n\*\*From x25519 to X25519MLKEM768: hybrid\./,
    )
    expect((await transcript(['classic.pcap', 'pq.pcap', '-f', 'svg'])).stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
  })

  test('follows --color', async () => {
    const plain = await transcript(['classic.pcap', 'pq.pcap', '--no-color'])
    const colored = await transcript(['classic.pcap', 'pq.pcap', '--color'])
    expect(plain.stdout).not.toContain('\u001b[')
    expect(colored.stdout).toContain('\u001b[')
  })
})

describe('the exit status', () => {
  test.each([
    [
      'a downgrade',
      ['pq.pcap', 'fallen.pcap', '--fail-on', 'downgrade'],
      1,
      '--fail-on downgrade: holds for 1 of 1 pair',
    ],
    ['no downgrade', ['classic.pcap', 'pq.pcap', '--fail-on', 'downgrade'], 0, ''],
    ['any difference', ['classic.pcap', 'pq.pcap', '--fail-on', 'any'], 1, '--fail-on any: 1 different or left over'],
    ['no difference', ['pq.pcap', 'pq.pcap', '--fail-on', 'any'], 0, ''],
    [
      'left-overs',
      ['several.pcap', 'several.pcap#0', '--fail-on', 'any'],
      1,
      '--fail-on any: 3 different or left over',
    ],
    [
      'too much',
      ['classic.pcap', 'pq.pcap', '--fail-on', 'cost:+100%'],
      1,
      '--fail-on cost:+100%: holds for 1 of 1 pair',
    ],
    ['not too much', ['classic.pcap', 'pq.pcap', '--fail-on', 'cost:+200%'], 0, ''],
    [
      'two conditions, of which one holds',
      ['classic.pcap', 'pq.pcap', '--fail-on', 'downgrade', '--fail-on', 'any'],
      1,
      '--fail-on any: 1 different or left over',
    ],
    [
      'a condition that could be told of nothing',
      ['pq.pcap', 'cut-off.pcap', '--fail-on', 'downgrade'],
      2,
      '--fail-on downgrade: no pair could be compared',
    ],
    ['nothing on one side', ['pq.pcap', 'empty.pcap'], 2, 'nothing to pair: no handshake in empty.pcap'],
    [
      'why there is nothing on one side',
      ['pq.pcap', 'quic.pcap'],
      2,
      'quic.pcap: 2 packets are of QUIC\npqcap: nothing',
    ],
    [
      'other names alone',
      ['several.pcap', 'others.pcap'],
      2,
      'nothing to pair: the server names differ; --pair says what belongs together',
    ],
    ['a stream that is not there', ['pq.pcap', 'pq.pcap#7'], 2, 'pq.pcap: no handshake is in stream 7'],
    [
      'what --filter leaves out',
      ['pq.pcap', 'pq.pcap', '--filter', 'label=psk'],
      2,
      'nothing to pair: no handshake for which --filter holds in pq.pcap and pq.pcap',
    ],
    [
      'a stream that --filter leaves out',
      ['pq.pcap', 'pq.pcap#0', '--filter', 'label=psk'],
      2,
      'pq.pcap: no handshake for which --filter holds is in stream 0',
    ],
    ['a damaged capture', ['pq.pcap', 'damaged.pcap'], 2, 'damaged.pcap: packet 9 needs 60 bytes, 7 left'],
    [
      'a damaged capture with a downgrade',
      ['damaged.pcap', 'fallen.pcap', '--fail-on', 'downgrade'],
      2,
      'damaged.pcap: packet 9 needs 60 bytes, 7 left',
    ],
    ['a name that steers', ['pq.pcap', 'evil\u001b[2J.pcap'], 2, 'evil\\x1b[2J.pcap: no such\\x0afile'],
    ['an unknown condition', ['a', 'b', '--fail-on', 'worse'], 2, "unknown condition 'worse' of --fail-on"],
    ['a pair that is none', ['pq.pcap', 'pq.pcap', '--pair', 'x'], 2, "--pair 'x' is not of the form A=B"],
    ['a pair of nothing', ['pq.pcap', 'pq.pcap', '--pair', '#0=#9'], 2, "no handshake is '#9' on the second side"],
    ['standard input twice', ['-', '-'], 2, 'standard input can be read only once'],
    ['two streams of standard input', ['--', '-#0', '-#1'], 2, 'standard input can be read only once'],
    ['one capture', ['pq.pcap'], 2, "missing required argument 'pq'"],
    ['three captures', ['a', 'b', 'c'], 2, 'too many arguments'],
    ['an empty name', ['pq.pcap', ''], 2, 'the name of a capture is empty'],
    ['an unknown format', ['a', 'b', '-f', 'table'], 2, "argument 'table' is invalid"],
    ['an unknown filter', ['a', 'b', '--filter', 'x=1'], 2, "unknown filter key 'x'"],
  ])('of %s', async (_, argv, status, message) => {
    const found = await transcript(argv)
    expect(found.stderr).toContain(message)
    expect(found.stderr === '').toBe(message === '')
    expect(found.status).toBe(status)
  })

  test('of damage is 2, and what could be read is compared all the same', async () => {
    expect((await transcript(['pq.pcap', 'damaged.pcap'])).stdout).toContain('Both times X25519MLKEM768')
  })

  test('of an interruption is 2, and nothing is compared', async () => {
    const session = fakeSession(CAPTURES)
    session.interruption.abort()
    const { status, stdout, stderr } = await transcript(['classic.pcap', 'pq.pcap'], session)
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'pqcap: interrupted, nothing was compared\n',
    })
  })

  test('of a full disk is 2, and of a reader that has gone that of the comparison', async () => {
    const full = fakeSession(CAPTURES)
    full.stdout.failure = errorWithCode('ENOSPC', 'no space left on device')
    expect(await transcript(['classic.pcap', 'pq.pcap'], full)).toMatchObject({
      status: 2,
      stderr: 'pqcap: standard output: no space left on device\n',
    })
    const gone = fakeSession(CAPTURES)
    gone.stdout.failure = errorWithCode('EPIPE', 'broken pipe')
    expect(await transcript(['pq.pcap', 'fallen.pcap', '--fail-on', 'downgrade'], gone)).toMatchObject({ status: 1 })
  })
})

describe('captures and folders', () => {
  const samples = new URL('../../samples/', import.meta.url).pathname
  let folder = ''
  const session = (): FakeSession => sessionWith(analyze as never)

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pqcap-diff-'))
    for (const side of ['before', 'after', 'none', 'before/deeper']) mkdirSync(join(folder, side))
    copyFileSync(join(samples, 'classical-x25519.pcap'), join(folder, 'before', 'one.pcap'))
    copyFileSync(join(samples, 'tls12-rsa.pcap'), join(folder, 'before', 'deeper', 'two.pcap'))
    copyFileSync(join(samples, 'hybrid-x25519mlkem768.pcap'), join(folder, 'after', 'one.pcap'))
    copyFileSync(join(samples, 'classical-x25519.pcap'), join(folder, 'one#0'))
    writeFileSync(join(folder, 'before', 'README'), 'no capture\n')
    writeFileSync(join(folder, 'none', 'README'), 'no capture\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('a folder stands for the captures in it, and whatever else is in it is passed over', async () => {
    const { status, stdout, stderr } = await transcript(
      [join(folder, 'before'), join(folder, 'after'), '-f', 'json'],
      session(),
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const { before, pairs, leftOver } = JSON.parse(stdout)
    expect(before).toMatchObject({ captures: 2, handshakes: 2 })
    expect(pairs[0].before.capture).toBe(join(folder, 'before', 'one.pcap'))
    expect(leftOver.before[0].capture).toBe(join(folder, 'before', 'deeper', 'two.pcap'))
  })

  test('a folder is read as a check reads it: no link to a folder is followed, and no .git entered', async () => {
    const extra = [join(folder, 'after', 'circle'), join(folder, 'after', '.git')] as const
    symlinkSync(folder, extra[0])
    mkdirSync(extra[1])
    copyFileSync(join(samples, 'tls12-rsa.pcap'), join(extra[1], 'object.pcap'))
    const { stdout } = await transcript([join(folder, 'before'), join(folder, 'after'), '-f', 'json'], session())
    for (const each of extra) rmSync(each, { recursive: true })
    expect(JSON.parse(stdout).after).toMatchObject({ captures: 1, handshakes: 1 })
  })

  test('a folder without captures is trouble, and so is a stream of a folder', async () => {
    const none = await transcript([join(folder, 'none'), join(folder, 'after')], session())
    expect(none).toMatchObject({ status: 2 })
    expect(none.stderr).toContain('no captures in this folder')
    const stream = await transcript([`${join(folder, 'before')}#1`, join(folder, 'after')], session())
    expect(stream.stderr).toContain('is a folder: a stream is of one capture')
    expect(stream.status).toBe(2)
  })

  test('a file in a folder that is called a capture and is none is told', async () => {
    const called = join(folder, 'none', 'called.pcap')
    writeFileSync(called, 'no capture\n')
    const { status, stderr } = await transcript([join(folder, 'none'), join(folder, 'after')], session())
    rmSync(called)
    expect(status).toBe(2)
    expect(stderr).toContain('called.pcap: ')
  })

  test('a capture that is none is told where it was named itself', async () => {
    const { status, stderr } = await transcript([join(folder, 'none', 'README'), join(folder, 'after')], session())
    expect(status).toBe(2)
    expect(stderr).toContain('README: ')
  })

  test('a file with # in its name is that file, and its streams follow a second one', async () => {
    const file = join(folder, 'one#0')
    const whole = await transcript([file, join(folder, 'after'), '-f', 'json'], session())
    expect(JSON.parse(whole.stdout).pairs).toHaveLength(1)
    const stream = await transcript([`${file}#0`, join(folder, 'after'), '-f', 'json'], session())
    expect(JSON.parse(stream.stdout).pairs[0].before).toMatchObject({ capture: file, stream: 0 })
  })

  test('standard input is one side', async () => {
    const { readFileSync } = await import('node:fs')
    const bytes = readFileSync(join(folder, 'before', 'one.pcap'))
    const piped = sessionWith(analyze as never, [bytes])
    const { status, stdout } = await transcript(['-', join(folder, 'after')], piped)
    expect(status).toBe(0)
    expect(stdout).toContain('standard input#0')
  })
})

describe('parseSelector', () => {
  const nothing = () => false
  test.each([
    ['a.pcap', { path: 'a.pcap', stream: null, handshake: null }],
    ['a.pcap#3', { path: 'a.pcap', stream: 3, handshake: null }],
    ['a.pcap#3.1', { path: 'a.pcap', stream: 3, handshake: 1 }],
    ['a#1#2', { path: 'a#1', stream: 2, handshake: null }],
    ['a\n#2', { path: 'a\n', stream: 2, handshake: null }],
    ['#2', { path: '', stream: 2, handshake: null }],
    ['a#', { path: 'a#', stream: null, handshake: null }],
    ['a#x', { path: 'a#x', stream: null, handshake: null }],
    ['a#-1', { path: 'a#-1', stream: null, handshake: null }],
    ['a#99999999999', { path: 'a#99999999999', stream: null, handshake: null }],
  ])('reads %j', (text, selector) => {
    expect(parseSelector(text, nothing)).toEqual(selector)
  })

  test('takes a file of that name for the file', () => {
    expect(parseSelector('a#1', () => true)).toEqual({ path: 'a#1', stream: null, handshake: null })
  })
})
