import { type Command, InvalidArgumentError, Option } from 'commander'
import { nearest } from '../bytes/nearest.js'
import { LABELS } from '../report/totals.js'
import type { Label } from '../verdict/record.js'
import { type CheckCommandOptions, REPORT_FORMATS, type ReportFile, type ReportFormat } from './check-options.js'
import { colorOption, jobsOption, noColorOption, readerOption } from './declare-options.js'
import { UsageError } from './exit.js'
import type { Session } from './session.js'

/** Declares `pqcap check`; what it takes to run is loaded when it runs. */
export function declareCheck(program: Command, session: Session, exit: (status: number) => void): void {
  program
    .command('check')
    .description('captures against a policy, for CI')
    .usage('[options] <inputs...>')
    .argument(
      '[inputs...]',
      'captures, folders, which are searched to any depth, and patterns such as "out/**/*.pcap"; - for standard input',
    )
    .addOption(
      new Option(
        '--require <labels>',
        'every handshake is negotiated, with one of these labels: hybrid, post-quantum, ...',
      ).argParser(readLabels),
    )
    .option(
      '--preset <name>',
      'a policy that comes with pqcap: hybrid, cnsa-2.0, tls12-minimum, aws-pq, no-obsolete-drafts',
      once,
    )
    .option('--policy <file>', 'a policy in YAML or JSON; pqcap init writes one to start from', once)
    .option(
      '--print-policy',
      'print the policy with all that it extends, and where each value comes from; check nothing',
    )
    .addOption(
      new Option(
        '--report <format=file>',
        `write a report too: ${REPORT_FORMATS.join(', ')}; may be repeated`,
      ).argParser(readReport),
    )
    .option('--baseline <file>', 'known failures, which are listed but do not fail the check', once)
    .option('--write-baseline', 'write what fails now into the file of --baseline')
    .option('--allow-empty', 'pass even if no TLS handshake was found, or none that the policy has a rule for')
    .option('-a, --all', 'every finding on the terminal, however many')
    .addOption(readerOption())
    .addOption(jobsOption())
    .addOption(colorOption())
    .addOption(noColorOption())
    .addHelpText('after', HELP)
    .action(async (inputs: readonly string[], given: Given) => {
      const options = { ...DEFAULTS, ...given, inputs }
      refuseContradictions(options)
      const { checkCommand } = await import('./check-command.js')
      exit(await checkCommand(options, session))
    })
}

const DEFAULTS = { printPolicy: false, allowEmpty: false, writeBaseline: false, report: [], all: false }

/** The options as commander gives them. */
type Given = Pick<CheckCommandOptions, 'reader'> & Partial<CheckCommandOptions>

function refuseContradictions(options: CheckCommandOptions): void {
  const { inputs, policy, preset, require: labels, printPolicy, baseline, writeBaseline, report } = options
  const sources = [policy, preset, labels].filter((source) => source !== undefined)
  if (sources.length === 0)
    throw new UsageError('say what to check for: --require hybrid, --preset NAME or --policy FILE (pqcap check --help)')
  if (sources.length > 1)
    throw new UsageError('only one of --require, --preset and --policy is taken; a policy may extend a preset')
  if (inputs.length === 0 && !printPolicy) throw new UsageError('no captures named (pqcap check --help has examples)')
  if (inputs.indexOf('-') !== inputs.lastIndexOf('-')) throw new UsageError('standard input can be read only once')
  if (writeBaseline && baseline === undefined)
    throw new UsageError('--write-baseline writes the file that --baseline names, and none is named')
  const paths = report.map(({ path }) => path)
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) throw new UsageError(`two reports cannot both be written to ${twice}`)
}

/** The last would count, and the others be passed over without a word: a gate that was thought to be there. */
function once(text: string, before?: string): string {
  if (before === undefined) return text
  throw new InvalidArgumentError(`It is given twice, first as '${before}'.`)
}

function readLabels(text: string, before: readonly Label[] = []): readonly Label[] {
  const words = text.split(',').map((word) => word.trim().toLowerCase())
  return [...before, ...words.map((word) => LABELS.find((label) => label === word) ?? refuse('label', word, LABELS))]
}

function readReport(text: string, before: readonly ReportFile[] = []): readonly ReportFile[] {
  const [word = '', path = ''] = text.split(/=(.*)/s)
  const format = REPORT_FORMATS.find((known) => known === word) ?? refuse('report', word, REPORT_FORMATS)
  if (path === '' || path === '-') throw new InvalidArgumentError(`A report goes into a file: ${format}=FILE.`)
  return [...before, { format: format satisfies ReportFormat, path }]
}

function refuse(what: string, word: string, known: readonly string[]): never {
  const near = nearest(word, known)
  const hint = near === undefined ? `known: ${known.join(', ')}.` : `did you mean '${near}'?`
  throw new InvalidArgumentError(`Unknown ${what} '${word}'; ${hint}`)
}

const HELP = `
Examples:
  pqcap check --require hybrid captures/        every handshake is hybrid
  pqcap check --require hybrid,post-quantum a.pcap b.pcapng.gz
                                                or post-quantum alone
  pqcap check --preset hybrid captures/ --report junit=out.xml --report sarif=out.sarif
  pqcap init && pqcap check --policy pqcap.policy.yaml captures/
  pqcap check --preset hybrid captures/ --baseline known.json --write-baseline
                                                from now on only new failures fail:
  pqcap check --preset hybrid captures/ --baseline known.json

Exit status: 0 all is as the policy says; 1 something is not, or no handshake was
found; 2 wrong usage, a policy with mistakes, or a capture that could not be read
whole, whatever the others hold.
`
