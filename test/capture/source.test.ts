import { execFile, execFileSync } from 'node:child_process'
import { appendFileSync, closeSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ByteSource,
  type CaptureInput,
  FILE_CHUNK_LENGTH,
  openSource,
  SMALL_FILE_LENGTH,
} from '../../src/capture/source.js'
import { Window } from '../../src/capture/window.js'
import { counting, join } from '../support/bytes.js'
import { inChunks } from '../support/capture-reading.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(joinPath(tmpdir(), 'pqcap-source-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** All bytes of a source, of which so many stay in the window from one chunk to the next. */
async function readAll(source: ByteSource, held: number): Promise<Uint8Array> {
  const window = new Window()
  const parts: Uint8Array[] = []
  const take = (count: number): void => {
    parts.push(window.bytes.slice(window.start, window.start + count))
    window.consume(count)
  }
  while ((await source.fill(window)) > 0) take(Math.max(window.available() - held, 0))
  take(window.available())
  await source.close()
  return Buffer.concat(parts)
}

async function* asynchronous(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

describe('openSource', () => {
  it('reads a file longer than a chunk, whatever is held of it', async () => {
    const bytes = counting(FILE_CHUNK_LENGTH * 5 + 17)
    const path = joinPath(folder, 'long')
    writeFileSync(path, bytes)
    for (const held of [0, 16, FILE_CHUNK_LENGTH - 1, FILE_CHUNK_LENGTH * 3]) {
      const source = openSource(path)
      expect(source.totalBytes).toBe(bytes.length)
      expect(Buffer.compare(await readAll(source, held), bytes)).toBe(0)
      expect(source.bytesRead).toBe(bytes.length)
    }
  })

  it('answers for a file at once', async () => {
    const path = joinPath(folder, 'short')
    writeFileSync(path, counting(3))
    const source = openSource(path)
    expect(source.fill(new Window())).toBe(3)
    await source.close()
  })

  it('reads bytes, and chunks of both kinds, passing over empty ones', async () => {
    const bytes = counting(1000)
    const chunks = [new Uint8Array(0), ...inChunks(bytes, 7), new Uint8Array(0)]
    const inputs: readonly CaptureInput[] = [bytes, chunks, asynchronous(chunks)]
    for (const input of inputs) {
      const source = openSource(input)
      expect(source.totalBytes).toBe(input instanceof Uint8Array ? 1000 : null)
      expect(Buffer.compare(await readAll(source, 20), bytes)).toBe(0)
      expect(source.bytesRead).toBe(1000)
    }
  })

  it('leaves the chunks as they were', async () => {
    const chunks = inChunks(counting(1000), 70)
    await readAll(openSource(chunks), 30)
    expect(chunks).toEqual(inChunks(counting(1000), 70))
  })

  it('rejects a chunk that is no Uint8Array', async () => {
    const source = openSource(['text'] as unknown as Uint8Array[])
    await expect(source.fill(new Window())).rejects.toThrow('must be a Uint8Array')
  })

  it('ends the iterator that it was given when it is closed early', async () => {
    let ended = false
    const chunks = (function* () {
      try {
        yield counting(5)
        yield counting(5)
      } finally {
        ended = true
      }
    })()
    const source = openSource(chunks)
    await source.fill(new Window())
    await source.close()
    expect(ended).toBe(true)
  })

  it('reads a file whole, whether it is small or just no longer is', async () => {
    for (const length of [0, 1, SMALL_FILE_LENGTH - 1, SMALL_FILE_LENGTH, SMALL_FILE_LENGTH + 1]) {
      const path = joinPath(folder, `of-${length}`)
      const bytes = counting(length)
      writeFileSync(path, bytes)
      const source = openSource(path)
      expect(source.totalBytes).toBe(length)
      expect(Buffer.compare(await readAll(source, 7), bytes)).toBe(0)
      expect(source.bytesRead).toBe(length)
      expect(source.ended || length === 0).toBe(true)
    }
  })

  it('reads small files into the memory of one that is closed, and of none that is open', () => {
    const open = (name: string, bytes: Uint8Array): { window: Window; source: ByteSource } => {
      const path = joinPath(folder, name)
      writeFileSync(path, bytes)
      const window = new Window()
      const source = openSource(path)
      source.fill(window)
      return { window, source }
    }
    const first = open('first', Uint8Array.of(1, 1))
    const second = open('second', Uint8Array.of(2, 2))
    expect([...first.window.bytes, ...second.window.bytes]).toEqual([1, 1, 2, 2])
    // Of thousands that are open at once, each takes no more than its length.
    expect(second.window.bytes.buffer.byteLength).toBe(2)
    second.source.close()
    first.source.close()
    const third = open('third', Uint8Array.of(3, 3))
    first.source.close()
    second.source.close()
    const fourth = open('fourth', Uint8Array.of(4, 4))
    expect(third.window.bytes.buffer).toBe(first.window.bytes.buffer)
    expect([...third.window.bytes, ...fourth.window.bytes]).toEqual([3, 3, 4, 4])
    for (const { source } of [third, fourth]) source.close()
  })

  it.skipIf(process.platform === 'win32')('waits for the writer of a pipe, who always has a reader', async () => {
    const path = joinPath(folder, 'pipe')
    const file = joinPath(folder, 'written')
    const bytes = counting(300_000)
    execFileSync('mkfifo', [path])
    writeFileSync(file, bytes)
    for (let round = 0; round < 20; round++) {
      const written = new Promise<Error | null>((resolve) => {
        execFile('sh', ['-c', 'cat "$1" > "$2"', 'sh', file, path], (error) => resolve(error))
      })
      const source = openSource(path)
      expect([source.totalBytes, source.ended]).toEqual([null, false])
      expect(Buffer.compare(await readAll(source, 0), bytes)).toBe(0)
      expect(await written).toBeNull()
    }
  })

  it.skipIf(!existsSync('/dev/zero'))('reads a device in chunks, however much is in it', async () => {
    const source = openSource('/dev/zero')
    expect(await source.fill(new Window())).toBe(FILE_CHUNK_LENGTH)
    await source.close()
  })

  it.skipIf(!existsSync('/dev/zero'))('asks how to open what is no file', async () => {
    const opened: string[] = []
    const openLive = (path: string, descriptor: number): AsyncIterable<Uint8Array> => {
      closeSync(descriptor)
      opened.push(path)
      return asynchronous([counting(5)])
    }
    const source = openSource('/dev/zero', openLive)
    expect(await source.fill(new Window())).toBe(5)
    openSource(joinPath(folder, 'short'), openLive).close()
    expect(opened).toEqual(['/dev/zero'])
    await source.close()
  })

  it('throws where a file ends before it did when it was opened', () => {
    const path = joinPath(folder, 'shortened')
    writeFileSync(path, counting(1_000_000))
    const source = openSource(path)
    const window = new Window()
    const count = source.fill(window) as number
    truncateSync(path, count)
    expect(() => source.fill(window)).toThrow(
      `of the 1000000 bytes that it had when it was opened, only ${count} were there to read`,
    )
    expect(window.available()).toBe(count)
    source.close()
  })

  it('reads on where a file has grown since it was opened', async () => {
    const path = joinPath(folder, 'grown')
    writeFileSync(path, counting(300_000))
    const source = openSource(path)
    appendFileSync(path, counting(300_000))
    expect(Buffer.compare(await readAll(source, 0), join(counting(300_000), counting(300_000)))).toBe(0)
  })

  it('throws for a path that is not there', () => {
    expect(() => openSource(joinPath(folder, 'missing'))).toThrow('ENOENT')
  })
})
