import { type Command, InvalidArgumentError, Option } from 'commander'
import { colorOption, noColorOption, readerOption } from './declare-options.js'
import type { Session } from './session.js'
import type { ShowCommandOptions } from './show-options.js'

/** Declares `pqcap show`; what it takes to run is loaded when it runs. */
export function declareShow(program: Command, session: Session, exit: (status: number) => void): void {
  program
    .command('show')
    .description('one handshake in full: timeline, messages, fields, bytes')
    .argument('<capture>', 'a pcap or pcapng file, also compressed; - for standard input')
    .addOption(
      new Option('--stream <number>', "the handshake of this TCP stream (Wireshark's tcp.stream)").argParser(
        readNumber,
      ),
    )
    .addOption(new Option('--handshake <number>', 'this handshake of the stream, from 0').argParser(readNumber))
    .option('--server-name <name>', 'the one for this server name, with * and ?')
    .option('--bytes', 'each message as an annotated dump')
    .option('--all-bytes', 'the same, with nothing left out')
    .option('--explain', 'what this handshake teaches, for those who are new to it')
    .addOption(new Option('--lang <language>', 'explain in this language').choices(['en', 'ja']))
    .addOption(new Option('-f, --format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addOption(readerOption())
    .addOption(colorOption())
    .addOption(noColorOption())
    .addHelpText('after', HELP)
    .action(async (capture: string, options: Given) => {
      const { showCommand } = await import('./show-command.js')
      const { bytes = false, allBytes = false, explain = false } = options
      exit(await showCommand({ ...options, capture, bytes, allBytes, explain }, session))
    })
}

/** The options as commander gives them. */
type Given = Omit<ShowCommandOptions, 'capture' | 'bytes' | 'allBytes' | 'explain'> &
  Partial<Pick<ShowCommandOptions, 'bytes' | 'allBytes' | 'explain'>>

function readNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('It is a number from 0.')
}

const HELP = `
If several handshakes match the options, they are listed, each with the command
that shows it. Offsets are what xxd takes: xxd -s OFFSET -l LENGTH FILE.

Examples:
  pqcap show capture.pcapng                     the only handshake, or a list
  pqcap show capture.pcapng --stream 3          what tcp.stream eq 3 shows
  pqcap show capture.pcap --server-name 'www.*'
  pqcap show capture.pcap --bytes --stream 0    every byte beside its field
  pqcap show capture.pcap --explain --lang ja

Exit status: 0 shown or listed; 2 wrong usage, no such handshake, or a capture
that could not be read whole.
`
