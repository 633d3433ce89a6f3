import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PQCAP, TRAFFIC } from '../measure.mjs'

export const question = 'Does memory stay flat while a pipe goes on and on?'

const PLOT = fileURLToPath(new URL('../memory.svg', import.meta.url))
const SAMPLE_MS = 100

/** 20 GB through a pipe in one process, its resident memory over time as a plot in bench/memory.svg. */
export async function measure({ scale }) {
  const runs = []
  for (const [kind, megabytes] of [
    ['bulk', 20_000 * scale],
    ['handshakes', 5000 * scale],
  ])
    runs.push({ kind, megabytes, ...(await follow(kind, megabytes)) })
  writeFileSync(PLOT, plot(runs))
  const rows = runs.map(({ kind, megabytes, seconds, samples }) => {
    const late = samples.slice(Math.floor(samples.length / 10))
    const [least, most] = [Math.min(...late), Math.max(...late)].map((bytes) => (bytes / 2 ** 20).toFixed(0))
    return `| ${megabytes} MB of ${kind} | ${seconds.toFixed(1)} s | ${least} to ${most} MiB |`
  })
  return ['| through a pipe | wall | resident after the first tenth |', '|---|---|---|', ...rows].join('\n')
}

/** Resident memory of pqcap, sampled until it has read all that the generator writes. */
function follow(kind, megabytes) {
  const start = performance.now()
  const traffic = spawn(process.execPath, [TRAFFIC, kind, String(megabytes), '-'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const pqcap = spawn(process.execPath, [PQCAP, '--format', 'ndjson', '-'], {
    stdio: [traffic.stdout, 'ignore', 'inherit'],
  })
  const samples = []
  const timer = setInterval(() => {
    const resident = residentBytes(pqcap.pid)
    if (resident > 0) samples.push(resident)
  }, SAMPLE_MS)
  return new Promise((resolve, reject) => {
    pqcap.on('exit', (status) => {
      clearInterval(timer)
      if (status === 0) resolve({ seconds: (performance.now() - start) / 1000, samples })
      else reject(new Error(`pqcap: exit status ${status}`))
    })
  })
}

function residentBytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

const WIDTH = 720
const HEIGHT = 300
const LEFT = 56
const BOTTOM = 40
const TOP_BYTES = 200 * 2 ** 20
const COLORS = ['#1b6ca8', '#b3541e']

/** Lines of resident memory over the share of the input that has passed in time, with the limit of 200 MB on top. */
function plot(runs) {
  const x = (share) => LEFT + share * (WIDTH - LEFT - 16)
  const y = (bytes) => 16 + (1 - bytes / TOP_BYTES) * (HEIGHT - 16 - BOTTOM)
  const grid = [0, 50, 100, 150, 200].map((mebibytes) => {
    const at = y(mebibytes * 2 ** 20).toFixed(1)
    return `<path d="M${LEFT} ${at}H${WIDTH - 16}" stroke="#ccc"/><text x="${LEFT - 6}" y="${Number(at) + 4}" text-anchor="end">${mebibytes}</text>`
  })
  const lines = runs.map(({ kind, megabytes, seconds, samples }, index) => {
    const points = samples.map(
      (bytes, i) => `${x(i / Math.max(samples.length - 1, 1)).toFixed(1)},${y(bytes).toFixed(1)}`,
    )
    const label = `${megabytes / 1000} GB of ${kind}, ${seconds.toFixed(0)} s`
    return `<polyline fill="none" stroke="${COLORS[index]}" stroke-width="1.5" points="${points.join(' ')}"/><text x="${LEFT + 12 + index * 260}" y="${HEIGHT - 10}" fill="${COLORS[index]}">${label}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>
<text x="${LEFT}" y="12">resident memory of pqcap - in MiB, from the start of the pipe to its end</text>
${[...grid, ...lines].join('\n')}
</svg>
`
}
