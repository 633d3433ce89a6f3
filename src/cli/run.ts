import { Command, CommanderError, Help } from 'commander'
import { printable } from '../bytes/text.js'
import { declareAnalyze } from './declare-analyze.js'
import { declareCheck } from './declare-check.js'
import { declareDiff } from './declare-diff.js'
import { declareGroups } from './declare-groups.js'
import { declareInit } from './declare-init.js'
import { declareShow } from './declare-show.js'
import { EXIT_DONE, EXIT_FAILED, UsageError } from './exit.js'
import { Output } from './output.js'
import type { Session } from './session.js'
import { version } from './version.js'

/** Runs one command line, which is `process.argv` without its first two, and returns the exit status. */
export async function run(argv: readonly string[], session: Session): Promise<number> {
  let status = EXIT_DONE
  const help = new Output(session.stdout, session.now)
  const program = declareProgram(session, help, (exit) => {
    status = exit
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    // commander has printed its message, or the help or version that was asked for.
    if (error instanceof CommanderError && error.exitCode === 0) return helpStatus(help, session)
    const message = error instanceof CommanderError ? unsaid(error, argv) : usageMessage(error)
    if (message !== null) session.stderr.write(`pqcap: ${printable(message)}\n`, () => {})
    return EXIT_FAILED
  }
}

/** Where help is asked for of a command that there is not, commander prints the help of the program without a word. */
function unsaid({ code }: CommanderError, argv: readonly string[]): string | null {
  return code === 'commander.help' ? `unknown command '${argv[argv.indexOf('help') + 1]}'` : null
}

function usageMessage(error: unknown): string {
  if (!(error instanceof UsageError)) throw error
  return error.message
}

async function helpStatus(help: Output, { stderr }: Session): Promise<number> {
  await help.flush()
  if (help.error === null) return EXIT_DONE
  stderr.write(`pqcap: standard output: ${printable(help.error.message)}\n`, () => {})
  return EXIT_FAILED
}

/** Each command declares itself on the program and hands over its exit status. */
function declareProgram(session: Session, help: Output, exit: (status: number) => void): Command {
  const program = new Command('pqcap')
    .description(
      'Was this key exchange post-quantum? Reads packet captures and says what each TLS handshake agreed on.',
    )
    .usage('[analyze] [options] <captures...>')
    .helpOption('-h, --help', 'this help')
    .option('-V, --version', 'the version of pqcap')
    .on('option:version', () => {
      void help.write(`${version()}\n`)
      throw new CommanderError(EXIT_DONE, 'commander.version', '')
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void help.write(text),
      writeErr: (text) => session.stderr.write(printableLines(text), () => {}),
      outputError: (text) => session.stderr.write(`pqcap: ${printableError(text)}\n`, () => {}),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  const analyze = declareAnalyze(program, session, exit)
  declareShow(program, session, exit)
  declareDiff(program, session, exit)
  declareCheck(program, session, exit)
  declareInit(program, session, exit)
  declareGroups(program, session, exit)
  return showDefault(program, analyze)
}

/** The program's help shows what its default command takes, since that is what it takes itself. */
function showDefault(program: Command, command: Command): Command {
  const plain = new Help()
  return program.configureHelp({
    visibleArguments: (shown) => plain.visibleArguments(shown === program ? command : shown),
    visibleOptions(this: Help, shown) {
      const visible = plain.visibleOptions(shown)
      // Without a width no help is printed: they are asked for to find what an unknown option of any command is near to.
      return shown === program && this.helpWidth !== undefined ? [...command.options, ...visible] : visible
    },
  })
}

/** A suggestion stands in a line of its own; any other line break is one of an argument. */
function printableError(text: string): string {
  const [, message = '', suggestion = ''] = /^(?:error: )?(.*?)(\n\(Did you mean [^\n]*\))?\n?$/s.exec(text) ?? []
  return printable(message) + suggestion.replace(/[^\n]+/, printable)
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
