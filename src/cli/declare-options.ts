import { Option } from 'commander'
import { readJobs } from './read-jobs.js'

/** What decodes pcapng. */
export function readerOption(): Option {
  return new Option('--reader <reader>', 'what decodes the blocks of a pcapng file')
    .choices(['own', 'pcap-ng-parser'])
    .default('own')
}

/** Of a command that reads several captures. */
export function jobsOption(): Option {
  return new Option('-j, --jobs <number>', 'captures read at a time (default: the number of cores)').argParser(readJobs)
}

/** Of a command that looks at some of the handshakes. */
export function filterOption(): Option {
  return new Option(
    '--filter <expression>',
    'only handshakes for which this holds; if repeated, all must hold',
  ).argParser(gather)
}

export function colorOption(): Option {
  return new Option('--color', 'colours, even if standard output is no terminal')
}

/** `color` is undefined where neither is given: then the environment and the terminal decide. */
export function noColorOption(): Option {
  return new Option('--no-color', 'no colours')
}

/** The values of an option that may be repeated. */
export function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
