import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.js'
import { analyze } from '../../src/index.js'
import { join } from '../support/bytes.js'
import { pcap } from '../support/captures.js'
import { conversation } from '../support/connection.js'
import { sessionWith } from '../support/session.js'
import * as tls from '../support/tls.js'

/** What could steer a terminal, or hide or turn round text: nothing of it is printed. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/u

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const NAMES: Readonly<Record<string, Uint8Array>> = {
  'escape sequences': utf8('\u001b[2J\u001b]0;owned\u0007\u001b[31m'),
  'C1 characters': utf8('\u009b31m\u009d0;x\u009c'),
  'line feeds': utf8('a\r\nFrame 1: all is well\nb'),
  'marks that turn text around': utf8('\u202egnp.exe\u2066x'),
  'line separators': utf8('a\u2028b\u2029c'),
  'letters and marks of no width': utf8('a\u034fb\u3164c\ufe0fd'),
  'a byte order mark': utf8('\ufeffexample.test'),
  'bytes that are no UTF-8': Uint8Array.of(0xff, 0xfe, 0x80, 0xc3, 0x28),
  'wide characters': utf8('日本語.example\u{1f512}'.repeat(10)),
  '63,500 letters': utf8('a'.repeat(63_500)),
  '63,500 escape characters': utf8('\u001b'.repeat(63_500)),
}

/** A handshake with this as server name, as protocol name, and in an extension of TLS 1.2. */
function capture(name: Uint8Array): Uint8Array {
  const hello = tls.clientHello({
    supportedVersions: [tls.TLS13],
    supportedGroups: [tls.X25519],
    keyShares: [[tls.X25519, 32]],
    extensions: [
      tls.extension(0, tls.vector(2, [0], tls.vector(2, name))),
      tls.extension(16, tls.vector(2, tls.vector(1, name.slice(0, 255)))),
    ],
  })
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519, 32)), tls.applicationData(700))
  return pcap(
    conversation([
      ['client', tls.handshakeRecords(hello)],
      ['server', answer],
    ]).packets,
  )
}

async function printed(file: Uint8Array, ...options: string[]) {
  const session = sessionWith(analyze, [file])
  session.stdout.isTTY = true
  const status = await run(['show', '-', ...options], session)
  return { status, stdout: session.stdout.text, stderr: session.stderr.text }
}

describe.each(Object.entries(NAMES))('a server that is named with %s', (_, name) => {
  const file = capture(name)

  test.each([[[]], [['--bytes']], [['--all-bytes', '--explain']]])('is shown escaped: %j', async (options) => {
    const { status, stdout, stderr } = await printed(file, '--no-color', ...options)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('ClientHello')
    expect(stdout.replaceAll('\n', '')).not.toMatch(STEERING)
  })

  test('adds nothing to the colours', async () => {
    const { stdout } = await printed(file, '--color')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such.
    expect(stdout.replace(/\u001b\[\d+m/g, '').replaceAll('\n', '')).not.toMatch(STEERING)
  })

  test('is given back by JSON as it was sent', async () => {
    const { stdout } = await printed(file, '--format', 'json')
    expect(stdout.replaceAll('\n', '')).not.toMatch(STEERING)
    const sent = new TextDecoder('utf-8', { ignoreBOM: true }).decode(name)
    expect(JSON.parse(stdout).shown.handshake.serverName).toBe(sent)
    expect(stdout).toContain('"label":"Server Name"')
  })

  test('is told escaped where it is not the one that was asked for', async () => {
    const { status, stderr } = await printed(file, '--stream', '9')
    expect(status).toBe(2)
    expect(stderr).toMatch(/^pqcap: [^\n]*\n$/)
    expect(stderr.trimEnd()).not.toMatch(STEERING)
  })
})

test.each(['\u001b[2J\u202e.pcap', 'a\nb.pcap', "it's $(x).pcap"])(
  'a file called %j is named without harm',
  async (name) => {
    for (const options of [[], ['--format', 'json'], ['--stream', '3']]) {
      const session = sessionWith(analyze)
      await run(['show', ...options, '--', name], session)
      expect((session.stdout.text + session.stderr.text).replaceAll('\n', '')).not.toMatch(STEERING)
    }
  },
)

test.each([
  ['--server-name', '\u001b[2J'],
  ['--stream', '\u202e'],
  ['--lang', '\u009b'],
])('an option that is wrong is told without harm: %s %j', async (option, value) => {
  const session = sessionWith(analyze, [capture(utf8('a.test'))])
  expect(await run(['show', '-', option, value], session)).toBe(2)
  expect(session.stderr.text.replaceAll('\n', '')).not.toMatch(STEERING)
})
