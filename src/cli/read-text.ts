import { closeSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import { captureInput } from './live-input.js'
import type { Session } from './session.js'
import { systemMessage } from './system-message.js'

/**
 * Text of a file of at most `most` bytes. What is no file is read as it comes, and no further: `/dev/stdin` and the
 * `<(COMMAND)` of a shell give text, `/dev/zero` gives zeros without end. A pipe with a name is refused: where nothing
 * writes into it, its end never comes.
 * @throws Error with the system's words, or why it is not read
 */
export async function readText(
  path: string,
  most: number,
  session: Pick<Session, 'stdin' | 'interrupted'>,
): Promise<string> {
  try {
    const status = statSync(path)
    const bytes =
      status.isFile() || status.isDirectory() ? fileBytes(path, most) : await liveBytes(path, status, most, session)
    return bytes.toString('utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new Error(systemMessage(error))
  }
}

function fileBytes(path: string, most: number): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    const { size } = statSync(path)
    if (size > most) throw new Error(`has ${size} bytes, more than the ${most} that are read`)
    // Files of the system have no size before they are read, and one may grow.
    const chunks: Buffer[] = []
    let total = 0
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.max(size - total, CHUNK_LENGTH))
      const count = readSync(descriptor, chunk)
      if (count === 0) return Buffer.concat(chunks)
      total += count
      if (total > most) throw new Error(tooLong(most))
      chunks.push(chunk.subarray(0, count))
    }
  } finally {
    closeSync(descriptor)
  }
}

/** What is read past the size that a file is said to have. */
const CHUNK_LENGTH = 4096

async function liveBytes(
  path: string,
  status: Stats,
  most: number,
  session: Pick<Session, 'stdin' | 'interrupted'>,
): Promise<Buffer> {
  if (status.isFIFO() && hasName(path))
    throw new Error('is a named pipe, whose end may never come: give a file, or <(COMMAND)')
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of captureInput(path, session) as AsyncIterable<Uint8Array>) {
    total += chunk.length
    if (total > most) throw new Error(tooLong(most))
    chunks.push(chunk)
  }
  if (session.interrupted.aborted) throw new Error('interrupted, it was not read to its end')
  return Buffer.concat(chunks)
}

function tooLong(most: number): string {
  return `has more than the ${most} bytes that are read`
}

/** The pipes of a shell lie nowhere but in `/dev/fd` and `/proc`. */
function hasName(path: string): boolean {
  try {
    return !/^\/(?:dev|proc)\//.test(realpathSync(path))
  } catch {
    return false
  }
}
