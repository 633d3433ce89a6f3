import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemMessage } from './system-message.js'

/** Writes a file, and the folder for it; returns what went wrong, or null. */
export function writeWhole(path: string, text: string): string | null {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return null
  } catch (error) {
    return `cannot be written: ${systemMessage(error)}`
  }
}
