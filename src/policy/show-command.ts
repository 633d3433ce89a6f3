import { shellWord } from '../bytes/shell-word.js'

/** The command that shows a handshake, to be pasted into a POSIX shell; null where the capture was read from a pipe. */
export function showCommand(capture: string, stream: number, handshake: number): string | null {
  if (capture === '-') return null
  return `pqcap show ${shellWord(capture)} --stream ${stream} --handshake ${handshake}`
}
