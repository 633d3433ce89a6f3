import { existsSync, statSync } from 'node:fs'
import { nearest } from '../bytes/nearest.js'

/** What may have been meant by arguments that were taken for captures and could not be read, in lines. */
export function hints(captures: readonly string[], commands: readonly string[]): readonly string[] {
  const [first = ''] = captures
  const command = misspeltCommand(first, commands)
  return [
    ...(command === undefined ? [] : [`(Did you mean the command ${command}?)`]),
    ...(captures.some(isFolder)
      ? ['(Here captures are named one by one; pqcap check and pqcap diff read folders.)']
      : []),
  ]
}

/** Commands are single words: nothing with a dot or a slash in it was meant for one. */
const WORD = /^[a-z]+$/i

function misspeltCommand(argument: string, commands: readonly string[]): string | undefined {
  return WORD.test(argument) && !existsSync(argument) ? nearest(argument, commands) : undefined
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    return false
  }
}
