import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { shellWord } from '../../src/bytes/shell-word.js'

describe('a file name as a word for a shell', () => {
  test.each([
    ['samples/a-b_1.pcap.gz', 'samples/a-b_1.pcap.gz'],
    ['-', '-'],
    ['-rf', './-rf'],
    ['my capture.pcap', "'my capture.pcap'"],
    ["it's.pcap", "'it'\\''s.pcap'"],
    ['$(id).pcap', "'$(id).pcap'"],
    ['日本.pcap', "'日本.pcap'"],
    ['', "''"],
    ['\u001b[2J.pcap', "$'\\x1b[2J.pcap'"],
    ['a\nb', "$'a\\x0ab'"],
    ["\u202e'\\", "$'\\xe2\\x80\\xae\\'\\\\'"],
  ])('%j is %s', (name, word) => {
    expect(shellWord(name)).toBe(word)
  })

  test('is read back as the name by bash', () => {
    for (const name of [
      'a b',
      "'",
      '"',
      '`id`',
      '\\',
      '!x',
      '*',
      '~',
      '\t\u001b\u009b\u202e',
      '\u{e0001}x',
      '#a',
      'é',
    ]) {
      const env = { ...process.env, LC_ALL: 'C' }
      const read = execFileSync('bash', ['-c', `printf %s ${shellWord(name)}`], { encoding: 'utf8', env })
      expect(read).toBe(name)
    }
  })
})
