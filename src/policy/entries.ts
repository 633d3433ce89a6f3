import { unknown } from './code-points.js'
import type { MapNode, PolicyNode, Problems } from './node.js'

/** Goes through a mapping of known keys; others are problems. */
export function eachEntry(
  node: MapNode,
  what: string,
  known: readonly string[],
  problems: Problems,
  read: (key: string, value: PolicyNode) => void,
): void {
  const seen = new Set<string>()
  for (const { key, keyPlace, value } of node.entries) {
    if (!known.includes(key)) problems.add(keyPlace, unknown(what, key, known))
    else if (seen.has(key)) problems.add(keyPlace, `${what} '${key}' is given twice`)
    else read(key, value)
    seen.add(key)
  }
}
