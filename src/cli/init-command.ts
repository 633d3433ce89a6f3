import { writeFileSync } from 'node:fs'
import { shellWord } from '../bytes/shell-word.js'
import { printable } from '../bytes/text.js'
import { STARTER } from '../policy/starter.js'
import { EXIT_DONE, EXIT_FAILED } from './exit.js'
import type { Session } from './session.js'
import { systemMessage } from './system-message.js'

/** `pqcap init`: writes a commented policy. Returns the exit status. */
export function initCommand(file: string, force: boolean, { stdout, stderr }: Session): number {
  try {
    writeFileSync(file, STARTER, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const isThere = (error as { readonly code?: unknown }).code === 'EEXIST'
    const message = isThere ? 'exists already; --force overwrites it' : `cannot be written: ${systemMessage(error)}`
    stderr.write(`pqcap: ${printable(`${file}: ${message}`)}\n`, () => {})
    return EXIT_FAILED
  }
  stdout.write(
    `wrote ${printable(file)}; edit it, then run: pqcap check --policy ${shellWord(file)} captures/\n`,
    () => {},
  )
  return EXIT_DONE
}
