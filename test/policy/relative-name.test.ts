import { expect, test } from 'vitest'
import { distinctNames, relativeName } from '../../src/policy/relative-name.js'

test.each([
  ['runs/a/b.pcap', ['runs'], 'a/b.pcap'],
  ['runs/a/b.pcap', ['other', 'runs/a'], 'b.pcap'],
  ['runs2/b.pcap', ['runs'], 'b.pcap'],
  ['a/b.pcap', [''], 'a/b.pcap'],
  ['/tmp/a/b.pcap', [''], 'b.pcap'],
  ['/a/b.pcap', ['/'], 'a/b.pcap'],
  ['a\\b.pcap', ['a'], 'b.pcap'],
  ['b.pcap', [], 'b.pcap'],
  ['-', [], '-'],
])('%s below %j is %s', (capture, roots, expected) => {
  expect(relativeName(capture, roots)).toBe(expected)
})

test.each([
  ['there are no two of a name', ['runs/a/b.pcap', 'runs/b.pcap'], ['runs'], {}],
  [
    'files of one name were given',
    ['one/t.pcap', '/run/two/t.pcap', 'u.pcap'],
    [],
    { 'one/t.pcap': 'one/t.pcap', '/run/two/t.pcap': 'two/t.pcap' },
  ],
  [
    'folders hold files of one name',
    ['out/one/a/t.pcap', 'out/two/a/t.pcap', 'out/two/u.pcap'],
    ['out/one', 'out/two'],
    { 'out/one/a/t.pcap': 'one/a/t.pcap', 'out/two/a/t.pcap': 'two/a/t.pcap' },
  ],
  [
    'the folder above is the same, too',
    ['x/one/t.pcap', 'y/one/t.pcap', './t.pcap'],
    [],
    { 'x/one/t.pcap': 'x/one/t.pcap', 'y/one/t.pcap': 'y/one/t.pcap' },
  ],
  [
    'a longer name is that of another',
    ['r/one/t.pcap', 's/one/t.pcap', 's/two/t.pcap'],
    ['r'],
    { 'r/one/t.pcap': 'r/one/t.pcap', 's/one/t.pcap': 's/one/t.pcap', 's/two/t.pcap': 'two/t.pcap' },
  ],
])('names are told apart by folders above, where %s', (_, captures, roots, expected) => {
  expect(Object.fromEntries(distinctNames(captures, roots))).toEqual(expected)
})
