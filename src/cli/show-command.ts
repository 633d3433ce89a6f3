import { nearestName } from '../bytes/nearest.js'
import { matchesServerName } from '../bytes/server-name.js'
import { printable } from '../bytes/text.js'
import { displayName } from '../report/display-name.js'
import { showCommand as commandOf, type ShowInput, showJson, showText } from '../report/show/index.js'
import { lessons } from '../teaching/index.js'
import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import { EXIT_DONE, EXIT_FAILED } from './exit.js'
import { captureInput } from './live-input.js'
import { Output } from './output.js'
import { ProgressLine } from './progress.js'
import { serverNameForms } from './server-names.js'
import type { Session } from './session.js'
import type { ShowCommandOptions } from './show-options.js'
import { pageWidth, tableColors } from './terminal.js'

/** `pqcap show`: one handshake, or the list of those there are. Returns the exit status. */
export async function showCommand(options: ShowCommandOptions, session: Session): Promise<number> {
  const { stdout, stderr, interrupted: signal, now } = session
  const show = await session.loadShow()
  const progress = new ProgressLine(stderr, now)
  const say = (message: string): void => {
    progress.clear()
    stderr.write(`pqcap: ${printable(message)}\n`, () => {})
  }
  const name = displayName(options.capture)
  const input = captureInput(options.capture, session)
  const isLive = typeof input !== 'string'
  progress.begin(name)
  const result = await show(input, {
    name: options.capture,
    reader: options.reader,
    signal,
    choose: (record) => isChosen(record, options),
    onProgress: (state) => progress.update(state),
    onSecondReading: () => progress.begin(`${name}, second reading`),
  })
  progress.clear()
  // Where a pipe is left is where its capture ends, also in the middle of a packet.
  const capture = signal.aborted && isLive ? { ...result.capture, error: null } : result.capture
  if (capture.error !== null) say(`${name}: ${capture.error.message}`)
  if (signal.aborted && !isLive) say(`${name}: interrupted, the rest was not read`)
  let status = capture.error === null ? EXIT_DONE : EXIT_FAILED
  if (result.matching === 0 && hasChoice(options)) {
    say(`${name}: ${nothingChosen(options, result.others, capture)}`)
    return EXIT_FAILED
  }
  if (result.problem === 'input-too-long') {
    say(`${name}: it is too long to be held for a second reading; save it to a file and show that`)
    status = EXIT_FAILED
  }
  const { choices, matching, shown } = result
  const told = options.explain || options.lang !== undefined
  const language = options.lang ?? 'en'
  const taught = told && shown !== null ? lessons(shown.record, language) : null
  const report: ShowInput = { capture, choices, matching, shown, lessons: taught }
  const output = new Output(stdout, now)
  await output.write(options.format === 'json' ? showJson(report) : textOf(report, options, language, session))
  await output.flush()
  if (output.error === null) return output.closed ? EXIT_DONE : status
  say(`standard output: ${output.error.message}`)
  return EXIT_FAILED
}

function textOf(report: ShowInput, options: ShowCommandOptions, language: 'en' | 'ja', session: Session): string {
  const { stdout, env } = session
  return showText(report, {
    width: pageWidth(stdout, env),
    colors: tableColors(options.color, stdout, env),
    bytes: options.bytes || options.allBytes,
    allBytes: options.allBytes,
    language,
  })
}

function isChosen(record: HandshakeRecord, { stream, handshake, serverName }: ShowCommandOptions): boolean {
  if (stream !== undefined && record.stream !== stream) return false
  if (handshake !== undefined && record.handshake !== handshake) return false
  const { serverName: name } = record
  return (
    serverName === undefined ||
    (name !== null && serverNameForms(serverName).some((pattern) => matchesServerName(pattern, name)))
  )
}

function hasChoice({ stream, handshake, serverName }: ShowCommandOptions): boolean {
  return stream !== undefined || handshake !== undefined || serverName !== undefined
}

/** Handshakes named in a message. */
const MOST_NAMED = 5

function nothingChosen(
  { stream, handshake, serverName }: ShowCommandOptions,
  others: readonly HandshakeRecord[],
  capture: CaptureRecord,
): string {
  const wanted = [
    ...(stream === undefined ? [] : [`--stream ${stream}`]),
    ...(handshake === undefined ? [] : [`--handshake ${handshake}`]),
    ...(serverName === undefined ? [] : [`--server-name ${serverName}`]),
  ].join(' ')
  if (capture.handshakes === 0) return `no handshake for ${wanted}: the capture has none`
  const named = others.slice(0, MOST_NAMED).map((record) => {
    const { serverName: name } = record
    return `${commandOf(record, record.handshake === 0).replace(/^.* (?=--stream)/, '')}${name === null ? '' : ` (${name})`}`
  })
  const more = capture.handshakes - named.length
  const names = others.flatMap(({ serverName: name }) => (name === null ? [] : [name]))
  const near = serverName === undefined ? undefined : nearestName(serverName, names)
  const hint = near === undefined ? '' : `; did you mean '${near}'?`
  return `no handshake for ${wanted}; there are ${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}${hint}`
}
