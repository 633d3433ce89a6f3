import { describe, expect, test } from 'vitest'
import { hints } from '../../src/cli/hints.js'
import { run } from '../../src/cli/run.js'
import { captureRecord } from '../support/records.js'
import { fakeSession } from '../support/session.js'

const COMMANDS = ['analyze', 'show', 'diff', 'check', 'init', 'groups']

test('a folder is told to be for other commands', () => {
  const line = '(Here captures are named one by one; pqcap check and pqcap diff read folders.)'
  expect(hints(['a.pcap', 'src', 'test'], COMMANDS)).toEqual([line])
})

describe('a misspelt command', () => {
  test.each([
    ['chekc', 'check'],
    ['sho', 'show'],
    ['Groups', 'groups'],
  ])('is told by what is near: %s', (argument, command) => {
    expect(hints([argument, 'a.pcap'], COMMANDS)).toEqual([`(Did you mean the command ${command}?)`])
  })

  test.each(['capture', 'check.pcap', './chek', '-', ''])('is not what was meant by %j', (argument) => {
    expect(hints([argument], COMMANDS)).toEqual([])
  })

  test('is not the name of a file that is there', () => {
    // Of the folder that tests run in.
    expect(hints(['LICENSE'], ['licence'])).toEqual([])
  })

  test('is told where it was taken for a capture, and the others are read', async () => {
    const error = { code: 'unreadable', message: 'cannot be read: no such file or directory', offset: 0 }
    const session = fakeSession({
      shwo: [captureRecord({ capture: 'shwo', packets: 0, error })],
      'a.pcap': [captureRecord({ capture: 'a.pcap' })],
    })
    expect(await run(['shwo', 'a.pcap', '--format', 'ndjson'], session)).toBe(2)
    expect(session.stderr.text).toBe(
      'pqcap: shwo: cannot be read: no such file or directory\n(Did you mean the command show?)\n',
    )
    expect(session.stdout.text.split('\n')).toHaveLength(3)
  })

  test('is not looked for where all is well', async () => {
    const session = fakeSession({ shwo: [captureRecord({ capture: 'shwo' })] })
    expect(await run(['shwo'], session)).toBe(0)
    expect(session.stderr.text).toBe('')
  })
})
