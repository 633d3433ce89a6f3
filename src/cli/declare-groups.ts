import { type Command, Option } from 'commander'
import { colorOption, noColorOption } from './declare-options.js'
import type { GroupsCommandOptions } from './groups-command.js'
import type { Session } from './session.js'

/** Declares `pqcap groups`; what it takes to run is loaded when it runs. */
export function declareGroups(program: Command, session: Session, exit: (status: number) => void): Command {
  return program
    .command('groups')
    .description('what the named groups of TLS are, and what programs call them')
    .argument(
      '[name|number]',
      "a group or a part of its name, also as other programs write it; a pattern such as '*kem768'",
    )
    .addOption(list(new Option('--kind <kinds>', 'only of these kinds: hybrid, post-quantum, classical, ...')))
    .addOption(list(new Option('--status <statuses>', 'only of this status: standard, draft, obsolete, ...')))
    .addOption(new Option('-f, --format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addOption(colorOption())
    .addOption(noColorOption())
    .addHelpText('after', HELP)
    .action(async (text: string | undefined, options: Omit<GroupsCommandOptions, 'text'>) => {
      const { groupsCommand } = await import('./groups-command.js')
      exit(await groupsCommand({ ...options, ...(text === undefined ? {} : { text }) }, session))
    })
}

/** Words separated by commas; repeated, they add up. */
function list(option: Option): Option {
  return option.argParser((words: string, before: readonly string[] = []) => [...before, ...words.split(',')])
}

const HELP = `
Kinds: hybrid, post-quantum, classical, grease, reserved, unknown
Statuses: standard, draft, obsolete, broken, private, unassigned

A number is 4588, 0x11ec or 11ec. Digits alone are decimal, and hexadecimal too
where that is a known code point: 29 is x25519 and curveSM2 (0x0029). Three
digits or more are also looked for in names: 768.

Examples:
  pqcap groups                                  all of them
  pqcap groups x25519mlkem768                   everything about one
  pqcap groups 25497                            what a number stands for
  pqcap groups --kind hybrid --status standard  what to move to
  pqcap groups kyber --format json              for scripts

Exit status: 0 done; 2 wrong usage, or a name that is not known.
`
