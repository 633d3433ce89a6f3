import { describe, expect, test } from 'vitest'
import { Output } from '../../src/cli/output.js'
import { errorWithCode, KeptStream, textOf } from '../support/session.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('output', () => {
  test('gathers small texts into one write', async () => {
    const stream = new KeptStream()
    const output = new Output(stream, () => 0)
    for (let i = 0; i < 100; i++) expect(output.write('line\n')).toBeUndefined()
    await output.flush()
    expect(stream.text).toBe('line\n'.repeat(100))
    expect(stream.writes).toBe(1)
  })

  test('writes what was gathered as soon as the event loop turns', async () => {
    const stream = new KeptStream()
    void new Output(stream, () => 0).write('row\n')
    await turn()
    expect(stream.text).toBe('row\n')
  })

  test('writes what has waited although the event loop does not turn', () => {
    const stream = new KeptStream()
    let now = 0
    const output = new Output(stream, () => now)
    void output.write('row\n')
    void output.tick()
    expect(stream.text).toBe('')
    now = 1000
    void output.tick()
    expect(stream.text).toBe('row\n')
  })

  test('waits for a slow reader once a batch is full', async () => {
    let release: () => void = () => {}
    const stream = {
      write(_text: string | Uint8Array, written: () => void): boolean {
        release = written
        return false
      },
    }
    const pending = new Output(stream, () => 0).write('x'.repeat(200_000))
    let waited = false
    void pending?.then(() => {
      waited = true
    })
    await turn()
    expect(waited).toBe(false)
    release()
    await turn()
    expect(waited).toBe(true)
  })

  test('keeps the order of writes and resolves when all have left', async () => {
    const waiting: (() => void)[] = []
    let text = ''
    const stream = {
      write(part: string | Uint8Array, written: () => void): boolean {
        text += textOf(part)
        waiting.push(written)
        return false
      },
    }
    const output = new Output(stream, () => 0)
    void output.write('a'.repeat(70_000))
    void output.write('b')
    let flushed = false
    const end = output.flush().then(() => {
      flushed = true
    })
    await turn()
    expect(text).toBe(`${'a'.repeat(70_000)}b`)
    waiting[1]?.()
    await turn()
    expect(flushed).toBe(false)
    waiting[0]?.()
    await end
  })

  test('is closed, without an error, when the reader has gone', async () => {
    const stream = new KeptStream()
    stream.failure = errorWithCode('EPIPE', 'write EPIPE')
    const output = new Output(stream, () => 0)
    void output.write('x')
    await output.flush()
    expect([output.done, output.closed, output.error]).toEqual([true, true, null])
    void output.write('y')
    await output.flush()
    expect(stream.writes).toBe(1)
  })

  test('keeps any other error, also one that is thrown', async () => {
    const error = errorWithCode('ENOSPC', 'no space')
    const throwing = new Output(
      {
        write: () => {
          throw error
        },
      },
      () => 0,
    )
    void throwing.write('x')
    await throwing.flush()
    expect([throwing.done, throwing.closed, throwing.error]).toEqual([true, false, error])
  })
})
