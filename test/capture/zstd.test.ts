import { expect, test, vi } from 'vitest'
import { readCapture } from '../support/capture-reading.js'
import { PACKETS_FRAME } from '../support/zstd.js'

vi.mock('../../src/capture/time-limit.js', () => ({ timeLimit: async () => () => 'held-up' }))

test('a zstd stream is not called damaged where decompressing it was held up', async () => {
  const { error } = await readCapture(PACKETS_FRAME)
  expect(error).toMatchObject({
    code: 'decompression',
    message:
      'decompressing the zstd stream was held up for seconds, after 0 decompressed bytes: nothing is known to be wrong with it, read it again',
  })
})
