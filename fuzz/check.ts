import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { analyze, analyzePackets, readPackets } from '../src/analyze.js'
import { DecompressedSource } from '../src/capture/decompress.js'
import type { PacketInput } from '../src/capture/packet-iterable.js'
import type { Reader } from '../src/capture/packet-source.js'
import { REPORTERS, type TableOptions } from '../src/report/index.js'
import { jsonText } from '../src/report/json-text.js'
import type { PqcapRecord } from '../src/verdict/record.js'
import { takeLogs } from './evidence.js'
import { brokenRule, type Problem } from './invariants.js'
import { Random } from './random.js'
import { brokenView } from './views.js'
import { allowMore, beginWork, endWork } from './work.js'

/** A capture to be read, and how. */
export interface Trial {
  readonly bytes: Uint8Array
  /** Determines the chunks in which it is read the second time, or how else. */
  readonly chunkSeed: number
  readonly reader: Reader
}

/** What a trial found, and what it cost. */
export interface Result {
  readonly problem: Problem | null
  readonly steps: number
  readonly allocated: number
  readonly handshakes: number
}

const NAME = 'capture'
/** What is read from a file is written here first. */
const FILE = join(tmpdir(), `pqcap-fuzz-${process.pid}`)
process.on('exit', () => rmSync(FILE, { force: true }))

const schemaPath = fileURLToPath(new URL('../../schemas/pqcap-1.schema.json', import.meta.url))
const isLine = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(
  JSON.parse(readFileSync(schemaPath, 'utf8')),
)

// What decompression gives may be worked on, too.
const { fill } = DecompressedSource.prototype
DecompressedSource.prototype.fill = async function (window) {
  const count = await fill.call(this, window)
  allowMore(count)
  return count
}

/** Reads a capture whole and once more in another way, and holds what comes out against every invariant. */
export async function tried(trial: Trial): Promise<Result> {
  const { bytes, chunkSeed, reader } = trial
  const original = bytes.slice()
  takeLogs()
  const whole = await run(analyze([bytes], { name: NAME, reader }), bytes.length)
  const logs = takeLogs()
  const cost = { steps: whole.steps, allocated: whole.allocated, handshakes: whole.records.length - 1 }
  const found = (problem: Problem | null): Result => ({ problem, ...cost })
  if (whole.problem !== null) return found(whole.problem)

  const broken =
    brokenRule(whole.records, logs) ??
    brokenPlaces(whole.records, original) ??
    (await brokenText(whole.records, chunkSeed % 8 === 0)) ??
    // It takes longer than all the rest.
    (chunkSeed % 4 === 1 ? await brokenView(original, reader, whole.records, new Random(chunkSeed)) : null)
  if (broken !== null) return found(broken)

  const other = await otherwise(trial, whole.records)
  if (other !== null) return found(other)
  if (!sameBytes(bytes, original)) return found({ invariant: 'the input is not written to', detail: '' })
  return found(null)

  /** Chunks that a session said to stand at an offset of the capture. */
  function brokenPlaces(records: readonly PqcapRecord[], capture: Uint8Array): Problem | null {
    const last = records.at(-1)
    if (last?.type !== 'capture' || last.compression !== null) return null
    for (const { places } of logs)
      for (const { offset, bytes: there } of places)
        if (!sameBytes(there, capture.subarray(offset, offset + there.length)))
          return { invariant: 'TLS bytes stand where they are said to', detail: `offset ${offset}` }
    return null
  }
}

interface Run {
  readonly records: readonly PqcapRecord[]
  readonly problem: Problem | null
  readonly steps: number
  readonly allocated: number
}

async function run(reading: AsyncIterable<PqcapRecord>, length: number): Promise<Run> {
  const records: PqcapRecord[] = []
  let problem: Problem | null = null
  beginWork(length)
  try {
    for await (const record of reading) records.push(record)
  } catch (error) {
    problem = { invariant: 'no exception escapes', detail: stackOf(error) }
  }
  const { steps, allocated, exceeded } = endWork()
  if (exceeded !== null) problem = { invariant: 'work and memory are bounded', detail: stackOf(exceeded) }
  return { records, problem, steps, allocated }
}

/** The capture once more: in chunks, and now and then from a file, or as packets that something else has read. */
async function otherwise(
  { bytes, chunkSeed, reader }: Trial,
  records: readonly PqcapRecord[],
): Promise<Problem | null> {
  const random = new Random(chunkSeed)
  const way = random.oneIn(12) ? 'from a file' : random.oneIn(12) ? 'as packets' : 'in chunks'
  const { problem, records: again } = await run(readingOf(bytes, reader, way, random), bytes.length)
  if (problem !== null) return { ...problem, invariant: `${problem.invariant}, ${way}` }
  if (way !== 'as packets') {
    const difference = firstDifference(records.map(comparable), again.map(comparable))
    return difference === null ? null : { invariant: `the same records ${way}`, detail: difference }
  }
  // What ends with damage, the packets do not tell.
  const last = records.at(-1)
  if (last?.type !== 'capture' || last.error !== null) return null
  const difference = firstDifference(handshakesOf(records), handshakesOf(again))
  return difference === null ? null : { invariant: 'the same handshakes as packets', detail: difference }
}

function readingOf(bytes: Uint8Array, reader: Reader, way: string, random: Random): AsyncIterable<PqcapRecord> {
  const options = { name: NAME, reader }
  if (way === 'from a file') {
    writeFileSync(FILE, bytes)
    return analyze(FILE, options)
  }
  if (way === 'as packets') return analyzePackets(packetsOf(bytes, reader), options)
  const chunks = chunksOf(bytes, random)
  return analyze(random.oneIn(2) ? chunks : later(chunks), options)
}

async function* packetsOf(bytes: Uint8Array, reader: Reader): AsyncGenerator<PacketInput> {
  try {
    for await (const packet of readPackets([bytes], { reader })) {
      const { start, end, frame, linkType, originalLength, seconds, fraction, clock } = packet
      const nanoseconds =
        BigInt(seconds) * 1_000_000_000n + (BigInt(fraction) * 1_000_000_000n) / BigInt(clock.unitsPerSecond)
      // Every packet in a Buffer of its own, which is used again at once.
      const data = Buffer.from(packet.bytes.subarray(start, end))
      yield { data, linkType, originalLength, nanoseconds, frame }
      data.fill(0xff)
    }
  } catch (error) {
    // The damage of the capture, told as an error with its cause.
    if (!(error instanceof Error) || error.cause === undefined) throw error
  }
}

/** All but times: their digits are those of another clock. */
function handshakesOf(records: readonly PqcapRecord[]): string[] {
  return records
    .filter((record) => record.type === 'handshake')
    .map((record) => JSON.stringify({ ...record, startTime: '' }, (key, value) => (isTime(key) ? 0 : value)))
    .map((text) => text.replace(/in the [\d.]+ m?s until/, ''))
}

function isTime(key: string): boolean {
  return key.toLowerCase().endsWith('milliseconds')
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const names = places.map((line) => /at (?:async )?([^ (]+)/.exec(line)?.[1] ?? '?')
  return `${error.name}: ${error.message} in ${names
    .filter((name) => !/^(?:step|made|count|exceed)$/.test(name))
    .slice(0, 5)
    .join(' < ')}`
}

const plain = (text: string): string => text
const TABLE: TableOptions = {
  width: 100,
  colors: { bold: plain, dim: plain, green: plain, yellow: plain, cyan: plain, red: plain },
  all: false,
  live: false,
  several: false,
  filtered: false,
}

/** What is printed: NDJSON that the schema allows and that reads back as the record, and no control characters. */
async function brokenText(records: readonly PqcapRecord[], alsoShown: boolean): Promise<Problem | null> {
  const ndjson = await REPORTERS.ndjson()
  const table = await REPORTERS.table(TABLE)
  const csv = await REPORTERS.csv()
  const shown: string[] = [table.begin(), csv.begin()]
  for (const record of records) {
    const line = record.type === 'handshake' ? textOf(ndjson.handshake(record)) : ndjson.capture(record)
    if (line !== `${jsonText(record)}\n`) return { invariant: 'NDJSON is the text of JSON.stringify', detail: line }
    const read: unknown = JSON.parse(line)
    if (JSON.stringify(read) !== JSON.stringify(record))
      return { invariant: 'NDJSON reads back as the record', detail: line }
    if (!isLine(read)) return { invariant: 'the schema holds', detail: JSON.stringify(isLine.errors) }
    if (!alsoShown) continue
    // The table takes longer than all the rest.
    for (const reporter of [table, csv])
      shown.push(record.type === 'handshake' ? textOf(reporter.handshake(record)) : reporter.capture(record))
  }
  if (alsoShown) shown.push(table.end(), csv.end())
  const raw = /[^\P{Cc}\n\r]|[\p{Cf}\u2028\u2029]/u.exec(shown.join(''))
  if (raw !== null) return { invariant: 'no control character is shown', detail: JSON.stringify(raw[0]) }
  return null
}

const decoder = new TextDecoder()

/** Text of what a reporter gives: text, bytes, or pieces of both. */
function textOf(given: unknown): string {
  if (typeof given === 'string') return given
  if (given instanceof Uint8Array) return decoder.decode(given)
  return (given as readonly unknown[]).map(textOf).join('')
}

function chunksOf(bytes: Uint8Array, random: Random): Uint8Array[] {
  const most = random.pick([1, 2, 7, 64, 1000, 5000, bytes.length])
  const sizeOf = random.oneIn(2) ? () => most : () => random.between(0, most)
  // Streams of Node give their bytes as a Buffer.
  const asBuffers = random.oneIn(4)
  const chunks: Uint8Array[] = []
  // Short chunks of a long capture take long, and each through zlib's thread longer: they come at the beginning.
  const short = bytes[0] === 0x1f ? 200 : 6000
  for (let at = 0; at < bytes.length; ) {
    const size = at < short ? sizeOf() : Math.max(sizeOf(), 512)
    chunks.push(asBuffers ? Buffer.from(bytes.subarray(at, at + size)) : bytes.slice(at, at + size))
    at += size
  }
  return chunks
}

async function* later(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

function firstDifference(ones: readonly string[], others: readonly string[]): string | null {
  if (ones.length !== others.length) return `${ones.length} and ${others.length} records`
  const i = ones.findIndex((one, at) => one !== others[at])
  return i < 0 ? null : `${ones[i]}\n${others[i]}`
}

/** How far a compressed input was read when its damage showed is a matter of the chunks. */
function comparable(record: PqcapRecord): string {
  if (record.type === 'handshake' || record.error?.code !== 'decompression') return JSON.stringify(record)
  return JSON.stringify({ ...record, error: { ...record.error, message: '' } })
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
