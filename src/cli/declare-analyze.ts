import { type Command, Option } from 'commander'
import { colorOption, filterOption, jobsOption, noColorOption, readerOption } from './declare-options.js'
import { EXIT_FAILED, UsageError } from './exit.js'
import type { AnalyzeCommandOptions } from './options.js'
import type { Session } from './session.js'

const FORMATS: readonly AnalyzeCommandOptions['format'][] = ['table', 'ndjson', 'json', 'csv']

/** Declares `pqcap analyze`, the default command; what it takes to run is loaded when it runs. */
export function declareAnalyze(program: Command, session: Session, exit: (status: number) => void): Command {
  const command = program
    .command('analyze', { isDefault: true })
    .description('what each TLS handshake agreed on (the default)')
    .usage('[options] <captures...>')
    .argument('[captures...]', 'pcap or pcapng files, also compressed with gzip or zstd; - for standard input')
    .addOption(new Option('-f, --format <format>', 'how to print').choices(FORMATS).default('table'))
    .option('-a, --all', 'every handshake in the table, however many')
    .addOption(filterOption())
    .addOption(readerOption())
    .addOption(jobsOption())
    .addOption(colorOption())
    .addOption(noColorOption())
    .addHelpText('after', HELP)
    .action(async (captures: readonly string[], options: Given) => {
      if (captures.length === 0) return exit(refuse(program, session))
      if (captures.indexOf('-') !== captures.lastIndexOf('-'))
        throw new UsageError('standard input can be read only once')
      const { analyzeCommand } = await import('./analyze-command.js')
      const status = await analyzeCommand(
        { ...options, captures, all: options.all ?? false, filter: options.filter ?? [] },
        session,
      )
      if (status === EXIT_FAILED) await hint(captures, program, session)
      exit(status)
    })
  program.addHelpText('after', HELP)
  return command
}

/** The options as commander gives them. */
type Given = Pick<AnalyzeCommandOptions, 'format' | 'reader' | 'color'> &
  Partial<Pick<AnalyzeCommandOptions, 'all' | 'filter' | 'jobs'>>

/** Where an argument was no capture it may have been meant for something else. */
async function hint(captures: readonly string[], program: Command, session: Session): Promise<void> {
  const { hints } = await import('./hints.js')
  const commands = program.commands.map((command) => command.name())
  for (const line of hints(captures, commands)) session.stderr.write(`${line}\n`, () => {})
}

/** No captures are named. */
function refuse(program: Command, session: Session): number {
  const hint = session.stdin.isTTY === true ? '' : '; to read standard input, name it: pqcap -'
  const lines = [`Usage: pqcap ${program.usage()}`, `pqcap: no captures named${hint}`, 'pqcap --help has examples.']
  session.stderr.write(`${lines.join('\n')}\n`, () => {})
  return EXIT_FAILED
}

const HELP = `
Filters: key=value[,value...] or key!=value[,value...]
  label        hybrid, post-quantum, classical, psk, unknown
  outcome      negotiated, rejected, unanswered, incomplete
  reason       why, in a word: server-chose-classical, tls12-or-older, ...
  version      TLSv1.3, TLSv1.2, ...
  group        the selected group, by name or number: X25519MLKEM768, 4588, 0x11ec
  server-name  with * and ?: '*.example.com'
  address      of either end, or client, or server: 198.51.100.7, 2001:db8::/32
  port         of either end
  stream       Wireshark's tcp.stream
  severity     of a finding: error, warning, info

Examples:
  pqcap capture.pcapng                          what each TLS handshake agreed on
  pqcap *.pcap --filter label=classical         only classical key exchanges
  pqcap --format ndjson capture.pcap.gz         one JSON object a line, for scripts
  sudo tcpdump -i any -s 0 -U -w - tcp | pqcap -
                                                live, while the packets pass
  sudo tcpdump -i eth0 -s 0 -w workshop.pcap tcp port 443
  pqcap workshop.pcap                           first capture, then look

Exit status: 0 done; 2 wrong usage, or a capture that could not be read whole.
A capture whose name is that of a command is given as ./name.
`
