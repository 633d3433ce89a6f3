import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import type { PolicyFiles } from '../policy/resolve.js'
import { systemMessage } from './system-message.js'

/** A longer file is no policy. */
const MAX_POLICY_LENGTH = 1024 * 1024

/** Policies in files; paths in one are relative to it. */
export const policyFiles: PolicyFiles = {
  resolve: (to, from) => (isAbsolute(to) ? normalize(to) : join(dirname(from), to)),
  async read(path) {
    // First and alone: Node 20 gives an empty object for a CommonJS module that is imported while this is.
    const { yamlNode } = await import('../policy/yaml-node.js')
    return yamlNode(readText(path, MAX_POLICY_LENGTH), path)
  },
}

/** Text of a file of at most so many bytes. @throws Error with the system's words */
export function readText(path: string, most: number): string {
  try {
    const { size } = statSync(path)
    if (size > most) throw new Error(`has ${size} bytes, more than the ${most} that are read`)
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new Error(systemMessage(error))
  }
}
