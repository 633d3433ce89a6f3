import type { GroupFacts } from '../registry/group-facts.js'
import { jsonText } from './json-text.js'

/** One document, `{schema, groups}`, a group on a line. Its schema is `schemas/pqcap-groups-1.schema.json`. */
export function groupsJson(groups: readonly GroupFacts[]): string {
  const lines = groups.map((group) => `\n    ${jsonText(group)}`)
  return `{\n  "schema": "pqcap-groups/1",\n  "groups": [${lines.join(',')}${lines.length === 0 ? '' : '\n  '}]\n}\n`
}
