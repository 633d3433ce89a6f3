import { expect, test } from 'vitest'
import { pathUri } from '../../../src/report/check/uri.js'

test.each([
  ['captures/login.pcap', 'captures/login.pcap'],
  ['./captures/a.pcap', 'captures/a.pcap'],
  ['../a.pcap', '../a.pcap'],
  ['nightly batch.pcap', 'nightly%20batch.pcap'],
  ['a:b.pcap', 'a%3Ab.pcap'],
  ['100%.pcap', '100%25.pcap'],
  ['a?b#c.pcap', 'a%3Fb%23c.pcap'],
  ['größe.pcap', 'gr%C3%B6%C3%9Fe.pcap'],
  ['half\ud800.pcap', 'half%EF%BF%BD.pcap'],
  ['a\nb.pcap', 'a%0Ab.pcap'],
  ['/var/a b.pcap', 'file:///var/a%20b.pcap'],
  ['//server/a.pcap', 'file:///server/a.pcap'],
  ['C:\\captures\\a.pcap', 'file:///C:/captures/a.pcap'],
  ['-', '-'],
  ['', '.'],
])('the path %j is %s', (path, uri) => {
  expect(pathUri(path)).toBe(uri)
})
