import { constants, createReadStream, openSync, statSync } from 'node:fs'
import { Socket } from 'node:net'
import type { CaptureInput } from '../analyze.js'
import { interruptible } from './interruptible.js'
import type { Session } from './session.js'

/** Whether a capture is read as it is written: standard input, a named pipe, a device. */
export function isLive(capture: string): boolean {
  if (capture === '-') return true
  try {
    const status = statSync(capture, { throwIfNoEntry: false })
    return status !== undefined && !status.isFile() && !status.isDirectory()
  } catch {
    // Why it cannot be read is told by whoever reads it.
    return false
  }
}

/** What to read a capture from: where one may wait for it without end, something that the signal ends. */
export function captureInput(capture: string, session: LiveSession): CaptureInput {
  return isLive(capture) ? liveInput(capture, session) : capture
}

/** The same for a capture that is known to be read as it is written. */
export function liveInput(capture: string, { stdin, interrupted }: LiveSession): AsyncIterable<Uint8Array> {
  if (capture === '-') return interruptible(stdin, interrupted)
  return interruptible(
    statSync(capture).isFIFO() ? openPipe(capture, interrupted) : createReadStream(capture),
    interrupted,
  )
}

type LiveSession = Pick<Session, 'stdin' | 'interrupted'>

/** A stream of a file would wait in a thread, for a writer and for what it writes, and keep the process from ending. */
function openPipe(path: string, interrupted: AbortSignal): Socket {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false })
  interrupted.addEventListener('abort', () => pipe.destroy(), { once: true })
  return pipe
}
