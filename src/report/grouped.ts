import type { Outcome } from '../verdict/record.js'
import { type CellLine, line } from './cell.js'
import { counted } from './counted.js'
import type { Column, Layout } from './layout.js'
import { NONE, type Row, type Said } from './row.js'
import { OUTCOMES } from './totals.js'

/** Handshakes of one server name and one key exchange, counted. */
export interface GroupedRow {
  count: number
  /** The server name, or the address where none was sent, or `(others)`. */
  readonly server: string
  readonly keyExchange: string
  readonly label: Said
  /** What was offered in vain. */
  readonly offered: string
  readonly versions: Set<string>
  readonly outcomes: Record<Outcome, number>
}

/** More handshakes than a person reads: beyond this they are summed up, unless all are asked for. */
export const HANDSHAKES_READ = 50
/** A scan or a hostile capture may hold any number of server names: what comes after these is counted as others. */
export const GROUPS_HELD = 10_000
/** As many as are read at a glance; the rest is counted as others. */
export const GROUPS_SHOWN = 50
/** A dozen versions exist; unknown ones could be any of 65,536. */
const VERSIONS_HELD = 12

/** Sums up handshakes by server name and key exchange, in bounded memory. */
export class Grouped {
  private readonly groups = new Map<string, GroupedRow>()
  private readonly others = emptyGroup('(others)', '', { text: '', tone: 'plain' })

  /** Takes a number of handshakes whose rows agree in the group's key, the version and the outcome. */
  add(row: Row, count = 1): void {
    const key = groupKey(row)
    let group = this.groups.get(key)
    if (group === undefined && this.groups.size < GROUPS_HELD) {
      group = emptyGroup(serverOf(row), row.keyExchange, row.label, row.offered)
      this.groups.set(key, group)
    }
    group ??= this.others
    group.count += count
    group.outcomes[row.outcome] += count
    if (row.version !== NONE && group.versions.size < VERSIONS_HELD) group.versions.add(row.version)
  }

  /** Most first, then by name; those beyond `GROUPS_SHOWN` as one row at the end. */
  rows(): GroupedRow[] {
    const sorted = [...this.groups.values()].sort((a, b) => b.count - a.count || compare(a.server, b.server))
    const others = emptyGroup('(others)', '', { text: '', tone: 'plain' })
    for (const group of [...sorted.slice(GROUPS_SHOWN), this.others]) {
      others.count += group.count
      for (const outcome of OUTCOMES) others.outcomes[outcome] += group.outcomes[outcome]
      for (const version of group.versions) if (others.versions.size < VERSIONS_HELD) others.versions.add(version)
    }
    return others.count === 0 ? sorted : [...sorted.slice(0, GROUPS_SHOWN), others]
  }
}

/** The same for all handshakes of a group. */
export function groupKey(row: Row): string {
  return `${row.keyExchange}\n${row.label.text}\n${row.offered}\n${serverOf(row)}`
}

function serverOf(row: Row): string {
  return row.serverName || row.server.slice(0, row.server.lastIndexOf(':'))
}

function emptyGroup(server: string, keyExchange: string, label: Said, offered = ''): GroupedRow {
  const outcomes = { negotiated: 0, rejected: 0, unanswered: 0, incomplete: 0 }
  return { count: 0, server, keyExchange, label, offered, versions: new Set(), outcomes }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const columns: readonly Column<GroupedRow>[] = [
  { title: ['count'], cell: (row) => [line(counted(row.count))], usual: 7, least: Number.POSITIVE_INFINITY },
  { title: ['server'], cell: (row) => [line(row.server)], usual: 24, least: 18 },
  { title: ['key exchange'], cell: (row) => [line(row.keyExchange, 'strong')], usual: 18, least: 14 },
  { title: ['label'], cell: labelLines, usual: 14, least: 9 },
  { title: ['version'], cell: (row) => [...row.versions].sort().map((version) => line(version)), usual: 7, least: 7 },
  { title: ['outcome'], cell: (row) => outcomeLines(row).map((text) => line(text)), usual: 15, least: 12 },
]

function labelLines({ label, offered }: GroupedRow): CellLine[] {
  return [line(label.text, label.tone), ...(offered === '' ? [] : [line(offered, 'faint')])]
}

/** `negotiated`, or a line for each outcome with its count where there are several. */
function outcomeLines({ outcomes }: GroupedRow): string[] {
  const seen = OUTCOMES.filter((outcome) => outcomes[outcome] > 0)
  return seen.length === 1 ? seen : seen.map((outcome) => `${outcomes[outcome]} ${outcome}`)
}

/** For a terminal too narrow for columns: all of a group below one another. */
const stacked: Layout<GroupedRow> = {
  columns: [
    { title: ['handshakes'], cell: (row) => columns.flatMap((column) => column.cell(row)), usual: 40, least: 1 },
  ],
  spaced: true,
}

/** How grouped handshakes are laid out, from the widest to the narrowest. */
export const GROUPED_LAYOUTS: readonly Layout<GroupedRow>[] = [{ columns, spaced: false }, stacked]
