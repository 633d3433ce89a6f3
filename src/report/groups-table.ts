import { hex, printable } from '../bytes/text.js'
import type { GroupFacts } from '../registry/group-facts.js'
import { type Cell, line, wrap } from './cell.js'
import { counted } from './counted.js'
import { drawHeader, drawRows } from './draw.js'
import { componentWords, isOrdered, kindTone, shareWords, statusWord } from './groups-words.js'
import { type Column, type Layout, layOut } from './layout.js'
import type { Colors } from './paint.js'
import { NONE } from './row.js'

/** Groups, a line each, and how many there are of each kind; as many columns as the width has room for. */
export function groupsTable(groups: readonly GroupFacts[], width: number, colors: Colors): string {
  if (groups.length === 0) return 'no groups\n'
  const fitted = layOut(LAYOUTS, groups, width)
  const table = drawHeader(fitted, colors) + drawRows(fitted, groups, colors)
  const closing = wrap(totals(groups), width).join('\n')
  return `${table}${fitted.layout.spaced ? '' : '\n'}${closing}\n`
}

const KINDS: readonly GroupFacts['kind'][] = ['hybrid', 'post-quantum', 'classical', 'grease', 'reserved', 'unknown']

function totals(groups: readonly GroupFacts[]): string {
  const byKind = KINDS.map((kind) => ({ kind, count: groups.filter((group) => group.kind === kind).length }))
  const told = byKind.filter(({ count }) => count > 0).map(({ kind, count }) => `${counted(count)} ${kind}`)
  return `${counted(groups.length)} entries: ${told.join(', ')}`
}

const id: Column<GroupFacts> = { title: ['code'], cell: (group) => [line(hex(group.id))], usual: 6, least: 6 }
const decimal: Column<GroupFacts> = {
  title: ['dec.'],
  cell: (group) => [line(String(group.id))],
  usual: 5,
  least: 5,
}
const name: Column<GroupFacts> = { title: ['name'], cell: nameCell, usual: 24, least: 20 }
const kind: Column<GroupFacts> = {
  title: ['kind'],
  cell: (group) => [line(group.kind, kindTone(group))],
  usual: 12,
  least: 12,
}
const status: Column<GroupFacts> = {
  title: ['status'],
  cell: (group) => [line(statusWord(group), group.status === 'broken' ? 'bad' : 'plain')],
  usual: 8,
  least: 8,
}
const shares: Column<GroupFacts> = {
  title: ['share bytes'],
  cell: (group) => [line(shareWords(group))],
  usual: 14,
  least: 14,
}
const components: Column<GroupFacts> = {
  title: ['components, in wire order'],
  cell: (group) => [line(componentWords(group)), ...(isOrdered(group) ? [] : [line('the order varies', 'faint')])],
  usual: 28,
  least: 25,
}
const standard: Column<GroupFacts> = {
  title: ['standard, or who uses it'],
  cell: (group) => [line(standardWords(group))],
  usual: 34,
  least: 24,
}

const LAYOUTS: readonly Layout<GroupFacts>[] = [
  { columns: [id, decimal, name, kind, status, shares, components, standard], spaced: false },
  { columns: [id, decimal, name, kind, status, shares, standard], spaced: false },
  { columns: [id, decimal, name, kind, status, shares], spaced: false },
  { columns: [{ title: ['groups'], cell: stackedCell, usual: 30, least: 1 }], spaced: true },
]

/** Where one use of a code point is likelier than another, the others are faint. A range says where it ends. */
function nameCell(group: GroupFacts): Cell {
  const { privateUse, likeliest } = group
  const name = line(printable(group.name), likeliest ? 'plain' : 'faint')
  return privateUse?.name === group.name ? [name, line(`to ${hex(privateUse.last)}`)] : [name]
}

/** The newest RFC, which is the last; or else a draft without its version, or who uses it. */
function standardWords({ references }: GroupFacts): string {
  const [first] = references
  if (first === undefined) return NONE
  const specifications = references.filter((reference) => /^RFC \d/.test(reference))
  return printable((specifications.at(-1) ?? first).replace(/ \(.*\)$/, '').replace(/^(draft-.*)-\d\d$/, '$1'))
}

function stackedCell(group: GroupFacts): Cell {
  return [
    line(`${hex(group.id)} ${group.id}`),
    ...nameCell(group),
    line(`${group.kind}, ${group.status}`, kindTone(group)),
    ...(group.clientShare === null ? [] : [line(`${shareWords(group)} bytes`)]),
  ]
}
