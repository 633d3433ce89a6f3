import type { Progress } from '../analyze.js'
import { printable } from '../bytes/text.js'
import { counted, plural } from '../report/counted.js'
import type { TextStream } from './session.js'

/** Work that is shorter needs no progress line. */
const SILENT_MS = 1000
/** Often enough to look alive, seldom enough to cost nothing. */
const INTERVAL_MS = 200
const CLEAR_LINE = '\r\x1b[2K'
/** Where the terminal does not say, or says 0 as one of unknown width does. */
const USUAL_COLUMNS = 80

/** One line on standard error that says how far the work is; nothing where that is no terminal. */
export class ProgressLine {
  private readonly stream: TextStream
  private readonly now: () => number
  private readonly started: number
  private last = Number.NEGATIVE_INFINITY
  private shown = false
  private capture = ''
  private captureStarted = 0

  constructor(stream: TextStream, now: () => number) {
    this.stream = stream
    this.now = now
    this.started = now()
  }

  /** What follows is about this capture. */
  begin(capture: string): void {
    this.capture = capture
    this.captureStarted = this.now()
  }

  update(progress: Progress): void {
    this.show(() => {
      const seconds = (this.now() - this.captureStarted) / 1000
      return `${printable(this.capture)}: ${progressText(progress, seconds)}`
    })
  }

  /** Shows what the function gives, where it is time for it. */
  show(line: () => string): void {
    const now = this.now()
    if (now - this.started < SILENT_MS || now - this.last < INTERVAL_MS || this.stream.isTTY !== true) return
    this.last = now
    this.shown = true
    const text = line()
    // One column is left free: a full line makes some terminals wrap.
    const columns = (this.stream.columns || USUAL_COLUMNS) - 1
    this.stream.write(CLEAR_LINE + text.slice(Math.max(text.length - columns, 0)), () => {})
  }

  /** Takes the line off the screen, so that something else can be printed. */
  clear(): void {
    if (!this.shown) return
    this.shown = false
    this.stream.write(CLEAR_LINE, () => {})
  }
}

/** `512 MB of 2.0 GB, 4,100,000 packets/s, 12,345 handshakes, 3 s left` */
export function progressText({ bytesRead, totalBytes, packets, handshakes }: Progress, seconds: number): string {
  const parts = [
    totalBytes === null ? bytesText(bytesRead) : `${bytesText(bytesRead)} of ${bytesText(totalBytes)}`,
    `${counted(Math.round(packets / Math.max(seconds, 0.001)))} packets/s`,
    plural(handshakes, 'handshake'),
  ]
  if (totalBytes !== null && bytesRead > 0 && bytesRead <= totalBytes) {
    parts.push(`${durationText(((totalBytes - bytesRead) / bytesRead) * seconds)} left`)
  }
  return parts.join(', ')
}

const BAR_COLUMNS = 30

/** `[#########---------------------] 312 of 1,000 captures` */
export function progressBar(done: number, all: number, what: string): string {
  const filled = all === 0 ? 0 : Math.floor((Math.min(done, all) / all) * BAR_COLUMNS)
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_COLUMNS - filled)}] ${counted(done)} of ${counted(all)} ${what}`
}

/** In powers of ten, as disks are sold and `ls --si` counts. */
function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 100 ? `${whole} s` : `${Math.ceil(whole / 60)} min`
}
