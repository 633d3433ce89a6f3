import { expect, test } from 'vitest'
import { interruptible } from '../../src/cli/interruptible.js'

async function* chunks(...lengths: number[]): AsyncGenerator<Uint8Array> {
  for (const length of lengths) yield new Uint8Array(length)
}

async function lengths(source: AsyncIterable<Uint8Array>): Promise<number[]> {
  const seen: number[] = []
  for await (const chunk of source) seen.push(chunk.length)
  return seen
}

test('gives every chunk where nothing interrupts', async () => {
  expect(await lengths(interruptible(chunks(1, 2, 3), new AbortController().signal))).toEqual([1, 2, 3])
})

test('ends while the next chunk is waited for', async () => {
  const interruption = new AbortController()
  async function* stuck(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1)
    setImmediate(() => interruption.abort())
    await new Promise(() => {})
  }
  expect(await lengths(interruptible(stuck(), interruption.signal))).toEqual([1])
})

test('gives nothing after the interruption', async () => {
  expect(await lengths(interruptible(chunks(1), AbortSignal.abort()))).toEqual([])
})

test('hands errors of the source on', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1)
    throw new Error('read failed')
  }
  await expect(lengths(interruptible(broken(), new AbortController().signal))).rejects.toThrow('read failed')
})
