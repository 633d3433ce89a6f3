import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ATTACKS } from '../attacks.mjs'
import { measuresResources, medians, PQCAP, pqcap } from '../measure.mjs'

export const question = 'What does a capture cost that is meant to exhaust its reader?'

const GENERATOR = fileURLToPath(new URL('../attacks.mjs', import.meta.url))

/** Each attack at half its size and at its size: time must double at most, and memory stay below 250 MB. */
export function measure({ scale }) {
  if (!measuresResources) return 'Skipped: GNU time is needed.'
  const heading =
    '| attack | capture | wall at half | wall | ratio | peak memory | the handshake behind it | notes |\n|---|---|---|---|---|---|---|---|'
  return [heading, ...Object.entries(ATTACKS).map(([name, attack]) => row(name, attack, scale))].join('\n')
}

function row(name, { what, full }, scale) {
  const count = Math.max(2, Math.round(full * scale))
  const folder = mkdtempSync(join(tmpdir(), 'pqcap-attack-'))
  try {
    const half = write(join(folder, 'half'), name, full === 1 ? 1 : Math.round(count / 2))
    const whole = write(join(folder, 'whole'), name, full === 1 ? 1 : count)
    const [before] = medians([pqcap(half)], 1, ENDS)
    const [cost] = medians([pqcap(whole)], 1, ENDS)
    const { verdict, capture } = lastRecords(whole)
    const notes = [...capture.notes.map(({ code }) => code), ...(capture.error === null ? [] : [capture.error.code])]
    const cells = [
      `${full === 1 ? '' : `${count.toLocaleString('en')} `}${what}`,
      `${(statSync(whole).size / 1e6).toFixed(1)} MB`,
      `${before.wall.toFixed(2)} s`,
      `${cost.wall.toFixed(2)} s`,
      (cost.wall / before.wall).toFixed(2),
      `${cost.memory.toFixed(0)} MiB`,
      verdict ?? 'behind the damage',
      notes.join(', ') || '-',
    ]
    return `| ${cells.join(' | ')} |`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A capture that is damaged ends with status 2, and that is right. */
const ENDS = [0, 2]

function write(path, name, count) {
  const file = openSync(path, 'w')
  const { status } = spawnSync(process.execPath, [GENERATOR, name, String(count)], {
    stdio: ['ignore', file, 'inherit'],
  })
  closeSync(file)
  if (status !== 0) throw new Error(`attacks.mjs ${name}: exit status ${status}`)
  return path
}

/** The label of the handshake of the sample, which comes behind the attack, and the capture record. */
function lastRecords(path) {
  const shell = `"$0" "$1" --format ndjson --filter server-name=server.example.test "$2" 2>/dev/null | tail -n 2`
  const { stdout } = spawnSync('sh', ['-c', shell, process.execPath, PQCAP, path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const capture = records.at(-1)
  return { capture, verdict: records.length > 1 ? (records[0].verdict.label ?? records[0].verdict.outcome) : null }
}
