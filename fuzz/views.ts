import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { compare } from '../src/compare/compare.js'
import { type Candidate, pairHandshakes } from '../src/compare/pairing.js'
import type { DissectedMessage } from '../src/dissect/dissect.js'
import { loadAddresses } from '../src/policy/addresses.js'
import { Check } from '../src/policy/check.js'
import { evaluatorOf } from '../src/policy/evaluate.js'
import type { CheckResult } from '../src/policy/finding.js'
import type { Policy } from '../src/policy/policy.js'
import { PRESETS } from '../src/policy/presets/index.js'
import { policyOfPreset } from '../src/policy/resolve.js'
import { CHECK_REPORTS, githubAnnotations, githubSummary } from '../src/report/check/index.js'
import { checkText } from '../src/report/check/terminal.js'
import { DIFF_REPORTERS } from '../src/report/diff/index.js'
import type { Colors } from '../src/report/paint.js'
import { showJson, showText } from '../src/report/show/index.js'
import { type ShownHandshake, type ShowOptions, show } from '../src/show.js'
import { MAX_CONVERSATIONS } from '../src/stream/conversation-table.js'
import { lessons } from '../src/teaching/index.js'
import type { HandshakeRecord, PqcapRecord } from '../src/verdict/record.js'
import { gapIn } from '../test/support/field-gaps.js'
import type { Problem } from './invariants.js'
import type { Random } from './random.js'

/** What `show`, `diff` and `check` make of the records of a capture; one of them, as the seed of the trial says. */
export async function brokenView(
  bytes: Uint8Array,
  reader: NonNullable<ShowOptions['reader']>,
  records: readonly PqcapRecord[],
  random: Random,
): Promise<Problem | null> {
  const handshakes = records.filter((record) => record.type === 'handshake')
  if (handshakes.length === 0) return null
  try {
    const view = random.below(4)
    if (view === 0) return await brokenDiff(handshakes, random)
    if (view === 1) return await brokenCheck(records, random)
    return await brokenShow(bytes, reader, random.pick(handshakes), records, random)
  } catch (error) {
    return {
      invariant: 'no exception escapes what is shown',
      detail: error instanceof Error ? (error.stack ?? '') : '',
    }
  }
}

const plain = (text: string): string => text
const COLORS: Colors = { bold: plain, dim: plain, green: plain, yellow: plain, cyan: plain, red: plain }

async function brokenShow(
  bytes: Uint8Array,
  reader: NonNullable<ShowOptions['reader']>,
  chosen: HandshakeRecord,
  records: readonly PqcapRecord[],
  random: Random,
): Promise<Problem | null> {
  const choose = ({ stream, handshake }: HandshakeRecord): boolean =>
    stream === chosen.stream && handshake === chosen.handshake
  const result = await show([bytes], { name: chosen.capture, reader, choose })
  const { shown, capture } = result
  if (result.matching !== 1 || shown === null)
    return { invariant: 'a handshake can be shown', detail: `${result.matching} match` }
  if (
    JSON.stringify(shown.record) !== JSON.stringify(chosen) ||
    JSON.stringify(capture) !== JSON.stringify(records.at(-1))
  )
    return { invariant: 'what is shown is what is said', detail: JSON.stringify(shown.record) }
  const language = random.oneIn(2) ? 'en' : 'ja'
  const input = { ...result, lessons: random.oneIn(2) ? lessons(shown.record, language) : null }
  const width = random.between(32, 160)
  const options = { width, colors: COLORS, bytes: random.oneIn(3), allBytes: random.oneIn(6), language } as const
  return (
    brokenConnection(shown, capture.compression === null ? bytes : null) ??
    brokenMessages(shown, records) ??
    brokenJson('pqcap-show-1', showJson(input)) ??
    brokenPage(showText(input, options))
  )
}

function brokenConnection({ connection }: ShownHandshake, capture: Uint8Array | null): Problem | null {
  const { messages, records } = connection
  for (const message of messages) {
    const gap = gapIn(message.fields, 0, message.bytes.length)
    if (gap !== null) return { invariant: 'every byte of a message is in one field', detail: `${message.name}: ${gap}` }
    if (capture !== null && !standsInPlace(message, capture))
      return { invariant: 'a message stands where it is said to', detail: `${message.name}, frame ${message.frame}` }
  }
  for (const { fields, header, name } of records) {
    const gap = gapIn(fields, 0, header.length)
    if (gap !== null) return { invariant: 'every byte of a record header is in one field', detail: `${name}: ${gap}` }
  }
  return null
}

/** Notes of a handshake in which a peer says what has no place. */
const DISORDERS = ['unexpected-server-hello', 'not-a-record']
/** With low limits streams are given up, and the second reading may give up others. */
const GIVES_UP = MAX_CONVERSATIONS < 100

/**
 * The messages that the verdict is of are among those that are shown. Where peers say what has no place, or several
 * hellos, the two readers may take a message for another's.
 */
function brokenMessages({ record, connection }: ShownHandshake, all: readonly PqcapRecord[]): Problem | null {
  const { messages, cutShort, leftOut } = connection
  const isAlone = all.filter((each) => each.type === 'handshake' && each.stream === record.stream).length === 1
  const isOrderly = record.notes.every(({ code }) => !DISORDERS.includes(code))
  if (cutShort !== null || leftOut > 0 || !isAlone || !isOrderly || GIVES_UP) return null
  const shown = messages.map(({ name, frame }) => `${name} ${frame}`)
  const { clientHello, helloRetryRequest, secondClientHello, serverHello } = record
  const named = [
    clientHello === null ? null : `ClientHello ${clientHello.frame}`,
    helloRetryRequest === null ? null : `HelloRetryRequest ${helloRetryRequest.frame}`,
    secondClientHello === null ? null : `ClientHello ${secondClientHello.frame}`,
    serverHello === null ? null : `ServerHello ${serverHello.frame}`,
  ]
  const missing = named.find((name) => name !== null && !shown.includes(name))
  if (missing === undefined) return null
  return { invariant: 'the messages that are judged are shown', detail: `${missing} of ${shown.join(', ')}` }
}

function standsInPlace({ bytes, pieces }: DissectedMessage, capture: Uint8Array): boolean {
  return pieces.every(({ start, offset, length }) => {
    if (offset === null) return true
    return Buffer.compare(bytes.subarray(start, start + length), capture.subarray(offset, offset + length)) === 0
  })
}

async function brokenDiff(handshakes: readonly HandshakeRecord[], random: Random): Promise<Problem | null> {
  const side = (): Candidate[] => {
    const from = random.below(handshakes.length)
    const records = handshakes.slice(from, from + random.between(1, 20))
    return records.map((record) => ({ record, path: random.oneIn(2) ? 'a' : null }))
  }
  const [before, after] = [side(), side()]
  const summaryOf = (records: readonly Candidate[]) => ({ name: 'x', captures: 1, handshakes: records.length })
  const comparison = compare(summaryOf(before), summaryOf(after), pairHandshakes(before, after))
  const options = { width: random.between(40, 160), colors: COLORS, all: random.oneIn(2) }
  const { pairs, leftOver } = comparison
  const paired = [...pairs].length
  if (paired + leftOver.before.length !== before.length || paired + leftOver.after.length !== after.length)
    return { invariant: 'each handshake is in a pair or left over', detail: `${before.length} and ${after.length}` }
  for (const format of ['text', 'json', 'markdown', 'svg'] as const) {
    const text = [...(await DIFF_REPORTERS[format]())(comparison, options)].join('')
    const broken = format === 'json' ? brokenJson('pqcap-diff-1', text) : brokenPage(text)
    if (broken !== null) return broken
  }
  return null
}

const policies: Policy[] = []
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

async function brokenCheck(records: readonly PqcapRecord[], random: Random): Promise<Problem | null> {
  if (policies.length === 0) {
    await loadAddresses()
    for (const name of Object.keys(PRESETS)) policies.push(await policyOfPreset(name))
  }
  const work = { policy: random.pick(policies), roots: [], namesPassed: random.oneIn(2) }
  const evaluator = await evaluatorOf(work, digest)
  const check = new Check({ ...work, known: null, writesBaseline: false, allowEmpty: false }, evaluator)
  for (const record of records) {
    if (record.type === 'capture') check.capture(record, false)
    else {
      const judged = evaluator.handshake(record)
      if (judged !== null) check.judged(judged)
    }
  }
  return brokenReports(check.end(false), random)
}

function brokenReports(result: CheckResult, random: Random): Problem | null {
  const { junit, sarif, markdown, csv, ndjson } = CHECK_REPORTS
  for (const line of ndjson(result).trimEnd().split('\n')) {
    const broken = brokenJson('pqcap-check-1', line)
    if (broken !== null) return broken
  }
  JSON.parse(sarif(result))
  const pages = [junit(result), markdown(result), csv(result), githubSummary(result), ...githubAnnotations(result)]
  return brokenPage([...pages, checkText(result, { colors: COLORS, all: random.oneIn(2) })].join('\n'))
}

const schemas = new Map<string, ValidateFunction>()

function brokenJson(schema: string, text: string): Problem | null {
  let isValid = schemas.get(schema)
  if (isValid === undefined) {
    const read = (name: string): object =>
      JSON.parse(readFileSync(fileURLToPath(new URL(`../../schemas/${name}.schema.json`, import.meta.url)), 'utf8'))
    const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, schemas: [read('pqcap-1')] })
    isValid = ajv.compile(read(schema))
    schemas.set(schema, isValid)
  }
  return isValid(JSON.parse(text))
    ? null
    : { invariant: `the schema ${schema} holds`, detail: JSON.stringify(isValid.errors) }
}

function brokenPage(text: string): Problem | null {
  const raw = /[^\P{Cc}\n\r]|[\p{Cf}\u2028\u2029]|undefined|\bNaN\b|\[object/u.exec(text)
  if (raw === null) return null
  return {
    invariant: 'nothing raw or made up is shown',
    detail: JSON.stringify(text.slice(Math.max(0, raw.index - 80), raw.index + 40)),
  }
}
