import { type Command, Option } from 'commander'
import { colorOption, filterOption, gather, noColorOption, readerOption } from './declare-options.js'
import type { DiffCommandOptions } from './diff-options.js'
import { UsageError } from './exit.js'
import type { Session } from './session.js'

const FORMATS: readonly DiffCommandOptions['format'][] = ['text', 'json', 'markdown', 'svg']

/** Declares `pqcap diff`; what it takes to run is loaded when it runs. */
export function declareDiff(program: Command, session: Session, exit: (status: number) => void): Command {
  return program
    .command('diff')
    .description('what is different between two handshakes, or those of two captures, and what it cost')
    .usage('[options] <classic> <pq>')
    .argument('<classic>', 'a capture, a folder of captures, or CAPTURE#STREAM; - for standard input')
    .argument('<pq>', 'the same: what it is compared with')
    .addOption(new Option('-f, --format <format>', 'how to print').choices(FORMATS).default('text'))
    .option('-a, --all', 'every pair, also where there are several')
    .addOption(new Option('--pair <A=B>', 'handshakes that belong together; may be repeated').argParser(gather))
    .addOption(
      new Option('--fail-on <condition>', 'exit status 1 where it holds for a pair; may be repeated').argParser(gather),
    )
    .addOption(filterOption())
    .addOption(readerOption())
    .addOption(colorOption())
    .addOption(noColorOption())
    .addHelpText('after', HELP)
    .action(async (before: string, after: string, options: Given) => {
      if (before === '' || after === '') throw new UsageError('the name of a capture is empty')
      const { diffCommand } = await import('./diff-command.js')
      const { all = false, pair = [], failOn = [], filter = [] } = options
      exit(await diffCommand({ ...options, before, after, all, pair, failOn, filter }, session))
    })
}

/** The options as commander gives them. */
type Given = Pick<DiffCommandOptions, 'format' | 'reader' | 'color'> &
  Partial<Pick<DiffCommandOptions, 'all' | 'pair' | 'failOn' | 'filter'>>

const HELP = `
Handshakes are paired by server name, then by server endpoint, then in order.
Those with different server names are not paired, save where each side has only
one. --pair overrides that: A and B are each CAPTURE#STREAM,
CAPTURE#STREAM.HANDSHAKE, a capture, or a server name; #STREAM alone where a
side has one capture. Streams count from 0 as Wireshark's tcp.stream, and so do
the handshakes of a stream.

Conditions:
  downgrade    something weaker was agreed on, or nothing any more
  any          something else was offered, agreed on or answered, or a handshake
               has no counterpart; sizes and times are not looked at
  cost:+20%    the TLS bytes of a handshake grew by more than so many per cent

Examples:
  pqcap diff classic.pcap pq.pcap
  pqcap diff 'workshop.pcap#0' 'workshop.pcap#3'    two streams of one capture
  pqcap diff before/ after/ --fail-on downgrade     two folders, for a pipeline
  pqcap diff old.pcap new.pcap --pair kms.example=kms-pq.example
  pqcap diff classic.pcap pq.pcap --format svg > difference.svg

Exit status: 0 done, whatever is different; 1 a condition of --fail-on holds;
2 wrong usage, nothing to pair, or a capture that could not be read whole.
`
