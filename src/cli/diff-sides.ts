import { relative } from 'node:path'
import type { Candidate } from '../compare/pairing.js'
import { counted } from '../report/counted.js'
import { displayName } from '../report/display-name.js'
import type { CaptureRecord, Note } from '../verdict/record.js'
import type { DiffCommandOptions } from './diff-options.js'
import { parseSelector, type Selector, selects } from './diff-selector.js'
import { UsageError } from './exit.js'
import { filesBelow, hasCaptureName, statusOf } from './files-below.js'
import type { Filter } from './filter.js'
import { captureInput } from './live-input.js'
import type { ProgressLine } from './progress.js'
import type { Analyze, Session } from './session.js'

/** What one argument of `pqcap diff` stands for. */
export interface Side {
  /** As it was given. */
  readonly name: string
  /** A stream was asked for. */
  readonly selected: boolean
  readonly captures: number
  /** In the order in which they are to be paired. */
  readonly candidates: readonly Candidate[]
}

/** Where captures are read. */
export interface SideReading {
  readonly analyze: Analyze
  readonly filter: Filter
  /** The filter may leave something out. */
  readonly filtered: boolean
  readonly session: Session
  readonly progress: ProgressLine
  readonly reader: DiffCommandOptions['reader']
  /** Says what is wrong with a capture. */
  readonly tell: (capture: string, message: string) => void
}

/** Records are a few kilobytes each, and both sides are held until they are paired. */
export const MAX_HANDSHAKES = 50_000

/** Whether a side is standard input, or a stream of it. */
export function readsStandardInput(name: string): boolean {
  return parseSelector(name, exists).path === '-'
}

/** Reads a side whole. What is wrong with a capture is told, and what could be read of it taken. */
export async function readSide(name: string, reading: SideReading): Promise<Side> {
  const selector = parseSelector(name, exists)
  const folder = isFolder(selector.path)
  if (folder && selector.stream !== null)
    throw new UsageError(`'${selector.path}' is a folder: a stream is of one capture`)
  const captures = folder ? capturesBelow(selector.path) : [{ capture: selector.path, path: null }]
  const candidates: Candidate[] = []
  let read = 0
  // Why there is nothing to compare, where there is one capture to ask.
  let notes: readonly Note[] = []
  for (const { capture, path } of captures) {
    const found = await readCapture(capture, path, selector, candidates, reading)
    if (!folder && found?.handshakes === 0) notes = found.notes
    const isCapture = found?.error?.code !== 'not-a-capture'
    if (isCapture) read++
    // Whatever else is in a folder is passed over, but not what is called a capture.
    const isExpected = !folder || isCapture || hasCaptureName(capture)
    // A pipe that was left is no damaged capture.
    const isLeft = reading.session.interrupted.aborted
    if (found?.error != null && isExpected && !isLeft) reading.tell(capture, found.error.message)
  }
  if (folder && read === 0) reading.tell(name, 'no captures in this folder')
  if (candidates.length === 0) for (const { message } of notes) reading.tell(selector.path, message)
  if (selector.stream !== null && candidates.length === 0)
    reading.tell(selector.path, `${noHandshake(reading.filtered)} is in ${streamWords(selector)}`)
  return { name, selected: selector.stream !== null, captures: read, candidates }
}

/** What is not there, in words. */
export function noHandshake(filtered: boolean): string {
  return filtered ? 'no handshake for which --filter holds' : 'no handshake'
}

function streamWords({ stream, handshake }: Selector): string {
  return handshake === null ? `stream ${stream}` : `stream ${stream} with number ${handshake}`
}

/** Adds the handshakes of a capture to the candidates, by the time at which they began. */
async function readCapture(
  capture: string,
  path: string | null,
  selector: Selector,
  candidates: Candidate[],
  { analyze, filter, session, progress, reader }: SideReading,
): Promise<CaptureRecord | null> {
  const signal = session.interrupted
  const found: Candidate[] = []
  let last: CaptureRecord | null = null
  progress.begin(displayName(capture))
  const onProgress = progress.update.bind(progress)
  for await (const records of analyze(captureInput(capture, session), { name: capture, reader, onProgress, signal })) {
    for (const record of records) {
      if (record.type === 'capture') last = record
      else if (selects(selector, record) && filter(record)) found.push({ record, path })
    }
    if (candidates.length + found.length > MAX_HANDSHAKES)
      throw new UsageError(
        `more than ${counted(MAX_HANDSHAKES)} handshakes on one side; --filter or CAPTURE#STREAM takes fewer`,
      )
  }
  found.sort(({ record: a }, { record: b }) =>
    a.startTime === b.startTime ? a.stream - b.stream || a.handshake - b.handshake : a.startTime < b.startTime ? -1 : 1,
  )
  for (const candidate of found) candidates.push(candidate)
  return last
}

function exists(path: string): boolean {
  return path === '-' || statusOf(path) !== null
}

function isFolder(path: string): boolean {
  return path !== '-' && statusOf(path)?.isDirectory() === true
}

/** Files of a folder in an order that is the same everywhere, with their paths from there. */
function capturesBelow(folder: string): { capture: string; path: string }[] {
  return filesBelow(folder)
    .map((capture) => ({ capture, path: relative(folder, capture).replaceAll('\\', '/') }))
    .sort(({ path: a }, { path: b }) => (a < b ? -1 : a > b ? 1 : 0))
}
