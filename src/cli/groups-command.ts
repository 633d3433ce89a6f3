import { nearest } from '../bytes/nearest.js'
import { printable } from '../bytes/text.js'
import { allGroupFacts, type GroupFacts } from '../registry/group-facts.js'
import type { GroupKind, GroupStatus } from '../registry/types.js'
import { EXIT_DONE, EXIT_FAILED, UsageError } from './exit.js'
import { type FoundGroups, findGroups } from './find-groups.js'
import { Output } from './output.js'
import type { Session } from './session.js'

/** What `pqcap groups` is told. */
export interface GroupsCommandOptions {
  /** A name, a part of one, a pattern or a number. */
  readonly text?: string
  /** Words as they were typed; none: any. */
  readonly kind?: readonly string[]
  readonly status?: readonly string[]
  readonly format: 'table' | 'json'
  /** undefined: as the environment and the terminal say. */
  readonly color?: boolean
}

const KINDS: readonly GroupKind[] = ['hybrid', 'post-quantum', 'classical', 'grease', 'reserved', 'unknown']
const STATUSES: readonly GroupStatus[] = ['standard', 'draft', 'obsolete', 'broken', 'private', 'unassigned']

/** `pqcap groups`: one group in full, or several as a table. Returns the exit status. */
export async function groupsCommand(options: GroupsCommandOptions, session: Session): Promise<number> {
  const kinds = known('kind', options.kind, KINDS)
  const statuses = known('status', options.status, STATUSES)
  const all: FoundGroups = { groups: allGroupFacts(), remarks: [] }
  const isWanted = ({ kind, status }: GroupFacts): boolean => kinds.includes(kind) && statuses.includes(status)
  const { groups, remarks } = options.text === undefined ? all : findGroups(options.text, isWanted)
  const chosen = groups.filter(isWanted)
  for (const remark of remarks) session.stderr.write(`pqcap: ${printable(remark)}\n`, () => {})
  return print(await render(chosen, options, session), session)
}

async function render(
  groups: FoundGroups['groups'],
  { format, color }: GroupsCommandOptions,
  { stdout, env }: Session,
): Promise<string> {
  if (format === 'json') return (await import('../report/groups-json.js')).groupsJson(groups)
  const { tableColors, tableWidth } = await import('./terminal.js')
  const { groupsText } = await import('../report/groups-text.js')
  return groupsText(groups, tableWidth(stdout, env), tableColors(color, stdout, env))
}

async function print(text: string, { stdout, stderr, now }: Session): Promise<number> {
  const output = new Output(stdout, now)
  await output.write(text)
  await output.flush()
  if (output.error === null) return EXIT_DONE
  stderr.write(`pqcap: standard output: ${printable(output.error.message)}\n`, () => {})
  return EXIT_FAILED
}

/** The words, all of them where there are none. */
function known<Word extends string>(
  what: string,
  words: readonly string[] = [],
  all: readonly Word[],
): readonly Word[] {
  const wanted = words.map((text) => {
    const word = all.find((word) => word === text.trim().toLowerCase())
    if (word !== undefined) return word
    const near = nearest(text, all)
    throw new UsageError(
      `unknown ${what} '${text}'; ${near === undefined ? `known: ${all.join(', ')}` : `did you mean '${near}'?`}`,
    )
  })
  return wanted.length === 0 ? all : wanted
}
