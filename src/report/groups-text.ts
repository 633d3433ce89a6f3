import type { GroupFacts } from '../registry/group-facts.js'
import { groupCard } from './groups-card.js'
import { groupsTable } from './groups-table.js'
import type { Colors } from './paint.js'

/** For people: what a code point stands for in full, all of its uses; several code points as a table. */
export function groupsText(groups: readonly GroupFacts[], width: number, colors: Colors): string {
  const codePoints = new Set(groups.map((group) => group.id))
  if (codePoints.size !== 1) return groupsTable(groups, width, colors)
  return groups.map((group) => groupCard(group, width, colors)).join('\n')
}
