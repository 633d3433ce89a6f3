import { expect, test } from 'vitest'
import { relativeName } from '../../src/policy/relative-name.js'

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
