import type { TimelineStep } from '../../dissect/timeline.js'
import { wrap } from '../cell.js'
import { counted } from '../counted.js'
import type { Tone } from '../paint.js'
import { type Page, type Span, span } from './lines.js'

/**
 * The steps of a connection as a ladder between client and server: a line each, with frame, seconds since the first
 * packet, direction, what was sent, whether it can be read, and bytes. On a narrow terminal they are plain lines.
 */
export function drawLadder(page: Page, steps: readonly TimelineStep[]): void {
  const rows = steps.map(rowOf)
  if (page.width < NARROWEST_LADDER) {
    for (const row of rows) tellPlainly(page, row)
  } else draw(page, rows)
  page.blank()
  for (const line of legend(steps)) page.flow([span(line, 'faint')])
}

/** Narrower, an arrow would have no room for the names of its messages. */
const NARROWEST_LADDER = 72
/** Wider, eyes lose the way from one end of an arrow to the other. */
const WIDEST_RUNG = 76

interface Row {
  readonly step: TimelineStep
  readonly frames: string
  readonly seconds: string
  readonly what: readonly string[]
  readonly protection: string
  readonly bytes: string
}

function rowOf(step: TimelineStep): Row {
  const { firstFrame, lastFrame, nanoseconds, protection, bytes } = step
  return {
    step,
    frames: firstFrame === lastFrame ? `${firstFrame}` : `${firstFrame}-${lastFrame}`,
    seconds: nanoseconds === null ? '' : (nanoseconds / 1e9).toFixed(6),
    what: whatOf(step),
    protection: protection === null ? '' : PROTECTIONS[protection],
    bytes: bytes === 0 ? '' : counted(bytes),
  }
}

const PROTECTIONS = { clear: 'readable', encrypted: 'encrypted' } as const

/** `ServerHello, ChangeCipherSpec [22, 20]`, `4 x encrypted data [23]`, in parts between which a line may end. */
function whatOf({ kind, items, records, protection }: TimelineStep): string[] {
  const types = records.flatMap(({ contentType }) => contentType ?? 'SSLv2')
  const numbers = types.length === 0 ? '' : ` [${types.join(', ')}]`
  if (kind === 'gap') return [`bytes ${items.join(', ')}`]
  if (items.length === 0) return [`a part of a message${numbers}`]
  const count = records.reduce((sum, record) => sum + record.count, 0)
  const times = protection === 'encrypted' && count > 1 ? `${counted(count)} x ` : ''
  return items.map((item, i) => `${i === 0 ? times : ''}${item}${i === items.length - 1 ? numbers : ','}`)
}

function draw(page: Page, rows: readonly Row[]): void {
  const widest = (pick: (row: Row) => string, least: number): number =>
    rows.reduce((width, row) => Math.max(width, pick(row).length), least)
  const frames = widest((row) => row.frames, 'frame'.length)
  const seconds = widest((row) => row.seconds, 'seconds'.length)
  const protection = widest((row) => row.protection, 0)
  const bytes = widest((row) => row.bytes, 'bytes'.length)
  // Two columns between all of them, and the two posts.
  const room = page.width - frames - seconds - protection - bytes - 8 - 2
  const rung = Math.min(room, WIDEST_RUNG)

  const between = ' '.repeat(Math.max(0, rung + 2 - 'client'.length - 'server'.length))
  page.exact([
    span(`${'frame'.padStart(frames)}  ${'seconds'.padStart(seconds)}  client${between}server  `, 'faint'),
    span(`${' '.repeat(protection)}  ${'bytes'.padStart(bytes)}`, 'faint'),
  ])
  for (const row of rows) {
    const lines = rungs(row, rung)
    lines.forEach((line, i) => {
      const isFirst = i === 0
      const isLast = i === lines.length - 1
      page.exact([
        span(`${(isFirst ? row.frames : '').padStart(frames)}  ${(isFirst ? row.seconds : '').padStart(seconds)}  `),
        ...line,
        span(`  ${(isLast ? row.protection : '').padEnd(protection)}  `, toneOf(row.step)),
        span((isLast ? row.bytes : '').padStart(bytes)),
      ])
    })
  }
}

/** The arrow of a row, `rung` columns between the posts; what it says is on it, and above where that is not enough. */
function rungs({ step, what }: Row, rung: number): Span[][] {
  const tone = toneOf(step)
  const lines = linesOf(what, rung - ARROW)
  const last = lines.pop() ?? ''
  const above = lines.map((line) => between(alignment(step, `   ${line}`, rung), tone))
  return [...above, between(arrow(step, last, rung), tone)]
}

/** Columns of a rung that its text leaves to the arrow. */
const ARROW = 5

function linesOf(parts: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + part.length <= width) lines[lines.length - 1] = `${last} ${part}`
    else lines.push(...wrap(part, width))
  }
  return lines
}

function between(text: string, tone: Tone): Span[] {
  return [span('│', 'faint'), span(text, tone), span('│', 'faint')]
}

function alignment({ from }: TimelineStep, text: string, rung: number): string {
  return from === 'server' ? `${text.trimStart()}   `.padStart(rung) : text.padEnd(rung)
}

function arrow({ from, kind, protection }: TimelineStep, text: string, rung: number): string {
  if (from === null) {
    const left = Math.max(0, Math.floor((rung - text.length - 2) / 2))
    return `${' '.repeat(left)} ${text} `.padEnd(rung)
  }
  const shaft = kind === 'gap' ? '·' : protection === 'encrypted' ? '═' : '─'
  const rest = shaft.repeat(Math.max(0, rung - text.length - 5))
  return from === 'client' ? `${shaft}${shaft} ${text} ${rest}>` : `<${rest} ${text} ${shaft}${shaft}`
}

function tellPlainly(page: Page, { step, frames, seconds, what, protection, bytes }: Row): void {
  const direction = step.from === null ? '' : step.from === 'client' ? 'client -> server ' : 'client <- server '
  const amount = bytes === '' ? '' : `, ${bytes} bytes`
  page.flow([
    span(`${frames} ${seconds} `, 'faint'),
    span(direction, 'faint'),
    span(`${what.join(' ')}${protection === '' ? '' : `, ${protection}`}${amount}`, toneOf(step)),
  ])
}

function toneOf({ kind, protection, items }: TimelineStep): Tone {
  if (kind === 'gap') return 'bad'
  if (kind === 'control' || kind === 'before' || kind === 'rest') return 'faint'
  if (kind === 'outside') return 'weak'
  if (items.some((item) => item.startsWith('Alert '))) return 'bad'
  if (items.includes('HelloRetryRequest') || items.includes('early data')) return 'weak'
  return protection === 'encrypted' ? 'neutral' : 'plain'
}

/** What the numbers and lines stand for, of those that are there. */
function legend(steps: readonly TimelineStep[]): string[] {
  const names = new Map<number, string>()
  for (const { records } of steps)
    for (const { contentType, name } of records) if (contentType !== null) names.set(contentType, name)
  const types = [...names].sort(([a], [b]) => a - b).map(([id, name]) => `[${id}] ${name}`)
  const shafts = steps.some(({ protection }) => protection === 'encrypted') ? ['── readable', '══ encrypted'] : []
  return [types.join('  '), shafts.join('  ')].filter((line) => line !== '')
}
