import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.js'
import { analyze } from '../../src/index.js'
import {
  type CapturedPacket,
  enhancedPacket,
  interfaceDescription,
  nameResolution,
  pcap,
  pcapng,
  sectionHeader,
} from '../support/captures.js'
import { conversation } from '../support/connection.js'
import { csvRows } from '../support/csv-rows.js'
import { sessionWith } from '../support/session.js'
import * as tls from '../support/tls.js'
import { seeded } from '../support/variants-original.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Control and format characters, line separators, lone surrogates and what has no width; what is left can only be read. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]/u
const FORMULA = /^[=+\-@\t\r＝＋－＠]/

/** What somebody may send as a name, by what is bad about it. */
const NAMES: Readonly<Record<string, Uint8Array>> = {
  'every control character': Uint8Array.from({ length: 32 }, (_, i) => i),
  'DEL and the C1 controls': utf8(String.fromCharCode(...Array.from({ length: 33 }, (_, i) => 0x7f + i))),
  'an escape sequence that clears the screen': utf8('\u001b[2J\u001b[1;1Hall.is.well'),
  'an escape sequence that sets the title': utf8('\u001b]0;owned\u0007server'),
  'an escape sequence in one C1 character': utf8('\u009b31mred\u009d0;title\u009c'),
  'colours that do not end': utf8('\u001b[31;5mred'),
  'backspaces over what stands before': utf8('bad.example\b\b\b\b\b\b\b\b\b\b\bgood'),
  'a carriage return over the line': utf8('bad.example\rgood.example'),
  newlines: utf8('a.example\nb.example\r\nc.example'),
  'marks that turn the text around': utf8('\u202egnp.exe\u202c \u2066x\u2069 \u200e\u200f\u061c'),
  'characters of no width': utf8('exa\u200bmple\u2060.te\u00adst\ufeff'),
  'a byte order mark in front': utf8('\ufeffexample.test'),
  'line and paragraph separators': utf8('a\u2028b\u2029c'),
  'letters and marks of no width': utf8('a\u034fb\u115f\u3164\uffa0c\u17b4\u180bd'),
  'tags and variation selectors': utf8('a\u{e0041}\u{e007f}b\ufe0f'),
  'combining marks without end': utf8(`Z${'\u0315\u0348'.repeat(200)}`),
  'a formula with =': utf8("=cmd|' /C calc'!A0"),
  'a formula with +': utf8('+1+cmd'),
  'a formula with -': utf8('-2+3'),
  'a formula with @': utf8('@SUM(1;2)'),
  'a formula behind a tab': utf8('\t=1+1'),
  'a formula behind a carriage return': utf8('\r=1+1'),
  'a formula in full-width characters': utf8('＝1+1'),
  'a formula behind a quote and a comma': utf8('",=1+1,"'),
  'quotes and commas': utf8('a"b,c""d\',e'),
  'HTML and Markdown': utf8('<script>alert(1)</script> | **x** | [y](javascript:z)'),
  'braces and backslashes of JSON': utf8('","label":"hybrid"}\\u0000\\'),
  'percent signs and dollars': utf8('%s%n%x $HOME $(id) `id`'),
  'bytes that are no UTF-8': Uint8Array.of(0xff, 0xfe, 0x80, 0xc3, 0x28, 0xe2, 0x82, 0x61),
  'the longest sequences UTF-8 had': Uint8Array.of(0xc0, 0x80, 0xf8, 0x88, 0x80, 0x80, 0x80, 0xfc, 0x84),
  'surrogates alone': Uint8Array.of(0x61, 0xed, 0xa0, 0x80, 0x62, 0xed, 0xbf, 0xbf, 0x63),
  'nothing but a zero': Uint8Array.of(0),
  'spaces alone': utf8('     '),
  'wide characters': utf8('日本語.example\u{1f512}'.repeat(10)),
  'private and unassigned characters': utf8('\ue000\u{10ffff}\u0378'),
  'random bytes': Uint8Array.from({ length: 253 }, randomByte(1)),
  '63,500 random bytes': Uint8Array.from({ length: 63_500 }, randomByte(2)),
  '63,500 letters': utf8('a'.repeat(63_500)),
  '63,500 escape characters': utf8('\u001b'.repeat(63_500)),
}

function randomByte(seed: number): () => number {
  const random = seeded(seed)
  return () => Math.floor(random() * 256)
}

/** One handshake with this server name, and with it as a protocol name as far as that may be long. */
function connection(name: Uint8Array): readonly CapturedPacket[] {
  const serverName = tls.extension(0, tls.vector(2, [0], tls.vector(2, name)))
  const protocol = tls.extension(16, tls.vector(2, tls.vector(1, name.slice(0, 255))))
  const hello = tls.clientHello({
    supportedVersions: [tls.TLS13],
    supportedGroups: [tls.X25519MLKEM768],
    keyShares: [[tls.X25519MLKEM768, 1216]],
    extensions: [serverName, protocol],
  })
  const answer = tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120))
  return conversation([
    ['client', tls.handshakeRecords(hello)],
    ['server', answer, tls.changeCipherSpec, tls.applicationData(700)],
    ['client', tls.changeCipherSpec, tls.applicationData(53), tls.applicationData(80)],
  ]).packets
}

interface Printed {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** What the command line prints of captures that stand under names of their own. */
async function printed(
  captures: Readonly<Record<string, Uint8Array>>,
  options: readonly string[],
  isTTY = false,
): Promise<Printed> {
  const session = sessionWith((_, { name = '', ...rest } = {}) =>
    analyze(captures[name] ?? new Uint8Array(0), { name, ...rest }),
  )
  session.stdout.isTTY = isTTY
  const status = await run(['--jobs', '1', ...options, '--', ...Object.keys(captures)], session)
  return { status, stdout: session.stdout.text, stderr: session.stderr.text }
}

describe.each(Object.entries(NAMES))('a server that is named with %s', (_, name) => {
  const file = pcap(connection(name))
  const sent = new TextDecoder('utf-8', { ignoreBOM: true }).decode(name)
  const protocol = new TextDecoder('utf-8', { ignoreBOM: true }).decode(name.slice(0, 255))

  test('is shown escaped in the table', async () => {
    for (const isTTY of [false, true]) {
      const { status, stdout, stderr } = await printed({ 'a.pcap': file }, ['--no-color'], isTTY)
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toContain('X25519MLKEM768')
      expect(stdout.replaceAll('\n', '')).not.toMatch(STEERING)
    }
  })

  test('does not put an end to the colours of the table, nor add any', async () => {
    const { stdout } = await printed({ 'a.pcap': file }, ['--color'])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such.
    expect(stdout.replace(/\u001b\[\d+m/g, '').replaceAll('\n', '')).not.toMatch(STEERING)
  })

  test('is one cell of CSV, which is no formula', async () => {
    const { stdout } = await printed({ 'a.pcap': file }, ['--format', 'csv'])
    const [header, row, ...rest] = csvRows(stdout)
    expect(rest).toEqual([])
    expect(row).toHaveLength(header?.length ?? 0)
    const cell = row?.[header?.indexOf('server_name') ?? -1]
    expect(cell).not.toMatch(FORMULA)
    expect(row?.join('')).not.toMatch(STEERING)
  })

  test.each(['json', 'ndjson'])('is given back by %s as it was sent', async (format) => {
    const { stdout } = await printed({ 'a.pcap': file }, ['--format', format])
    if (format === 'ndjson') expect(stdout.split('\n')).toHaveLength(3)
    expect(stdout.replaceAll('\n', '')).not.toMatch(STEERING)
    const first = format === 'json' ? JSON.parse(stdout).handshakes[0] : JSON.parse(stdout.split('\n')[0] as string)
    expect(first.serverName).toBe(sent)
    expect(first.clientHello.alpn).toEqual([protocol])
  })

  test('is found by a filter, or not', async () => {
    const { status, stdout } = await printed({ 'a.pcap': file }, ['--filter', 'server-name=*a*a*a*a*a*a*b*c'])
    expect(status).toBe(0)
    expect(stdout.replaceAll('\n', '')).not.toMatch(STEERING)
  })
})

test.each([
  ['\u001b[2J', '\\x1b[2J'],
  ['a\r\nb', 'a\\x0d\\x0ab'],
  ['\u202egnp.exe', '\\u{202e}gnp.exe'],
  ['\ufeffexample.test', '\\u{feff}example.test'],
  ['\u009b31m', '\\x9b31m'],
])('the table and CSV write %j as %s', async (name, escaped) => {
  const file = pcap(connection(utf8(name)))
  expect((await printed({ 'a.pcap': file }, [])).stdout).toContain(escaped)
  expect((await printed({ 'a.pcap': file }, ['--format', 'csv'])).stdout).toContain(escaped)
})

describe('interface names, comments and host names', () => {
  test.each(Object.entries(NAMES))('with %s change nothing', async (_, name) => {
    const value = name.slice(0, 60_000)
    const { stdout, stderr, status } = await printed({ 'a.pcapng': described(value) }, ['--format', 'json'])
    const plain = await printed({ 'a.pcapng': described(utf8('eth0')) }, ['--format', 'json'])
    expect([status, stderr]).toEqual([0, ''])
    const facts = (json: string): unknown => JSON.parse(json.replace(/"bytes":\d+,"linkTypes"/g, '"linkTypes"'))
    expect(facts(stdout)).toEqual(facts(plain.stdout))
  })
})

/** A pcapng file in which all text is this. */
function described(value: Uint8Array): Uint8Array {
  const options = [1, 2, 3, 4].map((code) => ({ code, value }))
  return pcapng([
    sectionHeader({ options }),
    interfaceDescription({ options: [...options, { code: 11, value }, { code: 12, value }] }),
    nameResolution([192, 0, 2, 1], new TextDecoder().decode(value.slice(0, 1000))),
    ...connection(utf8('example.test')).map(({ bytes }) => enhancedPacket({ bytes, options: [{ code: 1, value }] })),
  ])
}

/** Names that a file may have: no slash, no zero, at most 255 bytes. */
const FILE_NAMES: Readonly<Record<string, string>> = {
  'an escape sequence': '\u001b[2J\u001b]0;owned\u0007.pcap',
  'a C1 character': '\u009b31m.pcap',
  newlines: 'a.pcap\npqcap: all is well\r\n.pcap',
  'marks that turn the text around': 'a\u202epacp.\u2066b',
  'line separators': 'a\u2028b\u2029.pcap',
  'a formula': '=cmd|calc!A0',
  'a formula with @': '@SUM(1)',
  'a minus in front': '-1+1.pcap',
  'quotes and commas': 'a"b,\'c".pcap',
  'a byte order mark': '\ufeff.pcap',
  'surrogates alone': 'a\ud800b\udfff.pcap',
  spaces: '  ',
  'much text': 'é'.repeat(120),
}

describe.each(Object.entries(FILE_NAMES))('a file whose name has %s', (_, name) => {
  const folder = mkdtempSync(pathOf(tmpdir(), 'pqcap-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = pathOf(folder, name)
  writeFileSync(path, pcap(connection(utf8('example.test'))))
  const cutPath = pathOf(folder, 'cut', name)
  mkdirSync(pathOf(folder, 'cut'))
  writeFileSync(cutPath, pcap(connection(utf8('example.test'))).slice(0, -3))
  const missing = pathOf(folder, 'missing', name)

  const opened = async (paths: readonly string[], ...options: string[]): Promise<Printed> => {
    const session = sessionWith(analyze)
    const status = await run(['--jobs', '1', ...options, '--', ...paths], session)
    return { status, stdout: session.stdout.text, stderr: session.stderr.text }
  }

  test('is read, and shown escaped in the table', async () => {
    const { status, stdout, stderr } = await opened([path, path])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('2 handshakes: 2 hybrid')
    expect(stdout.replaceAll('\n', '')).not.toMatch(STEERING)
  })

  test('is no formula in CSV, also where the name is all there is', async () => {
    const { stdout } = await printed({ [name]: pcap(connection(utf8('example.test'))) }, ['--format', 'csv'])
    const [header, row, ...rest] = csvRows(stdout)
    expect(rest).toEqual([])
    expect(row).toHaveLength(header?.length ?? 0)
    expect(row?.[0]).not.toMatch(FORMULA)
    expect(row?.join('')).not.toMatch(STEERING)
  })

  test.each(['json', 'ndjson'])('is given back by %s', async (format) => {
    const { stdout } = await opened([path], '--format', format)
    expect(stdout.replaceAll('\n', '')).not.toMatch(STEERING)
    const first = format === 'json' ? JSON.parse(stdout).handshakes[0] : JSON.parse(stdout.split('\n')[0] as string)
    expect(first.capture).toBe(path)
  })

  test('is escaped in the one line that standard error has of each damage', async () => {
    const { status, stderr, stdout } = await opened([cutPath, missing])
    expect(status).toBe(2)
    expect(stderr.split('\n')).toHaveLength(3)
    expect((stderr + stdout).replaceAll('\n', '')).not.toMatch(STEERING)
  })
})

describe('a command line', () => {
  const evil = '\u001b[2J\u202e\u2028\u009b'

  test.each([
    [[`--${evil}`, 'a.pcap']],
    [['--format', evil, 'a.pcap']],
    [['--reader', evil, 'a.pcap']],
    [['--jobs', evil, 'a.pcap']],
    [['--filter', evil, 'a.pcap']],
    [['--filter', `${evil}=x`, 'a.pcap']],
    [['--filter', `label=${evil}`, 'a.pcap']],
    [['--filter', `group=${evil}`, 'a.pcap']],
    [['--filter', `address=${evil}`, 'a.pcap']],
    [['--filter', `version=${evil}`, 'a.pcap']],
  ])('that is wrong is told without what could steer a terminal: %j', async (argv) => {
    const session = sessionWith(analyze)
    expect(await run(argv, session)).toBe(2)
    expect(session.stderr.text).toMatch(/^pqcap: /)
    expect((session.stderr.text + session.stdout.text).replaceAll('\n', '')).not.toMatch(STEERING)
  })
})

test('a filter that has several lines is told in one', async () => {
  const session = sessionWith(analyze)
  expect(await run(['--filter', 'label=x\npqcap: all is well', 'a.pcap'], session)).toBe(2)
  expect(session.stderr.text).toMatch(/^pqcap: [^\n]*\n$/)
})
