import { describe, expect, test } from 'vitest'
import { ProgressLine, progressBar, progressText } from '../../src/cli/progress.js'
import { KeptStream } from '../support/session.js'

const PROGRESS = { bytesRead: 512e6, totalBytes: 2048e6, packets: 8_200_000, handshakes: 12_345 }

describe('progressText', () => {
  test('says bytes of bytes, packets a second, handshakes and time left', () => {
    expect(progressText(PROGRESS, 2)).toBe('512 MB of 2.0 GB, 4,100,000 packets/s, 12,345 handshakes, 6 s left')
  })

  test('says neither the total nor the time left where the length is not known', () => {
    expect(progressText({ ...PROGRESS, totalBytes: null }, 2)).toBe('512 MB, 4,100,000 packets/s, 12,345 handshakes')
  })

  test('says long times in minutes', () => {
    expect(progressText({ ...PROGRESS, totalBytes: 512e8 }, 10)).toContain('17 min left')
  })

  test('holds at the very start', () => {
    expect(progressText({ bytesRead: 0, totalBytes: 999, packets: 0, handshakes: 0 }, 0)).toBe(
      '0 B of 999 B, 0 packets/s, 0 handshakes',
    )
  })
})

test.each([
  [0, 1000, '[------------------------------] 0 of 1,000 captures'],
  [500, 1000, '[###############---------------] 500 of 1,000 captures'],
  [1000, 1000, '[##############################] 1,000 of 1,000 captures'],
  [0, 0, '[------------------------------] 0 of 0 captures'],
])('the bar of %i of %i is %s', (done, all, bar) => {
  expect(progressBar(done, all, 'captures')).toBe(bar)
})

describe('the progress line', () => {
  function line(isTTY: boolean, columns = 80): { stream: KeptStream; clock: { now: number }; progress: ProgressLine } {
    const stream = new KeptStream()
    Object.assign(stream, { isTTY, columns })
    const clock = { now: 0 }
    const progress = new ProgressLine(stream, () => clock.now)
    progress.begin('a\u001b.pcap')
    return { stream, clock, progress }
  }

  test('appears at a terminal once the work takes more than a second, and is cleared', () => {
    const { stream, clock, progress } = line(true)
    clock.now = 999
    progress.update(PROGRESS)
    progress.clear()
    expect(stream.text).toBe('')
    clock.now = 2000
    progress.update(PROGRESS)
    expect(stream.text.startsWith('\r\x1b[2Ka\\x1b.pcap: 512 MB of')).toBe(true)
    progress.clear()
    expect(stream.text.endsWith('\r\x1b[2K')).toBe(true)
  })

  test('is not written again for a while', () => {
    const { stream, clock, progress } = line(true)
    for (clock.now = 2000; clock.now < 2100; clock.now++) progress.update(PROGRESS)
    expect(stream.writes).toBe(1)
  })

  test('never appears where standard error is no terminal', () => {
    const { stream, clock, progress } = line(false)
    clock.now = 5000
    progress.update(PROGRESS)
    progress.clear()
    expect(stream.text).toBe('')
  })

  test('is never wider than the terminal', () => {
    const { stream, clock, progress } = line(true, 30)
    clock.now = 5000
    progress.update(PROGRESS)
    expect(stream.text.replace('\r\x1b[2K', '')).toHaveLength(29)
  })

  test('is there where the terminal does not know its width', () => {
    const { stream, clock, progress } = line(true, 0)
    clock.now = 5000
    progress.update(PROGRESS)
    expect(stream.text).toContain('12,345 handshakes')
  })
})
