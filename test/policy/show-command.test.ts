import { describe, expect, test } from 'vitest'
import { showCommand } from '../../src/policy/show-command.js'

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
})
