import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { shellWord, showCommand } from '../../src/policy/show-command.js'

describe('the command that shows a handshake', () => {
  test.each([
    ['a.pcap', 'pqcap show a.pcap --stream 3 --handshake 1'],
    ['my captures/a.pcap', "pqcap show 'my captures/a.pcap' --stream 3 --handshake 1"],
    ["it's", "pqcap show 'it'\\''s' --stream 3 --handshake 1"],
    ['-rf', 'pqcap show ./-rf --stream 3 --handshake 1'],
    ['a\u001b[2J', "pqcap show $'a\\x1b[2J' --stream 3 --handshake 1"],
    ['-', null],
  ])('of %j', (capture, command) => {
    expect(showCommand(capture, 3, 1)).toBe(command)
  })

  test.each(["it's", '$(id)', 'a;b', 'ä\u202eb', "q'\u0007\\", 'a\nb', '`x`', '*', '~', '# no', '"'])(
    'gives %j back to a shell',
    (name) => {
      const { stdout } = spawnSync('bash', ['-c', `printf %s ${shellWord(name)}`], {
        encoding: 'utf8',
        env: { LC_ALL: 'C.UTF-8' },
      })
      expect(stdout).toBe(name)
      expect(shellWord(name)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    },
  )
})
