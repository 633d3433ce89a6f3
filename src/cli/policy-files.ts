import { dirname, isAbsolute, join, normalize } from 'node:path'
import type { PolicyFiles } from '../policy/resolve.js'
import { readText } from './read-text.js'
import type { Session } from './session.js'

/** A longer file is no policy. */
const MAX_POLICY_LENGTH = 1024 * 1024

/** Policies in files; paths in one are relative to it. Those that were read are in `paths`. */
export function policyFiles(session: Session): PolicyFiles & { readonly paths: readonly string[] } {
  const paths: string[] = []
  return {
    paths,
    resolve: (to, from) => (isAbsolute(to) ? normalize(to) : join(dirname(from), to)),
    async read(path) {
      paths.push(path)
      // First and alone: Node 20 gives an empty object for a CommonJS module that is imported while this is.
      const { yamlNode } = await import('../policy/yaml-node.js')
      return yamlNode(await readText(path, MAX_POLICY_LENGTH, session), path)
    },
  }
}
