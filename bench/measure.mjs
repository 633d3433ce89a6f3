// What a command costs: wall time, processor time and peak memory of the whole process.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PQCAP = fileURLToPath(new URL('../bin/pqcap', import.meta.url))
const WALK = fileURLToPath(new URL('walk.mjs', import.meta.url))
export const TRAFFIC = fileURLToPath(new URL('traffic.mjs', import.meta.url))
const GNU_TIME = '/usr/bin/time'

/** A command with the name it has in the results; what it prints goes nowhere. */
export function command(name, ...argv) {
  return { name, argv, feed: null }
}

export function pqcap(capture, name = 'pqcap --format ndjson') {
  return command(name, process.execPath, PQCAP, '--format', 'ndjson', capture)
}

export function capinfos(capture) {
  return command('capinfos -c', 'capinfos', '-c', capture)
}

/** The least that Node needs for a capture. */
export function bareWalk(capture) {
  return command('bare walk in Node', process.execPath, WALK, capture)
}

/** pqcap at the end of a pipe. */
export function pqcapAfterCat(capture, name = 'cat | pqcap --format ndjson -') {
  return { ...pqcap('-', name), feed: ['cat', capture] }
}

/** pqcap at the end of a pipe from which traffic comes that no disk need hold. */
export function pqcapAfterTraffic(kind, megabytes, name) {
  return { ...pqcap('-', name), feed: [process.execPath, TRAFFIC, kind, String(megabytes), '-'] }
}

export function isInstalled(tool) {
  return spawnSync('sh', ['-c', 'command -v "$0"', tool], { stdio: 'ignore' }).status === 0
}

/** Whether processor time and memory can be measured. */
export const measuresResources = existsSync(GNU_TIME)

/**
 * Runs commands in turn, so that what else the machine does falls on all of them, and gives the medians. A first run
 * of each, which reads the capture into the system's cache, does not count; a single run has none before it.
 *
 * @returns {{ name: string, wall: number, cpu: number | null, memory: number | null }[]} seconds, seconds, mebibytes
 */
export function medians(commands, runs, statuses = [0]) {
  const found = commands.map(() => [])
  for (let count = runs === 1 ? 1 : 0; count <= runs; count++) {
    for (const [index, one] of commands.entries()) {
      const cost = run(one, statuses)
      if (count > 0) found[index].push(cost)
    }
  }
  return commands.map(({ name }, index) => ({
    name,
    wall: median(found[index].map(({ wall }) => wall)),
    cpu: measuresResources ? median(found[index].map(({ cpu }) => cpu)) : null,
    memory: measuresResources ? median(found[index].map(({ memory }) => memory)) : null,
  }))
}

function run({ name, argv, feed }, statuses) {
  const folder = mkdtempSync(join(tmpdir(), 'pqcap-bench-'))
  const report = join(folder, 'time')
  const timed = measuresResources ? [GNU_TIME, '-f', '%U %S %M', '-o', report, ...argv] : argv
  const line = feed === null ? timed : ['sh', '-c', shellPipe(feed.length), 'sh', ...feed, ...timed]
  const start = performance.now()
  const { status, error } = spawnSync(line[0], line.slice(1), { stdio: 'ignore' })
  const wall = (performance.now() - start) / 1000
  if (error !== undefined || !statuses.includes(status))
    throw new Error(`${name}: ${error?.message ?? `exit status ${status}`}`)
  const [user, system, kibibytes] = measuresResources
    ? readFileSync(report, 'utf8').trim().split('\n').at(-1).split(' ').map(Number)
    : []
  rmSync(folder, { recursive: true })
  return { wall, cpu: user + system, memory: kibibytes / 1024 }
}

/** A pipe from the command in the first words to the one in the rest. */
function shellPipe(words) {
  const feed = Array.from({ length: words }, (_, index) => `"\${${index + 1}}"`).join(' ')
  return `${feed} 2>/dev/null | { shift ${words}; "$@"; }`
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** A table in Markdown. Each row's ratio is its wall (or processor) time to that of the first. */
export function costTable(rows, ratioOf = 'wall') {
  const lines = rows.map(({ name, wall, cpu, memory }, index) => {
    const ratio = rows[0][ratioOf] > 0 ? (rows[index][ratioOf] / rows[0][ratioOf]).toFixed(2) : '-'
    const cells = [
      `\`${name.replaceAll('|', '\\|')}\``,
      `${wall.toFixed(3)} s`,
      cpu === null ? '-' : `${cpu.toFixed(2)} s`,
    ]
    return `| ${[...cells, memory === null ? '-' : `${memory.toFixed(0)} MiB`, ratio].join(' | ')} |`
  })
  const heading = `| command | wall | processor | peak memory | ${ratioOf === 'wall' ? 'wall' : 'processor'}, to the first |`
  return [heading, '|---|---|---|---|---|', ...lines].join('\n')
}
