import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCapture } from '../../src/capture/packet-source.js'
import { counting } from '../support/bytes.js'
import { inChunks, readCapture, text, texts } from '../support/capture-reading.js'
import { pcap, simplePcapng } from '../support/captures.js'

const PACKETS = ['one', 'two', 'three'].map((value) => ({ bytes: text(value) }))
const isRoot = process.getuid?.() === 0

let folder: string
beforeAll(() => {
  folder = mkdtempSync(joinPath(tmpdir(), 'pqcap-packets-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function file(name: string, bytes: Uint8Array): string {
  const path = joinPath(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function* asynchronous(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

describe('openCapture', () => {
  it('reads the same packets from a file, bytes, chunks and asynchronous chunks, whatever the name', async () => {
    for (const bytes of [pcap(PACKETS), simplePcapng(PACKETS), gzipSync(pcap(PACKETS))]) {
      const reading = await readCapture(bytes)
      expect(texts(reading)).toEqual(['one', 'two', 'three'])
      expect(await readCapture(file('capture.txt', bytes))).toEqual(reading)
      expect(await readCapture(inChunks(bytes, 5))).toEqual(reading)
      expect(await readCapture(asynchronous(inChunks(bytes, 5)))).toEqual(reading)
    }
  })

  it('reads a file longer than a chunk, and counts its bytes', async () => {
    const bytes = pcap(Array<Uint8Array>(5000).fill(counting(1000)))
    const source = await openCapture(file('long.pcap', bytes))
    let packets = 0
    do while (source.next()) packets++
    while (await source.fill())
    expect(source).toMatchObject({
      bytes: bytes.length,
      bytesRead: bytes.length,
      totalBytes: bytes.length,
      error: null,
    })
    expect(packets).toBe(5000)
    await source.close()
  })

  it('reads a FIFO', async () => {
    const path = joinPath(folder, 'fifo')
    execFileSync('mkfifo', [path])
    const reading = readCapture(path)
    const writing = writeFile(path, pcap(PACKETS))
    expect(texts(await reading)).toEqual(['one', 'two', 'three'])
    await writing
  })

  it('gives the packets that have come while the capture is still being written', async () => {
    let release = (): void => {}
    const more = new Promise<void>((resolve) => {
      release = resolve
    })
    const bytes = pcap(PACKETS)
    const live = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes.slice(0, 24)
      yield bytes.slice(24, 50)
      await more
      yield bytes.slice(50)
    }
    const source = await openCapture(live())
    expect(source.next()).toBe(false)
    expect(await source.fill()).toBe(true)
    expect(source.next()).toBe(true)
    expect(source.packet.frame).toBe(1)
    expect(source.next()).toBe(false)
    release()
    expect(await source.fill()).toBe(true)
    expect([source.next(), source.next(), source.next()]).toEqual([true, true, false])
    expect(await source.fill()).toBe(false)
    expect(source.error).toBeNull()
  })

  it('gives the packets before an input fails, and then its error', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield pcap(PACKETS)
      throw new Error('the line went dead')
    }
    const reading = await readCapture(failing())
    expect(reading.packets.length).toBe(3)
    expect(reading.error).toEqual({
      code: 'unreadable',
      message: 'cannot be read: the line went dead',
      offset: pcap(PACKETS).length,
    })
  })

  it('says what cannot be opened or read', async () => {
    mkdirSync(joinPath(folder, 'directory'))
    const messages: readonly (readonly [string, string])[] = [
      ['missing.pcap', 'cannot be read: no such file or directory'],
      ['directory', 'cannot be read: is a directory'],
      [
        'a\ufffdb.pcap',
        'cannot be read: no such file or directory; where its name is not UTF-8, give it as standard input',
      ],
    ]
    for (const [name, message] of messages) {
      const { error, format } = await readCapture(joinPath(folder, name))
      expect({ error, format }).toEqual({ error: { code: 'unreadable', message, offset: 0 }, format: null })
    }
  })

  it.skipIf(isRoot)('says that a file may not be read', async () => {
    const path = file('secret.pcap', pcap(PACKETS))
    chmodSync(path, 0)
    expect((await readCapture(path)).error?.message).toBe('cannot be read: permission denied')
  })

  it('says what an input looks like that is no capture', async () => {
    const inputs: readonly (readonly [Uint8Array, string])[] = [
      [new Uint8Array(0), 'an empty file'],
      [text('<html>'), 'an HTML page: the download may have failed'],
      [gzipSync(text('hello')), 'a text file'],
      [gzipSync(new Uint8Array(0)), 'an empty file'],
    ]
    for (const [bytes, looksLike] of inputs) {
      for (const input of [bytes, inChunks(bytes, 1), file('other', bytes)]) {
        const { error, format } = await readCapture(input)
        const message = `not a pcap or pcapng capture: it looks like ${looksLike}`
        expect({ error, format }).toEqual({ error: { code: 'not-a-capture', message, offset: 0 }, format: null })
      }
    }
  })

  it('goes on saying the same once it has ended', async () => {
    const source = await openCapture(pcap(PACKETS).subarray(0, -1))
    do while (source.next());
    while (await source.fill())
    const { error } = source
    expect(error?.code).toBe('cut')
    expect([source.next(), await source.fill(), source.next()]).toEqual([false, false, false])
    expect(source.error).toBe(error)
  })
})
