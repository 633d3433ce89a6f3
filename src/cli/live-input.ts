import { closeSync, constants, createReadStream, fstatSync, openSync, statSync } from 'node:fs'
import type { Socket } from 'node:net'
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
export function captureInput(capture: string, { stdin, interrupted }: LiveSession): CaptureInput {
  if (capture === '-') return interruptible(stdin, interrupted)
  return isLive(capture) ? interruptible(opened(capture, interrupted), interrupted) : capture
}

/** Opened when it is read: what is in the way of that is told as it is where a capture cannot be read. */
async function* opened(capture: string, interrupted: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!statSync(capture).isFIFO()) yield* createReadStream(capture)
  else yield* openPipe(openSync(capture, constants.O_RDONLY | constants.O_NONBLOCK), interrupted)
}

type LiveSession = Pick<Session, 'stdin' | 'interrupted'>

/** The chunks of a pipe or a device, until the signal ends them. The descriptor is open with O_NONBLOCK. */
export function openLive(path: string, descriptor: number, interrupted: AbortSignal): AsyncIterable<Uint8Array> {
  if (fstatSync(descriptor).isFIFO()) return interruptible(openPipe(descriptor, interrupted), interrupted)
  closeSync(descriptor)
  return interruptible(createReadStream(path), interrupted)
}

/** A stream of a file would wait in a thread, for a writer and for what it writes, and keep the process from ending. */
function openPipe(descriptor: number, interrupted: AbortSignal): Socket {
  // Loading it takes two milliseconds, which a small capture in a file need not wait for.
  const net = process.getBuiltinModule('node:net')
  const pipe = new net.Socket({ fd: descriptor, readable: true, writable: false })
  interrupted.addEventListener('abort', () => pipe.destroy(), { once: true })
  return pipe
}
